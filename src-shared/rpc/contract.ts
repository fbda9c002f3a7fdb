/** The shape of a table that rpc can serve, and the types that follow from one. */
import type { z } from 'zod'

export interface RpcContract {
  readonly methods: Readonly<Record<string, { readonly params: z.ZodType; readonly result: z.ZodType }>>
  readonly events: Readonly<Record<string, z.ZodType>>
  readonly channels: Readonly<
    Record<string, { readonly params: z.ZodType; readonly toClient: z.ZodType; readonly toHost: z.ZodType }>
  >
}

export type MethodOf<C extends RpcContract> = keyof C['methods'] & string
export type EventOf<C extends RpcContract> = keyof C['events'] & string
export type ChannelOf<C extends RpcContract> = keyof C['channels'] & string

export type ParamsOf<C extends RpcContract, M extends MethodOf<C>> = z.infer<C['methods'][M]['params']>
export type ResultOf<C extends RpcContract, M extends MethodOf<C>> = z.infer<C['methods'][M]['result']>
export type PayloadOf<C extends RpcContract, E extends EventOf<C>> = z.infer<C['events'][E]>
export type OpeningOf<C extends RpcContract, N extends ChannelOf<C>> = z.infer<C['channels'][N]['params']>
export type ToClientOf<C extends RpcContract, N extends ChannelOf<C>> = z.infer<C['channels'][N]['toClient']>
export type ToHostOf<C extends RpcContract, N extends ChannelOf<C>> = z.infer<C['channels'][N]['toHost']>

/** The entry of a table under a name that came from outside; undefined also for `constructor` and the like. */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
