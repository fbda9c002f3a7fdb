/** How a node ended, in the words that events, the page and the command line show. */
import type { NodeError, NodeResult } from '../../src-shared/contract/run.ts'

const MAX_WHY_CHARS = 300

const nothingRan = { durationMs: 0, outputs: {} }

export const disabledResult = (): NodeResult => ({
  ...nothingRan,
  status: 'skipped',
  reason: 'disabled',
  why: 'It is disabled.',
})

/** `source` is the port that brought no value, as `NODE.PORT`. */
export const notTakenResult = (source: string): NodeResult => ({
  ...nothingRan,
  status: 'skipped',
  reason: 'not_taken',
  why: `${source} was not taken.`,
})

export const upstreamFailedResult = (source: string, timedOut: boolean): NodeResult => ({
  ...nothingRan,
  status: 'skipped',
  reason: 'upstream_failed',
  why: timedOut ? `${source} timed out.` : `${source} failed.`,
})

export const stoppedResult = (durationMs: number): NodeResult => ({
  status: 'cancelled',
  reason: 'stopped',
  why: 'The run was stopped.',
  durationMs,
  outputs: {},
})

export function timedOutResult(limitS: number, durationMs: number): NodeResult {
  const why = `It was stopped at its time limit of ${limitS} s.`
  return {
    status: 'timed_out',
    reason: 'limit',
    why,
    durationMs,
    outputs: {},
    error: {
      type: 'Timeout',
      message: why,
      file: null,
      line: null,
      traceback: '',
      hint: 'Give the node a longer time limit (timeoutS, 0 for none), or less to do.',
    },
  }
}

export const failedResult = (error: NodeError, durationMs: number, cpuMs: number): NodeResult => ({
  status: 'failed',
  reason: 'ran',
  why: clipped(error.message === '' ? error.type : `${error.type}: ${error.message}`),
  durationMs,
  cpuMs,
  outputs: {},
  error,
})

/** The node could not be given its inputs. */
export const noInputResult = (status: 'lost_input' | 'not_possible', message: string, hint: string): NodeResult => ({
  ...nothingRan,
  status: 'failed',
  reason: status === 'lost_input' ? 'lost_input' : 'limit',
  why: message,
  error: {
    type: status === 'lost_input' ? 'InputLost' : 'InputsApart',
    message,
    file: null,
    line: null,
    traceback: '',
    hint,
  },
})

function clipped(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  return line.length > MAX_WHY_CHARS ? `${line.slice(0, MAX_WHY_CHARS - 1)}…` : line
}
