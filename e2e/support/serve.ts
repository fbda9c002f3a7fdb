import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { storyEnvironment } from './environment.ts'
import type { Places } from './places.ts'

const repository = join(import.meta.dirname, '..', '..')

export interface Serving {
  /** The loopback address with its token. */
  readonly url: string
  /** The process that is the host. */
  readonly pid: number
  /** All that it has printed so far, both streams. */
  output(): string
  /** Ends it and waits for its exit; a second call does nothing. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

const urlLine = /^(http:\/\/127\.0\.0\.1:\d+\/\S*#token=\S+)\s*$/m

const exited = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done()
    else child.once('exit', () => done())
  })

/** Starts the browser mode on the carried Node and waits for its address. */
export const startServing = async (places: Places, args: readonly string[]): Promise<Serving> => {
  const program = join(repository, 'out', 'main', 'serve.cjs')
  const child = spawn(process.execPath, [program, '--no-open', ...args], {
    cwd: places.projectsDir,
    env: storyEnvironment(places),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    child.kill(signal)
    const hard = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await exited(child)
    clearTimeout(hard)
  }
  try {
    const url = await new Promise<string>((done, fail) => {
      const deadline = setTimeout(() => fail(new Error(`serve printed no address within 20 s.\n${output}`)), 20_000)
      const take = (chunk: Buffer): void => {
        output += chunk.toString('utf8')
        const found = urlLine.exec(output)?.[1]
        if (found === undefined) return
        clearTimeout(deadline)
        done(found)
      }
      child.stdout.on('data', take)
      child.stderr.on('data', take)
      child.once('error', fail)
      child.once('exit', (code, signal) => {
        clearTimeout(deadline)
        fail(new Error(`serve ended with ${signal ?? code} before it printed its address.\n${output}`))
      })
    })
    return { url, pid: child.pid ?? 0, output: () => output, stop }
  } catch (error) {
    await stop('SIGKILL')
    throw error
  }
}
