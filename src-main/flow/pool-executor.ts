/**
 * Runs calls on local workers: up to `slots` of them, taken from the pool as they are needed.
 *
 * A call goes to the free worker that holds most of its input bytes. What is elsewhere reaches it as
 * bytes or through a file that the owner writes. So that no reader waits for a busy owner, a worker
 * writes what others will still read before it begins its next call.
 */
import { AppError, toAppError } from '../base/app-error.ts'
import type { Logger } from '../base/logger.ts'
import type { Handle } from '../../src-shared/ids.ts'
import type { ValueView } from '../../src-shared/contract/run.ts'
import type {
  CallResult,
  StoredValue,
  ValueSource,
  Worker,
  WorkerCall,
  WorkerOptions,
  WorkerPool,
} from '../python/index.ts'
import type { Executor, ExecutorCall, ExecutorOutput, ExecutorResult, ExecutorTicket, KeptValue } from './executor.ts'
import { endedBadly, type Job, type Seat } from './executor-job.ts'
import { HeldValues, sourceOn, type HeldValue } from './held-values.ts'
import { handlesOf, workerCall } from './worker-call.ts'
import { PriorityQueue } from './priority-queue.ts'

/** Between an interrupt and the end of the worker's process tree. */
const GRACE_MS = 300
/** Values that nothing reads any more stay in memory up to this many bytes, to be kept at the run's end. */
const RETAINED_BYTES = 512 * 1024 * 1024
/** Taken for a value whose size is not known. */
const UNKNOWN_BYTES = 1024 * 1024

export interface PoolExecutorOptions {
  readonly pool: WorkerPool
  readonly worker: WorkerOptions
  /** Workers at most; at least 1. */
  readonly slots: number
  readonly logger: Logger
}

export class PoolExecutor implements Executor {
  readonly #options: PoolExecutorOptions
  readonly #values = new HeldValues()
  readonly #retained = new Map<Handle, number>()
  readonly #seats: Seat[] = []
  readonly #queue = new PriorityQueue<Job>()
  /** Workers on their way. */
  readonly #pending = new Set<Promise<void>>()
  readonly #kills = new Set<Promise<void>>()
  readonly #jobs = new Map<string, Job>()
  #retainedBytes = 0
  #callCount = 0
  #pumping = false
  #failure: AppError | null = null
  #slots: number
  #closing: 'release' | 'kill' | null = null

  constructor(options: PoolExecutorOptions) {
    this.#options = options
    this.#slots = Math.max(1, options.slots)
  }

