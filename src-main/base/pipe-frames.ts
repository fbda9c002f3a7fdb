/**
 * Frames of the pipe between the desktop shell and its host:
 *
 *     length (4 bytes, big endian, of all that follows) · kind (1) · port (4) · body
 *
 * A frame is at most 64 KB, so that a long message of one port does not hold up the others; a message
 * travels as any number of `part` frames and one that ends it.
 */
export const MAX_PIPE_FRAME_BYTES = 64 * 1024
const HEAD_BYTES = 5
export const MAX_BODY_BYTES = MAX_PIPE_FRAME_BYTES - HEAD_BYTES

export const frameKinds = { open: 1, part: 2, text: 3, bytes: 4, credit: 5, close: 6 } as const
export type FrameKind = keyof typeof frameKinds

// The keys of the table are its kinds; the type of Object.entries has lost that.
const kindOf = new Map<number, FrameKind>(Object.entries(frameKinds).map(([kind, code]) => [code, kind as FrameKind]))

export interface PipeFrame {
  readonly kind: FrameKind
  readonly port: number
  readonly body: Buffer
}

/** `body` may hold at most MAX_BODY_BYTES. */
export function encodePipeFrame(kind: FrameKind, port: number, body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(4 + HEAD_BYTES + body.byteLength)
  frame.writeUInt32BE(HEAD_BYTES + body.byteLength, 0)
  frame.writeUInt8(frameKinds[kind], 4)
  frame.writeUInt32BE(port, 5)
  frame.set(body, 4 + HEAD_BYTES)
  return frame
}

/** Takes chunks as they arrive, gives whole frames. */
export class PipeFrameReader {
  #held: Buffer[] = []
  #heldBytes = 0

  /** Throws when the bytes are no frames; the reader is then of no further use. Bodies may share the chunk's memory. */
  push(chunk: Uint8Array): PipeFrame[] {
    this.#held.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    this.#heldBytes += chunk.byteLength
    const frames: PipeFrame[] = []
    for (;;) {
      if (this.#heldBytes < 4) return frames
      const length = this.#joined(4).readUInt32BE(0)
      if (length < HEAD_BYTES || length > MAX_PIPE_FRAME_BYTES) throw new Error(`A frame of ${length} bytes cannot be.`)
      if (this.#heldBytes < 4 + length) return frames
      const whole = this.#joined(4 + length)
      const code = whole.readUInt8(4)
      const kind = kindOf.get(code)
      if (kind === undefined) throw new Error(`There is no frame of kind ${code}.`)
      frames.push({ kind, port: whole.readUInt32BE(5), body: whole.subarray(4 + HEAD_BYTES, 4 + length) })
      this.#held[0] = whole.subarray(4 + length)
      this.#heldBytes -= 4 + length
    }
  }

  /** The first held buffer, at least `bytes` long. */
  #joined(bytes: number): Buffer {
    const [first] = this.#held
    if (first !== undefined && first.length >= bytes) return first
    const joined = Buffer.concat(this.#held)
    this.#held = [joined]
    return joined
  }
}
