/** Ownership: what is started is registered for disposal where it is made. */

export interface Disposable {
  /** Releases what is held. May be called twice; the second call does nothing. */
  dispose(): void
}

export const toDisposable = (release: () => void): Disposable => {
  let done = false
  return {
    dispose() {
      if (done) return
      done = true
      release()
    },
  }
}

/** Owns other disposables and releases them in reverse order of registration. */
export class DisposableStore implements Disposable {
  #owned: Disposable[] = []
  #disposed = false

  get isDisposed(): boolean {
    return this.#disposed
  }

  /** Registers and returns `thing`. When the store is already disposed, `thing` is disposed at once. */
  add<T extends Disposable>(thing: T): T {
    if (this.#disposed) thing.dispose()
    else this.#owned.push(thing)
    return thing
  }

  dispose(): void {
    if (this.#disposed) return
    this.#disposed = true
    const owned = this.#owned.reverse()
    this.#owned = []
    const failures: unknown[] = []
    for (const thing of owned) {
      try {
        thing.dispose()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'disposal failed')
  }
}
