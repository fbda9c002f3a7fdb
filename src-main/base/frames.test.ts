import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeFrame, FrameReader } from './frames.ts'

function read(chunks: readonly Buffer[]): unknown[] {
  const reader = new FrameReader()
  return chunks.flatMap((chunk) => reader.push(chunk))
}

function frameOf(body: string): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt32BE(Buffer.byteLength(body))
  return Buffer.concat([header, Buffer.from(body)])
}

describe('frames', () => {
  it('gives back every value in order, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), fc.array(fc.nat(40), { maxLength: 20 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(encodeFrame))
        const chunks: Buffer[] = []
        let at = 0
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut))
          at = Math.min(bytes.length, at + cut)
        }
        chunks.push(bytes.subarray(at))
        const expected = sent.map((value) => JSON.parse(JSON.stringify(value)) as unknown)
        expect(read(chunks)).toEqual(expected)
      }),
    )
  })

  it('writes the length in bytes, not characters', () => {
    expect(encodeFrame('é')).toEqual(Buffer.from([0, 0, 0, 4, 0x22, 0xc3, 0xa9, 0x22]))
  })

  it.each([
    ['a frame that is too long', Buffer.from([0, 0, 1, 0])],
    ['a frame that is not JSON', frameOf('{')],
  ])('refuses %s', (_, bytes) => {
    const reader = new FrameReader(255)
    expect(reader.push(frameOf('1'))).toEqual([1])
    expect(() => reader.push(bytes)).toThrow(expect.objectContaining({ code: 'invalid_request' }) as Error)
  })
})
