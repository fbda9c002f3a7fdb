/**
 * Numbers the events of a run and hands them on in batches, at most one each 30 ms. Until a batch leaves,
 * neighbouring output of a node is joined and only its newest progress is kept; the order of what a node
 * says stays.
 */
import type { RunEvent } from '../../src-shared/contract/run.ts'

const INTERVAL_MS = 30
const JOINED_CHARS = 64 * 1024

type WithoutSeq<E> = E extends RunEvent ? Omit<E, 'seq'> : never
/** An event that has no number yet. */
export type NewRunEvent = WithoutSeq<RunEvent>

export class EventBatcher {
  readonly #deliver: (events: RunEvent[]) => void
  #pending: (NewRunEvent | null)[] = []
  /** Place in `#pending` of a node's newest event, and of its progress. */
  readonly #newest = new Map<string, number>()
  readonly #progress = new Map<string, number>()
  #seq = 0
  #lastAt = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(deliver: (events: RunEvent[]) => void) {
    this.#deliver = deliver
  }

  add(event: NewRunEvent): void {
    if (!('node' in event)) this.#pending.push(event)
    else if (!this.#joined(event)) {
      if (event.type === 'node.progress') {
        const older = this.#progress.get(event.node)
        if (older !== undefined) this.#pending[older] = null
        this.#progress.set(event.node, this.#pending.length)
      }
      this.#newest.set(event.node, this.#pending.length)
      this.#pending.push(event)
    }
    if (event.type === 'run.finished') this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), Math.max(0, this.#lastAt + INTERVAL_MS - performance.now()))
  }

  #joined(event: Extract<NewRunEvent, { node: unknown }>): boolean {
    if (event.type !== 'node.output') return false
    const place = this.#newest.get(event.node)
    const newest = place === undefined ? null : this.#pending[place]
    if (place === undefined || newest?.type !== 'node.output' || newest.stream !== event.stream) return false
    if (newest.text.length + event.text.length > JOINED_CHARS) return false
    this.#pending[place] = { ...newest, text: newest.text + event.text }
    return true
  }

  /** Hands on what waits, now. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#lastAt = performance.now()
    if (this.#pending.length === 0) return
    const events: RunEvent[] = []
    for (const event of this.#pending) {
      if (event !== null) events.push({ seq: (this.#seq += 1), ...event })
    }
    this.#pending = []
    this.#newest.clear()
    this.#progress.clear()
    this.#deliver(events)
  }
}
