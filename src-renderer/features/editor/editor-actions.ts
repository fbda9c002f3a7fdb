/** What other features ask of the editor. It is loaded with the first file that is opened. */
import { useTheme } from '../../app/theme.ts'
import type { Problem } from '../../../src-shared/contract/problem.ts'
import type { ProjectId } from '../../../src-shared/ids.ts'
import { useEditor } from './editor-store.ts'
import type { EditorWorkspace, LineError } from './editor-workspace.ts'

let loading: Promise<EditorWorkspace> | null = null
let workspace: EditorWorkspace | null = null
let projectId: ProjectId | null = null
let problems: readonly Problem[] = []
let lineErrors: readonly LineError[] = []

/** The editor's 7 MB of script wait until the canvas is drawn; not for ever where the page is never idle. */
const MOST_WAIT_MS = 500
const untilIdle = (): Promise<void> =>
  new Promise((resolve) => {
    requestIdleCallback(() => resolve(), { timeout: MOST_WAIT_MS })
  })

/** Loads Monaco and everything on it; later calls give the same. */
export function loadEditor(): Promise<EditorWorkspace> {
  loading ??= untilIdle().then(async () => {
    const module = await import('./editor-workspace.ts')
    workspace = await module.EditorWorkspace.start(useTheme.getState().theme)
    workspace.setProject(projectId)
    workspace.setProblems(problems)
    workspace.setLineErrors(lineErrors)
    useTheme.subscribe(({ theme }) => workspace?.setTheme(theme))
    return workspace
  })
  return loading
}

export const loadedEditor = (): EditorWorkspace | null => workspace

export interface OpenOptions {
  /** Takes the place of the last preview, and is replaced by the next. */
  readonly preview?: boolean
  /** 1-based line to show. */
  readonly line?: number
  readonly focus?: boolean
}

/** What a person asked for since files began to be restored: it goes before what was in front when they left. */
let asked: { readonly path: string; readonly options: OpenOptions } | null = null
const lastAsked = (): typeof asked => asked

/** Opens a file of the project (relative path) in the editor. Says whether it could. */
export async function openFile(path: string, options: OpenOptions = {}): Promise<boolean> {
  asked = { path, options }
  const editor = await loadEditor()
  return editor.open(path, options)
}

export function attachEditor(id: ProjectId | null): void {
  projectId = id
  problems = []
  lineErrors = []
  workspace?.setProject(id)
}

/** A file that was open, to be opened again. */
export interface KeptFile {
  readonly path: string
  readonly preview: boolean
  readonly active: boolean
  /** What was typed and is not on disk, or null. */
  readonly unsaved: string | null
}

/** The open files with what is not saved of them. */
export function keepOpenFiles(): readonly KeptFile[] {
  const { files, active } = useEditor.getState()
  return files.map(({ path, preview, state }) => ({
    path,
    preview,
    active: path === active,
    unsaved: state.changed ? (workspace?.textOf(path) ?? null) : null,
  }))
}

/** Opens them again, in their order; unsaved text is put back and saved like typed text. */
export async function restoreOpenFiles(kept: readonly KeptFile[]): Promise<void> {
  if (kept.length === 0) return
  const id = projectId
  asked = null
  const editor = await loadEditor()
  if (id !== projectId) return
  for (const { path, preview, unsaved } of kept) {
    // A preview is one file: the one that a person chose meanwhile.
    if (preview && asked !== null && unsaved === null) continue
    if ((await editor.open(path, { preview })) && unsaved !== null) editor.replaceText(path, unsaved)
  }
  const front = kept.find((file) => file.active)
  const chosen = lastAsked()
  if (chosen !== null) await editor.open(chosen.path, chosen.options)
  else if (front && useEditor.getState().files.some((file) => file.path === front.path)) editor.activate(front.path)
  // What is gone since is no news that a person asked for.
  useEditor.setState({ refused: null })
}

export const saveOpenFiles = async (): Promise<void> => workspace?.saveAll()

export const fileChangedOnDisk = (path: string, text: string | null, revision: string | null): void =>
  workspace?.changedOnDisk(path, text, revision)

export function showProblemsInEditor(list: readonly Problem[]): void {
  problems = list
  workspace?.setProblems(list)
}

/** Errors of the last run at their lines; they leave when the line's file is edited. */
export function showLineErrors(errors: readonly LineError[]): void {
  lineErrors = errors
  workspace?.setLineErrors(errors)
}

export const focusEditor = async (): Promise<void> => (await loadEditor()).focus()
