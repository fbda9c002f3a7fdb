/** Runs of all projects: one at a time in each, the others wait; several projects at once. */
import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../base/app-error.ts'
import { Emitter } from '../base/event.ts'
import type { Logger } from '../base/logger.ts'
import { STATE_FOLDER } from '../base/state-folder.ts'
import type { FileAnalysis } from '../../src-shared/contract/analysis.ts'
import type { Problem } from '../../src-shared/contract/problem.ts'
import type { RunEvent, RunSelection, RunSnapshot, ValueView } from '../../src-shared/contract/run.ts'
import type { FlowDocument, JsonText } from '../../src-shared/flow/document.ts'
import { own } from '../../src-shared/flow/own.ts'
import type { ProjectId, RunId } from '../../src-shared/ids.ts'
import type { WorkerPool } from '../python/index.ts'
import { loadKeptInputs } from './kept-inputs.ts'
import { KeptValues } from './kept-values.ts'
import { notKeptProblem } from './plan-problems.ts'
import { planFlow } from './planner.ts'
import { PoolExecutor } from './pool-executor.ts'
import { readNodeOutput, type OutputPiece } from './read-output.ts'
import { Run, type RunOutcome } from './run.ts'
import { markInterrupted, pruneRuns, RunFolder, type RunRecord } from './run-folder.ts'

/** What a worker needs to know of a project's environment. */
export interface RunEnvironment {
  readonly interpreter: string
  /** An interpreter for the supervisor; never the project's. */
  readonly supervisorInterpreter: string
  readonly env: Readonly<Record<string, string>>
}

export interface RunServiceOptions {
  readonly pool: WorkerPool
  /** Rejects with AppError when the project has no usable environment. */
  readonly environment: (projectDir: string) => Promise<RunEnvironment>
  /** Holds the key that kept values are signed with. */
  readonly profileDir: string
  readonly logger: Logger
}

export interface RunRequest {
  readonly projectDir: string
  /** Null on the command line. */
  readonly projectId: ProjectId | null
  /** The flow's name: `main`. */
  readonly flow: string
  readonly document: FlowDocument
  readonly analysisOf: (file: string) => FileAnalysis | undefined
  /** Everything known to be wrong: of the file, of the graph, of the environment. */
  readonly problems: readonly Problem[]
  readonly selection: RunSelection
  /** `NODE.INPUT` → JSON text. */
  readonly set: Readonly<Record<string, JsonText>>
  /** Workers at most. Absent: one per core. */
  readonly jobs?: number | undefined
  /** `performance.now()` when opening began, for openMs. Absent: now. */
  readonly openingAt?: number | undefined
}

export interface StartedRun {
  readonly runId: RunId
  readonly number: number
  /** What the part that runs, or the rest of the flow, warns of. */
  readonly warnings: readonly Problem[]
  /** Resolves when the run has ended and all it used was given back. Never rejects. */
  readonly done: Promise<RunOutcome>
}

export interface RunEventsBatch {
  readonly projectDir: string
  readonly projectId: ProjectId | null
  readonly runId: RunId
  readonly events: RunEvent[]
}

interface Waiting {
  readonly run: Run
  readonly begin: () => Promise<void>
}

interface ProjectRuns {
  projectId: ProjectId | null
  running: Run | null
  /** The run that a page shows: the one that began last. */
  shown: Run | null
  waiting: Waiting[]
}

export class RunService {
  readonly #options: RunServiceOptions
  readonly #kept: KeptValues
  readonly #host = randomUUID()
  readonly #projects = new Map<string, ProjectRuns>()
  readonly #open = new Map<RunId, Set<Run>>()
  readonly #pendingEnds = new Set<Promise<unknown>>()
  readonly #emitted = new Emitter<RunEventsBatch>()
  readonly #queued = new Emitter<Omit<RunEventsBatch, 'events'> & { readonly position: number }>()
  #stopped = false

  /** In order of `seq` within a run. */
  readonly onDidEmit = this.#emitted.event
  /** Position of a run that waits (1 = next), 0 when it starts. */
  readonly onDidQueue = this.#queued.event

  constructor(options: RunServiceOptions) {
    this.#options = options
    this.#kept = new KeptValues(options.profileDir)
  }

