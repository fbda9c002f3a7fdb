/**
 * Many ports over one byte stream: between the desktop shell and its host there is one pipe, and on it a
 * port per window and a control port.
 *
 * Each port may have 1 MB under way in each direction; ports that wait take turns, a frame each.
 * What does not fit the protocol ends the stream and with it every port.
 */
import type { Duplex } from 'node:stream'
import { PortReceiver, type MessagePortLike, type PortMessage } from '../../src-shared/rpc/port.ts'
import { encodePipeFrame, MAX_BODY_BYTES, PipeFrameReader, type FrameKind, type PipeFrame } from './pipe-frames.ts'

export const PORT_CREDIT_BYTES = 1024 * 1024
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024
const MAX_PORTS = 1_000

interface Outgoing {
  readonly kind: 'text' | 'bytes' | 'close'
  readonly body: Buffer
  sent: number
}

interface PortState {
  readonly id: number
  readonly receiver: PortReceiver
  readonly outgoing: Outgoing[]
  credit: number
  /** Received and not granted again yet. */
  taken: number
  parts: Buffer[]
  partBytes: number
}

export interface PortMultiplexerOptions {
  /** The two ends number their ports apart: one is `shell`, the other `host`. */
  readonly side: 'shell' | 'host'
  /** The other end opened a port. */
  readonly onOpen: (label: string, port: MessagePortLike) => void
  /** Called once: the stream is gone, in user words. Every port has been closed. */
  readonly onEnd: (reason: string) => void
}

export class PortMultiplexer {
  readonly #stream: Duplex
  readonly #options: PortMultiplexerOptions
  readonly #reader = new PipeFrameReader()
  readonly #ports = new Map<number, PortState>()
  /** Ports with something to send and credit to send it, in the order of their turns. */
  readonly #turns = new Set<PortState>()
  #nextId: number
  #blocked = false
  #ended = false

