import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRpcClient, type RpcClientOptions } from './client.ts'
import type { Channel } from './channel.ts'
import { createMemoryPair } from './memory-pair.ts'
import { INITIAL_CREDIT_BYTES, utf8Bytes } from './messages.ts'
import { RpcError } from './rpc-error.ts'
import { createRpcServer, type ChannelHandlers, type Handlers } from './server.ts'

const contract = {
  methods: {
    add: { params: z.object({ a: z.number(), b: z.number() }), result: z.number() },
    wait: { params: z.object({}), result: z.object({}) },
    lie: { params: z.object({}), result: z.number() },
    fail: { params: z.object({}), result: z.object({}) },
  },
  events: { told: z.object({ text: z.string() }) },
  channels: {
    count: { params: z.object({ to: z.number(), size: z.number() }), toClient: z.string(), toHost: z.never() },
    echo: { params: z.object({}), toClient: z.object({ n: z.number() }), toHost: z.object({ n: z.number() }) },
  },
} as const
type Contract = typeof contract

function connect(options: Partial<RpcClientOptions<Contract>> = {}) {
  const [clientPort, serverPort] = createMemoryPair()
  const faults: string[] = []
  const aborted: string[] = []
  const channelEnds: (string | null)[] = []
  const progress = { sent: 0 }
  let waiting: () => void = () => undefined
  const started = new Promise<void>((resolve) => (waiting = resolve))
  const handlers: Handlers<Contract, string> = {
    add: ({ a, b }) => a + b,
    wait: (_, { signal, client }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.push(client)
          reject(new Error('stopped'))
        })
        waiting()
      }),
    // A handler that breaks its promise, as a defect would.
    lie: () => 'text' as unknown as number,
    fail: () => {
      throw new RpcError({ code: 'conflict', message: 'It changed.', hint: 'Look.', detail: { text: 'x' } })
    },
  }
  const channels: ChannelHandlers<Contract, string> = {
    count: async ({ to, size }, channel) => {
      for (let n = 0; n < to; n += 1) {
        await channel.send(String(n).padStart(size))
        progress.sent += 1
      }
    },
    echo: async (_, channel, { signal }) => {
      channel.onData(({ n }) => channel.send({ n: n + 1 }))
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      channelEnds.push((await channel.closed)?.code ?? null)
    },
  }
  const server = createRpcServer(serverPort, {
    contract,
    handlers,
    channels,
    client: 'page',
    toWireError: (thrown) =>
      thrown instanceof RpcError
        ? {
            code: thrown.code,
            message: thrown.message,
            ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
            detail: thrown.detail,
          }
        : { code: 'internal', message: String(thrown) },
    onFault: (problem) => faults.push(`server: ${problem}`),
  })
  const client = createRpcClient(clientPort, {
    contract,
    onFault: (problem) => faults.push(`client: ${problem}`),
    ...options,
  })
  return { client, server, clientPort, serverPort, faults, aborted, started, progress, channelEnds }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('requests', () => {
  it('answers', async () => {
    const { client } = connect()
    expect(await Promise.all([client.request('add', { a: 1, b: 2 }), client.request('add', { a: 3, b: 4 })])).toEqual([
      3, 7,
    ])
  })

  it('carries an error with code, message, hint and detail', async () => {
    const error: unknown = await connect()
      .client.request('fail', {})
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RpcError)
    expect(error).toMatchObject({ code: 'conflict', message: 'It changed.', hint: 'Look.', detail: { text: 'x' } })
  })

  it('rejects parameters that do not fit, and a result that does not', async () => {
    const { client, faults } = connect()
    // As a page with a defect would send it.
    const wrong = { a: 'x' } as unknown as { a: number; b: number }
    await expect(client.request('add', wrong)).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(client.request('lie', {})).rejects.toMatchObject({ code: 'internal' })
    expect(faults).toHaveLength(1)
  })

  it.each(['nothing', 'constructor', '__proto__', 'toString'])('knows no method %s', async (name) => {
    await expect(connect().client.request(name as 'add', { a: 1, b: 1 })).rejects.toMatchObject({
      code: 'unknown_method',
    })
  })

  it('cancels on both sides', async () => {
    const { client, aborted, started } = connect()
    const abort = new AbortController()
    const request = client.request('wait', {}, { signal: abort.signal })
    await started
    abort.abort()
    await expect(request).rejects.toMatchObject({ code: 'cancelled' })
    await settled()
    expect(aborted).toEqual(['page'])
  })

  it('ends at its deadline', async () => {
    const { client, aborted } = connect()
    await expect(client.request('wait', {}, { deadlineMs: 1 })).rejects.toMatchObject({ code: 'timeout' })
    await settled()
    expect(aborted).toEqual(['page'])
  })

  it('rejects what is pending and what comes later when the connection is lost', async () => {
    const { client, server, started, aborted } = connect()
    const request = client.request('wait', {})
    await started
    server.dispose()
    await expect(request).rejects.toMatchObject({ code: 'connection_lost' })
    await expect(client.request('add', { a: 1, b: 1 })).rejects.toMatchObject({ code: 'connection_lost' })
    expect(aborted).toEqual(['page'])
  })
})