  /**
   * Plans and queues a run. Rejects with AppError `run_refused` (detail: { problems }), or with what the
   * environment lacks, before anything starts.
   */
  async start(request: RunRequest): Promise<StartedRun> {
    const openingAt = request.openingAt ?? performance.now()
    const { projectDir, projectId, flow } = request
    const { kept, planned } = await this.#plan(request)
    const keptInputs = this.isBusy(projectDir) ? null : await loadKeptInputs(planned.plan, kept)
    const missing = (keptInputs ?? []).filter(({ value }) => value === null)
    if (missing.length > 0) throw refusal(missing.map((input) => notKeptProblem(input, input.reader)))
    const environment = await this.#options.environment(projectDir)
    const folder = await RunFolder.create(projectDir)
    const { pool, logger } = this.#options
    const executor = new PoolExecutor({
      pool,
      slots: request.jobs ?? availableParallelism(),
      logger,
      worker: { projectDir, valuesDir: folder.valuesDir, ...environment },
    })
    const run = new Run({
      folder,
      flow,
      plan: planned.plan,
      executor,
      kept,
      keptInputs,
      openedMs: performance.now() - openingAt,
      host: this.#host,
      logger,
      onEvents: (events) => this.#emitted.fire({ projectDir, projectId, runId: folder.runId, events }),
    })
    const done = this.#enqueue(projectDir, projectId, run)
    return { runId: run.runId, number: folder.number, warnings: planned.warnings, done }
  }

  /** Rejects with `run_refused` where `start` would because of the flow; the environment is not looked at. */
  async refuseImpossible(request: RunRequest): Promise<void> {
    await this.#plan(request)
  }

  async #plan({ projectDir, flow, document, analysisOf, problems, selection, set }: RunRequest) {
    if (this.#stopped) throw new AppError('cancelled', 'Nodeloom is closing; nothing was started.')
    const kept = await this.#kept.open(projectDir, flow)
    const state = (node: string, port: string) => kept.state(node, port)
    const planned = planFlow({ document, analysisOf, problems, selection, set, kept: state })
    if (!planned.ok) throw refusal(planned.problems)
    return { kept, planned }
  }

