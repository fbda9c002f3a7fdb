/**
 * Ports of Python files (design §3, "Ports come from the signature"), from one long-lived Python that parses
 * and never runs what it reads.
 */
import { zFileAnalysis, type FileAnalysis } from '../../src-shared/contract/analysis.ts'
import { AppError, toAppError } from '../base/app-error.ts'
import type { Logger } from '../base/logger.ts'
import { RestartBudget } from '../base/supervisor.ts'
import { AnalysisProcess, type AnalysisAnswer } from './analysis-process.ts'

export interface AnalysisServiceOptions {
  /** Absolute path of a base interpreter, Python 3.9 or later; rejects with AppError where there is none. */
  readonly interpreter: () => Promise<string>
  /** Absolute path of `nodeloom_analysis/__main__.py`. */
  readonly scriptPath: string
  readonly logger?: Logger | undefined
  /** Milliseconds that one file may take before the process counts as hung. Absent: 10,000. */
  readonly deadlineMs?: number | undefined
}

interface Request {
  readonly id: number
  readonly method: 'hello' | 'analyse' | 'overlay' | 'forget'
  readonly params: Readonly<Record<string, string | null>>
  readonly settle: (answer: AnalysisAnswer) => void
  readonly fail: (error: AppError) => void
  /** The process died or hung over this request. */
  readonly blame: (reason: string) => void
}

const DEFAULT_DEADLINE_MS = 10_000
const STOP_DEADLINE_MS = 1_000
const RESTARTS = 5
/** Someone waits for the answer, so the next start follows at once. */
const restartLimits = { maxRestarts: RESTARTS, windowMs: 60_000, firstWaitMs: 0, longestWaitMs: 0 }
/** A process that ends before its first answer is not the fault of a file. */
const MAX_FAILED_STARTS = 2

export class AnalysisService {
  readonly #options: AnalysisServiceOptions
  readonly #deadlineMs: number
  readonly #budget = new RestartBudget(restartLimits)
  /** Sent and not yet answered, oldest first; also what waits for the process to start. */
  #queue: Request[] = []
  /** Unsaved texts by root and file, told again to a new process. */
  readonly #overlays = new Map<string, Map<string, string>>()
  /** Functions of the last good analysis by root and file; they outlive the process. */
  readonly #lastKnown = new Map<string, Map<string, FileAnalysis['functions']>>()
  #process: AnalysisProcess | null = null
  #starting = false
  #startedBefore = false
  #failedStarts = 0
  #nextId = 1
  #timer: NodeJS.Timeout | null = null
  #stopped = false
  #stopping: Promise<void> = Promise.resolve()

  constructor(options: AnalysisServiceOptions) {
    this.#options = options
    this.#deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS
  }