describe('events', () => {
  it('reach the listeners of their name until they unsubscribe, and only if they fit', async () => {
    const { client, server, faults } = connect()
    const heard: string[] = []
    const subscription = client.onEvent('told', ({ text }) => heard.push(text))
    server.emit('told', { text: 'one' })
    server.emit('told', { text: 2 } as unknown as { text: string })
    await settled()
    subscription.dispose()
    server.emit('told', { text: 'three' })
    await settled()
    expect(heard).toEqual(['one'])
    expect(faults).toEqual([expect.stringContaining('Event told does not fit')])
  })
})

describe('channels', () => {
  it('gives everything in order and then ends', async () => {
    const { client } = connect()
    const channel = client.openChannel('count', { to: 1000, size: 4 })
    const got: number[] = []
    channel.onData((text) => void got.push(Number(text)))
    expect(await channel.closed).toBeNull()
    expect(got).toEqual(Array.from({ length: 1000 }, (_, n) => n))
  })

  it('holds the sender back while the reader is busy', async () => {
    const { client, progress } = connect()
    const size = 10_000
    const channel = client.openChannel('count', { to: 200, size })
    let go: () => void = () => undefined
    const gate = new Promise<void>((resolve) => (go = resolve))
    let got = 0
    channel.onData(async () => {
      await gate
      got += 1
    })
    for (let round = 0; round < 20; round += 1) await settled()
    expect(progress.sent).toBeLessThanOrEqual(Math.ceil(INITIAL_CREDIT_BYTES / size) + 1)
    expect(progress.sent).toBeGreaterThan(10)
    go()
    expect(await channel.closed).toBeNull()
    expect(got).toBe(200)
  })

  it('carries a value larger than all the credit', async () => {
    const channel = connect().client.openChannel('count', { to: 3, size: 3 * INITIAL_CREDIT_BYTES })
    let got = 0
    channel.onData(() => void (got += 1))
    expect(await channel.closed).toBeNull()
    expect(got).toBe(3)
  })

  it('runs both ways and tells the host when the client closes', async () => {
    const { client, channelEnds } = connect()
    const channel = client.openChannel('echo', {})
    const answer = new Promise((resolve) => channel.onData(resolve))
    await channel.send({ n: 1 })
    expect(await answer).toEqual({ n: 2 })
    channel.close()
    await settled()
    expect(channelEnds).toEqual([null])
    await expect(channel.send({ n: 1 })).rejects.toMatchObject({ code: 'connection_lost' })
  })

  it('ends with the connection, releasing a sender that waits', async () => {
    const { client, server, clientPort } = connect()
    const channel = client.openChannel('echo', {})
    const stuck = channel.send({ n: 1 }).then(() => channel.closed)
    server.dispose()
    clientPort.close()
    expect(await stuck).toMatchObject({ code: 'connection_lost' })
  })

  it('closes on a value or an opening that does not fit', async () => {
    const { client } = connect()
    const bad = client.openChannel('echo', {}) as Channel<unknown, unknown>
    await bad.send({ n: 'x' })
    expect(await bad.closed).toMatchObject({ code: 'invalid_request' })
    const refused = client.openChannel('count', {} as { to: number; size: number })
    expect(await refused.closed).toMatchObject({ code: 'invalid_request' })
  })
})

it('survives 10,000 random messages and still answers', async () => {
  const { client, clientPort, serverPort } = connect()
  // The client's own requests have small ids.
  const id = fc.oneof(
    fc.integer({ min: 100, max: 104 }),
    fc.constantFrom(-1, 0, 0.5),
    fc.constant(2 ** 60),
    fc.string(),
    fc.constant(null),
  )
  const name = fc.constantFrom('add', 'wait', 'fail', 'count', 'echo', '__proto__', 'constructor', '')
  const params = fc.oneof(fc.constant({}), fc.constant({ a: 1, b: 2 }), fc.constant({ to: 2, size: 1 }), fc.jsonValue())
  const message = fc.oneof(
    fc.string(),
    fc.uint8Array(),
    fc.json(),
    fc
      .record(
        {
          t: fc.constantFrom('request', 'cancel', 'open', 'data', 'credit', 'close', 'result', 'error', 'event', 'x'),
          id,
          method: name,
          channel: name,
          event: name,
          params,
          chunk: params,
          payload: params,
          value: params,
          bytes: fc.integer(),
        },
        { requiredKeys: ['t'] },
      )
      .map((value) => JSON.stringify(value)),
  )
  const unhandled: unknown[] = []
  const onUnhandled = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', onUnhandled)
  fc.assert(
    fc.property(message, (text) => {
      clientPort.post(text)
      serverPort.post(text)
    }),
    { numRuns: 10_000 },
  )
  await settled()
  const answer = await client.request('add', { a: 1, b: 2 })
  process.off('unhandledRejection', onUnhandled)
  expect(unhandled).toEqual([])
  expect(answer).toBe(3)
})

it('counts bytes as UTF-8 does', () => {
  const texts = fc.sample(fc.string({ unit: 'grapheme' }), 2_000)
  expect(texts.map(utf8Bytes)).toEqual(texts.map((text) => Buffer.byteLength(text)))
})