  /** Starts a worker ahead of the first run; does nothing where the environment is not usable. */
  async warm(projectDir: string): Promise<void> {
    if (this.#stopped) return
    const environment = await this.#options.environment(projectDir).catch(() => null)
    if (environment === null) return
    // A run names its own folder for values when it takes the worker.
    this.#options.pool.warm({ projectDir, valuesDir: join(projectDir, STATE_FOLDER), ...environment })
  }

  /** Interrupts, and kills after 300 ms; at once with `kill`. Unknown or ended runs are left alone. */
  stop(projectDir: string, runId: RunId, options: { readonly kill?: boolean } = {}): void {
    const runs = this.#projects.get(projectDir)
    const waiting = runs?.waiting.find(({ run }) => run.runId === runId)
    if (runs !== undefined && waiting !== undefined) {
      runs.waiting = runs.waiting.filter((other) => other !== waiting)
      waiting.run.stop(true)
      void waiting.begin()
      this.#announceQueue(projectDir, runs)
    } else this.#openRun(projectDir, runId)?.stop(options.kill === true)
  }

  /** The run that a page shows: the one that began last here, else the last one on disk; null without any. */
  async snapshot(projectDir: string): Promise<RunSnapshot | null> {
    const runs = this.#projects.get(projectDir)
    const shown = runs?.shown ?? runs?.waiting[0]?.run
    if (shown !== undefined && shown !== null) return shown.snapshot
    for (const folder of (await RunFolder.all(projectDir)).reverse()) {
      const snapshot = await folder.readSnapshot()
      if (snapshot !== null) return snapshot
    }
    return null
  }

  /** The richest picture of a port's value that was kept. Rejects with `not_found`. */
  async view(projectDir: string, runId: RunId, node: string, port: string): Promise<ValueView> {
    const folder = RunFolder.at(projectDir, runId)
    const run = this.#openRun(projectDir, runId)
    const view = (await run?.viewOf(node, port)) ?? (await folder?.readView(node, port))
    if (view) return view
    const snapshot = run?.snapshot ?? (await this.#snapshotOf(projectDir, runId, folder))
    const preview = own(own(snapshot?.nodes, node)?.result?.outputs, port)
    if (preview === undefined) {
      throw new AppError('not_found', `${node}.${port} has no value in this run.`, { hint: `Run ${node} first.` })
    }
    if (preview.json !== undefined) return { kind: 'json', json: preview.json, truncated: false }
    return { kind: 'text', text: preview.text, truncated: preview.view !== undefined }
  }

  async #snapshotOf(projectDir: string, runId: RunId, folder: RunFolder | null): Promise<RunSnapshot | null> {
    const shown = this.#projects.get(projectDir)?.shown
    return shown?.runId === runId ? shown.snapshot : ((await folder?.readSnapshot()) ?? null)
  }

  /** The kept output of a node, from its first byte, then live until it ends. */
  readOutput(projectDir: string, runId: RunId, node: string): AsyncGenerator<OutputPiece, void, void> {
    const folder = RunFolder.at(projectDir, runId)
    if (folder === null)
      throw new AppError('not_found', 'There is no such run.', { hint: 'It may have been cleared away.' })
    return readNodeOutput(folder.logPath(node), this.#openRun(projectDir, runId)?.outputOf(node) ?? null)
  }

  /** To be called when a project is opened: runs whose host died are marked. Answers them, oldest first. */
  markInterrupted(projectDir: string): Promise<RunRecord[]> {
    return markInterrupted(projectDir, this.#host)
  }

  /** A run of the project goes on or waits. */
  isBusy(projectDir: string): boolean {
    const runs = this.#projects.get(projectDir)
    return runs !== undefined && (runs.running !== null || runs.waiting.length > 0)
  }

  /** Stops every run; resolves when all have ended. May be called twice. */
  async close(): Promise<void> {
    this.#stopped = true
    for (const [projectDir, runs] of this.#projects) {
      for (const { run } of [...runs.waiting]) this.stop(projectDir, run.runId)
      runs.running?.stop(true)
    }
    await Promise.all(this.#pendingEnds)
  }

  #openRun(projectDir: string, runId: RunId): Run | null {
    for (const run of this.#open.get(runId) ?? []) {
      if (RunFolder.at(projectDir, runId)?.path === run.folder.path) return run
    }
    return null
  }

  #runsOf(projectDir: string): ProjectRuns {
    const known = this.#projects.get(projectDir)
    if (known !== undefined) return known
    const runs: ProjectRuns = { projectId: null, running: null, shown: null, waiting: [] }
    this.#projects.set(projectDir, runs)
    return runs
  }

  #enqueue(projectDir: string, projectId: ProjectId | null, run: Run): Promise<RunOutcome> {
    const runs = this.#runsOf(projectDir)
    runs.projectId = projectId
    const { promise, resolve } = Promise.withResolvers<RunOutcome>()
    const same = this.#open.get(run.runId) ?? new Set()
    this.#open.set(run.runId, same.add(run))
    const begin = async (): Promise<void> => {
      const outcome = await run.execute()
      same.delete(run)
      if (same.size === 0) this.#open.delete(run.runId)
      await pruneRuns(projectDir).catch(() => undefined)
      resolve(outcome)
    }
    runs.waiting.push({ run, begin })
    this.#pendingEnds.add(promise)
    void promise.then(() => this.#pendingEnds.delete(promise))
    this.#advance(projectDir, runs)
    return promise
  }

  #advance(projectDir: string, runs: ProjectRuns): void {
    if (runs.running === null) {
      const next = runs.waiting.shift()
      if (next !== undefined) {
        const { run } = next
        runs.running = run
        runs.shown = run
        this.#queued.fire({ projectDir, projectId: runs.projectId, runId: run.runId, position: 0 })
        void next.begin().then(() => {
          runs.running = null
          this.#advance(projectDir, runs)
        })
      }
    }
    this.#announceQueue(projectDir, runs)
  }

  #announceQueue(projectDir: string, runs: ProjectRuns): void {
    runs.waiting.forEach(({ run }, index) => {
      this.#queued.fire({ projectDir, projectId: runs.projectId, runId: run.runId, position: index + 1 })
    })
  }
}

function refusal(problems: readonly Problem[]): AppError {
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return new AppError('run_refused', `Nothing was run: ${first?.message ?? 'the flow has problems.'}${more}`, {
    hint: first?.hint ?? 'Mend the problems and run again.',
    detail: { problems },
  })
}
