export { FileTree } from './file-tree.tsx'
export { FlowList } from './flow-list.tsx'
export {
  filesChanged,
  openProjectNow,
  projectChanged,
  setFailed,
  setNone,
  setOpen,
  setOpening,
  useOpenProject,
  useProject,
  type OpenProject,
} from './project-store.ts'
