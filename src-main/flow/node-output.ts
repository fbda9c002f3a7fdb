/** What one node prints: raw bytes to its log, text to the run's events, both capped. */
import { StringDecoder } from 'node:string_decoder'
import { AppendLog } from '../base/append-log.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'

export type Stream = 'stdout' | 'stderr'
/** Neighbouring bytes of one stream in a log. */
export interface Segment {
  readonly stream: Stream
  bytes: number
}

const LOG_BYTES = 10 * 1024 * 1024
const EVENT_BYTES = 1024 * 1024

export interface NodeOutputOptions {
  /** Of the log; its segments go beside it as `PATH.map`. */
  readonly path: string
  readonly onText: (stream: Stream, text: string) => void
  /** Bytes that did not become text: said when the first are dropped, and at the end for all others. */
  readonly onDropped: (bytes: number) => void
}

/** Text decoded piece by piece: characters may be split, bad bytes and NUL become U+FFFD. */
export class TextPieces {
  readonly #decoder = new StringDecoder('utf8')

  push(bytes: Uint8Array): string {
    return this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).replaceAll('\0', '\uFFFD')
  }

  end(): string {
    return this.#decoder.end()
  }
}

export class NodeOutput {
  readonly #options: NodeOutputOptions
  readonly #log: AppendLog
  readonly #texts: Record<Stream, TextPieces> = { stdout: new TextPieces(), stderr: new TextPieces() }
  readonly #segments: Segment[] = []
  #logged = 0
  #notLogged = 0
  #sent = 0
  #notSent = 0
  #saidDropped = false
  #ended = false
  #changed: PromiseWithResolvers<void> | null = null

  constructor(options: NodeOutputOptions) {
    this.#options = options
    this.#log = new AppendLog(options.path)
  }

  get segments(): readonly Segment[] {
    return this.#segments
  }

  get isEnded(): boolean {
    return this.#ended
  }

  /** Resolves when there is more to read, or the node has ended. */
  changed(): Promise<void> {
    this.#changed ??= Promise.withResolvers<void>()
    return this.#changed.promise
  }

  /** Resolves when everything so far can be read from the log. */
  flush(): Promise<void> {
    return this.#log.flush()
  }

  write(stream: Stream, bytes: Uint8Array): void {
    const logged = bytes.subarray(0, LOG_BYTES - this.#logged)
    this.#notLogged += bytes.length - logged.length
    this.#append(stream, logged)
    const sent = bytes.subarray(0, EVENT_BYTES - this.#sent)
    this.#sent += sent.length
    if (sent.length > 0) this.#say(stream, this.#texts[stream].push(sent))
    if (sent.length < bytes.length) {
      this.#notSent += bytes.length - sent.length
      if (!this.#saidDropped) this.#sayDropped()
    }
  }

  /** The node has ended. Resolves when log and segments are on disk; rejects when they cannot be written. */
  async end(): Promise<void> {
    for (const stream of ['stdout', 'stderr'] as const) this.#say(stream, this.#texts[stream].end())
    if (this.#notSent > 0) this.#sayDropped()
    if (this.#notLogged > 0) {
      this.#append('stderr', Buffer.from(`\n${this.#notLogged.toLocaleString('en-US')} bytes dropped\n`))
    }
    try {
      await this.#log.close()
      if (this.#segments.length > 0 && this.#log.failure === null) {
        const lines = this.#segments.map(({ stream: name, bytes }) => `${name} ${bytes}\n`)
        await writeFileAtomic(`${this.#options.path}.map`, lines.join(''))
      }
    } finally {
      this.#ended = true
      this.#wake()
    }
  }

  #append(stream: Stream, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    // The bytes belong to the worker's read buffer; a copy does not keep that alive.
    this.#log.append(Uint8Array.from(bytes))
    this.#logged += bytes.length
    const last = this.#segments.at(-1)
    if (last?.stream === stream) last.bytes += bytes.length
    else this.#segments.push({ stream, bytes: bytes.length })
    this.#wake()
  }

  #wake(): void {
    this.#changed?.resolve()
    this.#changed = null
  }

  #say(stream: Stream, text: string): void {
    if (text !== '') this.#options.onText(stream, text)
  }

  #sayDropped(): void {
    this.#options.onDropped(this.#notSent)
    this.#notSent = 0
    this.#saidDropped = true
  }
}