  /**
   * The functions and ports of `file` (relative to `root`), of `text` where it is given, else of its unsaved
   * text (`overlay`) or what is on disk. A bad file is a status, not a rejection; rejects with AppError only
   * where no analysis can run.
   */
  analyse(root: string, file: string, text: string | null): Promise<FileAnalysis> {
    return new Promise((resolve, reject) => {
      this.#submit({
        id: this.#nextId++,
        method: 'analyse',
        params: { root, file, text },
        settle: (answer) => {
          const analysis = zFileAnalysis.safeParse(answer.result)
          if (analysis.success) resolve(this.#remembered(root, file, analysis.data))
          else resolve(this.#unreadable(root, file, answer.error?.message ?? 'the answer has an unknown shape'))
        },
        fail: reject,
        blame: (reason) => resolve(this.#unreadable(root, file, reason)),
      })
    })
  }

  /** Unsaved text of a file, for itself and for files that refer to it; null when it was saved or closed. */
  overlay(root: string, file: string, text: string | null): void {
    const overlays = this.#overlays.get(root) ?? new Map<string, string>()
    this.#overlays.set(root, overlays)
    if (text === null) overlays.delete(file)
    else overlays.set(file, text)
    // A process that is not there yet learns all overlays when it starts.
    if (this.#process !== null) this.#tell('overlay', { root, file, text })
  }

  /** Drops everything kept for a project, for instance because it was closed. */
  forget(root: string): void {
    this.#overlays.delete(root)
    this.#lastKnown.delete(root)
    if (this.#process !== null) this.#tell('forget', { root })
  }

  /** Starts the process ahead of need. */
  warm(): void {
    if (!this.#stopped) void this.#start()
  }

  /** Ends the process; what was not answered rejects with `cancelled`. May be called twice. */
  stop(): Promise<void> {
    if (!this.#stopped) {
      this.#stopped = true
      this.#rejectAll(new AppError('cancelled', 'The analysis was stopped.'))
      this.#stopping = this.#process?.stop(STOP_DEADLINE_MS) ?? Promise.resolve()
      this.#process = null
    }
    return this.#stopping
  }

  #submit(request: Request): void {
    if (this.#stopped) return request.fail(new AppError('cancelled', 'The analysis was stopped.'))
    this.#queue.push(request)
    if (this.#process === null) void this.#start()
    else this.#send(request)
  }

  #send(request: Request): void {
    this.#process?.send({ id: request.id, method: request.method, params: request.params })
    if (this.#timer === null) this.#watch()
  }

  #tell(method: Request['method'], params: Request['params']): void {
    this.#submit(this.#notice(method, params))
  }

  #notice(method: Request['method'], params: Request['params']): Request {
    const ignore = (): void => undefined
    return { id: this.#nextId++, method, params, settle: ignore, fail: ignore, blame: ignore }
  }

  async #start(): Promise<void> {
    if (this.#starting || this.#process !== null) return
    this.#starting = true
    let interpreter: string
    try {
      interpreter = await this.#options.interpreter()
    } catch (error) {
      this.#rejectAll(toAppError(error))
      return
    } finally {
      this.#starting = false
    }
    // Read anew: it may have been stopped meanwhile.
    if (this.#stopped) return
    if (this.#startedBefore && this.#budget.next() === null) {
      this.#rejectAll(
        new AppError('internal', `The analysis of node files ended more than ${RESTARTS} times in a minute.`, {
          hint: 'Ports stay as they were. Try again in a minute; the log tells the reason.',
        }),
      )
      return
    }
    this.#startedBefore = true
    try {
      this.#process = new AnalysisProcess({
        interpreter,
        scriptPath: this.#options.scriptPath,
        onAnswer: (answer) => this.#answered(answer),
        onEnd: (reason) => this.#ended(reason, interpreter),
      })
    } catch (error) {
      this.#rejectAll(toAppError(error))
      return
    }
    const overlays = [...this.#overlays].flatMap(([root, files]) =>
      [...files].map(([file, text]) => this.#notice('overlay', { root, file, text })),
    )
    this.#queue = [this.#notice('hello', {}), ...overlays, ...this.#queue]
    for (const request of this.#queue) this.#send(request)
  }

  #answered(answer: AnalysisAnswer): void {
    const request = this.#queue.shift()
    if (request === undefined || request.id !== answer.id) {
      if (request !== undefined) this.#queue.unshift(request)
      this.#options.logger?.error('an answer of the analysis process fits no request', { id: answer.id })
      return
    }
    this.#failedStarts = 0
    this.#watch()
    request.settle(answer)
  }

  /** Gives the oldest request its time; the ones behind it do not count yet. */
  #watch(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#queue.length === 0) return
    this.#timer = setTimeout(() => {
      this.#process?.kill()
      this.#ended(`it took longer than ${this.#deadlineMs / 1000} s`, '')
    }, this.#deadlineMs)
  }

  #ended(reason: string, interpreter: string): void {
    this.#process = null
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#stopped) return
    this.#options.logger?.warn('the analysis process ended', { reason })
    const oldest = this.#queue[0]
    if (oldest?.method === 'hello') {
      this.#failedStarts += 1
      if (this.#failedStarts >= MAX_FAILED_STARTS) {
        this.#failedStarts = 0
        return this.#rejectAll(
          new AppError('interpreter_missing', `Python could not start the analysis of node files (${reason}).`, {
            hint: `Check that ${interpreter === '' ? 'it' : interpreter} is a working Python 3.9 or later.`,
          }),
        )
      }
    } else if (oldest?.method === 'analyse') {
      this.#queue.shift()
      oldest.blame(reason)
    }
    // What only told the old process something is told anew from the overlays.
    this.#queue = this.#queue.filter((request) => request.method === 'analyse')
    if (this.#queue.length > 0) void this.#start()
  }

  #rejectAll(error: AppError): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const queue = this.#queue
    this.#queue = []
    for (const request of queue) request.fail(error)
  }

  #remembered(root: string, file: string, analysis: FileAnalysis): FileAnalysis {
    if (analysis.status === 'ok') {
      const known = this.#lastKnown.get(root) ?? new Map<string, FileAnalysis['functions']>()
      this.#lastKnown.set(root, known)
      known.set(file, analysis.functions)
      return analysis
    }
    // A new process knows nothing of what the old one saw.
    if (Object.keys(analysis.functions).length > 0) return analysis
    return { ...analysis, functions: this.#lastKnown.get(root)?.get(file) ?? {} }
  }

  #unreadable(root: string, file: string, reason: string): FileAnalysis {
    return {
      status: 'unreadable',
      message: `${file} could not be analysed: ${reason}.`,
      line: null,
      column: null,
      functions: this.#lastKnown.get(root)?.get(file) ?? {},
      stale: true,
      imports: [],
      dependsOn: [],
    }
  }
}
