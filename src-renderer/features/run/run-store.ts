/**
 * The run that goes on or was the last one: a snapshot that every batch of events moves on by the reducer
 * the host uses too, so that following events and attaching late give the same state.
 */
import { create } from 'zustand'
import type { EventPayload } from '../../../src-shared/contract/events.ts'
import type { RunEvent, RunSnapshot } from '../../../src-shared/contract/run.ts'
import type { ProjectId, RunId } from '../../../src-shared/ids.ts'
import { reduceRunEvents } from '../../../src-shared/run/reduce.ts'
import { clearNodeStatuses, currentFlow, replaceNodeStatuses, setNodeStatus } from '../document/index.ts'

interface RunView {
  readonly projectId: ProjectId | null
  readonly run: RunSnapshot | null
  /** A request to start is under way, or its run has not begun yet. */
  readonly starting: boolean
  /** A run that waits for another one to end; `position` 1 is the next. */
  readonly queued: { readonly runId: RunId; readonly position: number } | null
  /** Bytes of output by node that were not sent to the page; known only for what it followed itself. */
  readonly dropped: Readonly<Record<string, number>>
}

const nothing: RunView = { projectId: null, run: null, starting: false, queued: null, dropped: {} }

export const useRun = create<RunView>(() => nothing)

export const isActive = (run: RunSnapshot | null): boolean => run?.status === 'running' || run?.status === 'queued'

/** Takes over what the host knows, for instance after a reload of the page. */
export function attachRun(projectId: ProjectId, run: RunSnapshot | null): void {
  useRun.setState({ ...nothing, projectId, run })
  showNodeStatuses()
}

export function detachRun(): void {
  useRun.setState(nothing)
  clearNodeStatuses()
}

export const setStarting = (starting: boolean): void => useRun.setState({ starting })

/** The run is one of the flow on show; ids of another flow's nodes mean other nodes. */
const isShown = (run: RunSnapshot | null): run is RunSnapshot => run !== null && run.flow === currentFlow()?.state.flow

/** The state of every node again, for instance when another flow came on show. */
export function showNodeStatuses(): void {
  const { run } = useRun.getState()
  replaceNodeStatuses(isShown(run) ? run.nodes : {})
}

/** The part of a batch that the snapshot does not contain yet and that follows on it. */
function newEvents(run: RunSnapshot | null, runId: RunId, events: readonly RunEvent[]): readonly RunEvent[] {
  if (run?.runId === runId) return events.filter((event) => event.seq > run.seq)
  const start = events.findIndex((event) => event.type === 'run.started')
  return start < 0 ? [] : events.slice(start)
}

/** Moves the state on; events of another project or from before the snapshot change nothing. */
export function applyEvents({ projectId, runId, events }: EventPayload<'run.events'>): void {
  const view = useRun.getState()
  if (view.projectId !== projectId) return
  const fresh = newEvents(view.run, runId, events)
  if (fresh.length === 0) return
  const run = reduceRunEvents(view.run?.runId === runId ? view.run : null, fresh)
  const dropped: Record<string, number> = fresh.some((event) => event.type === 'run.started') ? {} : { ...view.dropped }
  for (const event of fresh) {
    if (event.type === 'node.outputDropped') dropped[event.node] = (dropped[event.node] ?? 0) + event.bytes
  }
  const whole = fresh.some((event) => event.type === 'run.started' || event.type === 'run.finished')
  const queued = view.queued?.runId === runId ? null : view.queued
  useRun.setState({ run, starting: false, queued, dropped })
  if (whole) showNodeStatuses()
  else if (isShown(run))
    for (const node of new Set(fresh.flatMap((event) => ('node' in event ? [event.node] : []))))
      setNodeStatus(node, run.nodes[node] ?? null)
}

export function setQueued({ projectId, runId, position }: EventPayload<'run.queued'>): void {
  if (useRun.getState().projectId !== projectId) return
  useRun.setState(position > 0 ? { queued: { runId, position }, starting: false } : { queued: null })
}

export interface RunProgress {
  readonly done: number
  readonly all: number
  readonly failed: number
  readonly running: number
}

/** Finished and planned nodes. */
export function progressOf(run: RunSnapshot): RunProgress {
  const states = Object.values(run.nodes)
  return {
    all: states.length,
    // What waits for a failed node did not get anywhere.
    done: states.filter(({ result }) => result !== undefined && result.reason !== 'upstream_failed').length,
    failed: states.filter((node) => node.status === 'failed' || node.status === 'timed_out').length,
    running: states.filter((node) => node.status === 'running').length,
  }
}
