/** What a front works with: a page's rpc and the command line have the same services in their hands. */
import type { AnalysisService } from '../analysis/index.ts'
import type { ServicesOptions } from '../base/services.ts'
import type { Shell } from '../base/shell.ts'
import type { EnvironmentService } from '../environment/index.ts'
import type { RunService } from '../flow/index.ts'
import type { ProblemsService } from '../problems/index.ts'
import type { ProjectService } from '../project/index.ts'
import type { WorkerPool } from '../python/index.ts'
import type { ProjectId } from '../../src-shared/ids.ts'

export interface Host {
  readonly options: ServicesOptions
  readonly analysis: AnalysisService
  readonly projects: ProjectService
  readonly environments: EnvironmentService
  readonly problems: ProblemsService
  readonly pool: WorkerPool
  readonly runs: RunService
  /** Ends everything that was started; resolves when no child is left. May be called twice. */
  stop(): Promise<void>
}

/** Who sends a request: one connected page. */
export interface Client {
  readonly host: Host
  readonly shell: Shell
  /** From now on the client hears of this project. */
  didOpen(projectId: ProjectId): void
  /** Why this page may not write the project, or null; on top of what the project itself says. */
  readOnlyHere(projectId: ProjectId): string | null
  /** Undoes one `didOpen`, and gives the project back. */
  close(projectId: ProjectId): Promise<void>
}
