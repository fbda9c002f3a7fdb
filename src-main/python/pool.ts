/** Warm workers by project and interpreter; one is busy from `acquire` to `release`. */
import { toAppError } from '../base/app-error.ts'
import type { WorkerOptions, WorkerPool, Worker } from './types.ts'
import { PythonWorker } from './worker.ts'

export interface WorkerPoolOptions {
  /** resources/python. */
  readonly runtimeDir: string
  /** Idle workers kept per project. Absent: 4. */
  readonly maxIdle?: number
  /** Milliseconds after which an idle worker ends. Absent: 10 minutes. */
  readonly idleMs?: number
}

/** A worker on its way to being idle: it starts, or is reset after a run. Null when it did not get there. */
interface Idle {
  readonly key: string
  readonly projectDir: string
  readonly worker: Promise<PythonWorker | null>
  readonly timer: NodeJS.Timeout
}

export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  return new PythonWorkerPool(options)
}

class PythonWorkerPool implements WorkerPool {
  readonly #runtimeDir: string
  readonly #maxIdle: number
  readonly #idleMs: number
  readonly #alive = new Set<PythonWorker>()
  readonly #starting = new Set<Promise<unknown>>()
  readonly #origin = new Map<Worker, { key: string; projectDir: string }>()
  #idle: Idle[] = []
  #count = 0
  #stopped = false

  constructor(options: WorkerPoolOptions) {
    this.#runtimeDir = options.runtimeDir
    this.#maxIdle = options.maxIdle ?? 4
    this.#idleMs = options.idleMs ?? 600_000
  }

  async acquire(options: WorkerOptions): Promise<Worker> {
    const key = keyOf(options)
    let worker: PythonWorker | null = null
    for (
      let idle = this.#take(key);
      idle !== undefined && worker === null;
      idle = worker === null ? this.#take(key) : undefined
    ) {
      worker = await idle.worker
      if (worker?.exitCause !== null) worker = null
    }
    worker ??= await this.#start(options)
    worker.begin(options)
    return worker
  }

  release(worker: Worker): void {
    const origin = this.#origin.get(worker)
    if (!(worker instanceof PythonWorker) || origin === undefined || worker.exitCause !== null) return
    const known = this.#idle.filter((idle) => idle.key === origin.key).length
    if (this.#stopped || known >= this.#maxIdle) {
      void worker.kill()
      return
    }
    this.#keep(origin, this.#reset(worker))
  }

  warm(options: WorkerOptions): void {
    const key = keyOf(options)
    if (this.#stopped || this.#idle.some((idle) => idle.key === key)) return
    // A warm start that fails is told by the `acquire` that follows, which tries again.
    this.#keep(
      { key, projectDir: options.projectDir },
      this.#start(options).catch(() => null),
    )
  }

  async discard(projectDir: string): Promise<void> {
    const gone = this.#idle.filter((idle) => idle.projectDir === projectDir)
    this.#idle = this.#idle.filter((idle) => idle.projectDir !== projectDir)
    await Promise.all(gone.map((idle) => this.#discard(idle)))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const idle of this.#idle) clearTimeout(idle.timer)
    this.#idle = []
    await Promise.allSettled([...this.#alive].map((worker) => worker.kill()))
    await Promise.allSettled(this.#starting)
    await Promise.allSettled([...this.#alive].map((worker) => worker.kill()))
  }

  #take(key: string): Idle | undefined {
    const idle = this.#idle.find((each) => each.key === key)
    if (idle === undefined) return undefined
    clearTimeout(idle.timer)
    this.#idle = this.#idle.filter((each) => each !== idle)
    return idle
  }

  #keep(origin: { key: string; projectDir: string }, worker: Promise<PythonWorker | null>): void {
    const idle: Idle = {
      ...origin,
      worker,
      timer: setTimeout(() => {
        this.#idle = this.#idle.filter((each) => each !== idle)
        void this.#discard(idle)
      }, this.#idleMs),
    }
    // An idle worker must not keep the process alive.
    idle.timer.unref()
    this.#idle.push(idle)
    void worker.then((ready) => {
      if (ready === null) this.#idle = this.#idle.filter((each) => each !== idle)
    })
  }

  async #discard(idle: Idle): Promise<void> {
    clearTimeout(idle.timer)
    await (await idle.worker)?.kill()
  }

  async #reset(worker: PythonWorker): Promise<PythonWorker | null> {
    if (await worker.reset()) return worker
    await worker.kill()
    return null
  }

  async #start(options: WorkerOptions): Promise<PythonWorker> {
    this.#count += 1
    const starting = PythonWorker.start(this.#count, options, this.#runtimeDir)
    this.#starting.add(starting)
    try {
      const worker = await starting
      this.#alive.add(worker)
      this.#origin.set(worker, { key: keyOf(options), projectDir: options.projectDir })
      worker.onDidExit(() => {
        this.#alive.delete(worker)
        this.#origin.delete(worker)
      })
      return worker
    } catch (error) {
      throw toAppError(error)
    } finally {
      this.#starting.delete(starting)
    }
  }
}

const keyOf = (options: WorkerOptions): string =>
  `${options.projectDir}\0${options.interpreter}\0${options.supervisorInterpreter}`
