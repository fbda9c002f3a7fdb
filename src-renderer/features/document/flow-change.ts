/** What callers hand to a flow session. */
import type { ProjectSnapshot } from '../../../src-shared/contract/project.ts'
import type { FlowDocument, LayoutDocument } from '../../../src-shared/flow/document.ts'
import type { FileChange } from './history.ts'

/** What the flow needs to know of its project. */
export type FlowProject = Pick<ProjectSnapshot, 'projectId' | 'readOnly' | 'analyses' | 'files' | 'flows'>

/** What an edit turns the flow into; what is left out stays. */
export interface FlowChange {
  readonly document?: FlowDocument
  readonly layout?: LayoutDocument
  readonly selection?: ReadonlySet<string>
  readonly focus?: string | null
  readonly files?: readonly FileChange[]
}

export interface EditOptions {
  /** Edits that follow each other with the same group undo as one. */
  readonly group?: string
}
