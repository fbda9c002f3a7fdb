/** The one error class of the product: a closed code, a sentence for people, the next step. */
import { zWireError, type ErrorCode, type WireError } from '../../src-shared/contract/errors.ts'
import { RpcError } from '../../src-shared/rpc/rpc-error.ts'

export class AppError extends Error {
  readonly code: ErrorCode
  /** What the person can do next. */
  readonly hint: string | undefined
  /** Machine-readable facts that the code promises, for instance the text of a conflict. */
  readonly detail: unknown

  constructor(code: ErrorCode, message: string, options: { hint?: string; detail?: unknown; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.hint = options.hint
    this.detail = options.detail
  }
}

const systemErrors: Record<string, { code: ErrorCode; sentence: (path: string) => string; hint: string }> = {
  ENOENT: { code: 'not_found', sentence: (path) => `${path} does not exist.`, hint: 'Check the path.' },
  EACCES: {
    code: 'permission_denied',
    sentence: (path) => `${path} may not be accessed.`,
    hint: 'Check its permissions.',
  },
  EPERM: {
    code: 'permission_denied',
    sentence: (path) => `${path} may not be changed.`,
    hint: 'Check its permissions.',
  },
  EEXIST: { code: 'already_exists', sentence: (path) => `${path} already exists.`, hint: 'Choose another name.' },
  EISDIR: { code: 'already_exists', sentence: (path) => `${path} is a folder.`, hint: 'Choose another name.' },
  ENOTDIR: {
    code: 'not_found',
    sentence: (path) => `A part of ${path} is a file, not a folder.`,
    hint: 'Check the path.',
  },
  EROFS: {
    code: 'read_only',
    sentence: (path) => `${path} is on a read-only file system.`,
    hint: 'Choose a folder that can be written.',
  },
  ENOSPC: {
    code: 'disk_full',
    sentence: (path) => `The disk is full; ${path} was not written.`,
    hint: 'Free some space and try again. Nothing was lost.',
  },
  EDQUOT: {
    code: 'disk_full',
    sentence: (path) => `The disk quota is used up; ${path} was not written.`,
    hint: 'Free some space and try again. Nothing was lost.',
  },
  ENAMETOOLONG: {
    code: 'invalid_name',
    sentence: (path) => `The name is too long: ${path}`,
    hint: 'Choose a shorter name.',
  },
  ELOOP: {
    code: 'invalid_name',
    sentence: (path) => `${path} is a symbolic link that leads back to itself.`,
    hint: 'Remove the link.',
  },
  EADDRINUSE: {
    code: 'port_in_use',
    sentence: () => 'The port is in use by another program.',
    hint: 'Choose another port, or 0 for a free one.',
  },
}

/** The system's code of what was thrown (`ENOENT`), if it has one. */
export const systemCode = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined

/**
 * Translates whatever was thrown into an AppError; system errors become sentences with a next step.
 * `about` is the path to name where the system's own would mislead (a temp file) or is missing.
 */
export function toAppError(thrown: unknown, about?: string): AppError {
  if (thrown instanceof AppError) return thrown
  if (thrown instanceof RpcError) {
    const { code, message, hint, detail } = thrown
    return new AppError(code, message, { ...(hint === undefined ? {} : { hint }), detail, cause: thrown })
  }
  if (thrown instanceof Error) {
    // Any error may be asked for the two fields that system errors have.
    const { code, path } = thrown as NodeJS.ErrnoException
    const known = code !== undefined && Object.hasOwn(systemErrors, code) ? systemErrors[code] : undefined
    if (known) {
      return new AppError(known.code, known.sentence(about ?? path ?? 'The file'), { hint: known.hint, cause: thrown })
    }
    return new AppError('internal', thrown.message, {
      hint: 'This is a defect in Nodeloom; please report it.',
      cause: thrown,
    })
  }
  return new AppError('internal', String(thrown), { hint: 'This is a defect in Nodeloom; please report it.' })
}

/** The form in which an error crosses a border. */
export function toWireError(thrown: unknown): WireError {
  const error = toAppError(thrown)
  const wire: WireError = { code: error.code, message: error.message }
  if (error.hint !== undefined) wire.hint = error.hint
  if (error.detail !== undefined) wire.detail = error.detail
  return zWireError.parse(wire)
}
