/**
 * Frames on a byte stream: a 4-byte big-endian length, then that many bytes of UTF-8 JSON. Used between the
 * host and its Python children.
 */
import { AppError } from './app-error.ts'

/** No honest message is larger; a longer one ends the stream. */
export const MAX_FRAME_BYTES = 64 * 1024 * 1024

/** One message as the bytes that go on the stream. */
export function encodeFrame(message: unknown): Buffer {
  const text = JSON.stringify(message)
  const length = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(4 + length)
  frame.writeUInt32BE(length, 0)
  frame.write(text, 4)
  return frame
}

/** Takes chunks as they arrive, gives whole messages. One reader per stream. */
export class FrameReader {
  readonly #maxBytes: number
  #chunks: Buffer[] = []
  #held = 0

  constructor(maxBytes: number = MAX_FRAME_BYTES) {
    this.#maxBytes = maxBytes
  }

  /**
   * The messages that `chunk` completes, parsed but not checked. Throws AppError `invalid_request` when the
   * stream does not hold frames; the stream is then of no further use.
   */
  push(chunk: Uint8Array): unknown[] {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    this.#held += chunk.byteLength
    const messages: unknown[] = []
    for (;;) {
      if (this.#held < 4) return messages
      const length = this.#peekLength()
      if (length > this.#maxBytes)
        throw new AppError('invalid_request', `A message of ${length} bytes is longer than any can be.`)
      if (this.#held < 4 + length) return messages
      messages.push(parse(this.#take(4 + length).subarray(4)))
    }
  }

  #peekLength(): number {
    if ((this.#chunks[0]?.length ?? 0) < 4) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0]?.readUInt32BE(0) ?? 0
  }

  #take(bytes: number): Buffer {
    const whole = this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks)
    this.#held -= bytes
    this.#chunks = this.#held === 0 ? [] : [whole.subarray(bytes)]
    return whole.subarray(0, bytes)
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new AppError('invalid_request', 'A message is not JSON.', { cause: error })
  }
}
