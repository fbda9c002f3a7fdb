/** What a rejected request said, whatever was thrown. */
import { zWireError, type WireError } from '../../src-shared/contract/errors.ts'

export function asWireError(thrown: unknown): WireError {
  const parsed = zWireError.safeParse(
    thrown instanceof Error ? { ...thrown, message: thrown.message } : thrown,
  )
  if (parsed.success) return parsed.data
  return { code: 'internal', message: thrown instanceof Error ? thrown.message : String(thrown) }
}
