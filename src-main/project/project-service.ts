/** The projects that are open in this host, and what is done to projects as folders. */
import { randomUUID } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import type { EventPayload } from '../../src-shared/contract/events.ts'
import type {
  Example,
  FileEntry,
  FileWrite,
  FolderListing,
  ProjectSnapshot,
  RecentProject,
  TextFile,
} from '../../src-shared/contract/project.ts'
import { zProjectId, type ProjectId } from '../../src-shared/ids.ts'
import { AppError, toAppError } from '../base/app-error.ts'
import { Emitter } from '../base/event.ts'
import type { Backup } from './backups.ts'
import { browse } from './browse.ts'
import { exampleDir, listExamples } from './examples.ts'
import { Mutex } from './mutex.ts'
import { OpenProject } from './open-project.ts'
import type { Analyser } from './project-analyses.ts'
import { readProjectFile, type ProjectFile } from './project-file.ts'
import {
  checkedPath,
  checkProjectName,
  createProject,
  duplicateProject,
  putAway,
  renameProject,
} from './project-folder.ts'
import { lockedSentence, lockOwner } from './project-lock.ts'
import { hostId } from './process-identity.ts'
import { Profile } from './profile.ts'
import { asProjectPath } from './text-file.ts'

export interface ProjectServiceOptions {
  readonly analysis: Analyser
  readonly profileDir: string
  readonly examplesDir: string
  /** Where `suggestPath` puts projects. */
  readonly projectsDir: string
}

/** What this service knows of a snapshot; problems, environment and run come from theirs. */
export type OpenedProject = Omit<ProjectSnapshot, 'problems' | 'environment' | 'run'>

interface Entry {
  readonly project: OpenProject
  clients: number
}

export class ProjectService {
  readonly #options: ProjectServiceOptions
  readonly #profile: Profile
  readonly #open = new Map<ProjectId, Entry>()
  /** Opening and closing one after the other, so that one folder is never open twice. */
  readonly #mutex = new Mutex()

  readonly #didChangeFile = new Emitter<EventPayload<'file.changed'>>()
  readonly #didChangeList = new Emitter<EventPayload<'file.listChanged'>>()
  readonly #didChangeAnalyses = new Emitter<EventPayload<'analysis.changed'>>()
  readonly #didChangeProject = new Emitter<EventPayload<'project.changed'>>()
  readonly #didOpen = new Emitter<ProjectId>()
  readonly #didClose = new Emitter<{ projectId: ProjectId; dir: string }>()
  readonly onDidChangeFile = this.#didChangeFile.event
  readonly onDidChangeList = this.#didChangeList.event
  readonly onDidChangeAnalyses = this.#didChangeAnalyses.event
  readonly onDidChangeProject = this.#didChangeProject.event
  /** The first client opened it. */
  readonly onDidOpen = this.#didOpen.event
  /** The last client closed it. */
  readonly onDidClose = this.#didClose.event

  constructor(options: ProjectServiceOptions) {
    this.#options = options
    this.#profile = new Profile(options.profileDir)
  }

  // Folders

