/** Lets one piece of work run at a time, in the order asked. A failure does not stop those behind it. */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work)
    this.#tail = result.catch(() => undefined)
    return result
  }

  /** Resolves when everything asked so far has ended. */
  async idle(): Promise<void> {
    await this.#tail
  }
}
