/** The only place that starts processes: an argument array, never a shell. */
import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams, type StdioOptions } from 'node:child_process'
import { AppError } from './app-error.ts'

export type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process'

export interface SpawnOptions {
  readonly cwd?: string | undefined
  /** The whole environment of the child; absent: this process's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Absent: three pipes. */
  readonly stdio?: StdioOptions | undefined
  /** Its own process group (and session), so that the whole tree can be signalled. */
  readonly detached?: boolean | undefined
}

/**
 * Starts `command` with `args`. A command that cannot be started is announced by the child's `error`
 * event, as in Node; only what could never be meant throws: a NUL in a text, an empty command.
 * The caller owns the child and must end it.
 */
export function spawnProcess(
  command: string,
  args: readonly string[],
  options?: SpawnOptions & { readonly stdio?: undefined },
): ChildProcessWithoutNullStreams
export function spawnProcess(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess
export function spawnProcess(command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  if (command === '') throw new AppError('invalid_name', 'The name of the program to start is empty.')
  const texts = [command, ...args, options.cwd ?? '', ...Object.values(options.env ?? {})]
  if (texts.some((text) => text?.includes('\0'))) {
    throw new AppError('invalid_name', `The arguments for ${command.replaceAll('\0', '')} contain a NUL character.`)
  }
  return spawn(command, [...args], {
    stdio: options.stdio ?? 'pipe',
    shell: false,
    windowsHide: true,
    detached: options.detached === true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
  })
}