  constructor(stream: Duplex, options: PortMultiplexerOptions) {
    this.#stream = stream
    this.#options = options
    this.#nextId = options.side === 'shell' ? 1 : 2
    stream.on('data', (chunk: Buffer) => this.#receive(chunk))
    stream.on('drain', () => {
      this.#blocked = false
      this.#pump()
    })
    stream.on('error', (error: Error) => this.end(error.message))
    stream.on('end', () => this.end('The other side has closed the connection.'))
    stream.on('close', () => this.end('The other side has closed the connection.'))
  }

  /** Opens a port; `label` tells the other end what it is for. */
  open(label: string): MessagePortLike {
    const state = this.#add(this.#nextId)
    this.#nextId += 2
    if (this.#ended) state.receiver.end('There is no connection.')
    else this.#write('open', state.id, Buffer.from(label))
    return this.#portOf(state)
  }

  /** Closes every port and the stream. May be called twice. */
  end(reason = 'The connection was closed.'): void {
    if (this.#ended) return
    this.#ended = true
    this.#turns.clear()
    const ports = [...this.#ports.values()]
    this.#ports.clear()
    this.#stream.destroy()
    for (const { receiver } of ports) receiver.end(reason)
    this.#options.onEnd(reason)
  }

  #add(id: number): PortState {
    const state: PortState = {
      id,
      receiver: new PortReceiver(),
      outgoing: [],
      credit: PORT_CREDIT_BYTES,
      taken: 0,
      parts: [],
      partBytes: 0,
    }
    this.#ports.set(id, state)
    return state
  }

  #portOf(state: PortState): MessagePortLike {
    return {
      post: (message) => this.#post(state, message),
      onMessage: (listener) => state.receiver.onMessage(listener),
      onClose: (listener) => state.receiver.onClose(listener),
      close: () => {
        if (!state.receiver.end('The connection was closed.') || this.#ended) return
        state.outgoing.push({ kind: 'close', body: Buffer.alloc(0), sent: 0 })
        this.#queue(state)
      },
    }
  }

  #post(state: PortState, message: PortMessage): void {
    if (state.receiver.isClosed || this.#ended) return
    const body =
      typeof message === 'string'
        ? Buffer.from(message)
        : Buffer.from(message.buffer, message.byteOffset, message.byteLength)
    state.outgoing.push({ kind: typeof message === 'string' ? 'text' : 'bytes', body, sent: 0 })
    this.#queue(state)
  }

  #queue(state: PortState): void {
    this.#turns.add(state)
    this.#pump()
  }

  #pump(): void {
    while (!this.#blocked && !this.#ended) {
      const [state] = this.#turns
      if (state === undefined) return
      // Taking it out and adding it again puts it at the end of the line.
      this.#turns.delete(state)
      if (this.#sendOne(state)) this.#turns.add(state)
    }
  }

  /** Sends at most one frame; true when the port has more that may be sent. */
  #sendOne(state: PortState): boolean {
    const [next] = state.outgoing
    if (next === undefined) return false
    if (next.kind === 'close') {
      this.#ports.delete(state.id)
      state.outgoing.length = 0
      this.#write('close', state.id, next.body)
      return false
    }
    const left = next.body.length - next.sent
    if (left > 0 && state.credit <= 0) return false
    const size = Math.min(left, MAX_BODY_BYTES, Math.max(state.credit, 0))
    const body = next.body.subarray(next.sent, next.sent + size)
    next.sent += size
    state.credit -= size
    const isLast = next.sent === next.body.length
    if (isLast) state.outgoing.shift()
    this.#write(isLast ? next.kind : 'part', state.id, body)
    return state.outgoing.length > 0
  }

  #write(kind: FrameKind, port: number, body: Uint8Array): void {
    if (!this.#ended && !this.#stream.write(encodePipeFrame(kind, port, body))) this.#blocked = true
  }

  #receive(chunk: Buffer): void {
    if (this.#ended) return
    try {
      for (const frame of this.#reader.push(chunk)) {
        if (this.#ended) return
        this.#take(frame)
      }
    } catch (error) {
      this.end(error instanceof Error ? error.message : String(error))
    }
  }

  #take({ kind, port, body }: PipeFrame): void {
    if (kind === 'open') return this.#opened(port, body.toString('utf8'))
    const state = this.#ports.get(port)
    // A port that was closed here may still get what was under way; a port that never was is a fault.
    if (state === undefined) return this.#assertKnown(port)
    if (kind === 'credit') {
      if (body.length !== 4) throw new Error('A credit frame holds 4 bytes.')
      state.credit = Math.min(state.credit + body.readUInt32BE(0), PORT_CREDIT_BYTES)
      if (state.outgoing.length > 0) this.#queue(state)
      return
    }
    if (kind === 'close') {
      this.#ports.delete(port)
      this.#turns.delete(state)
      state.receiver.end('The other side has closed the connection.')
      return
    }
    this.#part(state, kind, body)
  }

  #opened(id: number, label: string): void {
    const fromOther = id % 2 === (this.#options.side === 'shell' ? 0 : 1)
    if (!fromOther || id === 0 || this.#ports.has(id)) throw new Error(`Port ${id} cannot be opened.`)
    if (this.#ports.size >= MAX_PORTS) throw new Error('Too many ports are open.')
    this.#options.onOpen(label, this.#portOf(this.#add(id)))
  }

  #assertKnown(id: number): void {
    const fromOther = id % 2 === (this.#options.side === 'shell' ? 0 : 1)
    if (!fromOther && id >= this.#nextId) throw new Error(`There is no port ${id}.`)
  }

  #part(state: PortState, kind: 'part' | 'text' | 'bytes', body: Buffer): void {
    state.taken += body.length
    state.partBytes += body.length
    if (state.partBytes > MAX_MESSAGE_BYTES) throw new Error('A message is too long.')
    // A copy: the body shares memory with the chunk, which holds much more.
    state.parts.push(kind === 'part' ? Buffer.from(body) : body)
    if (state.taken >= PORT_CREDIT_BYTES / 4) {
      const granted = Buffer.allocUnsafe(4)
      granted.writeUInt32BE(state.taken, 0)
      state.taken = 0
      this.#write('credit', state.id, granted)
    }
    if (kind === 'part') return
    const message = state.parts.length === 1 ? body : Buffer.concat(state.parts)
    state.parts = []
    state.partBytes = 0
    state.receiver.deliver(kind === 'text' ? message.toString('utf8') : new Uint8Array(message))
  }
}
