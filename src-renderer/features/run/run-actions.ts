/** Starting and stopping runs from the page. */
import { z } from 'zod'
import { zProblem } from '../../../src-shared/contract/problem.ts'
import type { RunSelection } from '../../../src-shared/contract/run.ts'
import { host } from '../../host/index.ts'
import { asWireError } from '../../lib/wire-error.ts'
import { clearToasts, showError } from '../../ui/toasts.tsx'
import { askForPackages, isBusy, offerRepair, useEnvironment } from '../environment/index.ts'
import { setRefusal } from '../problems/index.ts'
import { openProjectNow } from '../project/index.ts'
import { isActive, setStarting, useRun } from './run-store.ts'

/** What has to be on disk before a run reads it; the editor and the canvas add theirs. */
const savers = new Set<() => Promise<void>>()

export function onWillRun(save: () => Promise<void>): { dispose(): void } {
  savers.add(save)
  return { dispose: () => savers.delete(save) }
}

/** Called when a run was refused; the frame shows the Problems panel. */
let showRefusal: () => void = () => undefined
export const setRefusalView = (show: () => void): void => {
  showRefusal = show
}

const zRefusalDetail = z.object({ problems: z.array(zProblem) })

/** Why a run cannot start now, or null. */
export function whyNoRun(): string | null {
  const project = openProjectNow()
  if (project === null) return 'Open a project first.'
  if (!project.trusted) return 'Trust this folder first: nothing of it runs until then.'
  if (isBusy(useEnvironment.getState().status))
    return 'The environment is being made; the run can start when it is ready.'
  return null
}

/** Saves, checks the environment (asking once for packages that are missing), and starts. */
export async function startRun(flow: string, selection: RunSelection = {}): Promise<void> {
  const project = openProjectNow()
  const why = whyNoRun()
  if (project === null || why !== null) {
    showError({ message: why ?? 'Open a project first.' })
    return
  }
  const environment = useEnvironment.getState().status
  if (environment?.state === 'broken' || environment?.state === 'failed') {
    offerRepair(() => void startRun(flow, selection))
    return
  }
  if (environment !== null && environment.missing.length > 0) {
    askForPackages(environment.missing, () => void startRun(flow, selection))
    return
  }
  setRefusal([])
  clearToasts()
  setStarting(true)
  try {
    await Promise.all([...savers].map(async (save) => save()))
    await host.request('run.start', { projectId: project.projectId, flow, selection })
  } catch (thrown) {
    setStarting(false)
    const error = asWireError(thrown)
    const refused = zRefusalDetail.safeParse(error.detail)
    if (error.code === 'run_refused' && refused.success) {
      setRefusal(refused.data.problems)
      showRefusal()
    } else {
      showError(error)
    }
  }
}

/** Ends the run that goes on, or takes the waiting one out of the queue. */
export async function stopRun(): Promise<void> {
  const { projectId, run, queued } = useRun.getState()
  const runId = isActive(run) ? run?.runId : queued?.runId
  if (projectId === null || runId === undefined) return
  try {
    await host.request('run.stop', { projectId, runId })
  } catch (thrown) {
    showError(asWireError(thrown))
  }
}
