/** `nodeloom serve [PROJECT] [--port 0] [--no-open]`. */
import { parseArgs } from 'node:util'
import { AppError } from '../base/app-error.ts'

export interface ServeArguments {
  /** As it was typed; null when none was given. */
  readonly project: string | null
  readonly port: number
  readonly open: boolean
}

export const SERVE_USAGE = 'nodeloom serve [PROJECT] [--port 0] [--no-open]'

/** Throws AppError `usage`. */
export function parseServeArguments(args: readonly string[]): ServeArguments {
  const wrong = (message: string): AppError => new AppError('usage', message, { hint: `Usage: ${SERVE_USAGE}` })
  const { values, positionals } = parse(args, wrong)
  if (positionals.length > 1) throw wrong('serve takes one project.')
  const port = values.port ?? '0'
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw wrong(`"${port}" is not a port: use 0 to 65535.`)
  return { project: positionals[0] ?? null, port: Number(port), open: values['no-open'] !== true }
}

function parse(args: readonly string[], wrong: (message: string) => AppError) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { port: { type: 'string' }, 'no-open': { type: 'boolean' } },
    })
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error))
  }
}
