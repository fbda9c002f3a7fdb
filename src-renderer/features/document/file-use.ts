/** Which files go with the nodes that are deleted: those that nothing else in the project uses. */
import { parseFlow } from '../../../src-shared/flow/parse-flow.ts'
import type { FlowDocument, FlowNode } from '../../../src-shared/flow/document.ts'
import { zProjectPath } from '../../../src-shared/ids.ts'
import type { FlowSession } from './flow-session.ts'
import type { FlowState } from './flow-state.ts'
import type { FileChange } from './history.ts'

const filesOf = (document: FlowDocument, except: ReadonlySet<string> = new Set()): string[] =>
  Object.entries<FlowNode>(document.nodes).flatMap(([id, { file }]) =>
    file === undefined || except.has(id) ? [] : [file],
  )

const moduleName = (path: string): string => path.replace(/\.py$/, '').replaceAll('/', '.')

/** Another file imports it, as far as the analysis knows. */
function isImported(state: FlowState, path: string): boolean {
  const name = moduleName(path)
  return Object.entries(state.analyses).some(
    ([other, analysis]) =>
      other !== path &&
      (analysis.dependsOn.includes(path) ||
        analysis.imports.some((module) => module === name || module.startsWith(`${name}.`))),
  )
}

/** The files to delete with these nodes, with their present texts. A flow that cannot be read may use any file. */
export async function filesToDelete(session: FlowSession, ids: readonly string[]): Promise<FileChange[]> {
  const { state } = session
  const gone = new Set(ids)
  const kept = new Set(filesOf(state.document, gone))
  const candidates = [...new Set(filesOf(state.document).filter((file) => file.endsWith('.py') && !kept.has(file)))]
  if (candidates.length === 0) return []
  for (const flow of state.flows.filter((name) => name !== state.flow)) {
    const path = zProjectPath.parse(`flows/${flow}.json`)
    const text = await session.readFile(path)
    const other = text === null ? null : parseFlow(text, path).document
    if (text !== null && !other) return []
    for (const file of other ? filesOf(other) : []) kept.add(file)
  }
  const changes: FileChange[] = []
  for (const file of candidates) {
    const path = zProjectPath.safeParse(file)
    if (!path.success || kept.has(file) || isImported(state, file)) continue
    const before = await session.readFile(path.data)
    if (before !== null) changes.push({ path: path.data, before, after: null })
  }
  return changes
}
