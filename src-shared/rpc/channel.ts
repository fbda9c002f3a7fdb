/**
 * One end of a channel: a stream of values both ways, each direction held back by credit in bytes.
 *
 *     open ──send──▶ (credit left? post : wait) ──close──▶ closed
 *
 * A sender may overdraw by one value, so that a value larger than the whole credit can still travel.
 * Bytes are those of the value's JSON text; both ends count them alike.
 */
import type { z } from 'zod'
import type { WireError } from '../contract/errors.ts'
import { describeProblem, INITIAL_CREDIT_BYTES, utf8Bytes } from './messages.ts'
import { RpcError } from './rpc-error.ts'

export interface Channel<Incoming, Outgoing> {
  /**
   * Sends a value; resolves when there is credit for the next one. Await it before making more.
   * Rejects once the channel is closed.
   */
  send(value: Outgoing): Promise<void>
  /**
   * Takes the values that arrive, in order, one at a time: the next is given, and its credit granted,
   * when the promise the listener returned has settled. A rejection closes the channel.
   */
  onData(listener: (value: Incoming) => void | Promise<void>): void
  /** Resolves when the channel has ended: null for a normal end, else why. */
  readonly closed: Promise<RpcError | null>
  readonly isClosed: boolean
  /** Ends it for both sides; values that were sent still arrive. May be called twice. */
  close(error?: WireError): void
}

export interface ChannelWire {
  data(chunk: string): void
  credit(bytes: number): void
  close(error?: WireError): void
}

interface Waiting {
  readonly resolve: () => void
  readonly reject: (error: RpcError) => void
}

export class ChannelEnd<Incoming, Outgoing> implements Channel<Incoming, Outgoing> {
  readonly closed: Promise<RpcError | null>
  readonly #wire: ChannelWire
  readonly #incoming: z.ZodType<Incoming>
  readonly #resolveClosed: (error: RpcError | null) => void
  #credit = INITIAL_CREDIT_BYTES
  #granted = INITIAL_CREDIT_BYTES
  #consumed = 0
  #waiting: Waiting[] = []
  #arrived: { value: Incoming; bytes: number }[] = []
  #listener: ((value: Incoming) => void | Promise<void>) | null = null
  #busy = false
  #ended: { error: RpcError | null } | null = null
  #settled = false

  constructor(wire: ChannelWire, incoming: z.ZodType<Incoming>) {
    this.#wire = wire
    this.#incoming = incoming
    let resolveClosed: (error: RpcError | null) => void = () => undefined
    this.closed = new Promise((resolve) => {
      resolveClosed = resolve
    })
    this.#resolveClosed = resolveClosed
  }

  get isClosed(): boolean {
    return this.#ended !== null
  }

  send(value: Outgoing): Promise<void> {
    if (this.#ended !== null) return Promise.reject(this.#ended.error ?? closedError())
    const chunk = JSON.stringify(value)
    this.#credit -= utf8Bytes(chunk)
    this.#wire.data(chunk)
    if (this.#credit > 0) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  onData(listener: (value: Incoming) => void | Promise<void>): void {
    this.#listener = listener
    this.#drain()
  }

  close(error?: WireError): void {
    if (this.#ended !== null) return
    this.#wire.close(error)
    this.#end(error === undefined ? null : new RpcError(error), false)
  }

  /** For the peer: a value arrived. A value that does not fit, or comes without credit, closes the channel. */
  receive(chunk: unknown): void {
    if (this.#ended !== null) return
    const bytes = utf8Bytes(JSON.stringify(chunk) ?? '')
    const parsed = this.#incoming.safeParse(chunk)
    if (!parsed.success) {
      this.close({
        code: 'invalid_request',
        message: `A value on the channel does not fit. ${describeProblem(parsed.error)}`,
      })
      return
    }
    if (this.#granted <= 0) {
      this.close({ code: 'invalid_request', message: 'The other side sent more than it was granted.' })
      return
    }
    this.#granted -= bytes
    this.#arrived.push({ value: parsed.data, bytes })
    this.#drain()
  }

  /** For the peer: the other side took `bytes`. */
  grant(bytes: number): void {
    this.#credit = Math.min(this.#credit + bytes, INITIAL_CREDIT_BYTES)
    if (this.#credit <= 0) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const { resolve } of waiting) resolve()
  }

  /** For the peer: the other side closed, or the connection went. */
  closedByPeer(error: WireError | undefined): void {
    if (this.#ended === null) this.#end(error === undefined ? null : new RpcError(error), true)
  }

  #end(error: RpcError | null, keepArrived: boolean): void {
    this.#ended = { error }
    const waiting = this.#waiting
    this.#waiting = []
    for (const { reject } of waiting) reject(error ?? closedError())
    if (!keepArrived) this.#arrived = []
    this.#settle()
  }

  /** `closed` resolves after the listener saw everything that had arrived. */
  #settle(): void {
    const ended = this.#ended
    if (ended === null || this.#settled || this.#busy) return
    if (this.#arrived.length > 0 && this.#listener !== null) return
    this.#settled = true
    this.#resolveClosed(ended.error)
  }

  #drain(): void {
    while (!this.#busy && this.#listener !== null) {
      const next = this.#arrived.shift()
      if (next === undefined) break
      const taken = this.#take(this.#listener, next.value)
      if (taken === null) {
        this.#grantBack(next.bytes)
        continue
      }
      this.#busy = true
      void taken.then(() => {
        this.#busy = false
        this.#grantBack(next.bytes)
        this.#drain()
      })
    }
    this.#settle()
  }

  /** Null when the listener was done at once. Never rejects. */
  #take(listener: (value: Incoming) => void | Promise<void>, value: Incoming): Promise<void> | null {
    const failed = (): void => this.close({ code: 'internal', message: 'The receiver of a channel failed.' })
    try {
      const result = listener(value)
      return result instanceof Promise ? result.catch(failed) : null
    } catch {
      failed()
      return null
    }
  }

  /** Credit goes back in larger steps, so that small values do not cost a message each. */
  #grantBack(bytes: number): void {
    this.#consumed += bytes
    if (this.#ended !== null) return
    if (this.#consumed < INITIAL_CREDIT_BYTES / 4 && this.#granted > INITIAL_CREDIT_BYTES / 4) return
    this.#granted += this.#consumed
    this.#wire.credit(this.#consumed)
    this.#consumed = 0
  }
}

const closedError = (): RpcError => new RpcError({ code: 'connection_lost', message: 'The channel is closed.' })
