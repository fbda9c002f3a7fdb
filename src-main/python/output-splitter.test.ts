import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OutputSplitter } from './output-splitter.ts'

const TOKEN = 'f00d'
const mark = (kind: 'B' | 'E'): Buffer => Buffer.from(`\x00\x1d${TOKEN}:${kind}\n`)

interface Seen {
  calls: Record<number, string>
  late: string
  ended: number[]
}

function split(stream: Buffer, cuts: readonly number[], callsBefore = 0): Seen {
  const seen: Seen = { calls: {}, late: '', ended: [] }
  const splitter = new OutputSplitter(TOKEN, callsBefore, {
    bytes: (call, bytes) => (seen.calls[call] = (seen.calls[call] ?? '') + Buffer.from(bytes).toString('latin1')),
    ended: (call) => seen.ended.push(call),
    late: (bytes) => (seen.late += Buffer.from(bytes).toString('latin1')),
  })
  let from = 0
  for (const cut of [...cuts, stream.length]) {
    splitter.push(stream.subarray(from, cut))
    from = cut
  }
  splitter.end()
  return seen
}

test('bytes go to the call between its marks, whatever the chunks', () => {
  // Pieces of marks occur in the output too, which is where a splitter goes wrong.
  const text = fc
    .array(fc.constantFrom('a', '\x00', '\x1d', '\x00\x1d', 'f0', 'x:', '\n', '\x00\x1df00'), { maxLength: 8 })
    .map((parts) => parts.join(''))
  const calls = fc.array(fc.record({ late: text, own: text }), { maxLength: 5 })
  fc.assert(
    fc.property(calls, text, fc.array(fc.nat(400), { maxLength: 30 }), fc.nat(3), (parts, tail, cuts, before) => {
      const stream = Buffer.concat([
        ...parts.flatMap(({ late, own }) => [
          Buffer.from(late, 'latin1'),
          mark('B'),
          Buffer.from(own, 'latin1'),
          mark('E'),
        ]),
        Buffer.from(tail, 'latin1'),
      ])
      const expected: Seen = {
        calls: {},
        late: parts.map((part) => part.late).join('') + tail,
        ended: parts.map((_, at) => before + at + 1),
      }
      for (const [at, { own }] of parts.entries()) if (own !== '') expected.calls[before + at + 1] = own
      const places = cuts.map((cut) => Math.min(cut, stream.length)).toSorted((a, b) => a - b)
      expect(split(stream, places, before)).toEqual(expected)
    }),
  )
})

test('what looked like a mark at the end of the pipe was output', () => {
  expect(split(Buffer.concat([mark('B'), Buffer.from('x\x00\x1df0')]), [])).toEqual({
    calls: { 1: 'x\x00\x1df0' },
    late: '',
    ended: [],
  })
})
