/** The composition root: builds the services in order, wires their news, stops them in reverse. */
import { join } from 'node:path'
import type { MessagePortLike } from '../src-shared/rpc/port.ts'
import { AnalysisService } from './analysis/index.ts'
import { ClientServer } from './api/client-server.ts'
import type { Host } from './api/host.ts'
import { Writers } from './api/writers.ts'
import { DisposableStore, type Disposable } from './base/disposable.ts'
import { withDeadline } from './base/deadline.ts'
import { projectsDir } from './base/paths.ts'
import type { Services, ServicesOptions } from './base/services.ts'
import type { Shell } from './base/shell.ts'
import { EnvironmentService } from './environment/index.ts'
import { RunService } from './flow/index.ts'
import { ProblemsService } from './problems/index.ts'
import { PROJECT_FILE, ProjectService } from './project/index.ts'
import { createWorkerPool } from './python/index.ts'

/** Each service may take this long to stop; then the next one is told. */
const STOP_DEADLINE_MS = 2_000

export function createHost(options: ServicesOptions): Host {
  const { resourcesDir, profileDir, logger } = options
  const python = join(resourcesDir, 'python')
  const supervisorScript = join(python, 'nodeloom_runtime', 'supervise.py')
  const news = new DisposableStore()

  const environments = new EnvironmentService({ profileDir, supervisorScript, carriedBin: join(resourcesDir, 'bin') })
  const analysis = new AnalysisService({
    interpreter: () => environments.baseInterpreter(),
    scriptPath: join(python, 'nodeloom_analysis', '__main__.py'),
    logger,
  })
  const projects = new ProjectService({
    analysis,
    profileDir,
    examplesDir: join(resourcesDir, 'examples'),
    projectsDir: projectsDir(),
  })
  const pool = createWorkerPool({ runtimeDir: python })
  const runs = new RunService({
    pool,
    environment: async (projectDir) => ({
      interpreter: await environments.interpreterOf(projectDir),
      supervisorInterpreter: await environments.baseInterpreter(),
      env: {},
    }),
    profileDir,
    logger,
  })
  const problems = news.add(new ProblemsService(projects, environments))

  const report = (what: string) => (error: unknown) => logger.warn(what, { error })
  news.add(
    environments.onDidChangePackages((dir) => void pool.discard(dir).catch(report('workers were not discarded'))),
  )
  news.add(
    projects.onDidChangeFile(({ projectId, path }) => {
      if (path !== PROJECT_FILE && path !== 'uv.lock') return
      void environments.refresh(projects.dirOf(projectId)).catch(report('the environment was not looked at'))
    }),
  )
  news.add(projects.onDidClose(({ dir }) => void pool.discard(dir).catch(report('workers were not discarded'))))

  let stopping: Promise<void> | null = null
  const stopAll = async (): Promise<void> => {
    news.dispose()
    const steps: [string, () => Promise<void>][] = [
      ['runs', () => runs.close()],
      ['workers', () => pool.stop()],
      ['projects', () => projects.stop()],
      ['environments', () => environments.stop()],
      ['analysis', () => analysis.stop()],
    ]
    for (const [name, stop] of steps) {
      await withDeadline(stop(), STOP_DEADLINE_MS, () => logger.warn(`stopping ${name} took too long`)).catch(
        report(`stopping ${name} failed`),
      )
    }
  }
  return {
    options,
    analysis,
    projects,
    environments,
    problems,
    pool,
    runs,
    stop: () => (stopping ??= stopAll()),
  }
}

/** The services as the pages of a shell use them. */
export function createServices(options: ServicesOptions): Promise<Services> {
  const host = createHost(options)
  host.analysis.warm()
  const clients = new Set<ClientServer>()
  const writers = new Writers<ClientServer>()
  return Promise.resolve({
    serveClient(port: MessagePortLike, shell: Shell): Disposable {
      const client = new ClientServer(host, port, shell, writers, () => clients.delete(client))
      clients.add(client)
      return client
    },
    openPath(path: string): void {
      for (const client of clients) client.openPath(path)
    },
    async stop(): Promise<void> {
      for (const client of [...clients]) client.dispose()
      await host.stop()
    },
  })
}
