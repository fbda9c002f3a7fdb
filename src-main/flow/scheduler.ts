/**
 * Runs a plan on an executor. A node starts when its inputs exist; there are no waves.
 *
 *   waiting ── all it waits for has ended ──▶ submitted ──▶ settled (succeeded, failed, timed_out)
 *      │                                          └── stop ──▶ settled (cancelled)
 *      ├── a source failed ──▶ settled (skipped, upstream_failed)
 *      └── disabled, or an input was not taken ──▶ settled (skipped)
 */
import type { NodeResult, ValueView } from '../../src-shared/contract/run.ts'
import type { Handle } from '../../src-shared/ids.ts'
import type { Executor, ExecutorResult, ExecutorSource, ExecutorTicket } from './executor.ts'
import { callInputs } from './call-inputs.ts'
import { remainingLengths } from './critical-path.ts'
import {
  disabledResult,
  failedResult,
  noInputResult,
  notTakenResult,
  stoppedResult,
  timedOutResult,
  upstreamFailedResult,
} from './node-words.ts'
import { eachSource, type Plan, type PlanNode, type PlanSource } from './plan.ts'

/** Told as it happens; `index` is the place in the plan. */
export interface SchedulerSink {
  started(index: number, worker: number): void
  wrote(index: number, stream: 'stdout' | 'stderr', bytes: Uint8Array): void
  finished(index: number, result: NodeResult, views: Readonly<Record<string, Promise<ValueView | null>>>): void
}

/** Longer limits do not fit a timer and mean none: about 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** The handle of a node's output. */
export const handleOf = (node: PlanNode, port: string): Handle =>
  // Handles are chosen by the engine; the address and port make this one unique in its run.
  `${node.address}.${port}` as Handle

/** The handle of a value that an earlier run kept; a node id holds no colon. */
export const keptHandleOf = (node: string, port: string): Handle =>
  // As above.
  `kept:${node}.${port}` as Handle

type Outcome = 'open' | 'taken' | 'not_taken' | 'blocking'

export class Scheduler {
  readonly #plan: Plan
  readonly #executor: Executor
  readonly #sink: SchedulerSink
  readonly #dependents: number[][]
  /** How many nodes each still waits for. */
  readonly #waitsFor: Int32Array
  readonly #outcome: Outcome[]
  /** Ports with a value, of nodes that succeeded. */
  readonly #taken = new Map<number, ReadonlySet<string>>()
  /** The failed node that blocks this one. */
  readonly #cause = new Map<number, number>()
  readonly #results: (NodeResult | undefined)[]
  readonly #readers = new Map<Handle, number>()
  readonly #tickets = new Map<number, ExecutorTicket>()
  readonly #priority: Int32Array
  /** Ended, and not yet followed; grows while it is worked off. */
  readonly #settled: number[] = []
  #settling = false
  #open: number
  #stopped = false
  #finish: (status: 'succeeded' | 'failed' | 'cancelled') => void = () => undefined

  constructor(plan: Plan, executor: Executor, sink: SchedulerSink) {
    this.#plan = plan
    this.#executor = executor
    this.#sink = sink
    const count = plan.nodes.length
    this.#open = count
    this.#outcome = Array.from({ length: count }, () => 'open')
    this.#results = Array.from({ length: count })
    this.#dependents = Array.from({ length: count }, () => [])
    this.#waitsFor = new Int32Array(count)
    plan.nodes.forEach((node, index) => {
      const needs = new Set(node.after)
      eachSource(node, (source) => {
        if (source.from !== 'node') return
        needs.add(source.index)
        const handle = this.#handle(source)
        this.#readers.set(handle, (this.#readers.get(handle) ?? 0) + 1)
      })
      this.#waitsFor[index] = needs.size
      for (const need of needs) this.#dependents[need]?.push(index)
    })
    this.#priority = remainingLengths(this.#dependents)
  }

  /** Results by place in the plan; complete once `run` has resolved. */
  get results(): readonly (NodeResult | undefined)[] {
    return this.#results
  }

