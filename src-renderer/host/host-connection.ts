/**
 * The page's one connection to the host. It outlives the host: when the connection is lost it is made
 * again, and listeners stay.
 *
 *     connecting ──▶ connected ──lost──▶ waiting (0.25 s … 5 s) ──▶ connecting
 *
 * What was pending when it was lost rejects with `connection_lost`; requests made while there is no
 * connection wait for the next one. A new connection is a new client for the host: whoever had a project
 * open opens it again at `onDidConnect`.
 */
import { hostContract, type HostContract } from '../../src-shared/contract/host-contract.ts'
import type { EventName, EventPayload } from '../../src-shared/contract/events.ts'
import type { MethodName, MethodParams, MethodResult } from '../../src-shared/contract/methods.ts'
import type { ChannelName, ChannelParams, ChannelToClient, ChannelToHost } from '../../src-shared/contract/channels.ts'
import type { Channel } from '../../src-shared/rpc/channel.ts'
import { createRpcClient, type RequestOptions, type RpcClient } from '../../src-shared/rpc/client.ts'
import { RpcError } from '../../src-shared/rpc/rpc-error.ts'
import type { Subscription } from '../../src-shared/rpc/port.ts'
import type { Connect } from './connect.ts'

export type ConnectionState = 'connecting' | 'connected' | 'lost'

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 5_000

export class HostConnection {
  readonly #connect: Connect
  readonly #onFault: (problem: string) => void
  readonly #connected = new Set<() => void>()
  readonly #disconnected = new Set<(reason: string) => void>()
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>()
  #client: RpcClient<HostContract> | null = null
  #state: ConnectionState = 'connecting'
  #reason = ''
  #waiting: (() => void)[] = []
  #retry: ReturnType<typeof setTimeout> | undefined
  #waitMs = FIRST_WAIT_MS
  #started = false
  #disposed = false

  constructor(connect: Connect, onFault: (problem: string) => void = () => undefined) {
    this.#connect = connect
    this.#onFault = onFault
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Why there is no connection, in user words; empty while there is one or none was tried. */
  get reason(): string {
    return this.#reason
  }

  /** Begins to connect; the first request does it by itself. May be called twice. */
  start(): void {
    if (this.#started) return
    this.#started = true
    void this.#try()
  }

  /** Tries now instead of at the end of the wait. */
  retryNow(): void {
    if (this.#state !== 'lost') return
    clearTimeout(this.#retry)
    void this.#try()
  }

  /** Waits for a connection if there is none. Rejects with RpcError. */
  async request<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    options: RequestOptions = {},
  ): Promise<MethodResult<M>> {
    const client = await this.#whenConnected(options.signal)
    return client.request(method, params, options)
  }

  /** Hears an event over this and every later connection. */
  onEvent<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): Subscription {
    const listeners = this.#listeners.get(event) ?? new Set()
    if (!this.#listeners.has(event)) {
      this.#listeners.set(event, listeners)
      if (this.#client !== null) this.#follow(this.#client, event)
    }
    const own = (payload: EventPayload<E>): void => listener(payload)
    listeners.add(own)
    return { dispose: () => void listeners.delete(own) }
  }

  /** Opens a channel over the present connection; it ends with that connection. */
  openChannel<N extends ChannelName>(name: N, params: ChannelParams<N>): Channel<ChannelToClient<N>, ChannelToHost<N>> {
    if (this.#client === null)
      throw new RpcError({ code: 'connection_lost', message: 'There is no connection to Nodeloom.' })
    return this.#client.openChannel(name, params)
  }

  /** Also called at once when there is a connection already. */
  onDidConnect(listener: () => void): Subscription {
    const own = (): void => listener()
    this.#connected.add(own)
    if (this.#state === 'connected')
      queueMicrotask(() => this.#connected.has(own) && this.#state === 'connected' && own())
    return { dispose: () => void this.#connected.delete(own) }
  }

  onDidDisconnect(listener: (reason: string) => void): Subscription {
    const own = (reason: string): void => listener(reason)
    this.#disconnected.add(own)
    return { dispose: () => void this.#disconnected.delete(own) }
  }

  dispose(): void {
    this.#disposed = true
    clearTimeout(this.#retry)
    this.#client?.close()
  }

  async #try(): Promise<void> {
    this.#state = 'connecting'
    try {
      const port = await this.#connect()
      if (this.#disposed) return port.close()
      const client = createRpcClient(port, { contract: hostContract, onFault: this.#onFault })
      this.#client = client
      for (const event of this.#listeners.keys()) this.#follow(client, event)
      client.onClose((reason) => this.#lost(reason))
      this.#state = 'connected'
      this.#reason = ''
      this.#waitMs = FIRST_WAIT_MS
      const waiting = this.#waiting
      this.#waiting = []
      for (const listener of [...this.#connected]) listener()
      for (const resume of waiting) resume()
    } catch (error) {
      this.#lost(error instanceof Error ? error.message : String(error))
    }
  }

  #lost(reason: string): void {
    this.#client = null
    if (this.#disposed) return
    this.#state = 'lost'
    this.#reason = reason
    this.#retry = setTimeout(() => void this.#try(), this.#waitMs)
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS)
    for (const listener of [...this.#disconnected]) listener(reason)
  }

  #follow<E extends EventName>(client: RpcClient<HostContract>, event: E): void {
    client.onEvent(event, (payload) => {
      // The set under a name holds listeners of that name's payload only; the map cannot say so.
      const listeners = this.#listeners.get(event) as Set<(payload: unknown) => void> | undefined
      for (const listener of [...(listeners ?? [])]) {
        try {
          listener(payload)
        } catch (error) {
          queueMicrotask(() => {
            throw error
          })
        }
      }
    })
  }

  #whenConnected(signal: AbortSignal | undefined): Promise<RpcClient<HostContract>> {
    this.start()
    if (this.#client !== null) return Promise.resolve(this.#client)
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new RpcError({ code: 'cancelled', message: 'The request was cancelled.' }))
      signal?.addEventListener('abort', fail, { once: true })
      this.#waiting.push(() => {
        signal?.removeEventListener('abort', fail)
        if (this.#client === null) reject(new RpcError({ code: 'connection_lost', message: this.#reason }))
        else resolve(this.#client)
      })
    })
  }
}
