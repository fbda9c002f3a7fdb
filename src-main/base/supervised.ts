/**
 * Processes whose whole tree can be ended: a small supervisor (resources/python/nodeloom_runtime/supervise.py)
 * runs the command as its child and kills every descendant when the leash ends, which also happens when this
 * process dies in any way.
 */
import type { Duplex, Readable, Writable } from 'node:stream'
import { AppError } from './app-error.ts'
import { spawnProcess, type ChildProcess } from './spawn.ts'

export interface SupervisedOptions {
  readonly cwd?: string
  /** The whole environment of the command. */
  readonly env: Readonly<Record<string, string>>
  /** Absent: nothing to read. */
  readonly stdin?: 'ignore' | 'pipe'
  /** Absent: pipes. A pipe must be read, or the command will wait. */
  readonly stdout?: 'ignore' | 'pipe'
  readonly stderr?: 'ignore' | 'pipe'
  /** Whether the command gets a two-way stream on descriptor 3. */
  readonly wire?: boolean
  /** Absolute path of a Python that can run the supervisor; never a project's own. */
  readonly supervisorInterpreter: string
  /** Absolute path of supervise.py. */
  readonly scriptPath: string
}

export type SupervisedExit =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: number }
  | { readonly kind: 'not_started'; readonly reason: string }
  /** The supervisor itself ended without a word. */
  | { readonly kind: 'lost'; readonly reason: string }

export interface Supervised {
  /** The supervisor's process. */
  readonly child: ChildProcess
  /** Process id of the command; null until the supervisor has told it. */
  readonly pid: number | null
  readonly stdin: Writable | null
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  readonly wire: Duplex | null
  /** Settles when the command has ended, nothing of its tree is left and all its output was read. */
  readonly exited: Promise<SupervisedExit>
  /** Kills the whole tree at once. Resolves when none is left; may be called twice. */
  kill(): Promise<void>
}

/** Milliseconds after which a supervisor that does not end by itself is killed too. */
const KILL_DEADLINE_MS = 1_500

export function spawnSupervised(command: string, args: readonly string[], options: SupervisedOptions): Supervised {
  const child = spawnProcess(options.supervisorInterpreter, ['-I', '-S', options.scriptPath, command, ...args], {
    cwd: options.cwd,
    env: options.env,
    stdio: [
      options.stdin ?? 'ignore',
      options.stdout ?? 'pipe',
      options.stderr ?? 'pipe',
      options.wire === true ? 'pipe' : 'ignore',
      'pipe',
    ],
  })
  const leash = duplexAt(child, 4)
  const facts = new LeashFacts()
  // A broken leash is the end of the supervisor, which `close` tells.
  leash?.on('error', () => undefined)
  leash?.on('data', (chunk: Buffer) => facts.push(chunk.toString('utf8')))

  const exited = new Promise<SupervisedExit>((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ kind: 'not_started', reason: error.message })
    })
    child.on('exit', () => {
      // Without its supervisor only the command's own process group can be reached.
      if (facts.exit === null) killGroup(facts.pid)
    })
    child.on('close', (code, signal) =>
      resolve(facts.exit ?? { kind: 'lost', reason: `the supervisor ended (${signal ?? code ?? 'unknown'})` }),
    )
  })

  const kill = async (): Promise<void> => {
    if (child.pid === undefined) return
    leash?.end()
    const deadline = setTimeout(() => killHard(child, facts.pid), KILL_DEADLINE_MS)
    try {
      await exited
    } finally {
      clearTimeout(deadline)
    }
  }

  return {
    child,
    get pid() {
      return facts.pid
    },
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    wire: options.wire === true ? duplexAt(child, 3) : null,
    exited,
    kill,
  }
}

function killHard(child: ChildProcess, pid: number | null): void {
  child.kill('SIGKILL')
  killGroup(pid)
}

function killGroup(pid: number | null): void {
  try {
    if (pid !== null) process.kill(-pid, 'SIGKILL')
  } catch {
    // The group is gone, which is what was wanted.
  }
}

function duplexAt(child: ChildProcess, index: number): Duplex | null {
  const stream = child.stdio[index]
  // Node types further pipes as one-way streams; on every system they are sockets or two-way pipes.
  return stream ? (stream as Duplex) : null
}

/** Reads the lines the supervisor writes on the leash. */
class LeashFacts {
  pid: number | null = null
  exit: SupervisedExit | null = null
  #text = ''

  push(text: string): void {
    this.#text += text
    const lines = this.#text.split('\n')
    this.#text = lines.pop() ?? ''
    for (const line of lines) this.#read(line)
  }

  #read(line: string): void {
    const [word = '', ...rest] = line.split(' ')
    const value = rest.join(' ')
    if (word === 'pid') this.pid = Number(value)
    else if (word === 'cannot') this.exit = { kind: 'not_started', reason: value }
    else if (this.exit?.kind === 'not_started') return
    else if (word === 'exit') this.exit = { kind: 'code', code: Number(value) }
    else if (word === 'signal') this.exit = { kind: 'signal', signal: Number(value) }
    else throw new AppError('internal', `The supervisor said "${line}".`)
  }
}
