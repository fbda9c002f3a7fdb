/** What an operation on an environment has while it runs. */
import type { Work } from './environment-status.ts'

export interface Task {
  /** The project's folder. */
  readonly dir: string
  readonly signal: AbortSignal
  /** Adds to the log. */
  readonly say: (text: string) => void
  /** Tells how far it is. */
  readonly step: (state: Work['state'], text: string, fraction?: number | null) => void
}
