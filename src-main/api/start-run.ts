/** From a project that is open to a run: the environment is looked at, the flow taken from disk, the run queued. */
import { performance } from 'node:perf_hooks'
import type { Problem } from '../../src-shared/contract/problem.ts'
import type { RunSelection } from '../../src-shared/contract/run.ts'
import type { FlowDocument, JsonText } from '../../src-shared/flow/document.ts'
import type { ProjectId } from '../../src-shared/ids.ts'
import { AppError } from '../base/app-error.ts'
import type { RunRequest, StartedRun } from '../flow/index.ts'
import type { OpenProject } from '../project/index.ts'
import type { Host } from './host.ts'

export interface RunOrder {
  readonly projectId: ProjectId
  /** The flow's name: `main`. */
  readonly flow: string
  readonly selection: RunSelection
  readonly set: Readonly<Record<string, JsonText>>
  readonly jobs?: number | undefined
  /** `performance.now()` when the command began. */
  readonly openingAt?: number | undefined
}

export const flowFile = (flow: string): string => `flows/${flow}.json`

/** The flow as it is on disk. Throws AppError where it cannot be run. */
export function flowToRun(project: OpenProject, flow: string): FlowDocument {
  const file = flowFile(flow)
  const onDisk = project.flows.get(file)
  if (onDisk === undefined) {
    const known = project.flowNames
    throw new AppError('not_found', `The project has no flow "${flow}": ${file} does not exist.`, {
      hint: known.length === 0 ? 'Add a node in the app, and the flow is made.' : `Its flows: ${known.join(', ')}.`,
    })
  }
  const { parsed } = onDisk
  if (parsed?.newer === true) {
    throw new AppError('document_newer', `${file} was made by a newer Nodeloom and is not run by this one.`, {
      hint: 'Install the newer version.',
    })
  }
  if (parsed?.document == null) {
    const first = parsed?.problems[0]
    throw new AppError('run_refused', first?.message ?? `${file} is not text in UTF-8.`, {
      hint: 'Mend the file, or restore its last good copy. Nothing was changed.',
      detail: { problems: parsed?.problems ?? [] },
    })
  }
  return parsed.document
}

/** Problems of this flow and of the project as a whole; those of other flows and of packages stay out. */
const concerns =
  (flow: string) =>
  (problem: Problem): boolean => {
    if (problem.code === 'package-missing' || problem.code === 'environment-missing') return false
    const otherFlow = problem.file !== null && problem.file.startsWith('flows/') && problem.file !== flowFile(flow)
    return !otherFlow
  }

async function requestOf(host: Host, order: RunOrder): Promise<RunRequest> {
  const { projectId, flow, selection, set, jobs } = order
  const openingAt = order.openingAt ?? performance.now()
  const project = host.projects.get(projectId)
  const document = flowToRun(project, flow)
  const problems = (await host.problems.list(projectId)).filter(concerns(flow))
  return {
    projectDir: project.dir,
    projectId,
    flow,
    document,
    analysisOf: (file) => project.analyses.get(file),
    problems,
    selection,
    set,
    jobs,
    openingAt,
  }
}

/** Rejects with AppError (`run_refused`, `environment_missing`, `environment_broken` …) before anything starts. */
export const startRun = async (host: Host, order: RunOrder): Promise<StartedRun> =>
  host.runs.start(await requestOf(host, order))

/**
 * Makes the environment where there is none, unless the run would be refused anyway: then nothing is made. Rejects
 * with `run_refused`, `environment_broken`, and with `environment_missing` where packages the project names are not
 * installed and `install` is false.
 */
export async function readyEnvironment(host: Host, order: RunOrder, install: boolean): Promise<void> {
  const { dir: projectDir } = host.projects.get(order.projectId)
  let status = await host.environments.status(projectDir)
  if (status.state === 'broken') {
    throw new AppError('environment_broken', status.message, {
      hint: `Repair it: nodeloom env ${projectDir} repair`,
    })
  }
  if (status.state === 'ready' && status.missing.length === 0) return
  await host.runs.refuseImpossible(await requestOf(host, order))
  if (status.state !== 'ready') status = await host.environments.create(projectDir)
  if (status.missing.length === 0) return
  if (!install) {
    throw new AppError('environment_missing', `Not installed in .venv: ${status.missing.join(', ')}.`, {
      hint: `Install them: nodeloom env ${projectDir} sync (or run with --install).`,
    })
  }
  await host.environments.sync(projectDir)
}
