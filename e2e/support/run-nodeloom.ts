import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { storyEnvironment } from './environment.ts'
import type { Places } from './places.ts'

export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
  /** Exit code; null when a signal ended it. */
  readonly code: number | null
}

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: Record<string, string>
  /** Milliseconds until it is killed; 60,000 unless told. */
  readonly deadlineMs?: number
}

export interface RunningCommand {
  readonly child: ChildProcess
  /** What stdout has brought so far. */
  stdout(): string
  /** Resolves when stdout holds the text; rejects when the command ended without it. */
  printed(text: string): Promise<void>
  readonly done: Promise<CommandResult>
}

const launcher = join(
  import.meta.dirname,
  '..',
  '..',
  'bin',
  process.platform === 'win32' ? 'nodeloom.cmd' : 'nodeloom',
)

/**
 * Starts the command line as a person does, through its launcher, and as a shell does: in a process group of its own,
 * so that a story can send the group what Ctrl+C sends.
 */
export const startNodeloom = (
  places: Places,
  args: readonly string[],
  options: CommandOptions = {},
): RunningCommand => {
  const child = spawn(launcher, args, {
    cwd: options.cwd ?? places.projectsDir,
    env: { ...storyEnvironment(places), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    detached: process.platform !== 'win32',
  })
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    for (const watch of [...watchers]) watch()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const done = new Promise<CommandResult>((resolve, reject) => {
    const deadline = setTimeout(() => child.kill('SIGKILL'), options.deadlineMs ?? 60_000)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(deadline)
      resolve({ stdout, stderr, code })
    })
  })
  const printed = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        if (!stdout.includes(text)) return
        watchers.delete(watch)
        resolve()
      }
      watchers.add(watch)
      watch()
      void done.then(
        ({ code }) => reject(new Error(`It ended with ${code} before it printed ${text}.\n${stderr}`)),
        reject,
      )
    })
  return { child, stdout: () => stdout, printed, done }
}

/** Runs the command line to its end. */
export const runNodeloom = (
  places: Places,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> => startNodeloom(places, args, options).done
