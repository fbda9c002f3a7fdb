/** Which project is open in this page, and what is known of its folder. */
import { create } from 'zustand'
import type { EventPayload } from '../../../src-shared/contract/events.ts'
import type { FileEntry, ProjectSnapshot } from '../../../src-shared/contract/project.ts'
import type { WireError } from '../../../src-shared/contract/errors.ts'
import type { ProjectId } from '../../../src-shared/ids.ts'

export interface OpenProject {
  readonly projectId: ProjectId
  readonly path: string
  readonly name: string
  readonly trusted: boolean
  /** Why nothing can be saved, or null. */
  readonly readOnly: string | null
  readonly flows: readonly string[]
  readonly files: readonly FileEntry[]
}

export type ProjectState =
  | { readonly phase: 'none' }
  | { readonly phase: 'opening'; readonly path: string }
  | { readonly phase: 'failed'; readonly path: string; readonly error: WireError }
  | { readonly phase: 'open'; readonly project: OpenProject }

export const useProject = create<{ readonly state: ProjectState }>(() => ({ state: { phase: 'none' } }))

const set = (state: ProjectState): void => useProject.setState({ state })

export const setOpening = (path: string): void => set({ phase: 'opening', path })
export const setFailed = (path: string, error: WireError): void => set({ phase: 'failed', path, error })
export const setNone = (): void => set({ phase: 'none' })

export function setOpen(snapshot: ProjectSnapshot): void {
  const { projectId, path, name, trusted, readOnly, flows, files } = snapshot
  set({ phase: 'open', project: { projectId, path, name, trusted, readOnly, flows, files } })
}

const change = (projectId: ProjectId, part: Partial<OpenProject>): void => {
  const { state } = useProject.getState()
  if (state.phase === 'open' && state.project.projectId === projectId)
    set({ phase: 'open', project: { ...state.project, ...part } })
}

export const projectChanged = ({ projectId, ...part }: EventPayload<'project.changed'>): void => change(projectId, part)
export const filesChanged = ({ projectId, ...part }: EventPayload<'file.listChanged'>): void => change(projectId, part)

/** The open project, or null. */
export function openProjectNow(): OpenProject | null {
  const { state } = useProject.getState()
  return state.phase === 'open' ? state.project : null
}

export const useOpenProject = (): OpenProject | null =>
  useProject(({ state }) => (state.phase === 'open' ? state.project : null))
