/**
 * The run that goes on or was the last one: a snapshot that every event moves on by the reducer the host
 * uses too, so that following events and attaching late give the same state.
 */
import { create } from 'zustand'
import type { EventPayload } from '../../../src-shared/contract/events.ts'
import type { RunSnapshot } from '../../../src-shared/contract/run.ts'
import type { ProjectId } from '../../../src-shared/ids.ts'
import { reduceRun } from '../../../src-shared/run/reduce.ts'
import { clearNodeStatuses, replaceNodeStatuses, setNodeStatus } from '../document/index.ts'

interface RunView {
  readonly projectId: ProjectId | null
  readonly run: RunSnapshot | null
  /** A request to start is under way. */
  readonly starting: boolean
  /** Place in the queue, 0 when the run goes on. */
  readonly queued: number
}

export const useRun = create<RunView>(() => ({ projectId: null, run: null, starting: false, queued: 0 }))

export const isActive = (run: RunSnapshot | null): boolean => run?.status === 'running' || run?.status === 'queued'

/** Takes over what the host knows, for instance after a reload of the page. */
export function attachRun(projectId: ProjectId, run: RunSnapshot | null): void {
  useRun.setState({ projectId, run, starting: false, queued: 0 })
  replaceNodeStatuses(run?.nodes ?? {})
}

export function detachRun(): void {
  useRun.setState({ projectId: null, run: null, starting: false, queued: 0 })
  clearNodeStatuses()
}

export const setStarting = (starting: boolean): void => useRun.setState({ starting })

/** Moves the state on; events of another project or from before the snapshot change nothing. */
export function applyEvents({ projectId, runId, events }: EventPayload<'run.events'>): void {
  const view = useRun.getState()
  if (view.projectId !== projectId) return
  let run = view.run
  for (const event of events) {
    if (run !== null && run.runId === runId && event.seq <= run.seq) continue
    if (run !== null && run.runId !== runId && event.type !== 'run.started') continue
    run = reduceRun(event.type === 'run.started' ? null : run, event)
    if (event.type === 'run.started') clearNodeStatuses()
    if ('node' in event) setNodeStatus(event.node, run?.nodes[event.node] ?? null)
    else replaceNodeStatuses(run?.nodes ?? {})
  }
  useRun.setState({ run, starting: false, queued: 0 })
}

export function setQueued({ projectId, position }: EventPayload<'run.queued'>): void {
  if (useRun.getState().projectId === projectId) useRun.setState({ queued: position })
}

/** Finished and planned nodes. */
export function progressOf(run: RunSnapshot): { done: number; all: number; failed: number; running: number } {
  const states = Object.values(run.nodes)
  return {
    all: states.length,
    done: states.filter((node) => node.result !== undefined).length,
    failed: states.filter((node) => node.status === 'failed' || node.status === 'timed_out').length,
    running: states.filter((node) => node.status === 'running').length,
  }
}
