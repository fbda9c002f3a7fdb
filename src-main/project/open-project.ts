/**
 * One project that is open here: its lock, its watched files, the mutex that orders reads and writes, and
 * the analyses of its code. Announces; decides nothing about clients.
 */
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { FileAnalysis } from '../../src-shared/contract/analysis.ts'
import type { FileEntry, FileWrite, TextFile } from '../../src-shared/contract/project.ts'
import type { Problem } from '../../src-shared/contract/problem.ts'
import type { ProjectId } from '../../src-shared/ids.ts'
import { AppError, toAppError } from '../base/app-error.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { makeFolder } from '../base/file-changes.ts'
import { resolveInside } from '../base/resolve-inside.ts'
import { Backups, healthOf, type Backup } from './backups.ts'
import { flowsAmong, listFiles, stampOf } from './file-list.ts'
import { completeJournal } from './journal.ts'
import { Mutex } from './mutex.ts'
import { ProjectAnalyses, type Analyser } from './project-analyses.ts'
import { PROJECT_FILE, readProjectFile, type ProjectFile } from './project-file.ts'
import { ProjectDocuments, type FlowOnDisk } from './project-documents.ts'
import { ProjectWatcher } from './project-watcher.ts'
import { asProjectPath, decodeText, MAX_TEXT_BYTES, readFileOnDisk, textOf } from './text-file.ts'
import { writeTransaction } from './transaction.ts'
import { WriteAccess } from './write-access.ts'

export interface OpenProjectListener {
  fileChanged(file: string, revision: string | null, text: string | null): void
  listChanged(files: FileEntry[], flows: string[]): void
  analysesChanged(files: Record<string, FileAnalysis | null>): void
  /** Name, or whether it can be written. */
  changed(): void
}

interface ChangedFile {
  readonly path: string
  readonly revision: string | null
  readonly text: string | null
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

export class OpenProject {
  readonly id: ProjectId
  readonly dir: string
  readonly stateDir: string
  readonly #listener: OpenProjectListener
  readonly #live: boolean
  readonly #mutex = new Mutex()
  readonly #backups: Backups
  readonly #analyses: ProjectAnalyses
  readonly #access: WriteAccess
  readonly #documents: ProjectDocuments
  /** Revisions last announced or read. */
  readonly #known = new Map<string, string | null>()
  /** What files looked like when they were last compared, so that unchanged ones are not read. */
  #stamps = new Map<string, string>()
  #project: ProjectFile
  #files: FileEntry[] = []
  #watcher: ProjectWatcher | null = null
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
    this.#access = new WriteAccess(options.dir, this.stateDir, () => void this.#retryLock())
    this.#documents = new ProjectDocuments(options.dir)
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
    return this.#access.readOnly
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
    return this.#documents.flows
  }

  /** What is wrong with the layouts of flows; none of it keeps a flow from running. */
  get layoutProblems(): readonly Problem[] {
    return this.#documents.layoutProblems
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
    if (this.#project.newer) this.#access.refuse(this.#project.problems[0]?.message ?? 'It is of a newer format.')
    else if (await this.#access.take()) await completeJournal(this.dir, this.stateDir)
  }

  async #retryLock(): Promise<void> {
    const before = this.readOnly
    await this.#mutex.run(() => this.#takeLock())
    if (this.readOnly !== before) this.#listener.changed()
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
    if (this.readOnly !== null) return this.readOnly
    if ((mode & 0o222) === 0) return `${file} is a read-only file.`
    return healthOf(file, text) === 'newer'
      ? `${file} was written by a newer Nodeloom. Update Nodeloom to change it.`
      : null
  }

  write(writes: readonly FileWrite[]): Promise<Record<string, string | null>> {
    return this.#mutex.run(async () => {
      if (!this.#access.held) {
        throw new AppError('read_only', this.readOnly ?? 'This project is open for reading only.', {
          hint: 'Your text is kept here; copy it, or try again when the project can be written.',
        })
      }
      const result = await writeTransaction(
        { projectDir: this.dir, stateDir: this.stateDir, backups: this.#backups },
        writes,
      )
      // What was saved is newer than any draft of it, which would stand in for the file otherwise.
      for (const { path: file } of writes) await this.#analyses.draft(file, null)
      await this.#afterChanges(result.changed)
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
    if (!this.#access.held) return
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
    await this.#watcher?.close()
    await this.#mutex.idle()
    await this.#analyses.close()
    await this.#access.release()
  }

  /** Compares with what was announced last, so that own writes and mere touches say nothing. */
  async #checkOutside(paths: readonly string[]): Promise<void> {
    if (this.#closed) return
    const changed: ChangedFile[] = []
    for (const file of paths) {
      const wasThere = this.#stamps.has(file)
      const fresh = await this.#readIfTouched(file)
      const before = this.#known.get(file)
      if (fresh === undefined || before === (fresh?.revision ?? null)) continue
      if (fresh === null && before === undefined && !wasThere) continue
      changed.push({ path: file, revision: fresh?.revision ?? null, text: fresh?.text ?? null })
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

  /** Flows are read before their change is announced: who hears of it asks for what they are now. */
  async #afterChanges(changed: readonly ChangedFile[]): Promise<void> {
    const paths = changed.map((file) => file.path)
    const before = JSON.stringify(this.#files)
    await Promise.all(paths.map((file) => this.#readDocument(file)))
    for (const { path: file, revision, text } of changed) this.#announce(file, revision, text)
    await this.#readList()
    if (paths.includes(PROJECT_FILE)) await this.#readProject()
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
    if (this.#project.newer) this.#access.refuse(this.#project.problems[0]?.message ?? 'It is of a newer format.')
    if (this.#project.name !== before.name || this.#project.newer !== before.newer) this.#listener.changed()
  }

  /** Flows and layouts are kept as they parse, with a copy of each good one. */
  async #readDocument(file: string): Promise<void> {
    const read = await this.#documents.read(file)
    if (read === null) return
    // Only at the start: later an even newer text may be met here, and that one is still to be announced.
    if (!this.#known.has(file)) this.#known.set(file, read.revision)
    if (read.good !== null && this.#access.held) await this.#backups.keepGood(file, read.good).catch(() => undefined)
  }

  #wantAnalyses(): void {
    const inNodes = this.#files.map((file): string => file.path).filter((file) => file.startsWith('nodes/'))
    this.#analyses.want([...inNodes, ...this.#documents.codeFiles])
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
