/** What a refused run said of each node, shown on the node until the next run. */
import { create } from 'zustand'
import type { Problem } from '../../../src-shared/contract/problem.ts'

const useProblemsByNode = create<Readonly<Record<string, string>>>(() => ({}))

/** The first sentence of each node; an empty list clears all. */
export function setNodeProblems(problems: readonly Problem[]): void {
  const first: Record<string, string> = {}
  for (const { node, severity, message } of problems) {
    if (node !== null && severity === 'error' && !Object.hasOwn(first, node)) first[node] = message
  }
  useProblemsByNode.setState(first, true)
}

export const useNodeProblem = (node: string): string | null =>
  useProblemsByNode((problems) => (Object.hasOwn(problems, node) ? (problems[node] ?? null) : null))
