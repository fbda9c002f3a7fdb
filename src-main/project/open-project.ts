/**
 * One project that is open here: its lock, its watched files, the mutex that orders reads and writes, and
 * the analyses of its code. Announces; decides nothing about clients.
 */
import { access, constants, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { FileAnalysis } from '../../src-shared/contract/analysis.ts'
import type { FileEntry, FileWrite, TextFile } from '../../src-shared/contract/project.ts'
import type { Problem } from '../../src-shared/contract/problem.ts'
import { parseFlow, type ParsedFlow } from '../../src-shared/flow/parse-flow.ts'
import { parseLayout } from '../../src-shared/flow/parse-layout.ts'
import type { ProjectId } from '../../src-shared/ids.ts'
import { AppError, toAppError } from '../base/app-error.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { makeFolder } from '../base/file-changes.ts'
import { resolveInside } from '../base/resolve-inside.ts'
import { Backups, healthOf, type Backup } from './backups.ts'
import { flowsAmong, listFiles, stampOf } from './file-list.ts'
import { completeJournal } from './journal.ts'
import { Mutex } from './mutex.ts'
import { hostId } from './process-identity.ts'
import { ProjectAnalyses, type Analyser } from './project-analyses.ts'
import { PROJECT_FILE, readProjectFile, type ProjectFile } from './project-file.ts'
import { acquireLock, lockedSentence, type ProjectLock } from './project-lock.ts'
import { ProjectWatcher } from './project-watcher.ts'
import {
  asProjectPath,
  decodeText,
  isFlowFile,
  isLayoutFile,
  MAX_TEXT_BYTES,
  readFileOnDisk,
  textOf,
} from './text-file.ts'
import { writeTransaction } from './transaction.ts'

const LOCK_RETRY_MS = 3_000

export interface OpenProjectListener {
  fileChanged(file: string, revision: string | null, text: string | null): void
  listChanged(files: FileEntry[], flows: string[]): void
  analysesChanged(files: Record<string, FileAnalysis | null>): void
  /** Name, or whether it can be written. */
  changed(): void
}

export interface OpenProjectOptions {
  readonly id: ProjectId
  /** Real path. */
  readonly dir: string
  readonly analyser: Analyser
  readonly listener: OpenProjectListener
  /** True: take the lock and watch the folder. False: read once, change nothing on disk. */
  readonly live: boolean
}

/** A flow as it is on disk now. `parsed` null: not text. */
export interface FlowOnDisk {
  readonly file: string
  readonly revision: string
  readonly parsed: ParsedFlow | null
}

export class OpenProject {
  readonly id: ProjectId
  readonly dir: string
  readonly stateDir: string
  readonly #listener: OpenProjectListener
  readonly #live: boolean
  readonly #mutex = new Mutex()
  readonly #backups: Backups
  readonly #analyses: ProjectAnalyses
  /** Revisions last announced or read. */
  readonly #known = new Map<string, string | null>()
  /** What files looked like when they were last compared, so that unchanged ones are not read. */
  #stamps = new Map<string, string>()
  readonly #flows = new Map<string, FlowOnDisk>()
  readonly #layoutProblems = new Map<string, readonly Problem[]>()
  #project: ProjectFile
  #files: FileEntry[] = []
  #lock: ProjectLock | null = null
  #readOnly: string | null = null
  #watcher: ProjectWatcher | null = null
  #lockTimer: NodeJS.Timeout | undefined
  #closed = false

  /** Rejects with `not_a_project` and the like; then nothing was changed on disk. */
  static async open(options: OpenProjectOptions): Promise<OpenProject> {
    const opened = new OpenProject(options, await readProjectFile(options.dir))
    try {
      await opened.#start()
    } catch (error) {
      await opened.close()
      throw error
    }
    return opened
  }

  private constructor(options: OpenProjectOptions, project: ProjectFile) {
    this.id = options.id
    this.dir = options.dir
    this.stateDir = path.join(options.dir, '.nodeloom')
    this.#listener = options.listener
    this.#live = options.live
    this.#project = project
    this.#backups = new Backups(this.stateDir)
    this.#analyses = new ProjectAnalyses(options.analyser, options.dir, (files) =>
      this.#listener.analysesChanged(files),
    )
  }

  get name(): string {
    return this.#project.name
  }

  /** False: opened for one reading, without lock and watching. */
  get live(): boolean {
    return this.#live
  }

  get readOnly(): string | null {
    return this.#readOnly
  }

  get projectFile(): ProjectFile {
    return this.#project
  }

  get files(): readonly FileEntry[] {
    return this.#files
  }

  /** `main` first, then by name. */
  get flowNames(): string[] {
    return flowsAmong(this.#files)
  }

  get flows(): ReadonlyMap<string, FlowOnDisk> {
    return this.#flows
  }

  /** What is wrong with the layouts of flows; none of it keeps a flow from running. */
  get layoutProblems(): readonly Problem[] {
    return [...this.#layoutProblems.values()].flat()
  }

  get analyses(): ReadonlyMap<string, FileAnalysis> {
    return this.#analyses.results
  }

  /** Resolves when the analyses fit what is on disk and in drafts. */
  analysed(): Promise<void> {
    return this.#analyses.settled()
  }

  async #start(): Promise<void> {
    if (this.#live) await this.#takeLock()
    const list = await listFiles(this.dir)
    this.#files = list.files
    this.#stamps = list.stamps
    await Promise.all(this.#files.map((file) => this.#readDocument(file.path)))
    this.#wantAnalyses()
    if (this.#live) {
      // A folder that cannot be watched still opens; changes from outside are then met at the next save.
      this.#watcher = new ProjectWatcher(
        this.dir,
        (paths) => void this.#mutex.run(() => this.#checkOutside(paths)).catch(() => undefined),
        () => undefined,
      )
    }
    await this.#analyses.settled()
  }

  async #takeLock(): Promise<void> {
    if (this.#project.newer) {
      this.#readOnly = this.#project.problems[0]?.message ?? 'This project was written by a newer Nodeloom.'
      return
    }
    const writable = await access(this.dir, constants.W_OK).then(
      () => true,
      () => false,
    )
    if (!writable) {
      this.#readOnly = 'This folder may not be written, so the project is read-only.'
      return
    }
    try {
      const attempt = await acquireLock(this.stateDir)
      if ('held' in attempt) {
        this.#lock = attempt.held
        this.#readOnly = null
        await keepToItself(this.stateDir)
        await completeJournal(this.dir, this.stateDir)
        return
      }
      this.#readOnly = lockedSentence(attempt.owner, await hostId())
      this.#lockTimer = setTimeout(() => void this.#retryLock(), LOCK_RETRY_MS)
      this.#lockTimer.unref()
    } catch (error) {
      this.#readOnly = `This project is read-only: ${toAppError(error).message}`
    }
  }

  async #retryLock(): Promise<void> {
    if (this.#closed) return
    const before = this.#readOnly
    await this.#mutex.run(() => this.#takeLock())
    if (this.#closed) {
      await this.#lock?.release()
      return
    }
    if (this.#readOnly !== before) this.#listener.changed()
  }

  /** The text of a file. Rejects with `not_found`, `unsupported`, `path_outside_project` … */
  read(file: string): Promise<TextFile> {
    return this.#mutex.run(async () => {
      const onDisk = await readFileOnDisk(await resolveInside(this.dir, file), file)
      if (onDisk === null)
        throw new AppError('not_found', `${file} does not exist in this project.`, {
          hint: 'It may have been removed or renamed.',
        })
      const text = textOf(onDisk, file)
      this.#known.set(file, onDisk.revision)
      return {
        path: asProjectPath(file),
        text,
        revision: onDisk.revision,
        readOnly: this.#whyReadOnly(file, text, onDisk.mode),
      }
    })
  }

  #whyReadOnly(file: string, text: string, mode: number): string | null {
    if (this.#readOnly !== null) return this.#readOnly
    if ((mode & 0o222) === 0) return `${file} is a read-only file.`
    return healthOf(file, text) === 'newer'
      ? `${file} was written by a newer Nodeloom. Update Nodeloom to change it.`
      : null
  }

  write(writes: readonly FileWrite[]): Promise<Record<string, string | null>> {
    return this.#mutex.run(async () => {
      if (!this.#live || this.#readOnly !== null || this.#lock === null) {
        throw new AppError('read_only', this.#readOnly ?? 'This project is open for reading only.', {
          hint: 'Your text is kept here; copy it, or try again when the project can be written.',
        })
      }
      const result = await writeTransaction(
        { projectDir: this.dir, stateDir: this.stateDir, backups: this.#backups },
        writes,
      )
      for (const { path: file, revision, text } of result.changed) this.#announce(file, revision, text)
      await this.#afterChanges(result.changed.map((change) => change.path))
      return result.revisions
    })
  }

  draft(file: string, text: string | null): Promise<void> {
    return this.#analyses.draft(file, text)
  }

  lastGood(file: string): Promise<Backup | null> {
    return this.#backups.lastGood(file)
  }

  async viewState(): Promise<string | null> {
    const text = await readFile(path.join(this.stateDir, 'viewport.json'), 'utf8').catch(() => null)
    try {
      if (text !== null) JSON.parse(text)
      return text
    } catch {
      return null
    }
  }

  /** Does nothing where the project is read-only: the look is not worth an error. */
  async saveViewState(json: string): Promise<void> {
    if (this.#lock === null) return
    await makeFolder(this.stateDir)
    await writeFileAtomic(path.join(this.stateDir, 'viewport.json'), json)
  }

  /** Problems of the project as a whole: its file, and flows that should be there. */
  get problems(): readonly Problem[] {
    const missing: Problem = {
      code: 'flow-missing',
      severity: 'error',
      message: 'The project has no flows/main.json.',
      hint: 'Restore its last good copy, or make a new flow.',
      file: 'flows/main.json',
      line: null,
      node: null,
      port: null,
      edge: null,
    }
    return this.flowNames.includes('main') ? this.#project.problems : [...this.#project.problems, missing]
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#lockTimer)
    await this.#watcher?.close()
    await this.#mutex.idle()
    await this.#analyses.close()
    await this.#lock?.release()
  }

  /** Compares with what was announced last, so that own writes and mere touches say nothing. */
  async #checkOutside(paths: readonly string[]): Promise<void> {
    if (this.#closed) return
    const changed: string[] = []
    for (const file of paths) {
      const fresh = await this.#readIfTouched(file)
      if (fresh === undefined) continue
      const before = this.#known.get(file)
      if ((before ?? null) === (fresh?.revision ?? null)) continue
      this.#announce(file, fresh?.revision ?? null, fresh?.text ?? null)
      changed.push(file)
      const text = fresh?.text ?? null
      if (text !== null && this.#lock !== null && healthOf(file, text) === 'good') {
        await this.#backups.keepGood(file, text).catch(() => undefined)
      }
    }
    await this.#afterChanges(changed)
  }

  /** Undefined: a folder, not touched since the last look, or nothing that can be told. */
  async #readIfTouched(file: string): Promise<{ revision: string; text: string | null } | null | undefined> {
    try {
      const absolute = await resolveInside(this.dir, file)
      const stats = await stat(absolute).catch(() => null)
      if (stats === null) {
        this.#stamps.delete(file)
        return null
      }
      const stamp = stampOf(stats)
      if (!stats.isFile() || this.#stamps.get(file) === stamp) return undefined
      this.#stamps.set(file, stamp)
      if (stats.size > MAX_TEXT_BYTES) return { revision: stamp, text: null }
      const onDisk = await readFileOnDisk(absolute, file)
      return onDisk === null ? null : { revision: onDisk.revision, text: decodeText(onDisk.bytes) }
    } catch {
      return undefined
    }
  }

  #announce(file: string, revision: string | null, text: string | null): void {
    this.#known.set(file, revision)
    this.#listener.fileChanged(file, revision, text)
  }

  async #afterChanges(paths: readonly string[]): Promise<void> {
    const before = JSON.stringify(this.#files)
    await this.#readList()
    if (paths.includes(PROJECT_FILE)) await this.#readProject()
    await Promise.all(paths.map((file) => this.#readDocument(file)))
    if (before !== JSON.stringify(this.#files)) this.#listener.listChanged([...this.#files], this.flowNames)
    this.#wantAnalyses()
    this.#analyses.changed(paths)
  }

  async #readList(): Promise<void> {
    this.#files = (await listFiles(this.dir)).files
  }

  async #readProject(): Promise<void> {
    const before = this.#project
    try {
      this.#project = await readProjectFile(this.dir)
    } catch (error) {
      this.#project = { ...before, problems: [{ ...projectGone, message: toAppError(error).message }] }
    }
    if (this.#project.newer) this.#readOnly = this.#project.problems[0]?.message ?? null
    if (this.#project.name !== before.name || this.#project.newer !== before.newer) this.#listener.changed()
  }

  /** Flows and layouts are kept as they parse; other files are nothing to this. */
  async #readDocument(file: string): Promise<void> {
    const isFlow = isFlowFile(file)
    if (!isFlow && !isLayoutFile(file)) return
    const onDisk = await resolveInside(this.dir, file)
      .then((absolute) => readFileOnDisk(absolute, file))
      .catch(() => null)
    if (onDisk === null) {
      this.#flows.delete(file)
      this.#layoutProblems.delete(file)
      return
    }
    const text = decodeText(onDisk.bytes)
    // Only at the start: later an even newer text may be met here, and that one is still to be announced.
    if (!this.#known.has(file)) this.#known.set(file, onDisk.revision)
    if (isFlow)
      this.#flows.set(file, { file, revision: onDisk.revision, parsed: text === null ? null : parseFlow(text, file) })
    else this.#layoutProblems.set(file, parseLayout(text ?? '', file).problems)
    if (text !== null && this.#lock !== null && healthOf(file, text) === 'good') {
      await this.#backups.keepGood(file, text).catch(() => undefined)
    }
  }

  #wantAnalyses(): void {
    const files = new Set(
      this.#files.filter((file) => file.path.startsWith('nodes/')).map((file) => file.path as string),
    )
    for (const flow of this.#flows.values()) {
      for (const node of Object.values(flow.parsed?.document?.nodes ?? {})) {
        if (node.kind === 'code' && node.file !== undefined) files.add(node.file)
      }
    }
    this.#analyses.want(files)
  }
}

const projectGone: Problem = {
  code: 'not-a-project',
  severity: 'error',
  message: '',
  hint: `Restore ${PROJECT_FILE} from a copy or from git.`,
  file: PROJECT_FILE,
  line: null,
  node: null,
  port: null,
  edge: null,
}

/** The folder of caches and backups keeps itself out of git. */
async function keepToItself(stateDir: string): Promise<void> {
  const file = path.join(stateDir, '.gitignore')
  const there = await access(file).then(
    () => true,
    () => false,
  )
  if (!there) await writeFileAtomic(file, '*\n')
}
