/**
 * What rpc writes on a port: one JSON text per message.
 *
 *     client → server   request, cancel, open
 *     server → client   result, error, event, fault
 *     both ways         data, credit, close (of a channel)
 *
 * `fault` answers a message so broken that no request can be named. Ids count up from 1 on the client.
 */
import { z } from 'zod'
import { zWireError } from '../contract/errors.ts'
import type { PortMessage } from './port.ts'

const id = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)

const channelMessages = [
  z.object({ t: z.literal('data'), id, chunk: z.unknown() }),
  z.object({
    t: z.literal('credit'),
    id,
    bytes: z
      .number()
      .int()
      .min(1)
      .max(2 ** 31),
  }),
  z.object({ t: z.literal('close'), id, error: zWireError.optional() }),
] as const

export const zClientMessage = z.discriminatedUnion('t', [
  z.object({ t: z.literal('request'), id, method: z.string(), params: z.unknown() }),
  z.object({ t: z.literal('cancel'), id }),
  z.object({ t: z.literal('open'), id, channel: z.string(), params: z.unknown() }),
  ...channelMessages,
])
export type ClientMessage = z.infer<typeof zClientMessage>

export const zServerMessage = z.discriminatedUnion('t', [
  z.object({ t: z.literal('result'), id, value: z.unknown() }),
  z.object({ t: z.literal('error'), id, error: zWireError }),
  z.object({ t: z.literal('event'), event: z.string(), payload: z.unknown() }),
  z.object({ t: z.literal('fault'), error: zWireError }),
  ...channelMessages,
])
export type ServerMessage = z.infer<typeof zServerMessage>

/** What a channel's side may send before the other side grants more. */
export const INITIAL_CREDIT_BYTES = 256 * 1024

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string; readonly id?: number }

/** Reads a message; `problem` says what is wrong with it, `id` what it would have been about. */
export function parseMessage<T>(schema: z.ZodType<T>, message: PortMessage): Parsed<T> {
  if (typeof message !== 'string') return { ok: false, problem: 'A message must be text.' }
  let raw: unknown
  try {
    raw = JSON.parse(message)
  } catch {
    return { ok: false, problem: 'A message is not valid JSON.' }
  }
  const parsed = schema.safeParse(raw)
  if (parsed.success) return { ok: true, value: parsed.data }
  const named = z.object({ id }).safeParse(raw)
  return { ok: false, problem: describeProblem(parsed.error), ...(named.success ? { id: named.data.id } : {}) }
}

/** One line: where a value does not fit its schema and why; at most three places. */
export function describeProblem(error: z.ZodError): string {
  const shown = error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'message'}: ${issue.message}`)
  const more = error.issues.length - shown.length
  return shown.join('; ') + (more > 0 ? `; and ${more} more` : '')
}

/** Length of a text in UTF-8; what credit is counted in. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    // A surrogate pair is two units and four bytes: one more byte for each half.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}