  /** Resolves when every node has ended. Call once. */
  run(): Promise<'succeeded' | 'failed' | 'cancelled'> {
    return new Promise((resolve) => {
      this.#finish = resolve
      if (this.#open === 0) resolve(this.#status())
      for (let index = 0; index < this.#plan.nodes.length; index += 1) {
        if (this.#waitsFor[index] === 0 && this.#outcome[index] === 'open') this.#decide(index)
      }
    })
  }

  /** Ends what runs and lets nothing else start. `now` skips the 300 ms in which a node may end by itself. */
  stop(now = false): void {
    this.#stopped = true
    for (const ticket of this.#tickets.values()) ticket.end(now)
    this.#cancelWaiting()
  }

  #cancelWaiting(): void {
    for (let index = 0; index < this.#plan.nodes.length; index += 1) {
      if (this.#outcome[index] === 'open' && !this.#tickets.has(index)) {
        this.#settle(index, 'blocking', stoppedResult(0))
      }
    }
  }

  #handle(source: PlanSource & { from: 'node' }): Handle {
    const node = this.#plan.nodes[source.index]
    if (node === undefined) throw new Error(`the plan has no node ${source.index}`)
    return handleOf(node, source.port)
  }

  #label(source: PlanSource): string {
    if (source.from === 'constant') return source.where
    return `${source.from === 'node' ? (this.#plan.nodes[source.index]?.address ?? '') : source.node}.${source.port}`
  }

