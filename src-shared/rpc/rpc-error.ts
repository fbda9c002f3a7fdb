/** What a request rejects with on the asking side: the other side's error, as it crossed. */
import type { ErrorCode, WireError } from '../contract/errors.ts'

export class RpcError extends Error {
  readonly code: ErrorCode
  /** What the person can do next. */
  readonly hint: string | undefined
  readonly detail: unknown

  constructor(error: WireError) {
    super(error.message)
    this.name = 'RpcError'
    this.code = error.code
    this.hint = error.hint
    this.detail = error.detail
  }
}
