/** Every problem of a project as it is now, from its files, its graphs and its environment. */
import type { EnvironmentStatus } from '../../src-shared/contract/environment.ts'
import type { Problem, ProblemCode } from '../../src-shared/contract/problem.ts'
import { graphProblems } from '../../src-shared/flow/problems.ts'
import type { FlowOnDisk, OpenProject } from '../project/index.ts'

type ProjectState = Pick<OpenProject, 'problems' | 'flows' | 'layoutProblems' | 'analyses'>

/** Sorted by file, line and code; `environment` null: nothing is known of it. */
export function projectProblems(project: ProjectState, environment: EnvironmentStatus | null): Problem[] {
  const flows = [...project.flows.values()].flatMap((flow) => flowProblems(flow, project))
  const all = [...project.problems, ...flows, ...project.layoutProblems, ...codeProblems(project, flows)]
  return [...all, ...(environment === null ? [] : environmentProblems(environment))].sort(byPlace)
}

function flowProblems(flow: FlowOnDisk, project: ProjectState): Problem[] {
  const { file, parsed } = flow
  if (parsed === null) {
    const hint = 'Mend it in an editor or restore its last good copy. The file is not changed until it can be read.'
    return [problem('flow-damaged', 'error', `${file} is not text in UTF-8.`, file, hint)]
  }
  if (parsed.document === null) return parsed.problems
  return [
    ...parsed.problems,
    ...graphProblems(parsed.document, file, parsed.positions, (path) => project.analyses.get(path)),
  ]
}

/** Files in `nodes/` that no node uses are told too, once; they refuse no run. */
function codeProblems(project: ProjectState, flows: readonly Problem[]): Problem[] {
  const told = new Set(flows.filter((one) => one.code === 'syntax-error').map((one) => one.file))
  const problems: Problem[] = []
  for (const [file, analysis] of project.analyses) {
    if (analysis.status !== 'syntax_error' || told.has(file)) continue
    const message = `${file}: ${analysis.message ?? 'the file is not valid Python.'}`
    problems.push({ ...problem('syntax-error', 'warning', message, file, 'Correct the file.'), line: analysis.line })
  }
  return problems
}

function environmentProblems(status: EnvironmentStatus): Problem[] {
  switch (status.state) {
    case 'not_started':
      return [problem('environment-missing', 'warning', status.message, null, status.hint)]
    case 'broken':
      return [problem('environment-broken', 'error', status.message, null, status.hint)]
    case 'failed':
      return [problem('environment-broken', 'warning', status.message, null, status.hint)]
    case 'ready':
      return status.missing.map((requirement) =>
        problem(
          'package-missing',
          'warning',
          `${requirement} is not installed.`,
          'pyproject.toml',
          'Install it: Packages, Install; or nodeloom env PROJECT sync.',
        ),
      )
    case 'creating':
    case 'installing':
      return []
  }
}

const problem = (
  code: ProblemCode,
  severity: Problem['severity'],
  message: string,
  file: string | null,
  hint?: string,
): Problem => ({
  code,
  severity,
  message,
  ...(hint === undefined ? {} : { hint }),
  file,
  line: null,
  node: null,
  port: null,
  edge: null,
})

/** Problems of the whole project first. */
function byPlace(a: Problem, b: Problem): number {
  return (
    compareTexts(a.file ?? '', b.file ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    compareTexts(a.code, b.code) ||
    compareTexts(a.message, b.message)
  )
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
