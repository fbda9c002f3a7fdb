/** Checked by the compiler alone: what must not compile. */
import { z } from 'zod'
import type { RpcClient } from './client.ts'
import type { ChannelHandlers, Handlers } from './server.ts'

const contract = {
  methods: {
    one: { params: z.object({ a: z.number() }), result: z.number() },
    two: { params: z.object({}), result: z.string() },
  },
  events: { told: z.object({ text: z.string() }) },
  channels: { out: { params: z.object({}), toClient: z.string(), toHost: z.never() } },
} as const
type Contract = typeof contract

export const whole: Handlers<Contract, null> = { one: ({ a }) => a, two: async () => 'x' }

// @ts-expect-error -- the method `two` has no handler
export const missing: Handlers<Contract, null> = { one: () => 1 }

// @ts-expect-error -- there is no method `three`
export const extra: Handlers<Contract, null> = { one: () => 1, two: () => 'x', three: () => 1 }

// @ts-expect-error -- `one` answers a number
export const wrongResult: Handlers<Contract, null> = { one: () => 'x', two: () => 'x' }

// @ts-expect-error -- the channel `out` has no handler
export const noChannel: ChannelHandlers<Contract, null> = {}

export const sends: ChannelHandlers<Contract, null> = {
  out: async (_, channel) => {
    await channel.send('x')
    // @ts-expect-error -- the client is sent text
    await channel.send(1)
  },
}

export async function calls(client: RpcClient<Contract>): Promise<void> {
  const answer: number = await client.request('one', { a: answerOf() })
  // @ts-expect-error -- the parameter `a` is missing
  await client.request('one', {})
  // @ts-expect-error -- there is no such method
  await client.request('three', {})
  // @ts-expect-error -- the text is a string
  client.onEvent('told', ({ text }: { text: number }) => void text)
  void answer
}

const answerOf = (): number => 1
