/** What a rejected request said, whatever was thrown; anything else becomes an internal error with its own sentence. */
import { zWireError, type WireError } from '../../src-shared/contract/errors.ts'

export function asWireError(thrown: unknown): WireError {
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
