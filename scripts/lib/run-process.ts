import { spawn, spawnSync } from 'node:child_process'
import { root } from './paths.ts'

export interface ProcessResult {
  /** Exit code; 124 when the deadline ended it, 128 and more when a signal did. */
  readonly code: number
  readonly output: string
  readonly timedOut: boolean
}

export interface ProcessOptions {
  readonly cwd?: string
  /** Added to this process's environment; `undefined` removes a name. */
  readonly env?: Record<string, string | undefined>
  readonly deadlineS: number
  /** `show` passes the output on as it comes, `keep` only collects it. */
  readonly output?: 'show' | 'keep'
  /** Ends the process and its group early; it counts as timed out. */
  readonly signal?: AbortSignal
}

const running = new Set<number>()

/** Ends a process and everything in its group. A process that is gone is no error. */
const endTree = (pid: number): void => {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'])
    return
  }
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group has ended by itself.
  }
}

const endAll = (): void => {
  for (const pid of running) endTree(pid)
}
process.once('exit', endAll)
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => {
    endAll()
    process.exit(code)
  })
}

/** Runs one program in a process group of its own and ends the whole group at the deadline. Never throws. */
export const runProcess = (command: string, args: readonly string[], options: ProcessOptions): Promise<ProcessResult> =>
  new Promise((done) => {
    const env: Record<string, string | undefined> = { ...process.env, ...options.env }
    for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name]
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    })
    const chunks: Buffer[] = []
    let timedOut = false
    const { pid } = child
    if (pid !== undefined) running.add(pid)
    const giveUp = (): void => {
      timedOut = true
      if (pid !== undefined) endTree(pid)
    }
    const timer = setTimeout(giveUp, options.deadlineS * 1000)
    options.signal?.addEventListener('abort', giveUp, { once: true })
    const take = (chunk: Buffer, sink: NodeJS.WriteStream): void => {
      chunks.push(chunk)
      if (options.output !== 'keep') sink.write(chunk)
    }
    child.stdout.on('data', (chunk: Buffer) => take(chunk, process.stdout))
    child.stderr.on('data', (chunk: Buffer) => take(chunk, process.stderr))
    const finish = (code: number): void => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', giveUp)
      if (pid !== undefined) {
        running.delete(pid)
        endTree(pid)
      }
      done({ code: timedOut ? 124 : code, output: Buffer.concat(chunks).toString('utf8'), timedOut })
    }
    child.once('error', (error) => {
      chunks.push(Buffer.from(`${command}: ${error.message}\n`))
      finish(127)
    })
    // A grandchild may hold the pipes open after the child is gone, so the exit decides, with a moment for late bytes.
    child.once('exit', (code) => {
      const drained = setTimeout(() => finish(code ?? 128), 500)
      child.once('close', () => {
        clearTimeout(drained)
        finish(code ?? 128)
      })
    })
  })
