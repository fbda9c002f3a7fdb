/** The answering side of rpc: one server per connected client. */
import type { z } from 'zod'
import type { ErrorCode, WireError } from '../contract/errors.ts'
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
import { describeProblem, parseMessage, zClientMessage, type ServerMessage } from './messages.ts'
import type { MessagePortLike, PortMessage, Subscription } from './port.ts'

export interface RequestContext<Client> {
  /** What the server was made for: who is asking. */
  readonly client: Client
  /** Aborted when the client cancels or is gone. */
  readonly signal: AbortSignal
}

/** One handler per method: a table with a method missing does not compile. */
export type Handlers<C extends RpcContract, Client> = {
  readonly [M in MethodOf<C>]: (
    params: ParamsOf<C, M>,
    context: RequestContext<Client>,
  ) => ResultOf<C, M> | Promise<ResultOf<C, M>>
}

/**
 * One handler per channel. The channel is open while the handler runs: it closes when the promise
 * resolves, and closes with the error when it rejects. `context.signal` aborts when the client closes.
 */
export type ChannelHandlers<C extends RpcContract, Client> = {
  readonly [N in ChannelOf<C>]: (
    params: OpeningOf<C, N>,
    channel: Channel<ToHostOf<C, N>, ToClientOf<C, N>>,
    context: RequestContext<Client>,
  ) => Promise<void>
}

export interface RpcServerOptions<C extends RpcContract, Client> {
  readonly contract: C
  readonly handlers: Handlers<C, Client>
  readonly channels: ChannelHandlers<C, Client>
  readonly client: Client
  /** Turns what a handler threw into what crosses the border. */
  readonly toWireError: (thrown: unknown) => WireError
  /** Hears of messages that no client of ours would send. */
  readonly onFault?: ((problem: string) => void) | undefined
}

export interface RpcServer<C extends RpcContract> {
  emit<E extends EventOf<C>>(event: E, payload: PayloadOf<C, E>): void
  /** Aborts what is under way and closes the port. May be called twice. */
  dispose(): void
}

/** What is under way for one client at once; more is refused, so that a broken page cannot fill the host. */
const MAX_PENDING = 2_000

export function createRpcServer<C extends RpcContract, Client>(
  port: MessagePortLike,
  options: RpcServerOptions<C, Client>,
): RpcServer<C> {
  const server = new Server(port, options)
  server.start()
  return server
}

class Server<C extends RpcContract, Client> implements RpcServer<C> {
  readonly #port: MessagePortLike
  readonly #options: RpcServerOptions<C, Client>
  readonly #requests = new Map<number, AbortController>()
  readonly #channels = new Map<number, { end: ChannelEnd<unknown, unknown>; abort: AbortController }>()
  readonly #subscriptions: Subscription[] = []
  #stopped = false

  constructor(port: MessagePortLike, options: RpcServerOptions<C, Client>) {
    this.#port = port
    this.#options = options
  }