  /** Everything the node waits for has ended well or was not taken. */
  #decide(index: number): void {
    const node = this.#plan.nodes[index]
    if (node === undefined) return
    if (this.#stopped) return this.#settle(index, 'blocking', stoppedResult(0))
    if (node.disabled) return this.#settle(index, 'not_taken', disabledResult())
    const inputs = callInputs(node, (source) => this.#valueOf(source))
    if (!inputs.ok) return this.#settle(index, 'not_taken', notTakenResult(this.#label(inputs.notTaken)))
    this.#submit(index, node, inputs)
  }

  #valueOf(source: PlanSource): ExecutorSource | null {
    switch (source.from) {
      case 'constant':
        return { from: 'constant', json: source.json, where: source.where }
      case 'kept':
        return { from: 'value', handle: keptHandleOf(source.node, source.port) }
      case 'not_taken':
        return null
      case 'node':
        return this.#taken.get(source.index)?.has(source.port) === true
          ? { from: 'value', handle: this.#handle(source) }
          : null
    }
  }

  #submit(index: number, node: PlanNode, inputs: Extract<ReturnType<typeof callInputs>, { ok: true }>): void {
    let timedOut = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const limitMs = node.timeoutS * 1000
    const ticket = this.#executor.submit({
      address: node.address,
      operation: node.operation,
      inputs: inputs.inputs,
      inputData: inputs.inputData,
      outputs: node.outputs.map((port) => {
        const handle = handleOf(node, port)
        return { port, handle, readers: this.#readers.get(handle) ?? 0 }
      }),
      dictKeys: node.dictKeys,
      outputsElse: node.outputsElse,
      priority: this.#priority[index] ?? 0,
      onStart: (worker) => {
        this.#sink.started(index, worker)
        if (limitMs <= 0 || limitMs > MAX_TIMER_MS) return
        // Timers follow the monotonic clock, so that a jump of the wall clock is no timeout.
        timer = setTimeout(() => {
          timedOut = true
          ticket.end()
        }, limitMs)
      },
      onWrite: (stream, bytes) => this.#sink.wrote(index, stream, bytes),
    })
    this.#tickets.set(index, ticket)
    void ticket.done.then((result) => {
      clearTimeout(timer)
      this.#tickets.delete(index)
      this.#end(index, node, result, timedOut)
    })
  }

  #end(index: number, node: PlanNode, result: ExecutorResult, timedOut: boolean): void {
    switch (result.status) {
      case 'succeeded': {
        this.#taken.set(index, new Set(Object.keys(result.outputs)))
        const views: Record<string, Promise<ValueView | null>> = {}
        const previews: NodeResult['outputs'] = {}
        for (const [port, output] of Object.entries(result.outputs)) {
          previews[port] = output.preview
          if (output.view !== null) views[port] = output.view
        }
        const { durationMs, cpuMs } = result
        const words = { status: 'succeeded', reason: 'ran', why: 'It ran.' } as const
        return this.#settle(index, 'taken', { ...words, durationMs, cpuMs, outputs: previews }, views)
      }
      case 'failed':
        return this.#settle(index, 'blocking', failedResult(result.error, result.durationMs, result.cpuMs))
      case 'ended': {
        const { durationMs } = result
        return this.#settle(
          index,
          'blocking',
          timedOut ? timedOutResult(node.timeoutS, durationMs) : stoppedResult(durationMs),
        )
      }
      case 'lost_input':
      case 'not_possible':
        return this.#settle(index, 'blocking', noInputResult(result.status, result.message, result.hint))
    }
  }

  /** Notes a node's end and what follows from it, without recursion: one failure may skip 100,000 nodes. */
  #settle(
    index: number,
    outcome: Outcome,
    result: NodeResult,
    views: Readonly<Record<string, Promise<ValueView | null>>> = {},
  ): void {
    this.#outcome[index] = outcome
    this.#results[index] = result
    this.#open -= 1
    this.#sink.finished(index, result, views)
    this.#settled.push(index)
    if (this.#settling) return
    this.#settling = true
    for (const next of this.#settled) this.#follow(next)
    this.#settled.length = 0
    this.#settling = false
    if (this.#open === 0) this.#finish(this.#status())
  }

  #follow(index: number): void {
    this.#releaseInputs(index)
    this.#dropUnread(index)
    const blocks = this.#outcome[index] === 'blocking'
    const cause = this.#cause.get(index) ?? index
    for (const dependent of this.#dependents[index] ?? []) {
      if (this.#outcome[dependent] !== 'open') continue
      if (blocks) {
        this.#cause.set(dependent, cause)
        this.#settle(dependent, 'blocking', this.#stopped ? stoppedResult(0) : this.#blockedBy(cause))
        continue
      }
      const left = (this.#waitsFor[dependent] ?? 0) - 1
      this.#waitsFor[dependent] = left
      if (left === 0) this.#decide(dependent)
    }
  }

  #blockedBy(cause: number): NodeResult {
    const source = this.#plan.nodes[cause]?.address ?? ''
    return upstreamFailedResult(source, this.#results[cause]?.status === 'timed_out')
  }

  /** The node will not read its inputs any more. */
  #releaseInputs(index: number): void {
    const node = this.#plan.nodes[index]
    if (node === undefined) return
    const unread: Handle[] = []
    eachSource(node, (source) => {
      if (source.from !== 'node') return
      const handle = this.#handle(source)
      const left = (this.#readers.get(handle) ?? 0) - 1
      this.#readers.set(handle, left)
      if (left === 0 && this.#taken.get(source.index)?.has(source.port) === true) unread.push(handle)
    })
    if (unread.length > 0) this.#executor.drop(unread)
  }

  #dropUnread(index: number): void {
    const node = this.#plan.nodes[index]
    const taken = this.#taken.get(index)
    if (node === undefined || taken === undefined) return
    const unread = [...taken]
      .map((port) => handleOf(node, port))
      .filter((handle) => (this.#readers.get(handle) ?? 0) === 0)
    if (unread.length > 0) this.#executor.drop(unread)
  }

  #status(): 'succeeded' | 'failed' | 'cancelled' {
    if (this.#results.some((result) => result?.status === 'cancelled')) return 'cancelled'
    const fails = (result: NodeResult | undefined): boolean =>
      result?.status === 'failed' || result?.status === 'timed_out' || result?.reason === 'upstream_failed'
    return this.#results.some(fails) ? 'failed' : 'succeeded'
  }
}
