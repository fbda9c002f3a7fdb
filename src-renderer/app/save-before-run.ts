/** A run reads files, so what is typed and drawn has to be on disk first. */
import { currentFlow } from '../features/document/index.ts'
import { saveOpenFiles, useEditor } from '../features/editor/index.ts'

const refusal = (message: string, hint: string): Error => Object.assign(new Error(message), { code: 'conflict', hint })

/** Rejects with a sentence when something cannot be saved: a run of other code than is shown would mislead. */
export async function saveBeforeRun(): Promise<void> {
  await saveOpenFiles()
  const stuck = useEditor.getState().files.find(({ state }) => state.conflict !== null || state.error !== null)
  if (stuck) {
    throw refusal(
      `The run did not start: ${stuck.path} is not saved. Your text is kept.`,
      stuck.state.conflict === null
        ? (stuck.state.error?.message ?? 'Save it, then run again.')
        : 'Decide above the code which text to keep, then run again.',
    )
  }
  const flow = currentFlow()
  if (flow === null || flow.state.readOnly !== null || (await flow.flush())) return
  const { save, damaged, conflict } = flow.state
  throw refusal(
    'The run did not start: the flow is not saved. Your changes are kept here.',
    save.state === 'failed'
      ? [save.message, save.hint].filter(Boolean).join(' ')
      : damaged !== null
        ? 'Its file cannot be read; restore a copy first.'
        : conflict !== null
          ? 'It changed on disk. Decide first which version to keep.'
          : 'Try again.',
  )
}
