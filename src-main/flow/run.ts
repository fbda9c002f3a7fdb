/**
 * One run from its queue to its end:
 *
 *   queued ── its turn ──▶ opening (first worker) ──▶ running (scheduler) ──▶ finished ──▶ closed
 *
 * `run.finished` is said as soon as the last node has ended; keeping values and giving workers back
 * follows, and belongs to neither time.
 */
import { toAppError, type AppError } from '../base/app-error.ts'
import type { Logger } from '../base/logger.ts'
import type { NodeResult, RunEvent, RunSnapshot, ValueView } from '../../src-shared/contract/run.ts'
import type { RunId } from '../../src-shared/ids.ts'
import { queuedRun, reduceRunEvents } from '../../src-shared/run/reduce.ts'
import { EventBatcher } from './event-batcher.ts'
import type { Executor } from './executor.ts'
import { loadKeptInputs, type KeptInput } from './kept-inputs.ts'
import type { KeptFlow, NewlyKept } from './kept-values.ts'
import { stoppedResult } from './node-words.ts'
import { NodeOutput } from './node-output.ts'
import type { Plan } from './plan.ts'
import type { RunFolder, RunRecord } from './run-folder.ts'
import { handleOf, keptHandleOf, Scheduler, type SchedulerSink } from './scheduler.ts'
import { SnapshotWriter } from './snapshot-writer.ts'

export type RunFinished = Extract<RunEvent, { type: 'run.finished' }>

export interface RunOutcome {
  readonly finished: RunFinished
  /** Set when no worker could be had: nothing ran. */
  readonly error: AppError | null
}

export interface RunOptions {
  readonly folder: RunFolder
  readonly flow: string
  readonly plan: Plan
  readonly executor: Executor
  readonly kept: KeptFlow
  /** Null: to be loaded when the run's turn comes, because another run may change them until then. */
  readonly keptInputs: readonly KeptInput[] | null
  /** Milliseconds that opening took before the run was queued. */
  readonly openedMs: number
  /** This process, as run.json names it. */
  readonly host: string
  readonly logger: Logger
  readonly onEvents: (events: RunEvent[]) => void
}

export class Run {
  readonly #options: RunOptions
  readonly #startedAt = Date.now()
  readonly #batcher: EventBatcher
  readonly #scheduler: Scheduler
  readonly #snapshots: SnapshotWriter
  readonly #outputs = new Map<string, NodeOutput>()
  readonly #views = new Map<string, Promise<ValueView | null>>()
  readonly #writes: Promise<void>[] = []
  readonly #whenStopped = Promise.withResolvers<void>()
  #snapshot: RunSnapshot
  #finished: RunFinished | null = null
  #beganAt = 0
  #stopped = false

  constructor(options: RunOptions) {
    this.#options = options
    const { folder, flow, plan, executor } = options
    this.#snapshot = queuedRun({ runId: folder.runId, number: folder.number, flow, startedAt: this.#startedAt })
    this.#snapshots = new SnapshotWriter(() => folder.writeSnapshot(this.#snapshot))
    this.#batcher = new EventBatcher((events) => this.#deliver(events))
    this.#scheduler = new Scheduler(plan, executor, this.#sink())
  }

  get runId(): RunId {
    return this.#options.folder.runId
  }

  get folder(): RunFolder {
    return this.#options.folder
  }

  /** The fold of all events delivered so far. */
  get snapshot(): RunSnapshot {
    return this.#snapshot
  }

  get isFinished(): boolean {
    return this.#finished !== null
  }

  /** The output of a node that runs; null before and after. */
  outputOf(node: string): NodeOutput | null {
    return this.#outputs.get(node) ?? null
  }

  /** A picture that is being made or written; null where none was asked for, or it is on disk. */
  viewOf(node: string, port: string): Promise<ValueView | null> | null {
    return this.#views.get(`${node}.${port}`) ?? null
  }

