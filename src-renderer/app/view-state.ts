/** What the page remembers of a project in the project's own folder: open files. */
import { z } from 'zod'
import { host } from '../host/index.ts'
import { useEditor, type KeptFile } from '../features/editor/index.ts'
import { openProjectNow } from '../features/project/index.ts'

const SAVE_AFTER_MS = 1000

const zViewState = z.object({
  files: z.array(z.object({ path: z.string(), preview: z.boolean(), active: z.boolean() })),
})

/** Text from elsewhere is not trusted: what does not fit is nothing. */
export function readViewState(json: string | null): readonly KeptFile[] {
  if (json === null) return []
  try {
    const parsed = zViewState.safeParse(JSON.parse(json))
    return parsed.success ? parsed.data.files.map((file) => ({ ...file, unsaved: null })) : []
  } catch {
    return []
  }
}

/** Begins to store it after changes. */
export function startViewState(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let written = ''
  useEditor.subscribe(({ files, active }, before) => {
    if (files === before.files && active === before.active) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      const project = openProjectNow()
      if (project === null || project.readOnly !== null) return
      const state = useEditor.getState()
      const json = JSON.stringify({
        files: state.files.map(({ path, preview }) => ({ path, preview, active: path === state.active })),
      })
      const key = `${project.projectId} ${json}`
      if (key === written) return
      written = key
      // Not being able to remember tabs is nothing to interrupt a person for.
      host.request('project.saveViewState', { projectId: project.projectId, json }).catch(() => undefined)
    }, SAVE_AFTER_MS)
  })
}
