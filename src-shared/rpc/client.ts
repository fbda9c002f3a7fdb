/** The asking side of rpc, over one connection. */
import type { WireError } from '../contract/errors.ts'
import { ChannelEnd, type Channel } from './channel.ts'
import {
  entryOf,
  type ChannelOf,
  type EventOf,
  type MethodOf,
  type OpeningOf,
  type ParamsOf,
  type PayloadOf,
  type ResultOf,
  type RpcContract,
  type ToClientOf,
  type ToHostOf,
} from './contract.ts'
import { describeProblem, parseMessage, zServerMessage, type ClientMessage } from './messages.ts'
import type { MessagePortLike, PortMessage, Subscription } from './port.ts'
import { RpcError } from './rpc-error.ts'

export interface RequestOptions {
  /** Aborting rejects the request with `cancelled` at once and tells the other side. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds until it rejects with `timeout`, cancelled on the other side. Absent: none. */
  readonly deadlineMs?: number | undefined
}

export interface RpcClientOptions<C extends RpcContract> {
  readonly contract: C
  /** Hears of messages that do not fit the contract; they are dropped. */
  readonly onFault?: ((problem: string) => void) | undefined
}

export interface RpcClient<C extends RpcContract> {
  /** Rejects with RpcError and with nothing else. */
  request<M extends MethodOf<C>>(method: M, params: ParamsOf<C, M>, options?: RequestOptions): Promise<ResultOf<C, M>>
  onEvent<E extends EventOf<C>>(event: E, listener: (payload: PayloadOf<C, E>) => void): Subscription
  /** A refusal by the other side shows in `closed` of the channel. */
  openChannel<N extends ChannelOf<C>>(name: N, params: OpeningOf<C, N>): Channel<ToClientOf<C, N>, ToHostOf<C, N>>
  /** Called once when the connection is gone; everything pending has been rejected with `connection_lost`. */
  onClose(listener: (reason: string) => void): Subscription
  close(): void
}

interface Pending {
  readonly method: string
  settle(result: { readonly value: unknown } | { readonly error: WireError }): void
}

export function createRpcClient<C extends RpcContract>(
  port: MessagePortLike,
  options: RpcClientOptions<C>,
): RpcClient<C> {
  return new Client(port, options)
}

class Client<C extends RpcContract> implements RpcClient<C> {
  readonly #port: MessagePortLike
  readonly #options: RpcClientOptions<C>
  readonly #pending = new Map<number, Pending>()
  readonly #channels = new Map<number, ChannelEnd<unknown, unknown>>()
  readonly #listeners = new Map<string, Set<(payload: unknown) => void>>()
  #lost: WireError | null = null
  #nextId = 1

