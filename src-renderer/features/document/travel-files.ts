/** What undoing or redoing a step means for the files it made, changed or removed. */
import type { FlowDisk, PendingFile } from './flow-disk.ts'
import type { Step } from './history.ts'

export type Direction = 'undo' | 'redo'

export interface FilePlan {
  readonly writes: readonly PendingFile[]
  /** Files that were changed since and are left as they are. */
  readonly kept: readonly string[]
}

/** Rejects with a sentence that names the file when one stands in the way. */
export async function planFiles(disk: FlowDisk, step: Step, direction: Direction): Promise<FilePlan> {
  const writes: PendingFile[] = []
  const kept: string[] = []
  for (const { path, before, after } of step.files) {
    const [from, to] = direction === 'undo' ? [after, before] : [before, after]
    const { text } = await disk.read(path)
    if (text === to) continue
    if (text === from) writes.push({ step, path, from, to })
    // Leaving a file alone that the step would remove, or would make and finds made, loses nothing.
    else if (to === null || (from === null && direction === 'redo')) kept.push(path)
    else {
      const done = direction === 'undo' ? 'undone' : 'redone'
      throw new Error(`${path} has changed since, so this step cannot be ${done}.`)
    }
  }
  return { writes, kept }
}
