/** How often something may be started anew: at most `count` times within any `windowMs`. */
export class RestartBudget {
  readonly #count: number
  readonly #windowMs: number
  readonly #now: () => number
  #taken: number[] = []

  /** `now` gives milliseconds of a clock that never runs backwards. */
  constructor(count: number, windowMs: number, now: () => number = () => performance.now()) {
    this.#count = count
    this.#windowMs = windowMs
    this.#now = now
  }

  /** Takes one restart; false when the budget is used up, and then nothing is taken. */
  take(): boolean {
    const now = this.#now()
    this.#taken = this.#taken.filter((at) => now - at < this.#windowMs)
    if (this.#taken.length >= this.#count) return false
    this.#taken.push(now)
    return true
  }
}
