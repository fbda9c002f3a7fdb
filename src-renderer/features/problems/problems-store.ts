/** The one list of problems of the open project. */
import { create } from 'zustand'
import type { Problem } from '../../../src-shared/contract/problem.ts'

/** What a person sees in the list: what checks found, and what the last run met. */
export interface ListedProblem extends Omit<Problem, 'code'> {
  readonly code: Problem['code'] | 'node-failed' | 'node-timed-out'
}

interface ProblemsState {
  readonly problems: readonly Problem[]
  /** What the last refused run said and is not mended yet; gone when the next run starts. */
  readonly refusal: readonly Problem[]
  /** What nodes of the last run failed with. */
  readonly failures: readonly ListedProblem[]
}

export const useProblems = create<ProblemsState>(() => ({ problems: [], refusal: [], failures: [] }))

/** The checks' whole list. What a refused run said and they found before is mended when they find it no more. */
export const setProblems = (problems: readonly Problem[]): void =>
  useProblems.setState((before) => {
    const known = new Set(before.problems.map(problemKey))
    const still = new Set(problems.map(problemKey))
    return {
      problems,
      refusal: before.refusal.filter((one) => !known.has(problemKey(one)) || still.has(problemKey(one))),
    }
  })
export const setRefusal = (refusal: readonly Problem[]): void => useProblems.setState({ refusal })
export const setFailures = (failures: readonly ListedProblem[]): void => useProblems.setState({ failures })

export const problemKey = (problem: ListedProblem): string =>
  [
    problem.code,
    problem.file,
    problem.line,
    problem.node,
    problem.port,
    problem.edge?.from,
    problem.edge?.to,
    problem.message,
  ].join('\u0000')

/** Refusals first, then failures of the run, then the rest; what stands in several is listed once. */
export function listedProblems({ problems, refusal, failures }: ProblemsState): readonly ListedProblem[] {
  const byKey = new Map<string, ListedProblem>()
  for (const problem of [...refusal, ...failures, ...problems]) {
    const key = problemKey(problem)
    if (!byKey.has(key)) byKey.set(key, problem)
  }
  return [...byKey.values()]
}

export const countBySeverity = (problems: readonly ListedProblem[]): { errors: number; warnings: number } => {
  const errors = problems.filter((problem) => problem.severity === 'error').length
  return { errors, warnings: problems.length - errors }
}
