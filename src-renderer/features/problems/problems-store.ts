/** The one list of problems of the open project. */
import { create } from 'zustand'
import type { Problem } from '../../../src-shared/contract/problem.ts'

interface ProblemsState {
  readonly problems: readonly Problem[]
  /** What the last refused run said; kept until the next run starts. */
  readonly refusal: readonly Problem[]
}

export const useProblems = create<ProblemsState>(() => ({ problems: [], refusal: [] }))

export const setProblems = (problems: readonly Problem[]): void => useProblems.setState({ problems })
export const setRefusal = (refusal: readonly Problem[]): void => useProblems.setState({ refusal })

const keyOf = (problem: Problem): string =>
  [problem.code, problem.file, problem.line, problem.node, problem.port, problem.edge?.from, problem.edge?.to, problem.message].join('\u0000')

/** Refusals first, then the rest; what stands in both is listed once. */
export function listedProblems({ problems, refusal }: ProblemsState): readonly Problem[] {
  const seen = new Set(refusal.map(keyOf))
  return [...refusal, ...problems.filter((problem) => !seen.has(keyOf(problem)))]
}

export const countBySeverity = (problems: readonly Problem[]): { errors: number; warnings: number } => {
  const errors = problems.filter((problem) => problem.severity === 'error').length
  return { errors, warnings: problems.length - errors }
}

export { keyOf as problemKey }
