/** The errors of the last run, as problems for the list and as lines for the editor: the same sentence in both. */
import type { RunSnapshot } from '../../src-shared/contract/run.ts'
import type { FlowDocument } from '../../src-shared/flow/document.ts'
import { currentFlow, nodeOf, onDidChangeFlow } from '../features/document/index.ts'
import { showLineErrors } from '../features/editor/index.ts'
import { setFailures, type ListedProblem } from '../features/problems/index.ts'
import { useRun } from '../features/run/index.ts'

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

/** In the order of the plan. Nodes that only wait for a failed one are left out: one fault is listed once. */
export function failuresOf(run: RunSnapshot | null, document: FlowDocument): ListedProblem[] {
  return Object.entries(run?.nodes ?? {}).flatMap(([node, { status, result }]): ListedProblem[] => {
    if (status !== 'failed' && status !== 'timed_out') return []
    const error = result?.error
    const message = error ? `${error.type}: ${firstLine(error.message)}` : (result?.why ?? 'The node failed.')
    return [
      {
        code: status === 'failed' ? 'node-failed' : 'node-timed-out',
        severity: 'error',
        message,
        ...(error?.hint === undefined ? {} : { hint: error.hint }),
        file: error?.file ?? nodeOf(document, node)?.file ?? null,
        line: error?.file == null ? null : error.line,
        node,
        port: null,
        edge: null,
      },
    ]
  })
}

/** Keeps the list and the editor up to date with the run. */
export function followRunFailures(): void {
  const show = (): void => {
    const flow = currentFlow()
    const { run } = useRun.getState()
    const failures = flow === null || run?.flow !== flow.state.flow ? [] : failuresOf(run, flow.state.document)
    setFailures(failures)
    showLineErrors(
      failures.flatMap(({ file, line, message, hint }) =>
        file === null || line === null
          ? []
          : [{ path: file, line, text: hint === undefined ? message : `${message} · ${hint}` }],
      ),
    )
  }
  let shown: string | null = null
  const changed = (): void => {
    const { run } = useRun.getState()
    const failed = Object.entries(run?.nodes ?? {})
      .filter(([, { status }]) => status === 'failed' || status === 'timed_out')
      .map(([node]) => node)
    const key = run === null ? '' : `${run.runId} ${failed.join(' ')}`
    if (key === shown) return
    shown = key
    show()
  }
  useRun.subscribe(changed)
  onDidChangeFlow(show)
  changed()
}