  /** Makes a project at an absolute path; it is trusted. Answers its real path. */
  async create(target: string, example: string | null): Promise<string> {
    const from = example === null ? null : await exampleDir(this.#options.examplesDir, example)
    const made = await createProject(checkedPath(target), from)
    await this.#profile.trust(made)
    return made
  }

  /** A path in the projects folder that is free. */
  async suggestPath(name: string): Promise<string> {
    checkProjectName(name)
    for (let count = 1; ; count++) {
      const target = path.join(this.#options.projectsDir, count === 1 ? name : `${name} ${count}`)
      if ((await stat(target).catch(() => null)) === null) return target
    }
  }

  async rename(target: string, name: string): Promise<string> {
    const dir = await this.#realProject(target)
    await this.#refuseInUse(dir)
    const trusted = await this.#profile.isTrusted(dir)
    const renamed = await renameProject(dir, name)
    await this.#profile.forget(dir)
    await this.#profile.forgetTrust(dir)
    if (trusted) await this.#profile.trust(renamed)
    await this.#profile.remember(renamed, name)
    return renamed
  }

  /** The copy is as trusted as the original. */
  async duplicate(source: string, target: string): Promise<string> {
    const dir = await this.#realProject(source)
    const copy = await duplicateProject(dir, checkedPath(target))
    if (await this.#profile.isTrusted(dir)) await this.#profile.trust(copy)
    return copy
  }

  /** Answers where the folder is now. */
  async delete(target: string): Promise<string> {
    const dir = await this.#realProject(target)
    await this.#refuseInUse(dir)
    const movedTo = await putAway(dir)
    await this.#profile.forget(dir)
    await this.#profile.forgetTrust(dir)
    return movedTo
  }

  async #realProject(target: string): Promise<string> {
    const dir = await realFolder(target)
    await readProjectFile(dir)
    return dir
  }

  async #refuseInUse(dir: string): Promise<void> {
    if ([...this.#open.values()].some((entry) => entry.project.dir === dir)) {
      throw new AppError('locked', `${dir} is open.`, { hint: 'Close the project first.' })
    }
    const owner = await lockOwner(path.join(dir, '.nodeloom'))
    if (owner !== null)
      throw new AppError('locked', lockedSentence(owner, await hostId()), { hint: 'Close it there first.' })
  }

  // The profile

  recents(): Promise<RecentProject[]> {
    return this.#profile.recents()
  }

  forgetRecent(projectDir: string): Promise<void> {
    return this.#profile.forget(projectDir)
  }

  examples(): Promise<Example[]> {
    return listExamples(this.#options.examplesDir)
  }

  browse(folder: string | null): Promise<FolderListing> {
    return browse(folder)
  }

  readPreferences(): Promise<Record<string, string>> {
    return this.#profile.preferences()
  }

  async writePreference(key: string, json: string): Promise<void> {
    try {
      JSON.parse(json)
    } catch {
      throw new AppError('invalid_request', `The preference ${key} is not JSON.`)
    }
    await this.#profile.writePreference(key, json)
  }

  /** `projectDir` may be given through links. */
  async isTrusted(projectDir: string): Promise<boolean> {
    return this.#profile.isTrusted(await realFolder(projectDir))
  }

  async trust(projectDir: string): Promise<void> {
    const dir = await realFolder(projectDir)
    await this.#profile.trust(dir)
    for (const [id, { project }] of this.#open) if (project.dir === dir) await this.#announceProject(id, project)
  }

  // Open projects

  /**
   * Opens for one client more. `live` false (command line): no lock, no watching, nothing on disk changes,
   * writes are refused; such a project is not shared and not remembered.
   */
  open(target: string, options: { live?: boolean } = {}): Promise<OpenedProject> {
    const live = options.live !== false
    return this.#mutex.run(async () => {
      const dir = await realFolder(target)
      const shared = live
        ? [...this.#open.values()].find((entry) => entry.project.dir === dir && entry.project.live)
        : undefined
      if (shared) {
        shared.clients += 1
        return this.#snapshot(shared.project)
      }
      const project = await this.#openNew(dir, live)
      this.#open.set(project.id, { project, clients: 1 })
      if (live) await this.#profile.remember(dir, project.name).catch(() => undefined)
      this.#didOpen.fire(project.id)
      return this.#snapshot(project)
    })
  }

  #openNew(dir: string, live: boolean): Promise<OpenProject> {
    const projectId = zProjectId.parse(`p-${randomUUID()}`)
    const ids = { projectId }
    return OpenProject.open({
      id: projectId,
      dir,
      live,
      analyser: this.#options.analysis,
      listener: {
        fileChanged: (file, revision, text) =>
          this.#didChangeFile.fire({ ...ids, path: asProjectPath(file), revision, text }),
        listChanged: (files, flows) => this.#didChangeList.fire({ ...ids, files, flows }),
        analysesChanged: (files) => this.#didChangeAnalyses.fire({ ...ids, files }),
        changed: () => {
          const entry = this.#open.get(projectId)
          if (entry) void this.#announceProject(projectId, entry.project)
        },
      },
    })
  }

  async #announceProject(projectId: ProjectId, project: OpenProject): Promise<void> {
    const trusted = await this.#profile.isTrusted(project.dir)
    this.#didChangeProject.fire({ projectId, name: project.name, trusted, readOnly: project.readOnly })
  }

  async #snapshot(project: OpenProject): Promise<OpenedProject> {
    return {
      projectId: project.id,
      path: project.dir,
      name: project.name,
      trusted: await this.#profile.isTrusted(project.dir),
      readOnly: project.readOnly,
      flows: project.flowNames,
      files: [...project.files],
      analyses: Object.fromEntries(project.analyses),
      viewState: await project.viewState(),
    }
  }

  /** One client less; the last one ends it and gives the lock back. */
  close(projectId: ProjectId): Promise<void> {
    return this.#mutex.run(async () => {
      const entry = this.#open.get(projectId)
      if (!entry) return
      entry.clients -= 1
      if (entry.clients > 0) return
      this.#open.delete(projectId)
      await entry.project.close()
      this.#didClose.fire({ projectId, dir: entry.project.dir })
    })
  }

  /** The open project for the host's other services. Throws `not_found` where it is closed. */
  get(projectId: ProjectId): OpenProject {
    const entry = this.#open.get(projectId)
    if (!entry) throw new AppError('not_found', 'This project is not open any more.', { hint: 'Open it again.' })
    return entry.project
  }

  get openProjects(): OpenProject[] {
    return [...this.#open.values()].map((entry) => entry.project)
  }

  /** Real path of an open project's folder. */
  dirOf(projectId: ProjectId): string {
    return this.get(projectId).dir
  }

  list(projectId: ProjectId): FileEntry[] {
    return [...this.get(projectId).files]
  }

  read(projectId: ProjectId, file: string): Promise<TextFile> {
    return this.get(projectId).read(file)
  }

  /** All or none; see the contract's `file.write`. Answers the new revisions. */
  write(projectId: ProjectId, writes: readonly FileWrite[]): Promise<Record<string, string | null>> {
    return this.get(projectId).write(writes)
  }

  draft(projectId: ProjectId, file: string, text: string | null): Promise<void> {
    return this.get(projectId).draft(file, text)
  }

  lastGood(projectId: ProjectId, file: string): Promise<Backup | null> {
    return this.get(projectId).lastGood(file)
  }

  saveViewState(projectId: ProjectId, json: string): Promise<void> {
    return this.get(projectId).saveViewState(json)
  }

  /** pyproject.toml of a folder, open or not. Throws `not_a_project`. */
  projectFile(projectDir: string): Promise<ProjectFile> {
    return readProjectFile(projectDir)
  }

  /** Closes everything, whoever has it open. May be called twice. */
  async stop(): Promise<void> {
    await this.#mutex.run(async () => {
      const entries = [...this.#open.values()]
      this.#open.clear()
      await Promise.all(entries.map((entry) => entry.project.close()))
    })
  }
}

/** The real path of a folder. */
async function realFolder(target: string): Promise<string> {
  const checked = checkedPath(target)
  try {
    const dir = await realpath(checked)
    if ((await stat(dir)).isDirectory()) return dir
  } catch (error) {
    throw toAppError(error, checked)
  }
  throw new AppError('not_a_project', `${checked} is a file, not a project folder.`, {
    hint: 'Open the folder that holds it.',
  })
}