  constructor(port: MessagePortLike, options: RpcClientOptions<C>) {
    this.#port = port
    this.#options = options
    port.onClose((reason) => this.#lose(reason))
    port.onMessage((message) => this.#receive(message))
  }

  request<M extends MethodOf<C>>(
    method: M,
    params: ParamsOf<C, M>,
    options: RequestOptions = {},
  ): Promise<ResultOf<C, M>> {
    return new Promise((resolve, reject) => {
      const { signal, deadlineMs } = options
      if (this.#lost !== null) return reject(new RpcError(this.#lost))
      if (signal?.aborted === true) return reject(cancelled())
      const id = this.#nextId++
      const giveUp = (error: RpcError): void => {
        this.#post({ t: 'cancel', id })
        finish()
        reject(error)
      }
      const onAbort = (): void => giveUp(cancelled())
      const onDeadline = (): void =>
        giveUp(new RpcError({ code: 'timeout', message: `${method} took longer than ${deadlineMs} ms.` }))
      const timer = deadlineMs === undefined ? undefined : setTimeout(onDeadline, deadlineMs)
      const finish = (): void => {
        this.#pending.delete(id)
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      signal?.addEventListener('abort', onAbort)
      this.#pending.set(id, {
        method,
        settle: (result) => {
          finish()
          if ('error' in result) return reject(new RpcError(result.error))
          const parsed = entryOf(this.#options.contract.methods, method)?.result.safeParse(result.value)
          // The schema is the one the result's type is inferred from.
          if (parsed?.success === true) return resolve(parsed.data as ResultOf<C, M>)
          const problem = `The answer to ${method} does not fit. ${parsed ? describeProblem(parsed.error) : ''}`
          this.#options.onFault?.(problem)
          reject(
            new RpcError({
              code: 'internal',
              message: problem,
              hint: 'Restart Nodeloom; if it stays, please report it.',
            }),
          )
        },
      })
      this.#post({ t: 'request', id, method, params })
    })
  }

  onEvent<E extends EventOf<C>>(event: E, listener: (payload: PayloadOf<C, E>) => void): Subscription {
    const listeners = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, listeners)
    // Only payloads parsed by this event's schema reach the listeners of its name.
    const own = (payload: unknown): void => listener(payload as PayloadOf<C, E>)
    listeners.add(own)
    return { dispose: () => void listeners.delete(own) }
  }

  openChannel<N extends ChannelOf<C>>(name: N, params: OpeningOf<C, N>): Channel<ToClientOf<C, N>, ToHostOf<C, N>> {
    const channel = entryOf(this.#options.contract.channels, name)
    if (channel === undefined) throw new RpcError({ code: 'unknown_method', message: `There is no channel "${name}".` })
    const id = this.#nextId++
    const end = new ChannelEnd<unknown, unknown>(
      {
        data: (chunk) => this.#port.post(`{"t":"data","id":${id},"chunk":${chunk}}`),
        credit: (bytes) => this.#post({ t: 'credit', id, bytes }),
        close: (error) => this.#post(error === undefined ? { t: 'close', id } : { t: 'close', id, error }),
      },
      channel.toClient,
    )
    if (this.#lost !== null) {
      end.closedByPeer(this.#lost)
    } else {
      this.#channels.set(id, end)
      void end.closed.then(() => this.#channels.delete(id))
      this.#post({ t: 'open', id, channel: name, params })
    }
    // The end parses what arrives by the schema that ToClientOf is inferred from.
    return end as unknown as Channel<ToClientOf<C, N>, ToHostOf<C, N>>
  }

  onClose(listener: (reason: string) => void): Subscription {
    return this.#port.onClose(listener)
  }

  close(): void {
    this.#port.close()
    this.#lose('The connection was closed.')
  }

  #post(message: ClientMessage): void {
    this.#port.post(JSON.stringify(message))
  }

  #receive(text: PortMessage): void {
    const parsed = parseMessage(zServerMessage, text)
    if (!parsed.ok) return this.#options.onFault?.(parsed.problem)
    const message = parsed.value
    switch (message.t) {
      case 'result':
        return this.#pending.get(message.id)?.settle({ value: message.value })
      case 'error':
        return this.#pending.get(message.id)?.settle({ error: message.error })
      case 'event':
        return this.#event(message.event, message.payload)
      case 'fault':
        return this.#options.onFault?.(message.error.message)
      case 'data':
        return this.#channels.get(message.id)?.receive(message.chunk)
      case 'credit':
        return this.#channels.get(message.id)?.grant(message.bytes)
      case 'close':
        return this.#channels.get(message.id)?.closedByPeer(message.error)
    }
  }

  #event(name: string, payload: unknown): void {
    const listeners = this.#listeners.get(name)
    if (listeners === undefined || listeners.size === 0) return
    const parsed = entryOf(this.#options.contract.events, name)?.safeParse(payload)
    if (parsed?.success !== true) {
      this.#options.onFault?.(`Event ${name} does not fit. ${parsed ? describeProblem(parsed.error) : ''}`)
      return
    }
    for (const listener of [...listeners]) {
      try {
        listener(parsed.data)
      } catch (error) {
        // The others still hear it, and the fault still shows.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  #lose(reason: string): void {
    if (this.#lost !== null) return
    this.#lost = { code: 'connection_lost', message: reason, hint: 'It is made again by itself; try once more then.' }
    const error = this.#lost
    for (const pending of [...this.#pending.values()]) pending.settle({ error })
    for (const end of [...this.#channels.values()]) end.closedByPeer(error)
    this.#channels.clear()
  }
}

const cancelled = (): RpcError => new RpcError({ code: 'cancelled', message: 'The request was cancelled.' })
