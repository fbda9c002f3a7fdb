/** One list of problems per open project, made anew when its files, code or environment change. */
import { isDeepStrictEqual } from 'node:util'
import type { EnvironmentStatus } from '../../src-shared/contract/environment.ts'
import type { EventPayload } from '../../src-shared/contract/events.ts'
import type { Problem } from '../../src-shared/contract/problem.ts'
import type { ProjectId } from '../../src-shared/ids.ts'
import { toAppError } from '../base/app-error.ts'
import { DisposableStore, type Disposable } from '../base/disposable.ts'
import { Emitter } from '../base/event.ts'
import type { EnvironmentService } from '../environment/index.ts'
import type { ProjectService } from '../project/index.ts'
import { projectProblems } from './project-problems.ts'

/** A burst of changes makes one list. */
const COALESCE_MS = 20

export class ProblemsService implements Disposable {
  readonly #projects: ProjectService
  readonly #environments: EnvironmentService
  readonly #store = new DisposableStore()
  readonly #current = new Map<ProjectId, Problem[]>()
  readonly #timers = new Map<ProjectId, NodeJS.Timeout>()
  /** By folder. */
  readonly #environmentOf = new Map<string, EnvironmentStatus>()
  readonly #didChange = new Emitter<EventPayload<'problems.changed'>>()
  readonly onDidChange = this.#didChange.event

  constructor(projects: ProjectService, environments: EnvironmentService) {
    this.#projects = projects
    this.#environments = environments
    const changed = ({ projectId }: { projectId: ProjectId }): void => this.#schedule(projectId)
    this.#store.add(projects.onDidChangeFile(changed))
    this.#store.add(projects.onDidChangeList(changed))
    this.#store.add(projects.onDidChangeAnalyses(changed))
    this.#store.add(projects.onDidChangeProject(changed))
    this.#store.add(projects.onDidClose(({ projectId, dir }) => this.#forget(projectId, dir)))
    this.#store.add(
      environments.onDidChange(({ projectDir, status }) => {
        this.#environmentOf.set(projectDir, status)
        for (const project of projects.openProjects) if (project.dir === projectDir) this.#schedule(project.id)
      }),
    )
  }

  /** The list as it is now. Where it is another than the last one, everyone hears of it, not only who asked. */
  async list(projectId: ProjectId): Promise<Problem[]> {
    const project = this.#projects.get(projectId)
    await project.analysed()
    const environment = await this.#environment(project.dir)
    const problems = projectProblems(project, environment)
    const before = this.#current.get(projectId)
    this.#current.set(projectId, problems)
    if (before !== undefined && !isDeepStrictEqual(before, problems)) this.#didChange.fire({ projectId, problems })
    return problems
  }

  /** For `nodeloom check`: reads the project as it is on disk, changes nothing. Rejects where it is none. */
  async check(projectDir: string): Promise<Problem[]> {
    const { projectId } = await this.#projects.open(projectDir, { live: false })
    try {
      return await this.list(projectId)
    } finally {
      await this.#projects.close(projectId)
    }
  }

  dispose(): void {
    this.#store.dispose()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Null where it cannot be told, for instance because pyproject.toml is damaged just now. */
  async #environment(dir: string): Promise<EnvironmentStatus | null> {
    return this.#environments.status(dir).catch(() => this.#environmentOf.get(dir) ?? null)
  }

  #schedule(projectId: ProjectId): void {
    if (this.#timers.has(projectId)) return
    const timer = setTimeout(() => {
      this.#timers.delete(projectId)
      this.list(projectId).catch((error: unknown) => {
        // The project was closed meanwhile.
        if (toAppError(error).code !== 'not_found') throw error
      })
    }, COALESCE_MS)
    timer.unref()
    this.#timers.set(projectId, timer)
  }

  #forget(projectId: ProjectId, dir: string): void {
    clearTimeout(this.#timers.get(projectId))
    this.#timers.delete(projectId)
    this.#current.delete(projectId)
    this.#environmentOf.delete(dir)
  }
}
