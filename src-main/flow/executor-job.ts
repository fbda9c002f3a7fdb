/** What the pool's executor knows of a call, and of a worker it uses. */
import type { Disposable } from '../base/disposable.ts'
import type { CallResult, Worker } from '../python/index.ts'
import type { ExecutorCall, ExecutorResult } from './executor.ts'
import type { PriorityQueue } from './priority-queue.ts'

/** A worker of this run. */
export interface Seat {
  readonly worker: Worker
  readonly subscriptions: readonly Disposable[]
  /** The call it was given, null when it is free. */
  job: Job | null
  readonly waiting: PriorityQueue<Job>
  gone: string | null
}

export interface Job {
  readonly call: ExecutorCall
  readonly resolve: (result: ExecutorResult) => void
  state: 'waiting' | 'placed' | 'running' | 'done'
  seat: Seat | null
  /** Its start was told. */
  began: boolean
  /** It was told to end. */
  ended: boolean
  /** It was counted as a reader of its inputs. */
  counted: boolean
  timer: ReturnType<typeof setTimeout> | undefined
}

/** A call that did not succeed although nobody told it to end. */
export function endedBadly(result: Exclude<CallResult, { status: 'succeeded' }>): ExecutorResult {
  switch (result.status) {
    case 'failed':
      return result
    case 'interrupted': {
      const hint = 'Something outside Nodeloom interrupted the node. Run again.'
      return failure('KeyboardInterrupt', 'the node was interrupted', hint, result.durationMs)
    }
    case 'worker_died': {
      const hint = 'The process that ran this node ended by itself. Look at the node’s output, and run again.'
      return failure('WorkerDied', result.cause, hint, result.durationMs)
    }
  }
}

const failure = (type: string, message: string, hint: string, durationMs: number): ExecutorResult => ({
  status: 'failed',
  error: { type, message, file: null, line: null, traceback: '', hint },
  durationMs,
  cpuMs: 0,
})
