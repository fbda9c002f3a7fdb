/**
 * The closed list of error codes that cross a border, and the shape they cross in. Every message is a
 * sentence for people; `hint` is the next step.
 */
import { z } from 'zod'

export const zErrorCode = z.enum([
  'invalid_request', // the message does not fit the contract
  'unknown_method',
  'cancelled',
  'timeout',
  'connection_lost',
  'not_found',
  'already_exists',
  'permission_denied',
  'read_only',
  'disk_full',
  'conflict', // the file changed since it was read; detail: { text, revision }
  'locked', // another Nodeloom writes this project
  'not_trusted',
  'not_a_project',
  'path_outside_project',
  'invalid_name',
  'document_damaged',
  'document_newer',
  'run_refused', // detail: { problems }
  'environment_missing',
  'environment_broken',
  'environment_busy',
  'interpreter_missing',
  'package_failed',
  'package_unknown',
  'tool_missing', // uv, git …
  'port_in_use',
  'unsupported',
  'usage', // command line
  'internal',
])
export type ErrorCode = z.infer<typeof zErrorCode>

export const zWireError = z.object({
  code: zErrorCode,
  message: z.string(),
  hint: z.string().optional(),
  detail: z.unknown().optional(),
})
export type WireError = z.infer<typeof zWireError>
