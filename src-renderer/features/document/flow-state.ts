/** What the page knows of the open flow. Everything in it is replaced, never changed in place. */
import type { FileAnalysis } from '../../../src-shared/contract/analysis.ts'
import type { Problem } from '../../../src-shared/contract/problem.ts'
import type { FlowDocument, LayoutDocument } from '../../../src-shared/flow/document.ts'
import type { ProjectId, ProjectPath } from '../../../src-shared/ids.ts'

export type SaveState =
  | { readonly state: 'saved' | 'unsaved' | 'saving' }
  /** What is shown is kept in the page and is tried again with the next change or on request. */
  | { readonly state: 'failed'; readonly message: string; readonly hint: string | undefined }

/** The flow's file changed on disk while the page had changes of its own. */
export interface FlowConflict {
  readonly path: ProjectPath
  /** What the page would write. */
  readonly mine: string
  /** What is on disk; null: the file is gone. */
  readonly theirs: string | null
  readonly revision: string | null
}

/** The flow's file cannot be read (or is not there); it is never written over without a decision. */
export interface FlowDamage {
  readonly kind: 'damaged' | 'missing'
  readonly path: ProjectPath
  readonly problems: readonly Problem[]
  readonly revision: string | null
}

/** A sentence to say and show once. `id` rises, so that the same sentence can be said again. */
export interface Notice {
  readonly id: number
  /** `refused`: it was not done, and nothing is wrong; shown for a moment. `error`: stays until closed. */
  readonly tone: 'info' | 'refused' | 'error'
  readonly text: string
  readonly hint?: string | undefined
}

export interface FlowState {
  readonly projectId: ProjectId
  /** `main` for flows/main.json. */
  readonly flow: string
  readonly document: FlowDocument
  /** Every node of the document has a place in it. */
  readonly layout: LayoutDocument
  /** By project path of the file. */
  readonly analyses: Readonly<Record<string, FileAnalysis>>
  /** Paths of the project's files. */
  readonly files: ReadonlySet<string>
  /** Names of the project's flows. */
  readonly flows: readonly string[]
  readonly selection: ReadonlySet<string>
  /** Keys of selected edges (`edgeKey`). */
  readonly selectedEdges: ReadonlySet<string>
  /** The node that the keyboard is at. */
  readonly focus: string | null
  /** Why nothing can be changed, or null. */
  readonly readOnly: string | null
  readonly damaged: FlowDamage | null
  readonly conflict: FlowConflict | null
  readonly save: SaveState
  /** Labels of what undo and redo would do, null where there is nothing. */
  readonly undoLabel: string | null
  readonly redoLabel: string | null
  readonly notice: Notice | null
}
