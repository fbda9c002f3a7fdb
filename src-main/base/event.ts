/** Typed events between services. They announce; a listener never steers. */
import { toDisposable, type Disposable } from './disposable.ts'

/** Subscribes a listener; dispose the result to unsubscribe. */
export type Event<T> = (listener: (value: T) => void) => Disposable

export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>()

  readonly event: Event<T> = (listener) => {
    // A wrapper per subscription, so that the same function subscribed twice is called twice.
    const own = (value: T): void => listener(value)
    this.#listeners.add(own)
    return toDisposable(() => this.#listeners.delete(own))
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0
  }

  /** Calls every listener; one that throws does not keep the others from hearing. */
  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  dispose(): void {
    this.#listeners.clear()
  }
}
