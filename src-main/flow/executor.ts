/**
 * Where calls run, as the scheduler sees it (border 7): calls go in, handles come out. A pool of local
 * workers implements it; an engine on other machines can.
 */
import type { NodeError, Preview, ValueView } from '../../src-shared/contract/run.ts'
import type { JsonText } from '../../src-shared/flow/document.ts'
import type { Address, Handle } from '../../src-shared/ids.ts'
import type { PlanOperation } from './plan.ts'

export type ExecutorSource =
  | { readonly from: 'value'; readonly handle: Handle }
  | { readonly from: 'constant'; readonly json: JsonText; readonly where: string }

export interface ExecutorInput {
  readonly port: string
  readonly value: ExecutorSource | { readonly collect: readonly ExecutorSource[] }
}

export type ExecutorInputData =
  null | ExecutorSource | { readonly bySource: readonly { readonly key: string; readonly value: ExecutorSource }[] }

export interface ExecutorCall {
  readonly address: Address
  readonly operation: PlanOperation
  /** A `view` has one input, whatever its port. */
  readonly inputs: readonly ExecutorInput[]
  /** Undefined where the function does not take `input_data`. */
  readonly inputData: ExecutorInputData | undefined
  /** `readers`: how many calls of this run will read the value; the caller drops it when there are none left. */
  readonly outputs: readonly { readonly port: string; readonly handle: Handle; readonly readers: number }[]
  readonly dictKeys: readonly string[]
  readonly outputsElse: 'whole' | null
  /** Of calls that could start, the one with the highest goes first. */
  readonly priority: number
  /** The call begins on this worker. */
  readonly onStart: (worker: number) => void
  readonly onWrite: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
}

export interface ExecutorOutput {
  readonly preview: Preview
  /** A richer picture, asked for at once where the preview offers a table or an image; null where it failed. */
  readonly view: Promise<ValueView | null> | null
}

export type ExecutorResult =
  /** A port that is missing in `outputs` was not taken. */
  | {
      readonly status: 'succeeded'
      readonly outputs: Readonly<Record<string, ExecutorOutput>>
      readonly durationMs: number
      readonly cpuMs: number
    }
  | { readonly status: 'failed'; readonly error: NodeError; readonly durationMs: number; readonly cpuMs: number }
  /** Ended by `end()`. */
  | { readonly status: 'ended'; readonly durationMs: number }
  /** Nothing ran: an input is gone, or inputs cannot be brought together. */
  | { readonly status: 'lost_input' | 'not_possible'; readonly message: string; readonly hint: string }

export interface ExecutorTicket {
  /** Never rejects. */
  readonly done: Promise<ExecutorResult>
  /**
   * Ends the call: a waiting one at once; a running one is interrupted, and after 300 ms, or at once
   * with `now`, its worker and every process it started are killed. Values that lived only there are lost.
   */
  end(now?: boolean): void
}

/** A value that outlived its run, in a form any worker of the environment can load. */
export type KeptValue =
  | { readonly form: 'bytes'; readonly base64: string }
  | {
      readonly form: 'stored'
      readonly format: 'npy' | 'pickle5' | 'arrow'
      readonly path: string
      readonly bytes: number
    }

export interface Executor {
  /** Resolves when the first worker is ready; rejects with AppError when none can be had. */
  ready(): Promise<void>
  submit(call: ExecutorCall): ExecutorTicket
  /** Makes a value of an earlier run known under `handle`. */
  adopt(handle: Handle, label: string, value: KeptValue): void
  /** No call of this run reads these any more. */
  drop(handles: readonly Handle[]): void
  /** A form of the value that outlives the workers, as far as it can be had; null where not. For the end of a run. */
  keep(handle: Handle): Promise<KeptValue | null>
  /** Gives all workers back, or kills them. Resolves when none is left in use. */
  close(how: 'release' | 'kill'): Promise<void>
}
