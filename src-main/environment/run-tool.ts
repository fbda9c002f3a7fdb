/** Runs a tool to its end and collects what it says; ends its whole tree on cancel or when time is up. */
import { AppError } from '../base/app-error.ts'
import { spawnProcess } from '../base/spawn.ts'
import { spawnSupervised } from '../base/supervised.ts'

export interface ToolOptions {
  readonly cwd?: string
  readonly env: Readonly<Record<string, string>>
  /** Milliseconds; then the tool is ended and the call rejects with `timeout`. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal
  /** Output as it comes, both streams. */
  readonly onText?: (text: string) => void
  /** For tools that start others: all of them end with the tool, and with this process. */
  readonly supervisor?: SupervisorPlace
}

export interface SupervisorPlace {
  /** Absolute path of a base interpreter. */
  readonly interpreter: string
  /** Absolute path of supervise.py. */
  readonly scriptPath: string
}

export interface ToolResult {
  /** Null when it was ended by a signal. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const MAX_TEXT = 4_000_000

/** Rejects with `cancelled`, `timeout`, or `tool_missing` when it cannot be started; an exit code is a result. */
export async function runTool(command: string, args: readonly string[], options: ToolOptions): Promise<ToolResult> {
  const stdout: string[] = []
  const stderr: string[] = []
  const running = options.supervisor
    ? supervised(command, args, options, options.supervisor)
    : plain(command, args, options)
  collect(running.stdout, stdout, options.onText)
  collect(running.stderr, stderr, options.onText)

  let ended: 'cancelled' | 'timeout' | null = null
  const end = (why: 'cancelled' | 'timeout') => () => {
    ended ??= why
    void running.kill()
  }
  const onAbort = end('cancelled')
  const deadline = setTimeout(end('timeout'), options.deadlineMs)
  options.signal?.addEventListener('abort', onAbort, { once: true })
  if (options.signal?.aborted === true) onAbort()
  try {
    const code = await running.exited
    const why: string | null = ended
    if (why === 'cancelled') throw new AppError('cancelled', 'The work was cancelled.')
    if (why === 'timeout') {
      throw new AppError(
        'timeout',
        `${command} did not end within ${Math.round(options.deadlineMs / 1000)} s and was ended.`,
        {
          hint: 'Try again.',
        },
      )
    }
    return { code, stdout: stdout.join(''), stderr: stderr.join('') }
  } finally {
    clearTimeout(deadline)
    options.signal?.removeEventListener('abort', onAbort)
  }
}

interface Running {
  readonly stdout: NodeJS.ReadableStream | null
  readonly stderr: NodeJS.ReadableStream | null
  readonly exited: Promise<number | null>
  kill(): Promise<void> | void
}

function plain(command: string, args: readonly string[], options: ToolOptions): Running {
  const child = spawnProcess(command, args, {
    env: options.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end()
  const exited = new Promise<number | null>((resolve, reject) => {
    child.on('error', (error) => reject(notStarted(command, error.message)))
    child.on('close', (code) => resolve(code))
  })
  return { stdout: child.stdout, stderr: child.stderr, exited, kill: () => void child.kill('SIGKILL') }
}

function supervised(command: string, args: readonly string[], options: ToolOptions, place: SupervisorPlace): Running {
  const running = spawnSupervised(command, args, {
    env: options.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    supervisorInterpreter: place.interpreter,
    scriptPath: place.scriptPath,
  })
  const exited = running.exited.then((exit) => {
    if (exit.kind === 'code') return exit.code
    if (exit.kind === 'signal') return null
    throw notStarted(command, exit.reason)
  })
  return { stdout: running.stdout, stderr: running.stderr, exited, kill: () => running.kill() }
}

const notStarted = (command: string, reason: string): AppError =>
  new AppError('tool_missing', `${command} cannot be started: ${reason}.`, {
    hint: '`nodeloom doctor` says what this machine lacks.',
  })

function collect(stream: NodeJS.ReadableStream | null, into: string[], onText?: (text: string) => void): void {
  const decoder = new TextDecoder()
  let length = 0
  const take = (text: string): void => {
    if (text === '') return
    onText?.(text)
    if (length < MAX_TEXT) into.push(text)
    length += text.length
  }
  stream?.on('data', (chunk: Buffer) => take(decoder.decode(chunk, { stream: true })))
  stream?.on('end', () => take(decoder.decode()))
}

/** This process's variables without those that would point a Python or uv somewhere else. */
export function toolEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !misleading.has(name)) env[name] = value
  }
  return { ...env, ...extra }
}

const misleading = new Set([
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
  'PYTHONHOME',
  'PYTHONPATH',
  'PYTHONSTARTUP',
  '__PYVENV_LAUNCHER__',
  'UV_PROJECT_ENVIRONMENT',
  'UV_PROJECT',
  'UV_PYTHON',
  'UV_WORKING_DIR',
])
