import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MessagePortLike, PortMessage } from '../../src-shared/rpc/port.ts'
import { encodePipeFrame, frameKinds, MAX_PIPE_FRAME_BYTES, PipeFrameReader, type FrameKind } from './pipe-frames.ts'
import { PORT_CREDIT_BYTES, PortMultiplexer } from './port-multiplexer.ts'

/** Two byte streams joined crosswise, with a small buffer so that writers have to wait. */
function streamPair(): [Duplex, Duplex] {
  const ends: Duplex[] = []
  const end = (other: () => Duplex | undefined): Duplex =>
    new Duplex({
      writableHighWaterMark: 16 * 1024,
      read() {},
      write(chunk: Buffer, _, done) {
        setImmediate(() => {
          const target = other()
          if (target !== undefined && !target.destroyed) target.push(chunk)
          done()
        })
      },
      destroy(error, done) {
        done(error)
        const target = other()
        if (target !== undefined && !target.destroyed) target.push(null)
      },
    })
  ends.push(
    end(() => ends[1]),
    end(() => ends[0]),
  )
  return ends as [Duplex, Duplex]
}

function multiplexed() {
  const [left, right] = streamPair()
  const opened: { label: string; port: MessagePortLike }[] = []
  const ends: string[] = []
  let arrived: () => void = () => undefined
  const shell = new PortMultiplexer(left, {
    side: 'shell',
    onOpen: () => undefined,
    onEnd: (reason) => ends.push(`shell: ${reason}`),
  })
  const host = new PortMultiplexer(right, {
    side: 'host',
    onOpen: (label, port) => {
      opened.push({ label, port })
      arrived()
    },
    onEnd: (reason) => ends.push(`host: ${reason}`),
  })
  const nextOpened = (): Promise<void> => new Promise((resolve) => (arrived = resolve))
  return { left, right, shell, host, opened, ends, nextOpened }
}

async function openPort(
  pair: ReturnType<typeof multiplexed>,
  label: string,
): Promise<[MessagePortLike, MessagePortLike]> {
  const arrived = pair.nextOpened()
  const port = pair.shell.open(label)
  await arrived
  const other = pair.opened.at(-1)?.port
  if (other === undefined) throw new Error('no port')
  return [port, other]
}

const receive = (port: MessagePortLike, count: number): Promise<PortMessage[]> =>
  new Promise((resolve) => {
    const messages: PortMessage[] = []
    port.onMessage((message) => {
      messages.push(message)
      if (messages.length === count) resolve(messages)
    })
  })

it('carries text and bytes of every size, also beyond the credit', async () => {
  const pair = multiplexed()
  const [shell, host] = await openPort(pair, 'page:1')
  const sent: PortMessage[] = [
    '',
    'é€😀',
    'x'.repeat(MAX_PIPE_FRAME_BYTES),
    'y'.repeat(3 * PORT_CREDIT_BYTES),
    new Uint8Array([0, 255]),
    '{}',
  ]
  const got = receive(host, sent.length)
  for (const message of sent) shell.post(message)
  expect(await got).toEqual(sent)
  const back = receive(shell, 1)
  host.post('back')
  expect(await back).toEqual(['back'])
  expect(pair.opened[0]?.label).toBe('page:1')
  pair.shell.end()
})

it('lets a short message of one port pass a long one of another', async () => {
  const pair = multiplexed()
  const [long, longEnd] = await openPort(pair, 'long')
  const [short, shortEnd] = await openPort(pair, 'short')
  const order: string[] = []
  const both = Promise.all([
    receive(longEnd, 1).then(() => order.push('long')),
    receive(shortEnd, 1).then(() => order.push('short')),
  ])
  long.post('x'.repeat(8 * PORT_CREDIT_BYTES))
  short.post('quick')
  await both
  expect(order).toEqual(['short', 'long'])
  pair.shell.end()
})

it('closes one port after what was posted on it, and leaves the others', async () => {
  const pair = multiplexed()
  const [first, firstEnd] = await openPort(pair, 'first')
  const [second, secondEnd] = await openPort(pair, 'second')
  const got = receive(firstEnd, 1)
  const closed = new Promise((resolve) => firstEnd.onClose(resolve))
  first.post('last words')
  first.close()
  expect(await got).toEqual(['last words'])
  await closed
  const still = receive(secondEnd, 1)
  second.post('still here')
  expect(await still).toEqual(['still here'])
  expect(pair.ends).toEqual([])
  pair.shell.end()
})

it('ends every port when the stream goes', async () => {
  const pair = multiplexed()
  const [shell, host] = await openPort(pair, 'page')
  const closed = Promise.all([shell, host].map((port) => new Promise((resolve) => port.onClose(resolve))))
  pair.right.destroy()
  await closed
  expect(pair.ends).toHaveLength(2)
  const late = pair.shell.open('late')
  expect(await new Promise((resolve) => late.onClose(resolve))).toBe('There is no connection.')
})

it('ends the stream when a message grows without end', async () => {
  const [left, right] = streamPair()
  const ended = new Promise<string>((resolve) => {
    const other = new PortMultiplexer(right, { side: 'host', onOpen: () => undefined, onEnd: resolve })
    expect(other).toBeDefined()
  })
  left.on('error', () => undefined)
  left.resume()
  left.write(encodePipeFrame('open', 1, Buffer.from('endless')))
  for (let sent = 0; sent <= PORT_CREDIT_BYTES * 70; sent += 60_000)
    left.write(encodePipeFrame('part', 1, Buffer.alloc(60_000)))
  expect(await ended).toBe('A message is too long.')
})

const kinds = Object.keys(frameKinds) as FrameKind[]
const zFrame = fc.record({
  kind: fc.constantFrom(...kinds),
  port: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  body: fc.uint8Array({ maxLength: 300 }),
})

it('reads the same frames however the bytes are split', () => {
  fc.assert(
    fc.property(
      fc.array(zFrame, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(({ kind, port, body }) => encodePipeFrame(kind, port, body)))
        const reader = new PipeFrameReader()
        const read: unknown[] = []
        for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
          const size = cuts[cut % cuts.length] ?? 1
          read.push(...reader.push(bytes.subarray(at, at + size)))
          at += size
        }
        expect(read).toEqual(frames.map(({ kind, port, body }) => ({ kind, port, body: Buffer.from(body) })))
      },
    ),
    { numRuns: 500 },
  )
})

it('survives 10,000 streams of broken frames: each ends or goes on, none throws', () => {
  const broken = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(zFrame, { minLength: 1, maxLength: 6 })
      .map((frames) => Buffer.concat(frames.map((f) => encodePipeFrame(f.kind, f.port % 4, f.body)))),
  )
  let endings = 0
  fc.assert(
    fc.property(broken, (bytes) => {
      const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
      const multiplexer = new PortMultiplexer(stream, {
        side: 'host',
        onOpen: (_, port) => port.onMessage(() => undefined),
        onEnd: () => (endings += 1),
      })
      stream.emit('data', bytes)
      multiplexer.end()
    }),
    { numRuns: 10_000 },
  )
  expect(endings).toBe(10_000)
})