  start(): void {
    this.#subscriptions.push(
      this.#port.onClose(() => this.#stop()),
      this.#port.onMessage((message) => this.#receive(message)),
    )
  }

  emit<E extends EventOf<C>>(event: E, payload: PayloadOf<C, E>): void {
    this.#post({ t: 'event', event, payload })
  }

  dispose(): void {
    this.#stop()
    this.#port.close()
  }

  #stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    for (const subscription of this.#subscriptions) subscription.dispose()
    for (const abort of this.#requests.values()) abort.abort()
    for (const { end, abort } of this.#channels.values()) {
      abort.abort()
      end.closedByPeer({ code: 'connection_lost', message: 'The client is gone.' })
    }
    this.#requests.clear()
    this.#channels.clear()
  }

  #post(message: ServerMessage): void {
    if (!this.#stopped) this.#port.post(JSON.stringify(message))
  }

  #receive(text: PortMessage): void {
    const parsed = parseMessage(zClientMessage, text)
    if (!parsed.ok) {
      this.#options.onFault?.(parsed.problem)
      const error = wireError('invalid_request', `A message does not fit the contract. ${parsed.problem}`)
      this.#post(parsed.id === undefined ? { t: 'fault', error } : { t: 'error', id: parsed.id, error })
      return
    }
    const message = parsed.value
    switch (message.t) {
      case 'request':
        void this.#request(message.id, message.method, message.params)
        return
      case 'cancel':
        this.#requests.get(message.id)?.abort()
        return
      case 'open':
        void this.#open(message.id, message.channel, message.params)
        return
      case 'data':
        this.#channels.get(message.id)?.end.receive(message.chunk)
        return
      case 'credit':
        this.#channels.get(message.id)?.end.grant(message.bytes)
        return
      case 'close':
        this.#channels.get(message.id)?.end.closedByPeer(message.error)
    }
  }

  async #request(id: number, name: string, rawParams: unknown): Promise<void> {
    const fail = (error: WireError): void => this.#post({ t: 'error', id, error })
    const method = entryOf(this.#options.contract.methods, name)
    if (method === undefined) return fail(wireError('unknown_method', `There is no method "${name.slice(0, 100)}".`))
    const params = method.params.safeParse(rawParams)
    if (!params.success) return fail(misfit(name, params.error))
    if (this.#requests.has(id)) return fail(wireError('invalid_request', `Request ${id} is under way already.`))
    if (this.#requests.size >= MAX_PENDING) return fail(wireError('invalid_request', 'Too many requests at once.'))

    const abort = new AbortController()
    this.#requests.set(id, abort)
    try {
      // The params were parsed by this very method's schema; the table's type says so for each name.
      const handler = this.#options.handlers[name as MethodOf<C>] as (
        params: unknown,
        context: RequestContext<Client>,
      ) => unknown
      const value = await handler(params.data, { client: this.#options.client, signal: abort.signal })
      this.#post({ t: 'result', id, value })
    } catch (error) {
      fail(
        abort.signal.aborted ? wireError('cancelled', 'The request was cancelled.') : this.#options.toWireError(error),
      )
    } finally {
      this.#requests.delete(id)
    }
  }

  async #open(id: number, name: string, rawParams: unknown): Promise<void> {
    const refuse = (error: WireError): void => this.#post({ t: 'close', id, error })
    const channel = entryOf(this.#options.contract.channels, name)
    if (channel === undefined)
      return refuse(wireError('unknown_method', `There is no channel "${name.slice(0, 100)}".`))
    const params = channel.params.safeParse(rawParams)
    if (!params.success) return refuse(misfit(name, params.error))
    if (this.#channels.has(id)) return refuse(wireError('invalid_request', `Channel ${id} is open already.`))
    if (this.#channels.size >= MAX_PENDING) return refuse(wireError('invalid_request', 'Too many channels at once.'))

    const abort = new AbortController()
    const end = new ChannelEnd<unknown, unknown>(
      {
        data: (chunk) => this.#postChunk(id, chunk),
        credit: (bytes) => this.#post({ t: 'credit', id, bytes }),
        close: (error) => this.#post(error === undefined ? { t: 'close', id } : { t: 'close', id, error }),
      },
      channel.toHost,
    )
    this.#channels.set(id, { end, abort })
    void end.closed.then(() => {
      this.#channels.delete(id)
      abort.abort()
    })
    try {
      // As above: the table's type pairs the name with these params and this channel.
      const handler = this.#options.channels[name as ChannelOf<C>] as unknown as (
        params: unknown,
        channel: Channel<unknown, unknown>,
        context: RequestContext<Client>,
      ) => Promise<void>
      await handler(params.data, end, { client: this.#options.client, signal: abort.signal })
      end.close()
    } catch (error) {
      end.close(this.#options.toWireError(error))
    }
  }

  /** The chunk is JSON already; it is put in place as it is instead of being printed twice. */
  #postChunk(id: number, chunk: string): void {
    if (!this.#stopped) this.#port.post(`{"t":"data","id":${id},"chunk":${chunk}}`)
  }
}

const wireError = (code: ErrorCode, message: string): WireError => ({ code, message })

const misfit = (name: string, error: z.ZodError): WireError =>
  wireError('invalid_request', `${name}: the parameters do not fit. ${describeProblem(error)}`)
