/** When each node of the run was at work: one bar per node, in order of start. */
import type { ReactNode } from 'react'
import type { RunSnapshot } from '../../../src-shared/contract/run.ts'
import { formatDuration, formatTime } from '../../lib/format.ts'
import { Empty } from '../../ui/empty.tsx'
import { progressOf, useRun } from './run-store.ts'
import './run.css'

interface Bar {
  readonly node: string
  readonly status: string
  readonly fromMs: number
  readonly toMs: number
}

/** Nodes that started, in order; what still runs reaches to the end of the picture. */
export function barsOf(run: RunSnapshot): { bars: Bar[]; spanMs: number } {
  const started = Object.entries(run.nodes).flatMap(([node, state]) =>
    state.startedAtMs === undefined
      ? []
      : [{ node, status: state.status, fromMs: state.startedAtMs, finished: state.finishedAtMs }],
  )
  const spanMs = Math.max(1, run.durationMs, ...started.map((bar) => bar.finished ?? bar.fromMs))
  const bars = started
    .map(({ finished, ...bar }) => ({ ...bar, toMs: finished ?? spanMs }))
    .sort((a, b) => a.fromMs - b.fromMs || a.node.localeCompare(b.node))
  return { bars, spanMs }
}

export function RunTimeline({ titleOf }: { readonly titleOf: (node: string) => string }): ReactNode {
  const run = useRun((state) => state.run)
  if (run === null) return <Empty>No run yet. Press Run flow, and every node’s time is drawn here.</Empty>
  const { bars, spanMs } = barsOf(run)
  const progress = progressOf(run)
  return (
    <div className="run-timeline">
      <div className="run-caption">
        <span>Run {run.number}</span>
        <span>started {formatTime(run.startedAt)}</span>
        <span>{run.status}</span>
        <span>
          {progress.done} of {progress.all} nodes
        </span>
        {progress.failed > 0 ? <span className="run-failed">{progress.failed} failed</span> : null}
        <span className="run-total">{formatDuration(run.durationMs)}</span>
      </div>
      <ul className="run-bars" aria-label="Time of each node">
        {bars.map((bar) => (
          <li key={bar.node}>
            <span className="run-bar-name">{titleOf(bar.node)}</span>
            <span className="run-bar-track">
              <i
                className={`run-bar run-bar-${bar.status}`}
                style={{
                  left: `${(bar.fromMs / spanMs) * 100}%`,
                  width: `${Math.max(0.4, ((bar.toMs - bar.fromMs) / spanMs) * 100)}%`,
                }}
              />
            </span>
            <em>{bar.status === 'running' ? 'running' : formatDuration(bar.toMs - bar.fromMs)}</em>
          </li>
        ))}
      </ul>
    </div>
  )
}
