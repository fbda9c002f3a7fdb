/**
 * A flow as a Python script that a person can read and that gives the same results without Nodeloom: one
 * assignment per node, in an order that respects the edges. It stands in the project folder and imports
 * the nodes' files as modules (`nodes.clean`), which keeps `nodes/json.py` from hiding a module.
 */
import type { FileAnalysis } from '../contract/analysis.ts'
import type { Problem } from '../contract/problem.ts'
import { ExportNames } from './export-names.ts'
import { exportNode, type ExportedNode, type ExportScope } from './export-node.ts'
import type { FlowDocument, FlowNode } from './document.ts'
import { flowGraph, topologicalOrder } from './graph.ts'
import { own } from './own.ts'
import { noPositions } from './parse-flow.ts'
import { signatureOf } from './ports.ts'
import { edgesByTarget, graphProblems } from './problems.ts'

export interface ExportInput {
  /** The flow's name: `main`. */
  readonly name: string
  readonly document: FlowDocument
  readonly analysisOf: (file: string) => FileAnalysis | undefined
}

export interface ExportedScript {
  /** Empty when one of `problems` is an error. */
  readonly text: string
  readonly problems: Problem[]
}

/** Time limits and retries are no part of the script; a failure ends it. */
export function exportScript({ name, document, analysisOf }: ExportInput): ExportedScript {
  const file = `flows/${name}.json`
  const problems = [
    ...graphProblems(document, file, noPositions, analysisOf),
    ...exportProblems(document, file, analysisOf),
  ]
  if (problems.some((problem) => problem.severity === 'error')) return { text: '', problems }

  const roots = Object.values<FlowNode>(document.nodes).map((node) => (node.file ?? '').replace(/(?:\/.*|\.py)$/, ''))
  const names = new ExportNames(Object.keys(document.nodes), roots)
  const into = edgesByTarget(document)
  const exported = new Map<string, ExportedNode>()
  const scope: ExportScope = { document, names, analysisOf, edgesInto: (id) => into.get(id) ?? [], exported }
  const body: string[] = []
  for (const id of topologicalOrder(flowGraph(document)).order) {
    const node = own<FlowNode>(document.nodes, id)
    if (!node || node.kind === 'note') continue
    const result = exportNode(id, node, scope)
    if (!result) continue
    exported.set(id, result)
    body.push(...result.lines)
  }
  const read = new Set(document.edges.filter((edge) => edge.from.port !== null).map((edge) => edge.from.node))
  const results = [...exported].filter(([id]) => !read.has(id)).map(([id, one]) => ({ id, one }))
  body.push('return {')
  for (const { id, one } of results) {
    const entry = `${JSON.stringify(id)}: ${one.variable}`
    body.push(one.conditions.isEmpty ? `    ${entry},` : `    **({${entry}} if ${one.conditions.text} else {}),`)
  }
  body.push('}')
  return { text: scriptText(name, names, body), problems }
}

function scriptText(name: string, names: ExportNames, body: readonly string[]): string {
  const title = JSON.stringify(name).slice(1, -1)
  const lines = [
    `"""The flow ${title}, exported from Nodeloom. Keep this file in the project folder: it imports the nodes from there."""`,
    '',
    ...names.standardModules(['os']).map((module) => `import ${module}`),
    '',
    ...names.projectModules.map((module) => `import ${module}`),
    ...(names.projectModules.length > 0 ? [''] : []),
    ...names.unnamedModules.map(({ alias, module }) => `${alias} = importlib.import_module(${JSON.stringify(module)})`),
    ...names.constants,
    ...names.helpers.flatMap((helper) => ['', helper]),
    '',
    '',
    'def main():',
    ...body.map((line) => (line === '' ? '' : `    ${line}`)),
    '',
    '',
    'if __name__ == "__main__":',
    '    os.chdir(os.path.dirname(os.path.abspath(__file__)))',
    '    for _name, _value in main().items():',
    '        print(f"{_name}: {_value!r}")',
  ]
  return `${lines.join('\n').replace(/\n{4,}/g, '\n\n\n')}\n`
}

/** What a script cannot follow, beside the flow's own problems. */
function exportProblems(
  document: FlowDocument,
  file: string,
  analysisOf: (file: string) => FileAnalysis | undefined,
): Problem[] {
  const problems: Problem[] = []
  const place = { file, line: null, port: null, edge: null }
  for (const [id, node] of Object.entries<FlowNode>(document.nodes)) {
    if (node.kind !== 'code' || node.file === undefined || node.settings?.disabled === true) continue
    const analysis = analysisOf(node.file)
    if (!analysis) {
      const message = `The file of ${id} has not been analysed yet: ${node.file}`
      problems.push({
        ...place,
        code: 'file-unreadable',
        severity: 'error',
        message,
        hint: 'Try again in a moment.',
        node: id,
      })
    } else if (analysis.status === 'ok' && signatureOf(node, analysis) && !/^[^.]+\.py$/.test(node.file)) {
      const message = `The file of ${id} cannot be imported as a module: ${node.file}`
      const hint = 'Rename it so that only its ending has a dot.'
      problems.push({ ...place, code: 'invalid-field', severity: 'error', message, hint, node: id })
    }
  }
  return problems
}
