/** Log lines for people who look for a fault: to stderr, and to a file in the profile. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** `NODELOOM_LOG_LEVEL` where it names a level. */
export function levelFromEnvironment(
  usual: LogLevel,
  env: Readonly<Record<string, string | undefined>> = process.env,
): LogLevel {
  return logLevels.find((level) => level === env['NODELOOM_LOG_LEVEL']) ?? usual
}

export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}
export type LogFields = Readonly<Record<string, unknown>>

export interface LoggerOptions {
  /** Lines below this level are dropped. */
  readonly level: LogLevel
  /** Also to this file; at 4 MB it becomes FILE.1 and a new one begins. */
  readonly file?: string | undefined
  /** Where lines go besides the file; absent: stderr. Null: nowhere. */
  readonly write?: ((line: string) => void) | null | undefined
}

const MAX_FILE_BYTES = 4 * 1024 * 1024
const secretKey = /token|secret|password|passwd|authorization|cookie|api_?key/i
const secretText = /((?:token|secret|password|api_?key)["']?\s*[=:]\s*["']?|bearer\s+)[^\s"'&,;]+/gi

/** Hides what looks like a secret: by the name of a field, or `token=…` inside a text. */
export function redact(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => {
      if (secretKey.test(key)) return [key, '[hidden]']
      if (value instanceof Error) return [key, redactText(value.stack ?? value.message)]
      return [key, typeof value === 'string' ? redactText(value) : value]
    }),
  )
}

export const redactText = (text: string): string => text.replaceAll(secretText, '$1[hidden]')

export function createLogger(options: LoggerOptions): Logger {
  const lowest = logLevels.indexOf(options.level)
  const write = options.write === undefined ? (line: string) => process.stderr.write(line) : options.write
  const append = options.file === undefined ? null : appender(options.file)
  const log = (level: LogLevel, message: string, fields: LogFields = {}): void => {
    if (logLevels.indexOf(level) < lowest) return
    const rest = Object.keys(fields).length === 0 ? '' : ` ${stringify(redact(fields))}`
    const line = `${new Date().toISOString()} ${level} ${redactText(message)}${rest}\n`
    write?.(line)
    append?.(line)
  }
  return {
    debug: (message, fields) => log('debug', message, fields),
    info: (message, fields) => log('info', message, fields),
    warn: (message, fields) => log('warn', message, fields),
    error: (message, fields) => log('error', message, fields),
  }
}

function stringify(fields: LogFields): string {
  try {
    return JSON.stringify(fields, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
  } catch {
    return '{"unprintable":true}'
  }
}

/** Lines are few and a fault may end the process at once, so they are written synchronously. */
function appender(file: string): (line: string) => void {
  let bytes = -1
  return (line) => {
    try {
      if (bytes < 0) {
        mkdirSync(dirname(file), { recursive: true })
        bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0
      }
      if (bytes > MAX_FILE_BYTES) {
        renameSync(file, `${file}.1`)
        bytes = 0
      }
      appendFileSync(file, line, { mode: 0o600 })
      bytes += Buffer.byteLength(line)
    } catch {
      // A log that cannot be written (full disk, read-only home) must not end the program.
    }
  }
}
