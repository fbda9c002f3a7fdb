/** Undo and redo of a flow: what each step changed in the graph, its look and its files, as one element. */
import type { FlowDocument, LayoutDocument } from '../../../src-shared/flow/document.ts'
import type { ProjectPath } from '../../../src-shared/ids.ts'

/** A file that a step made, changed or removed; null: not there. */
export interface FileChange {
  readonly path: ProjectPath
  readonly before: string | null
  readonly after: string | null
}

export interface Picture {
  readonly document: FlowDocument
  readonly layout: LayoutDocument
  readonly selection: ReadonlySet<string>
}

export interface Step {
  /** As in "Undo LABEL": `Move 3 nodes`. */
  readonly label: string
  /** Steps that follow each other with the same group are one; null never joins. */
  readonly group: string | null
  readonly before: Picture
  readonly after: Picture
  readonly files: readonly FileChange[]
}

export interface History {
  readonly past: readonly Step[]
  readonly future: readonly Step[]
}

export const emptyHistory: History = { past: [], future: [] }

/** Older steps are forgotten beyond this; steps share what they did not change. */
export const HISTORY_LIMIT = 500

export function pushStep(history: History, step: Step): History {
  const last = history.past.at(-1)
  if (last && step.group !== null && last.group === step.group && history.future.length === 0) {
    const joined: Step = { ...step, before: last.before, files: [...last.files, ...step.files] }
    return { past: [...history.past.slice(0, -1), joined], future: [] }
  }
  return { past: [...history.past, step].slice(-HISTORY_LIMIT), future: [] }
}

/** The next step like the last one begins a new element. */
export function closeGroup(history: History): History {
  const last = history.past.at(-1)
  if (!last || last.group === null) return history
  return { ...history, past: [...history.past.slice(0, -1), { ...last, group: null }] }
}

export function stepBack(history: History): { step: Step; history: History } | null {
  const step = history.past.at(-1)
  if (!step) return null
  return { step, history: { past: history.past.slice(0, -1), future: [step, ...history.future] } }
}

export function stepForward(history: History): { step: Step; history: History } | null {
  const [step, ...future] = history.future
  if (!step) return null
  return { step, history: { past: [...history.past, { ...step, group: null }], future } }
}

/** Forgets a step that could not be carried out, wherever it stands. */
export const dropStep = (history: History, step: Step): History => ({
  past: history.past.filter((other) => other !== step),
  future: history.future.filter((other) => other !== step),
})
