/**
 * Older flow files, brought to the present format one step at a time. A step takes the document as its
 * version's reader gave it (fields that have no place in `FlowDocument` are in `extra`) and must not lose
 * anything. A format that was ever released keeps its step and its frozen sample in `samples/` for good.
 */
import { FLOW_FORMAT, type FlowDocument } from './document.ts'

export interface FlowMigration {
  /** The format it takes; it gives `from + 1`. */
  readonly from: number
  migrate(document: FlowDocument): FlowDocument
}

/** Format 1 is the first: nothing is older yet. */
export const flowMigrations: readonly FlowMigration[] = []

/** Brings `document` to format `target`; one that is already there, or newer, is returned as it is. */
export function migrateFlow(
  document: FlowDocument,
  steps: readonly FlowMigration[] = flowMigrations,
  target: number = FLOW_FORMAT,
): FlowDocument {
  let current = document
  while (current.format < target) {
    const step = steps.find((candidate) => candidate.from === current.format)
    if (!step) return current
    current = { ...step.migrate(current), format: step.from + 1 }
  }
  return current
}