  stop(now: boolean): void {
    if (this.#finished !== null) return
    this.#stopped = true
    this.#whenStopped.resolve()
    this.#scheduler.stop(now)
  }

  /** Runs to the end. Never rejects. Call once. */
  async execute(): Promise<RunOutcome> {
    const { folder, flow, plan, logger } = this.#options
    const openingAt = performance.now()
    await this.#record('running')
    this.#batcher.add({
      type: 'run.started',
      runId: this.runId,
      number: folder.number,
      flow,
      startedAt: this.#startedAt,
      nodes: plan.nodes.map((node) => node.address),
    })
    const error = await this.#open()
    this.#beganAt = performance.now()
    const openMs = this.#options.openedMs + this.#beganAt - openingAt
    const status = error === null ? await this.#scheduler.run() : 'failed'
    const finished = this.#finish(status, openMs, error)
    try {
      await this.#close(finished)
    } catch (failure) {
      logger.error('a run could not be closed in order', { runId: this.runId, error: toAppError(failure).message })
    }
    return { finished, error }
  }

  /** Kept inputs and the first worker. Answers why there is none. */
  async #open(): Promise<AppError | null> {
    const { plan, executor } = this.#options
    try {
      await this.#adoptKept()
      const runs = plan.nodes.some((node) => !node.disabled)
      if (runs && !this.#stopped) await Promise.race([executor.ready(), this.#whenStopped.promise])
      return null
    } catch (error) {
      return this.#stopped ? null : toAppError(error)
    }
  }

  async #adoptKept(): Promise<void> {
    const { plan, kept, executor } = this.#options
    let inputs = this.#options.keptInputs
    if (inputs === null) {
      await kept.reload()
      inputs = await loadKeptInputs(plan, kept)
    }
    for (const { node, port, value } of inputs) {
      if (value !== null) executor.adopt(keptHandleOf(node, port), `${node}.${port}`, value)
    }
  }

  #sink(): SchedulerSink {
    const address = (index: number) => {
      const node = this.#options.plan.nodes[index]
      if (node === undefined) throw new Error(`the plan has no node ${index}`)
      return node.address
    }
    return {
      started: (index, worker) => {
        this.#batcher.add({ type: 'node.started', node: address(index), atMs: this.#atMs(), worker })
      },
      wrote: (index, stream, bytes) => {
        const node = address(index)
        this.#outputFor(node).write(stream, bytes)
      },
      finished: (index, result, views) => {
        const node = address(index)
        this.#endOutput(node)
        for (const [port, view] of Object.entries(views)) this.#keepView(node, port, view)
        this.#batcher.add({ type: 'node.finished', node, atMs: this.#atMs(), result })
      },
    }
  }

  /** Milliseconds since the first worker was ready; monotonic. */
  #atMs(): number {
    return this.#beganAt === 0 ? 0 : performance.now() - this.#beganAt
  }

  #outputFor(node: RunSnapshotNode): NodeOutput {
    const known = this.#outputs.get(node)
    if (known !== undefined) return known
    const output = new NodeOutput({
      path: this.folder.logPath(node),
      onText: (stream, text) => this.#batcher.add({ type: 'node.output', node, stream, text }),
      onDropped: (bytes) => this.#batcher.add({ type: 'node.outputDropped', node, bytes }),
    })
    this.#outputs.set(node, output)
    return output
  }

  #endOutput(node: string): void {
    const output = this.#outputs.get(node)
    if (output === undefined) return
    this.#write(output.end().finally(() => this.#outputs.delete(node)))
  }

  #keepView(node: string, port: string, view: Promise<ValueView | null>): void {
    const name = `${node}.${port}`
    this.#views.set(name, view)
    const written = view.then(async (made) => {
      if (made !== null) await this.folder.writeView(node, port, made)
      this.#views.delete(name)
    })
    this.#write(written)
  }

  /** Something that must be on disk before the run is closed. */
  #write(work: Promise<void>): void {
    this.#writes.push(
      work.catch((error: unknown) => {
        const { message } = toAppError(error)
        this.#options.logger.warn('something of a run was not kept', { runId: this.runId, error: message })
      }),
    )
  }

  #finish(status: RunFinished['status'], openMs: number, error: AppError | null): RunFinished {
    const durationMs = error === null ? this.#atMs() : 0
    const nodes: Record<string, NodeResult> = {}
    this.#options.plan.nodes.forEach((node, index) => {
      const known = this.#scheduler.results[index]
      nodes[node.address] = known ?? { ...stoppedResult(0), why: error?.message ?? 'The run was stopped.' }
    })
    this.#batcher.add({ type: 'run.finished', status, openMs, durationMs, nodes })
    this.#finished ??= { seq: this.#snapshot.seq, type: 'run.finished', status, openMs, durationMs, nodes }
    return this.#finished
  }

  #deliver(events: RunEvent[]): void {
    this.#snapshot = reduceRunEvents(this.#snapshot, events)
    this.#snapshots.changed()
    this.#options.onEvents(events)
  }

  async #close(finished: RunFinished): Promise<void> {
    const { executor, folder } = this.#options
    await this.#snapshots.end()
    if (finished.status !== 'cancelled') await this.#keepValues()
    await executor.close(finished.status === 'cancelled' ? 'kill' : 'release')
    await Promise.all(this.#writes)
    await folder.removeValues()
    await folder.writeSnapshot(this.#snapshot)
    await this.#record(finished.status)
  }

  async #keepValues(): Promise<void> {
    const { plan, executor, kept } = this.#options
    const values: NewlyKept[] = []
    for (const [index, node] of plan.nodes.entries()) {
      const result = this.#scheduler.results[index]
      if (result?.status !== 'succeeded') continue
      for (const port of node.outputs) {
        if (!Object.hasOwn(result.outputs, port)) values.push({ node: node.address, port, value: null })
        else {
          const value = await executor.keep(handleOf(node, port))
          if (value !== null) values.push({ node: node.address, port, value })
        }
      }
    }
    await kept.save(values)
  }

  async #record(status: RunRecord['status']): Promise<void> {
    const { folder, flow, host, logger } = this.#options
    const { runId, number } = folder
    const record = { runId, number, flow, startedAt: this.#startedAt, status, pid: process.pid, host }
    await folder.writeRecord(record).catch((error: unknown) => {
      logger.warn('run.json could not be written', { runId, error: toAppError(error).message })
    })
  }
}

type RunSnapshotNode = Plan['nodes'][number]['address']
