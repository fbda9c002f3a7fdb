/** What rpc talks over: anything that carries whole messages, in order, both ways. */

export interface Subscription {
  dispose(): void
}

export type PortMessage = string | Uint8Array

export interface MessagePortLike {
  /** Sends, or does nothing when the port is closed. Never throws. */
  post(message: PortMessage): void
  /** One listener at a time; what came before the first one is kept for it. */
  onMessage(listener: (message: PortMessage) => void): Subscription
  /** Called once, with a reason in user words; soon after subscribing when the port is closed already. */
  onClose(listener: (reason: string) => void): Subscription
  /** Closes both ends. May be called twice. */
  close(): void
}

/** The receiving half that every adapter shares: keeps early messages, tells of the end once. */
export class PortReceiver {
  #listener: ((message: PortMessage) => void) | null = null
  #early: PortMessage[] = []
  #closedBecause: string | null = null
  readonly #closeListeners = new Set<(reason: string) => void>()

  get isClosed(): boolean {
    return this.#closedBecause !== null
  }

  deliver(message: PortMessage): void {
    if (this.isClosed) return
    if (this.#listener === null) this.#early.push(message)
    else this.#listener(message)
  }

  /** True when this call ended the port, false when it had ended before. */
  end(reason: string): boolean {
    if (this.#closedBecause !== null) return false
    this.#closedBecause = reason
    for (const listener of [...this.#closeListeners]) listener(reason)
    this.#closeListeners.clear()
    return true
  }

  onMessage(listener: (message: PortMessage) => void): Subscription {
    this.#listener = listener
    const early = this.#early
    this.#early = []
    for (const message of early) listener(message)
    return {
      dispose: () => {
        if (this.#listener === listener) this.#listener = null
      },
    }
  }

  onClose(listener: (reason: string) => void): Subscription {
    let subscribed = true
    const own = (reason: string): void => {
      if (!subscribed) return
      subscribed = false
      listener(reason)
    }
    const because = this.#closedBecause
    if (because === null) this.#closeListeners.add(own)
    else queueMicrotask(() => own(because))
    return {
      dispose: () => {
        subscribed = false
        this.#closeListeners.delete(own)
      },
    }
  }
}
