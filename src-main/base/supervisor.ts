/**
 * How often a child that keeps dying is started again.
 *
 *     exit ──▶ wait 2 s, 4, 8, 16, 30, 30 … ──▶ start     (at most `maxRestarts` within `windowMs`)
 *                                           └─▶ give up   (a person decides: `reset`, then start)
 *
 * Exits older than the window count no more, so a child that ran well for a while starts afresh.
 */
export interface RestartLimits {
  readonly maxRestarts: number
  readonly windowMs: number
  /** The first wait; it doubles up to `longestWaitMs`. */
  readonly firstWaitMs: number
  readonly longestWaitMs: number
}

export const defaultRestartLimits: RestartLimits = {
  maxRestarts: 5,
  windowMs: 180_000,
  firstWaitMs: 2_000,
  longestWaitMs: 30_000,
}

export class RestartBudget {
  readonly #limits: RestartLimits
  readonly #now: () => number
  #restarts: number[] = []

  /** `now` gives milliseconds that never jump back (a monotonic clock). */
  constructor(limits: RestartLimits = defaultRestartLimits, now: () => number = () => performance.now()) {
    this.#limits = limits
    this.#now = now
  }

  /** Call at an exit nobody wanted: milliseconds to wait before the next start, or null to give up. */
  next(): number | null {
    const now = this.#now()
    this.#restarts = this.#restarts.filter((at) => now - at < this.#limits.windowMs)
    if (this.#restarts.length >= this.#limits.maxRestarts) return null
    const wait = Math.min(this.#limits.firstWaitMs * 2 ** this.#restarts.length, this.#limits.longestWaitMs)
    this.#restarts.push(now)
    return wait
  }

  /** Call when a person asked for another try. */
  reset(): void {
    this.#restarts = []
  }
}
