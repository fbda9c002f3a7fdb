/** Which problems refuse a run: those of what is going to run. The others warn. */
import type { Problem, ProblemCode } from '../../src-shared/contract/problem.ts'
import type { FlowDocument } from '../../src-shared/flow/document.ts'
import { parseEdgeEnd } from '../../src-shared/flow/edge-end.ts'

export function flowProblem(
  code: ProblemCode,
  message: string,
  place: {
    node?: string | null
    port?: string | null
    hint?: string
    edge?: Problem['edge']
    file?: string | null
  } = {},
): Problem {
  return {
    code,
    severity: 'error',
    message,
    ...(place.hint === undefined ? {} : { hint: place.hint }),
    file: place.file ?? null,
    line: null,
    node: place.node ?? null,
    port: place.port ?? null,
    edge: place.edge ?? null,
  }
}

export interface Scope {
  readonly document: FlowDocument
  /** The whole flow runs. */
  readonly isWhole: boolean
  /** The node runs and is not disabled. */
  readonly isActive: (node: string) => boolean
  /** The node lies on a cycle of what runs. */
  readonly isStuck: (node: string) => boolean
  /** The input was given for this run, so that edge and constant do not count. */
  readonly isSet: (node: string, port: string) => boolean
}

export function judgeProblems(
  problems: readonly Problem[],
  scope: Scope,
): { refusing: Problem[]; warnings: Problem[] } {
  const refusing: Problem[] = []
  const warnings: Problem[] = []
  for (const problem of problems) {
    if (problem.severity === 'error' && refuses(problem, scope)) refusing.push(problem)
    else warnings.push({ ...problem, severity: 'warning' })
  }
  return { refusing, warnings }
}

function refuses(problem: Problem, scope: Scope): boolean {
  if (problem.code === 'cycle' || problem.code === 'self-edge') {
    return problem.node !== null && scope.isStuck(problem.node)
  }
  if (problem.edge !== null) {
    const to = parseEdgeEnd(problem.edge.to)
    if (to.port !== null && scope.isSet(to.node, to.port)) return false
    const isThere = Object.hasOwn(scope.document.nodes, to.node)
    return isThere ? scope.isActive(to.node) : scope.isWhole
  }
  if (problem.node !== null) {
    if (problem.port !== null && scope.isSet(problem.node, problem.port)) return false
    // A node that could not be read at all is nobody's input; it refuses only a run of everything.
    return Object.hasOwn(scope.document.nodes, problem.node) ? scope.isActive(problem.node) : scope.isWhole
  }
  return true
}

/** Both lists, each problem of a place once. */
export function mergeProblems(known: readonly Problem[], found: readonly Problem[]): Problem[] {
  const keyOf = (problem: Problem): string => JSON.stringify([problem.code, problem.node, problem.port])
  const keys = new Set(known.map(keyOf))
  const merged = [...known]
  for (const problem of found) {
    // One cycle is one problem, whichever of its members is named.
    if (problem.code === 'cycle' && known.some(({ code }) => code === 'cycle' || code === 'self-edge')) continue
    if (keys.has(keyOf(problem))) continue
    keys.add(keyOf(problem))
    merged.push(problem)
  }
  return merged
}

/** `source` and `target` as `NODE.PORT`. */
export function notKeptProblem(
  source: { node: string; port: string },
  target: { node: string; port: string },
): Problem {
  const input = `${target.node}.${target.port}`
  return flowProblem('missing-input', `${input} needs ${source.node}.${source.port}, and no earlier run kept it.`, {
    ...target,
    hint: `Run ${source.node} first, or give the input with --set ${input}=VALUE.`,
  })
}
