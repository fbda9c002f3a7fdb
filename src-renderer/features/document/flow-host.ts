/** What the flow document needs of the host: the page's client fits, and so does a test's fake. */
import type { EventName, EventPayload } from '../../../src-shared/contract/events.ts'
import { zWireError, type WireError } from '../../../src-shared/contract/errors.ts'
import type { MethodName, MethodParams, MethodResult } from '../../../src-shared/contract/methods.ts'

export interface FlowHost {
  request<M extends MethodName>(method: M, params: MethodParams<M>): Promise<MethodResult<M>>
  onEvent<E extends EventName>(name: E, listener: (payload: EventPayload<E>) => void): { dispose(): void }
}

/** What a rejected request said; anything else becomes an internal error with its own sentence. */
export function errorFrom(thrown: unknown): WireError {
  if (typeof thrown === 'object' && thrown !== null) {
    const { code, message, hint, detail } = thrown as Record<string, unknown> // any object may be asked for a field
    const parsed = zWireError.safeParse({
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(detail === undefined ? {} : { detail }),
    })
    if (parsed.success) return parsed.data
    if (typeof message === 'string') return { code: 'internal', message }
  }
  return { code: 'internal', message: String(thrown) }
}
