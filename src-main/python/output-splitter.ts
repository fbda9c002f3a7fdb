/**
 * Splits what comes out of one output pipe into calls. The worker writes a mark on the pipe when a call begins
 * and one when it has ended; marks start with a secret, so that node code cannot write one by accident. Bytes
 * between an end and the next begin are late (from a thread or a child of the ended call) and belong to nobody.
 */
export interface OutputSink {
  /** Bytes of the call with this number (1, 2, 3 … in the order the worker ran them). */
  bytes(call: number, bytes: Uint8Array): void
  /** Everything the call wrote until its end was given to `bytes`. */
  ended(call: number): void
  /** Bytes outside any call. */
  late(bytes: Uint8Array): void
}

const MARK_PREFIX = '\x00\x1d'
/** Length of what follows the secret: `:B\n` or `:E\n`. */
const TAIL_LENGTH = 3
const BEGIN = 'B'.charCodeAt(0)

export class OutputSplitter {
  readonly #secret: Buffer
  readonly #sink: OutputSink
  #held: Buffer = Buffer.alloc(0)
  #call: number
  #inCall = false

  /** `callsBefore`: how many calls the worker had run when it began to use this pipe. */
  constructor(markToken: string, callsBefore: number, sink: OutputSink) {
    this.#call = callsBefore
    this.#secret = Buffer.from(MARK_PREFIX + markToken)
    this.#sink = sink
  }

  /** Takes what was read; a mark may lie across chunks. */
  push(chunk: Buffer): void {
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = Buffer.alloc(0)
    for (;;) {
      const at = rest.indexOf(this.#secret)
      if (at === -1) break
      this.#give(rest.subarray(0, at))
      const end = at + this.#secret.length + TAIL_LENGTH
      if (rest.length < end) {
        this.#held = Buffer.from(rest.subarray(at))
        return
      }
      this.#mark(rest[end - 2] === BEGIN)
      rest = rest.subarray(end)
    }
    const keep = this.#startOfMarkAtEnd(rest)
    this.#give(rest.subarray(0, rest.length - keep))
    if (keep > 0) this.#held = Buffer.from(rest.subarray(rest.length - keep))
  }

  /** The pipe has ended: what looked like the start of a mark was output. */
  end(): void {
    this.#give(this.#held)
    this.#held = Buffer.alloc(0)
  }

  #mark(begin: boolean): void {
    if (begin) {
      this.#call += 1
      this.#inCall = true
    } else {
      this.#inCall = false
      this.#sink.ended(this.#call)
    }
  }

  #give(bytes: Buffer): void {
    if (bytes.length === 0) return
    if (this.#inCall) this.#sink.bytes(this.#call, bytes)
    else this.#sink.late(bytes)
  }

  /** How many bytes at the end of `bytes` may be the beginning of a mark. */
  #startOfMarkAtEnd(bytes: Buffer): number {
    const first = this.#secret[0] ?? 0
    let from = Math.max(0, bytes.length - this.#secret.length + 1)
    for (;;) {
      const at = bytes.indexOf(first, from)
      if (at === -1) return 0
      const length = bytes.length - at
      if (bytes.subarray(at).equals(this.#secret.subarray(0, length))) return length
      from = at + 1
    }
  }
}
