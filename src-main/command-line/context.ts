/** What every command of the command line has: its arguments, where it prints, and a host when it needs one. */
import { join, resolve } from 'node:path'
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { AppError } from '../base/app-error.ts'
import { createLogger, levelFromEnvironment } from '../base/logger.ts'
import { installDir, profileDir } from '../base/paths.ts'
import { isExternalLink, type Shell } from '../base/shell.ts'
import type { Host } from '../api/host.ts'
import { createHost } from '../services.ts'

export interface Command {
  /** One line: `nodeloom run [PROJECT] …`. */
  readonly usage: string
  /** One sentence for the list of commands. */
  readonly summary: string
  /** Answers the exit code: 0 done, 1 a node failed or errors were found, 2 the command or project is wrong. */
  run(args: readonly string[]): Promise<number>
}

export const print = (text: string): void => void process.stdout.write(`${text}\n`)
export const printError = (text: string): void => void process.stderr.write(`${text}\n`)

/** Parses options and positionals. Throws AppError `usage` with the command's usage line. */
export function parseCommand<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  usage: string,
  options: T,
  most: number,
) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true })
    if (parsed.positionals.length > most) throw new Error(`"${parsed.positionals[most]}" is one argument too many.`)
    return parsed
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new AppError('usage', message, { hint: `Usage: ${usage}` })
  }
}

/** PROJECT defaults to the current folder. */
export const projectPath = (positional: string | undefined): string => resolve(positional ?? '.')

/** No person sits at a window: nothing is opened, links are printed by whoever has one. */
const commandShell: Shell = {
  kind: 'cli',
  openExternal: (url) =>
    isExternalLink(url)
      ? Promise.reject(new AppError('unsupported', `Open this link in your browser: ${url}`))
      : Promise.reject(new AppError('unsupported', 'Only https and mailto links are opened.')),
}

/** Runs `work` with a host and stops it afterwards, whatever happens. */
export async function withHost<T>(work: (host: Host) => Promise<T>): Promise<T> {
  const profile = profileDir()
  const host = createHost({
    shell: commandShell,
    resourcesDir: join(installDir(import.meta.dirname), 'resources'),
    profileDir: profile,
    openPath: null,
    logger: createLogger({ level: levelFromEnvironment('error'), file: join(profile, 'logs', 'cli.log') }),
  })
  try {
    return await work(host)
  } finally {
    await host.stop()
  }
}
