/**
 * One Python worker seen from the host.
 *
 *   start → ready → (begin → call … → reset → idle)* → exit
 *
 * A call is done when its `finished` message came and both pipes have shown its end mark.
 */
import { randomBytes } from 'node:crypto'
import { constants, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { AppError } from '../base/app-error.ts'
import { Emitter } from '../base/event.ts'
import { encodeFrame, FrameReader } from '../base/frames.ts'
import { spawnSupervised, type Supervised, type SupervisedExit } from '../base/supervised.ts'
import type { Handle } from '../../src-shared/ids.ts'
import type { ValueView } from '../../src-shared/contract/run.ts'
import { describeExit } from './exit-cause.ts'
import { OutputSplitter } from './output-splitter.ts'
import { zWorkerMessage, type FinishedResult, type HostMessage, type WorkerMessage } from './protocol.ts'
import type { CallResult, OutputChunk, StoredValue, Worker, WorkerCall, WorkerOptions } from './types.ts'
import { workerEnvironment } from './worker-environment.ts'

/** How long a result waits for the end marks of the pipes, in ms. They are written before it; this guards only. */
const MARK_DEADLINE_MS = 1_000
const START_DEADLINE_MS = 20_000
const STDERR_KEPT = 4_000

interface PendingCall {
  readonly callId: string
  /** 1, 2, 3 … in the order of submission, which is the order of running. */
  readonly number: number
  readonly onStart: () => void
  readonly resolve: (result: CallResult) => void
  startedAt: number | null
  finished: FinishedResult | null
  marks: number
  deadline: NodeJS.Timeout | null
}

interface PendingRequest {
  readonly resolve: (message: WorkerMessage) => void
  readonly reject: (error: AppError) => void
}

interface Ready {
  readonly pid: number
  readonly pythonVersion: string
}

export class PythonWorker implements Worker {
  readonly id: number
  readonly #process: Supervised
  readonly #written = new Emitter<OutputChunk>()
  readonly #exited = new Emitter<string>()
  readonly onDidWrite = this.#written.event
  readonly onDidExit = this.#exited.event
  readonly #calls = new Map<string, PendingCall>()
  readonly #byNumber = new Map<number, PendingCall>()
  readonly #requests = new Map<number, PendingRequest>()
  readonly #markToken: string
  /** Output pipes that the worker opened later. */
  readonly #pipes = new Set<Socket>()
  readonly #splitters: OutputSplitter[] = []
  readonly #ready: Promise<Ready>
  #onReady: (ready: Ready) => void = () => undefined
  #onIdle: ((reusable: boolean) => void) | null = null
  #identity: Ready = { pid: 0, pythonVersion: '' }
  #callCount = 0
  /** Calls that the worker has finished: the number of the call before the next. */
  #finishedCount = 0
  #requestCount = 0
  #startNoise = ''
  #killed = false
  #malformed = false
  #cause: string | null = null

  private constructor(
    id: number,
    options: Pick<WorkerOptions, 'projectDir' | 'interpreter' | 'supervisorInterpreter'>,
    runtimeDir: string,
  ) {
    this.id = id
    this.#markToken = randomBytes(16).toString('hex')
    const runtime = join(runtimeDir, 'nodeloom_runtime')
    this.#process = spawnSupervised(options.interpreter, ['-s', join(runtime, 'start.py')], {
      cwd: options.projectDir,
      env: workerEnvironment(options.interpreter, process.env),
      wire: true,
      supervisorInterpreter: options.supervisorInterpreter,
      scriptPath: join(runtime, 'supervise.py'),
    })
    this.#ready = new Promise((resolve) => {
      this.#onReady = resolve
    })
    this.#listen('stdout', this.#process.stdout, 0)
    this.#listen('stderr', this.#process.stderr, 0)
    const reader = new FrameReader()
    this.#process.wire?.on('data', (chunk: Buffer) => this.#receive(reader, chunk))
    // A wire that breaks is the end of the worker, which `exited` tells.
    this.#process.wire?.on('error', () => undefined)
    void this.#process.exited.then(async (exit) => {
      await Promise.all([...this.#pipes].map(closed))
      this.#end(exit)
    })
    this.#send({ type: 'init', projectDir: options.projectDir, markToken: this.#markToken })
  }

  /** Starts a worker and waits until it is ready. Rejects with AppError `environment_broken`. */
  static async start(
    id: number,
    options: Pick<WorkerOptions, 'projectDir' | 'interpreter' | 'supervisorInterpreter'>,
    runtimeDir: string,
  ): Promise<PythonWorker> {
    const worker = new PythonWorker(id, options, runtimeDir)
    const timer = new AbortController()
    const late = new Promise<'late'>((resolve) => {
      const timeout = setTimeout(() => resolve('late'), START_DEADLINE_MS)
      timer.signal.addEventListener('abort', () => clearTimeout(timeout))
    })
    const outcome = await Promise.race([worker.#ready, worker.#process.exited, late])
    timer.abort()
    if (outcome !== 'late' && 'pid' in outcome) {
      worker.#identity = outcome
      return worker
    }
    await worker.kill()
    const reason =
      outcome === 'late' ? `it did not answer within ${START_DEADLINE_MS / 1000} s` : describeExit(outcome, false)
    const said = worker.#startNoise.trim().split('\n').at(-1)
    throw new AppError('environment_broken', `Python could not be started: ${reason}${said ? ` (${said})` : ''}.`, {
      hint: 'Repair the environment, then run again.',
      detail: { stderr: worker.#startNoise },
    })
  }

  get pid(): number {
    return this.#identity.pid
  }

  get pythonVersion(): string {
    return this.#identity.pythonVersion
  }

  /** Set once the worker has ended: the cause in user words. */
  get exitCause(): string | null {
    return this.#cause
  }

  /** A run begins: where values may be stored, and its variables. */
  begin(options: Pick<WorkerOptions, 'valuesDir' | 'env'>): void {
    this.#send({ type: 'begin', valuesDir: options.valuesDir, env: { ...options.env } })
  }

  /** Ends a run. Resolves with whether the worker can serve another; a busy worker answers when it is done. */
  reset(): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#cause !== null) {
        resolve(false)
        return
      }
      this.#onIdle = resolve
      this.#send({ type: 'reset' })
    })
  }

  submit(call: WorkerCall, onStart: () => void): Promise<CallResult> {
    return new Promise((resolve) => {
      if (this.#cause !== null) {
        resolve({ status: 'worker_died', cause: this.#cause, durationMs: 0 })
        return
      }
      this.#callCount += 1
      const pending: PendingCall = {
        callId: call.callId,
        number: this.#callCount,
        onStart,
        resolve,
        startedAt: null,
        finished: null,
        marks: 0,
        deadline: null,
      }
      this.#calls.set(call.callId, pending)
      this.#byNumber.set(pending.number, pending)
      // The message is the call itself; its arrays are only read.
      this.#process.wire?.write(encodeFrame({ type: 'call', ...call }))
    })
  }

  interrupt(): void {
    const running = [...this.#calls.values()].find((call) => call.finished === null)
    if (running !== undefined) this.#send({ type: 'interrupt', callId: running.callId })
  }

  async kill(): Promise<void> {
    this.#killed = true
    await this.#process.kill()
  }

  async store(handle: Handle): Promise<StoredValue> {
    const answer = await this.#request({ type: 'store', handle })
    if (answer.type !== 'stored') throw new AppError('internal', 'The worker answered a store with something else.')
    return answer.stored
  }

  async view(handle: Handle): Promise<ValueView> {
    const answer = await this.#request({ type: 'view', handle })
    if (answer.type !== 'viewed') throw new AppError('internal', 'The worker answered a view with something else.')
    return answer.view
  }

  drop(handles: readonly Handle[]): void {
    if (handles.length > 0) this.#send({ type: 'drop', handles: [...handles] })
  }

  #request(message: { type: 'store' | 'view'; handle: Handle }): Promise<WorkerMessage> {
    return new Promise((resolve, reject) => {
      if (this.#cause !== null) {
        reject(lostWith(this.#cause))
        return
      }
      this.#requestCount += 1
      this.#requests.set(this.#requestCount, { resolve, reject })
      this.#send({ ...message, requestId: this.#requestCount })
    })
  }

  #send(message: HostMessage): void {
    if (this.#cause === null) this.#process.wire?.write(encodeFrame(message))
  }

  #listen(stream: 'stdout' | 'stderr', source: Readable | null, callsBefore: number): void {
    const splitter = new OutputSplitter(this.#markToken, callsBefore, {
      bytes: (number, bytes) => {
        const call = this.#byNumber.get(number)
        if (call !== undefined) this.#written.fire({ callId: call.callId, stream, bytes })
      },
      ended: (number) => {
        const call = this.#byNumber.get(number)
        if (call === undefined) return
        call.marks += 1
        this.#settle(call)
      },
      late: (bytes) => {
        if (this.#identity.pid === 0 && stream === 'stderr')
          this.#startNoise = (this.#startNoise + Buffer.from(bytes).toString('utf8')).slice(-STDERR_KEPT)
      },
    })
    this.#splitters.push(splitter)
    source?.on('data', (chunk: Buffer) => splitter.push(chunk))
    source?.on('error', () => undefined)
  }

  /** Reads the worker's new output pipes; the old ones are read on, for nobody, until their last writer is gone. */
  #openPipes(message: { stdout: number; stderr: number }): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const fd = openPipe(this.#identity.pid, message[stream])
      if (fd === null) return
      const pipe = new Socket({ fd, readable: true, writable: false })
      this.#pipes.add(pipe)
      pipe.on('close', () => this.#pipes.delete(pipe))
      this.#listen(stream, pipe, this.#finishedCount + 1)
    }
    this.#send({ type: 'opened' })
  }

  #receive(reader: FrameReader, chunk: Buffer): void {
    if (this.#malformed) return
    try {
      for (const message of reader.push(chunk)) this.#handle(zWorkerMessage.parse(message))
    } catch {
      this.#malformed = true
      void this.kill()
    }
  }

  #handle(message: WorkerMessage): void {
    switch (message.type) {
      case 'ready':
        this.#onReady({ pid: message.pid, pythonVersion: message.pythonVersion })
        return
      case 'started': {
        const call = this.#calls.get(message.callId)
        if (call === undefined) return
        call.startedAt = performance.now()
        call.onStart()
        return
      }
      case 'finished': {
        this.#finishedCount += 1
        const call = this.#calls.get(message.callId)
        if (call === undefined) return
        call.finished = message.result
        this.#settle(call)
        return
      }
      case 'stored':
      case 'viewed':
        this.#answer(message.requestId)?.resolve(message)
        return
      case 'refused':
        this.#answer(message.requestId)?.reject(new AppError('unsupported', message.message))
        return
      case 'pipes':
        // It comes before the message `finished` of the call that left the process.
        this.#openPipes(message)
        return
      case 'idle':
        this.#onIdle?.(message.reusable)
        this.#onIdle = null
        return
    }
  }

  #answer(requestId: number): PendingRequest | undefined {
    const request = this.#requests.get(requestId)
    this.#requests.delete(requestId)
    return request
  }

  #settle(call: PendingCall): void {
    if (call.finished === null) return
    if (call.marks < 2) {
      call.deadline ??= setTimeout(
        () => this.#resolve(call, call.finished ?? { status: 'interrupted', durationMs: 0, cpuMs: 0 }),
        MARK_DEADLINE_MS,
      )
      return
    }
    this.#resolve(call, call.finished)
  }

  #resolve(call: PendingCall, result: CallResult): void {
    if (call.deadline !== null) clearTimeout(call.deadline)
    this.#calls.delete(call.callId)
    this.#byNumber.delete(call.number)
    call.resolve(result)
  }

  #end(exit: SupervisedExit): void {
    for (const splitter of this.#splitters) splitter.end()
    const running = [...this.#calls.values()].some((call) => call.startedAt !== null)
    this.#cause = this.#describeEnd(exit, running)
    for (const call of [...this.#calls.values()]) {
      const durationMs = call.startedAt === null ? 0 : performance.now() - call.startedAt
      this.#resolve(call, call.finished ?? { status: 'worker_died', cause: this.#cause, durationMs })
    }
    for (const request of this.#requests.values()) request.reject(lostWith(this.#cause))
    this.#requests.clear()
    this.#onIdle?.(false)
    this.#onIdle = null
    this.#exited.fire(this.#cause)
  }

  #describeEnd(exit: SupervisedExit, inCall: boolean): string {
    if (this.#malformed) return 'worker was ended: it sent a message that nobody can read'
    if (this.#killed) return 'worker was stopped'
    return describeExit(exit, inCall)
  }
}

/** A descriptor of a worker, opened here; null when the worker has ended meanwhile. */
function openPipe(pid: number, descriptor: number): number | null {
  try {
    return openSync(`/proc/${pid}/fd/${descriptor}`, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch {
    return null
  }
}

/** Resolves when a pipe was read to its end; nothing of the worker is left, so no writer is either. */
const closed = (pipe: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (pipe.closed) resolve()
    else pipe.once('close', () => resolve())
  })

const lostWith = (cause: string): AppError =>
  new AppError('unsupported', `The value was lost: ${cause}.`, { hint: 'Run the node again.' })
