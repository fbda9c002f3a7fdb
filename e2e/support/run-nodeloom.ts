import { spawn } from 'node:child_process'
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

const launcher = join(
  import.meta.dirname,
  '..',
  '..',
  'bin',
  process.platform === 'win32' ? 'nodeloom.cmd' : 'nodeloom',
)

/** Runs the command line as a person does, through its launcher. */
export const runNodeloom = (
  places: Places,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> =>
  new Promise((done, fail) => {
    const child = spawn(launcher, args, {
      cwd: options.cwd ?? places.projectsDir,
      env: { ...storyEnvironment(places), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const deadline = setTimeout(() => child.kill('SIGKILL'), options.deadlineMs ?? 60_000)
    child.once('error', fail)
    child.once('close', (code) => {
      clearTimeout(deadline)
      done({ stdout, stderr, code })
    })
  })
