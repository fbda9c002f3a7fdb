/** What the page remembers of a project in the project's own folder: open files and what is selected. */
import { z } from 'zod'
import { host } from '../host/index.ts'
import { currentFlow, onDidChangeFlow } from '../features/document/index.ts'
import { useEditor, type KeptFile } from '../features/editor/index.ts'
import { openProjectNow } from '../features/project/index.ts'

const SAVE_AFTER_MS = 400
/** A selection of thousands is not worth remembering. */
const MOST_SELECTED = 100

const zViewState = z.object({
  files: z.array(z.object({ path: z.string(), preview: z.boolean(), active: z.boolean() })),
  selection: z.array(z.string()).optional(),
})

export interface ViewState {
  readonly files: readonly KeptFile[]
  readonly selection: readonly string[]
}

const nothing: ViewState = { files: [], selection: [] }

/** Text from elsewhere is not trusted: what does not fit is nothing. Null: nothing was stored yet. */
export function readViewState(json: string | null): ViewState | null {
  if (json === null) return null
  try {
    const parsed = zViewState.safeParse(JSON.parse(json))
    if (!parsed.success) return nothing
    const { files, selection = [] } = parsed.data
    return { files: files.map((file) => ({ ...file, unsaved: null })), selection }
  } catch {
    return nothing
  }
}

function printViewState(): string {
  const { files, active } = useEditor.getState()
  return JSON.stringify({
    files: files.map(({ path, preview }) => ({ path, preview, active: path === active })),
    selection: [...(currentFlow()?.state.selection ?? [])].slice(0, MOST_SELECTED),
  } satisfies z.input<typeof zViewState>)
}

/** Begins to store it after changes. */
export function startViewState(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let written = ''
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const project = openProjectNow()
      if (project === null || project.readOnly !== null) return
      const json = printViewState()
      const key = `${project.projectId} ${json}`
      if (key === written) return
      written = key
      // Not being able to remember tabs is nothing to interrupt a person for.
      host.request('project.saveViewState', { projectId: project.projectId, json }).catch(() => undefined)
    }, SAVE_AFTER_MS)
  }
  useEditor.subscribe(({ files, active }, before) => {
    if (files !== before.files || active !== before.active) soon()
  })
  let unsubscribe: () => void = () => undefined
  onDidChangeFlow((session) => {
    unsubscribe()
    unsubscribe =
      session?.store.subscribe((state, before) => (state.selection === before.selection ? undefined : soon())) ??
      (() => undefined)
  })
}
