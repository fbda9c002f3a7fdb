/** What is going on, at a glance: environment, saving, problems, the run, the cursor. */
import { Check, CircleAlert, CircleDashed, CircleX, LoaderCircle, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useCurrentFlow } from '../features/document/index.ts'
import { useEditor } from '../features/editor/index.ts'
import { isBusy, stateWord, useEnvironment } from '../features/environment/index.ts'
import { countBySeverity, listedProblems, useProblems } from '../features/problems/index.ts'
import { isActive, progressOf, useRun } from '../features/run/index.ts'
import { formatDuration, plural } from '../lib/format.ts'
import { changeLayout, showBottom } from './layout-store.ts'

export function StatusBar(): ReactNode {
  return (
    <footer className="status-bar" aria-label="Status">
      <EnvironmentState />
      <SavingState />
      <span className="status-grow" />
      <ProblemCount />
      <RunState />
      <Cursor />
    </footer>
  )
}

function EnvironmentState(): ReactNode {
  const status = useEnvironment((state) => state.status)
  if (status === null) return null
  const [tone, icon] = isBusy(status)
    ? ['running', <LoaderCircle key="icon" aria-hidden className="status-spin" />]
    : status.state === 'failed' || status.state === 'broken'
      ? ['error', <CircleX key="icon" aria-hidden />]
      : status.missing.length > 0
        ? ['warn', <TriangleAlert key="icon" aria-hidden />]
        : status.state === 'ready'
          ? ['ok', <Check key="icon" aria-hidden />]
          : ['quiet', <CircleDashed key="icon" aria-hidden />]
  return (
    <button
      type="button"
      className={`status-item status-${tone}`}
      title={[status.message, status.hint].filter(Boolean).join(' ')}
      onClick={() => changeLayout({ sideShown: true, sideView: 'packages' })}
    >
      {icon}
      {status.pythonVersion === null ? '' : `Python ${status.pythonVersion} · `}
      {status.progress?.text && isBusy(status) ? status.progress.text : stateWord(status)}
    </button>
  )
}

function SavingState(): ReactNode {
  const flow = useCurrentFlow((state) => state.save, null)
  const locked = useCurrentFlow((state) => state.readOnly, null)
  const files = useEditor((state) => state.files)
  if (flow === null) return null
  if (locked !== null) return <span className="status-item">read-only</span>
  const stuck = files.find(({ state }) => state.error !== null || state.conflict !== null)
  if (flow.state === 'failed' || stuck) {
    return (
      <span
        className="status-item status-error"
        role="alert"
        title={flow.state === 'failed' ? [flow.message, flow.hint].filter(Boolean).join(' ') : stuck?.path}
      >
        <CircleAlert aria-hidden />
        not saved
      </span>
    )
  }
  const unsaved = flow.state !== 'saved' || files.some(({ state }) => state.changed || state.saving)
  return <span className="status-item">{unsaved ? 'saving …' : 'saved'}</span>
}

function ProblemCount(): ReactNode {
  const problems = useProblems()
  const { errors, warnings } = countBySeverity(listedProblems(problems))
  return (
    <button
      type="button"
      className={`status-item${errors > 0 ? ' status-error' : warnings > 0 ? ' status-warn' : ''}`}
      onClick={() => showBottom('problems')}
    >
      {errors > 0 ? <CircleX aria-hidden /> : warnings > 0 ? <TriangleAlert aria-hidden /> : <Check aria-hidden />}
      {errors + warnings === 0 ? 'no problems' : plural(errors + warnings, 'problem')}
    </button>
  )
}

const endWords = { succeeded: 'done', failed: 'failed', cancelled: 'stopped', interrupted: 'interrupted' } as const

function RunState(): ReactNode {
  const { run, starting, queued } = useRun()
  if (queued !== null)
    return <span className="status-item status-running">Run waits, {queued.position} in the queue</span>
  if (starting) return <span className="status-item status-running">Run starts …</span>
  if (run === null) return null
  const { done, all, failed } = progressOf(run)
  const goes = isActive(run)
  const end = run.status === 'running' || run.status === 'queued' ? null : endWords[run.status]
  return (
    <button
      type="button"
      className={`status-item${goes ? ' status-running' : failed > 0 ? ' status-error' : ''}`}
      onClick={() => showBottom('timeline')}
    >
      {goes ? <LoaderCircle aria-hidden className="status-spin" /> : null}
      Run {run.number}: {done} of {all}
      {end === null ? '' : ` · ${end} in ${formatDuration(run.durationMs)}`}
    </button>
  )
}

function Cursor(): ReactNode {
  const cursor = useEditor((state) => (state.active === null ? null : state.cursor))
  return cursor === null ? null : (
    <span className="status-item">
      Ln {cursor.line}, Col {cursor.column}
    </span>
  )
}