  async ready(): Promise<void> {
    if (this.#live().length > 0) return
    if (this.#pending.size === 0) this.#acquire()
    await Promise.race(this.#pending)
    if (this.#live().length === 0 && this.#failure !== null) throw this.#failure
  }

  submit(call: ExecutorCall): ExecutorTicket {
    const { promise, resolve } = Promise.withResolvers<ExecutorResult>()
    const job: Job = {
      call,
      resolve,
      state: 'waiting',
      seat: null,
      began: false,
      ended: false,
      counted: false,
      timer: undefined,
    }
    this.#queue.push(job, call.priority)
    this.#pumpSoon()
    return { done: promise, end: (now = false) => this.#end(job, now) }
  }

  adopt(handle: Handle, label: string, value: KeptValue): void {
    const stored: StoredValue | null = value.form === 'stored' ? value : null
    const pickled = value.form === 'bytes' ? value.base64 : null
    const bytes = stored?.bytes ?? pickled?.length ?? 0
    this.#values.add({ handle, label, bytes, pickled, stored, readers: 0 }, null)
  }

  drop(handles: readonly Handle[]): void {
    for (const handle of handles) {
      const value = this.#values.get(handle)
      if (value === undefined || this.#retained.has(handle)) continue
      this.#retained.set(handle, value.bytes)
      this.#retainedBytes += value.bytes
    }
    for (const [handle, bytes] of this.#retained) {
      if (this.#retainedBytes <= RETAINED_BYTES) break
      this.#retained.delete(handle)
      this.#retainedBytes -= bytes
      this.#values.forget(handle)
    }
  }

  async keep(handle: Handle): Promise<KeptValue | null> {
    const value = this.#values.get(handle)
    if (value === undefined || value.tied !== null || value.lost !== null) return null
    if (value.pickled !== null) return { form: 'bytes', base64: value.pickled }
    try {
      const { format, path, bytes } = await this.#values.store(value)
      return { form: 'stored', format, path, bytes }
    } catch {
      return null
    }
  }

  async close(how: 'release' | 'kill'): Promise<void> {
    this.#closing = how
    while (this.#pending.size > 0) await Promise.all(this.#pending)
    for (const seat of this.#live()) this.#giveBack(seat, how)
    await Promise.all(this.#kills)
    for (const seat of this.#seats) for (const subscription of seat.subscriptions) subscription.dispose()
  }

  #live(): Seat[] {
    return this.#seats.filter((seat) => seat.gone === null)
  }

  // ---- workers

  #acquire(): void {
    const { pool, worker: options, logger } = this.#options
    const attempt = pool.acquire(options).then(
      (worker) => {
        const seat = this.#seat(worker)
        if (this.#closing !== null) this.#giveBack(seat, this.#closing)
      },
      (error: unknown) => {
        this.#failure = toAppError(error)
        logger.warn('a worker could not be started', { error: this.#failure.message })
        // With fewer workers than asked for the run goes on; without any it cannot.
        this.#slots = Math.max(1, this.#live().length)
        if (this.#live().length === 0) this.#failWaiting(this.#failure)
      },
    )
    const settled = attempt.finally(() => {
      this.#pending.delete(settled)
      this.#pumpSoon()
    })
    this.#pending.add(settled)
  }

  #seat(worker: Worker): Seat {
    const seat: Seat = {
      worker,
      subscriptions: [
        worker.onDidWrite(({ callId, stream, bytes }) => this.#wrote(seat, callId, stream, bytes)),
        worker.onDidExit((cause) => this.#workerGone(seat, cause)),
      ],
      job: null,
      waiting: new PriorityQueue(),
      gone: null,
    }
    this.#seats.push(seat)
    return seat
  }

  #kill(seat: Seat, cause: string): void {
    const killed = seat.worker.kill().catch((error: unknown) => {
      this.#options.logger.error('a worker could not be ended', { error: toAppError(error).message })
    })
    const settled = killed.finally(() => this.#kills.delete(settled))
    this.#kills.add(settled)
    this.#workerGone(seat, cause)
  }

  /** Dead, or about to be: nothing is given to it any more. */
  #workerGone(seat: Seat, cause: string): void {
    if (seat.gone !== null) return
    seat.gone = cause
    this.#values.workerLost(seat.worker, cause)
    // What was tied to it is looked at again, and found to be lost.
    for (let job = seat.waiting.pop(); job !== undefined; job = seat.waiting.pop())
      this.#queue.push(job, job.call.priority)
    this.#pumpSoon()
  }

  #giveBack(seat: Seat, how: 'release' | 'kill'): void {
    if (how === 'kill') return this.#kill(seat, 'the run was stopped')
    seat.gone = 'the run ended'
    this.#options.pool.release(seat.worker)
  }

  #failWaiting(error: AppError): void {
    for (let job = this.#queue.pop(); job !== undefined; job = this.#queue.pop()) {
      this.#finish(job, { status: 'not_possible', message: error.message, hint: error.hint ?? 'Run again.' })
    }
  }

  // ---- placing

  /** Once per turn of the loop, so that calls that became ready together are placed together. */
  #pumpSoon(): void {
    if (this.#pumping) return
    this.#pumping = true
    queueMicrotask(() => {
      this.#pumping = false
      this.#pump()
    })
  }

  #pump(): void {
    if (this.#closing !== null) return
    for (const seat of this.#live()) {
      while (seat.job === null) {
        const job = seat.waiting.pop()
        if (job === undefined) break
        if (job.state === 'waiting') this.#place(job)
      }
    }
    const free = this.#live().filter((seat) => seat.job === null).length
    for (let left = free; left > 0;) {
      const job = this.#queue.pop()
      if (job === undefined) return
      if (job.state === 'waiting' && this.#place(job)) left -= 1
    }
    const wanted = Math.min(this.#queue.size, this.#slots - this.#live().length)
    for (let count = this.#pending.size; count < wanted; count += 1) this.#acquire()
  }

  /** True when a free worker was taken. A call whose inputs are tied to a busy worker waits there. */
  #place(job: Job): boolean {
    const values: HeldValue[] = []
    for (const handle of handlesOf(job.call)) {
      const value = this.#values.get(handle)
      const lost = value === undefined ? `input lost: ${handle} is not kept any more` : value.lost
      if (lost !== null) {
        const hint = `Run again what makes ${value?.label ?? handle}.`
        this.#finish(job, { status: 'lost_input', message: lost, hint })
        return false
      }
      if (value !== undefined) values.push(value)
    }
    const seat = this.#seatFor(job, values)
    if (seat === null) return false
    if (seat.job !== null) {
      seat.waiting.push(job, job.call.priority)
      return false
    }
    job.state = 'placed'
    job.seat = seat
    seat.job = job
    if (!job.counted) for (const value of values) value.readers -= 1
    job.counted = true
    this.#secure(seat)
    const missing = values.filter((value) => sourceOn(value, seat.worker) === null)
    if (missing.length === 0) this.#start(job, seat)
    else {
      void Promise.allSettled(missing.map((value) => this.#values.store(value))).then(() => {
        if (job.state === 'placed') this.#startOrReturn(job, seat, missing)
      })
    }
    return true
  }

  #startOrReturn(job: Job, seat: Seat, stored: readonly HeldValue[]): void {
    if (seat.gone === null && stored.every((value) => value.stored !== null)) return this.#start(job, seat)
    // A value is tied to its worker, or was lost on the way, or this worker went: placed anew.
    job.state = 'waiting'
    job.seat = null
    seat.job = null
    this.#queue.push(job, job.call.priority)
    this.#pumpSoon()
  }

  /** Where the call is to run, free or not; null when it cannot run at all (it is then finished). */
  #seatFor(job: Job, values: readonly HeldValue[]): Seat | null {
    const live = this.#live()
    const tied = values.filter((value) => value.tied !== null)
    const possible = live.filter((seat) => tied.every((value) => value.holders.has(seat.worker)))
    const [first] = possible
    if (first === undefined) {
      const names = tied.map((value) => value.label).join(' and ')
      this.#finish(job, {
        status: 'not_possible',
        message: `${job.call.address} needs ${names}, which cannot leave the processes that made them.`,
        hint: `Return something that can be pickled, or make both values in one node. ${tied[0]?.tied ?? ''}`.trim(),
      })
      return null
    }
    const free = possible.filter((seat) => seat.job === null)
    const held = (seat: Seat): number =>
      values.reduce((sum, value) => sum + (value.holders.has(seat.worker) ? Math.max(1, value.bytes) : 0), 0)
    return (
      free.reduce<Seat | null>((best, seat) => (best === null || held(seat) > held(best) ? seat : best), null) ?? first
    )
  }

  /** Has written what others will still read, before the worker is busy. */
  #secure(seat: Seat): void {
    if (this.#slots < 2) return
    for (const value of this.#values.onlyOn(seat.worker)) {
      if (value.readers > 0 && value.storing === null) void this.#values.store(value).catch(() => undefined)
    }
  }

  // ---- running

  #start(job: Job, seat: Seat): void {
    const read = (handle: Handle): ValueSource => {
      const value = this.#values.get(handle)
      const source = value === undefined ? null : sourceOn(value, seat.worker)
      if (source === null) throw new AppError('internal', `${handle} is not at hand for ${job.call.address}`)
      return source
    }
    const callId = `${(this.#callCount += 1)}`
    let prepared: WorkerCall
    try {
      prepared = workerCall(callId, job.call, read)
    } catch (error) {
      // A defect here must end one node, not the host.
      const { message, hint } = toAppError(error)
      seat.job = null
      this.#finish(job, {
        status: 'not_possible',
        message,
        hint: hint ?? 'This is a defect in Nodeloom; please report it.',
      })
      return this.#pumpSoon()
    }
    job.state = 'running'
    this.#jobs.set(callId, job)
    void seat.worker
      .submit(prepared, () => this.#began(job, seat))
      .then((result) => {
        this.#jobs.delete(callId)
        this.#ended(job, seat, result)
      })
  }

  #began(job: Job, seat: Seat): void {
    if (job.began || job.state !== 'running') return
    job.began = true
    job.call.onStart(seat.worker.id)
  }

  #wrote(seat: Seat, callId: string, stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    const job = this.#jobs.get(callId)
    if (job === undefined) return
    // Output comes by another way than the news of the start, and may be quicker.
    this.#began(job, seat)
    job.call.onWrite(stream, bytes)
  }

  #ended(job: Job, seat: Seat, result: CallResult): void {
    clearTimeout(job.timer)
    if (job.ended) {
      // Whatever the call still managed: what it started must go, so its worker goes.
      this.#kill(seat, `${job.call.address} was stopped`)
      return this.#finish(job, { status: 'ended', durationMs: result.durationMs })
    }
    if (result.status === 'worker_died') this.#workerGone(seat, result.cause)
    if (result.status === 'succeeded') {
      for (const handle of handlesOf(job.call)) {
        const value = this.#values.get(handle)
        if (value !== undefined) this.#values.copied(value, seat.worker)
      }
    }
    const finished = this.#resultOf(job, seat, result)
    seat.job = null
    this.#finish(job, finished)
    this.#pumpSoon()
  }

  #resultOf(job: Job, seat: Seat, result: CallResult): ExecutorResult {
    if (result.status !== 'succeeded') return endedBadly(result)
    const outputs: Record<string, ExecutorOutput> = {}
    for (const { port, handle, readers } of job.call.outputs) {
      const output = result.outputs[port]
      if (output === undefined) continue
      const bytes = output.preview.bytes ?? (output.pickled === null ? UNKNOWN_BYTES : output.pickled.length)
      const label = `${job.call.address}.${port}`
      this.#values.add({ handle, label, bytes, pickled: output.pickled, stored: null, readers }, seat.worker)
      outputs[port] = { preview: output.preview, view: this.#view(seat.worker, handle, output.preview.view) }
    }
    return { status: 'succeeded', outputs, durationMs: result.durationMs, cpuMs: result.cpuMs }
  }

  /** Asked for before the worker gets its next call, so that results can be seen while it is busy. */
  #view(worker: Worker, handle: Handle, kind: string | undefined): Promise<ValueView | null> | null {
    if (kind !== 'table' && kind !== 'image') return null
    return worker.view(handle).catch((error: unknown) => {
      this.#options.logger.warn('a view could not be made', { handle, error: toAppError(error).message })
      return null
    })
  }

  #end(job: Job, now: boolean): void {
    if (job.state === 'done') return
    if (job.state !== 'running') {
      if (job.seat !== null) job.seat.job = null
      this.#finish(job, { status: 'ended', durationMs: 0 })
      return this.#pumpSoon()
    }
    const { seat } = job
    if (seat === null || (job.ended && !now)) return
    job.ended = true
    clearTimeout(job.timer)
    const kill = (): void => this.#kill(seat, `${job.call.address} was stopped`)
    if (now) return kill()
    seat.worker.interrupt()
    job.timer = setTimeout(kill, GRACE_MS)
  }

  #finish(job: Job, result: ExecutorResult): void {
    job.state = 'done'
    job.resolve(result)
  }
}
