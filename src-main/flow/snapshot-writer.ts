/**
 * Keeps the state of a run on disk while it goes on, so that whoever opens the project after this process was killed
 * sees what had finished.
 */
const INTERVAL_MS = 500

export class SnapshotWriter {
  readonly #write: () => Promise<void>
  #timer: NodeJS.Timeout | undefined
  /** Something changed since the write that goes on began. */
  #again = false
  #writing: Promise<void> = Promise.resolve()
  #ended = false

  /** `write` takes the newest state; it is called at most twice a second, never twice at a time, and may reject. */
  constructor(write: () => Promise<void>) {
    this.#write = write
  }

  changed(): void {
    if (this.#timer !== undefined) this.#again = true
    if (this.#ended || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#again = false
      this.#writing = this.#write()
        .catch(() => undefined)
        .then(() => {
          this.#timer = undefined
          if (this.#again) this.changed()
        })
    }, INTERVAL_MS)
    this.#timer.unref()
  }

  /** From now on nothing is written; resolves when the last write has ended. */
  async end(): Promise<void> {
    this.#ended = true
    clearTimeout(this.#timer)
    await this.#writing
  }
}
