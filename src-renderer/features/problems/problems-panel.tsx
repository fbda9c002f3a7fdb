/** Every problem of the project in one list; the same sentence stands on the node and at the line. */
import { CircleX, TriangleAlert } from 'lucide-react'
import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import { Empty } from '../../ui/empty.tsx'
import { listedProblems, problemKey, useProblems, type ListedProblem } from './problems-store.ts'
import './problems.css'

/** `nodes/fit.py:14`, or the flow's node where no line is known. */
const placeOf = (problem: ListedProblem): string => {
  if (problem.file === null) return 'project'
  return problem.line === null ? problem.file : `${problem.file}:${problem.line}`
}

export function ProblemsPanel({ onOpen }: { readonly onOpen: (problem: ListedProblem) => void }): ReactNode {
  const state = useProblems()
  const list = useRef<HTMLUListElement>(null)
  const problems = listedProblems(state)
  if (problems.length === 0)
    return <Empty>No problems. What is wrong in the flow, the code or the environment is listed here.</Empty>

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const rows = [...(list.current?.querySelectorAll('button') ?? [])]
    const at = rows.findIndex((row) => row === document.activeElement)
    rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.focus()
  }

  return (
    <div className="problems">
      {state.refusal.length > 0 ? (
        <p className="problems-refusal" role="alert">
          The run did not start, nothing was changed. Mend what is marked, then press Run flow again.
        </p>
      ) : null}
      {/* Arrow keys move between the buttons inside. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ul ref={list} className="problems-list" onKeyDown={onKeyDown}>
        {problems.map((problem) => (
          <li key={problemKey(problem)}>
            <button type="button" className="problems-row" onClick={() => onOpen(problem)}>
              {problem.severity === 'error' ? (
                <CircleX className="problems-error" aria-label="Error" />
              ) : (
                <TriangleAlert className="problems-warning" aria-label="Warning" />
              )}
              <span className="problems-text">
                {problem.message}
                {problem.hint === undefined ? null : <span className="problems-hint"> {problem.hint}</span>}
              </span>
              <span className="problems-code">{problem.code}</span>
              <span className="problems-place">{placeOf(problem)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
