/** For tests: a project in a temp folder with its own virtual environment, and short ways to call its nodes. */
import { mkdtemp, mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawnProcess } from '../base/spawn.ts'
import { zHandle, type Handle } from '../../src-shared/ids.ts'
import { zJsonText, type JsonText } from '../../src-shared/flow/document.ts'
import { createWorkerPool } from './pool.ts'
import type {
  CallOutput,
  CallResult,
  OutputChunk,
  ValueSource,
  Worker,
  WorkerCall,
  WorkerOptions,
  WorkerPool,
} from './types.ts'

export const runtimeDir = join(dirname(fileURLToPath(import.meta.url)), '../../resources/python')

export const handle = (text: string): Handle => zHandle.parse(text)
export const json = (text: string): JsonText => zJsonText.parse(text)

/** Runs a program to its end; its output. */
export function outputOf(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawnProcess(command, args)
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`${command} ended with ${code}`))))
  })
}

/** The real interpreter behind `python3`, which may be a version manager's shim. */
export const basePython = (): Promise<string> =>
  outputOf('python3', ['-c', 'import sys; print(sys.executable, end="")'])

export interface Outcome {
  readonly result: CallResult
  readonly stdout: string
  readonly stderr: string
}

export class WorkerFixture {
  readonly dir: string
  readonly options: WorkerOptions
  readonly pool: WorkerPool
  #calls = 0

  private constructor(dir: string, options: WorkerOptions) {
    this.dir = dir
    this.options = options
    this.pool = createWorkerPool({ runtimeDir })
  }

  static async create(): Promise<WorkerFixture> {
    const dir = await realpath(await mkdtemp(join(tmpdir(), 'nodeloom-worker-')))
    const base = await basePython()
    await mkdir(join(dir, 'nodes'))
    await mkdir(join(dir, 'values'))
    await outputOf(base, ['-m', 'venv', '--without-pip', join(dir, '.venv')])
    const interpreter = join(dir, '.venv', 'bin', 'python')
    return new WorkerFixture(dir, {
      projectDir: dir,
      interpreter,
      supervisorInterpreter: base,
      valuesDir: join(dir, 'values'),
      env: {},
    })
  }

  async dispose(): Promise<void> {
    await this.pool.stop()
    await rm(this.dir, { recursive: true, force: true })
  }

  /** Writes node files: name without folder and ending → source. */
  async nodes(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, source] of Object.entries(files)) await writeFile(join(this.dir, 'nodes', `${name}.py`), source)
  }

  acquire(env: Readonly<Record<string, string>> = {}): Promise<Worker> {
    return this.pool.acquire({ ...this.options, env })
  }

  /** A call of `nodes/NAME.py`; each output port is kept under `NAME.PORT`. */
  call(
    name: string,
    inputs: Readonly<Record<string, ValueSource>> = {},
    more: Partial<WorkerCall> & { ports?: readonly string[] } = {},
  ): WorkerCall {
    this.#calls += 1
    const { ports = ['result'], ...rest } = more
    return {
      callId: `call-${this.#calls}`,
      address: name,
      operation: {
        op: 'code',
        file: `nodes/${name}.py`,
        entry: 'main',
        inputs: Object.entries(inputs).map(([port, value]) => ({ port, value })),
      },
      outputs: ports.map((port) => ({ port, handle: handle(`${name}.${port}`) })),
      dictKeys: [],
      outputsElse: null,
      ...rest,
    }
  }

  /** Runs a call and gathers what it wrote until its result came. */
  async run(worker: Worker, call: WorkerCall, onStart: () => void = () => undefined): Promise<Outcome> {
    const written: OutputChunk[] = []
    const listening = worker.onDidWrite((chunk) => {
      if (chunk.callId === call.callId) written.push({ ...chunk, bytes: Uint8Array.from(chunk.bytes) })
    })
    const result = await worker.submit(call, onStart)
    listening.dispose()
    const text = (stream: string): string =>
      Buffer.concat(written.filter((chunk) => chunk.stream === stream).map((chunk) => chunk.bytes)).toString()
    return { result, stdout: text('stdout'), stderr: text('stderr') }
  }
}

export const constant = (text: string, where = 'node.port'): ValueSource => ({
  from: 'constant',
  json: json(text),
  where,
})
export const kept = (text: string): ValueSource => ({ from: 'handle', handle: handle(text) })

/** The outputs of a call that succeeded; fails the test with the node's error otherwise. */
export function outputsOf(outcome: Outcome): Readonly<Record<string, CallOutput>> {
  if (outcome.result.status === 'succeeded') return outcome.result.outputs
  throw new Error(`the call did not succeed: ${JSON.stringify(outcome.result)}`)
}

/** Preview texts by port. */
export const textsOf = (outcome: Outcome): Record<string, string> =>
  Object.fromEntries(Object.entries(outputsOf(outcome)).map(([port, output]) => [port, output.preview.text]))

/** Waits until `ask` gives something other than undefined or false; polls, because the state is another process's. */
export async function until<T>(ask: () => T | undefined | false, what: string): Promise<T> {
  const end = performance.now() + 10_000
  for (;;) {
    const answer = ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Whether a process is there and not a zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  const { readFile } = await import('node:fs/promises')
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z'
  } catch {
    return false
  }
}
