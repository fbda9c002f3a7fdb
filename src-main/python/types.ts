/**
 * What the engine sees of a worker: calls go in, results come out. Nothing here knows a flow.
 *
 * A value lives in the worker that made it, under a `Handle` the engine chose. What another worker needs
 * is stored to a file by its owner and loaded by the reader (`StoredValue`).
 */
import type { Event } from '../base/event.ts'
import type { Handle } from '../../src-shared/ids.ts'
import type { JsonText } from '../../src-shared/flow/document.ts'
import type { NodeError, Preview, ValueView } from '../../src-shared/contract/run.ts'

/** A value as a file that any worker of the same environment can load; memory-mapped where possible. */
export interface StoredValue {
  readonly format: 'npy' | 'pickle5' | 'arrow'
  /** Absolute path; pickle5 keeps its out-of-band buffers in the same file. */
  readonly path: string
  readonly bytes: number
}

export type ValueSource =
  | { readonly from: 'handle'; readonly handle: Handle }
  /** Loaded from the file, and kept under `keepAs` so that the next reader there finds it. */
  | { readonly from: 'stored'; readonly stored: StoredValue; readonly keepAs: Handle }
  /** Pickled bytes, base64 (values up to 64 KB that outlived their worker). */
  | { readonly from: 'bytes'; readonly base64: string; readonly keepAs: Handle }
  /** JSON text with the tags of design §3; converted by the parameter's annotation. */
  | { readonly from: 'constant'; readonly json: JsonText; readonly where: string }

export interface CallInput {
  readonly port: string
  /** One source, or several in order when the input collects. */
  readonly value: ValueSource | { readonly collect: readonly ValueSource[] }
}

/** What `def main(input_data)` takes: nothing, the value, or a dict by source. */
export type InputData =
  null | ValueSource | { readonly bySource: readonly { readonly key: string; readonly value: ValueSource }[] }

export type CallOperation =
  | {
      readonly op: 'code'
      /** Relative to the project, `/` between parts. */
      readonly file: string
      readonly entry: string
      readonly inputs: readonly CallInput[]
      /** Set only when the function takes `input_data`. */
      readonly inputData?: InputData
    }
  | { readonly op: 'value'; readonly json: JsonText }
  | { readonly op: 'view'; readonly input: ValueSource }

export interface WorkerCall {
  /** Unique within the worker's life. */
  readonly callId: string
  /** For messages only. */
  readonly address: string
  readonly operation: CallOperation
  /** Every output port the node has, with the handle under which its value is to be kept. */
  readonly outputs: readonly { readonly port: string; readonly handle: Handle }[]
  /** Ports that are keys of a returned dict (design §3 `outputs`). */
  readonly dictKeys: readonly string[]
  readonly outputsElse: 'whole' | null
}

export interface CallOutput {
  readonly handle: Handle
  readonly preview: Preview
  /** Pickled bytes (base64) where the value pickles to at most 64 KB. */
  readonly pickled: string | null
}

export type CallResult =
  | {
      readonly status: 'succeeded'
      /** Ports that carry a value; a port of the node that is missing here was not taken. */
      readonly outputs: Readonly<Record<string, CallOutput>>
      readonly durationMs: number
      readonly cpuMs: number
    }
  | { readonly status: 'failed'; readonly error: NodeError; readonly durationMs: number; readonly cpuMs: number }
  /** The call was interrupted by `interrupt`. */
  | { readonly status: 'interrupted'; readonly durationMs: number; readonly cpuMs: number }
  /** The worker ended while the call was under way; `cause` in user words: "worker died (signal 9)". */
  | { readonly status: 'worker_died'; readonly cause: string; readonly durationMs: number }

/** Bytes that a call (or its children) wrote. */
export interface OutputChunk {
  readonly callId: string
  readonly stream: 'stdout' | 'stderr'
  readonly bytes: Uint8Array
}

export interface Worker {
  /** 1, 2, 3 … within the host. */
  readonly id: number
  readonly pid: number
  readonly pythonVersion: string
  /**
   * Runs a call on the worker's main thread; calls run one at a time in the order they were submitted.
   * Never rejects: every end is a CallResult. `onStart` fires when the worker begins with it. All output
   * of a call was announced through `onDidWrite` before its result arrives.
   */
  submit(call: WorkerCall, onStart: () => void): Promise<CallResult>
  /** Raises KeyboardInterrupt in the running call, if any. Does not wait. */
  interrupt(): void
  /** Ends the worker and every process it started, at once. Resolves when none is left. */
  kill(): Promise<void>
  /**
   * Writes a kept value to a file in the run's folder. Rejects with AppError code 'unsupported' when it
   * cannot be stored, the sentence naming the type. Waits for a running call.
   */
  store(handle: Handle): Promise<StoredValue>
  /** A bounded picture of a kept value (first 1,000 rows, a PNG …). Waits for a running call. */
  view(handle: Handle): Promise<ValueView>
  /** Forgets values. */
  drop(handles: readonly Handle[]): void
  readonly onDidWrite: Event<OutputChunk>
  /** Fires once, with the cause in user words. */
  readonly onDidExit: Event<string>
}

export interface WorkerOptions {
  /** Absolute path of the project: working directory and `sys.path[0]`. */
  readonly projectDir: string
  /** Absolute path of the environment's interpreter. */
  readonly interpreter: string
  /** Absolute path of an interpreter that can run the supervisor (`-I -S`); never the project's. */
  readonly supervisorInterpreter: string
  /** Where the worker may write stored values; exists, and is removed by the engine after the run. */
  readonly valuesDir: string
  /** Variables for user code, on top of the host's cleaned environment. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Warm workers by project. Between runs a worker is reset (project modules dropped; cwd, environ,
 * sys.path, argv, streams, signals restored), which is hot reload; packages stay imported.
 */
export interface WorkerPool {
  /** A worker that is ready and belongs to the caller until `release`. Rejects with AppError. */
  acquire(options: WorkerOptions): Promise<Worker>
  /** Gives a healthy worker back for later runs; one that has exited is forgotten. */
  release(worker: Worker): void
  /** Starts one worker ahead of need, so that the next `acquire` is quick. */
  warm(options: WorkerOptions): void
  /** Ends idle workers of a project, for instance because its environment changed. */
  discard(projectDir: string): Promise<void>
  /** Ends everything; resolves when no process is left, at most 2 s. */
  stop(): Promise<void>
}
