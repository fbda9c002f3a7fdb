export {
  attachEditor,
  fileChangedOnDisk,
  focusEditor,
  loadedEditor,
  openFile,
  saveOpenFiles,
  showLineErrors,
  showProblemsInEditor,
} from './editor-actions.ts'
export { EditorArea } from './editor-area.tsx'
export { useEditor } from './editor-store.ts'
