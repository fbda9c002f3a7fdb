export {
  attachEditor,
  fileChangedOnDisk,
  focusEditor,
  keepOpenFiles,
  openFile,
  restoreOpenFiles,
  saveOpenFiles,
  showLineErrors,
  showProblemsInEditor,
  type KeptFile,
} from './editor-actions.ts'
export { EditorArea } from './editor-area.tsx'
export { useEditor } from './editor-store.ts'
