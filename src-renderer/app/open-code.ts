/** From a node to its code, and from a problem to its place. */
import { revealNode } from '../features/canvas/index.ts'
import {
  analysisOf,
  currentFlow,
  nodeOf,
  nodeStatus,
  onDidChangeFlow,
  type FlowSession,
} from '../features/document/index.ts'
import { openFile, useEditor } from '../features/editor/index.ts'
import type { ListedProblem } from '../features/problems/index.ts'
import { followsSelection } from './following.ts'
import { changeLayout, useLayout } from './layout-store.ts'

const showCode = (): void => {
  if (!useLayout.getState().codeShown) changeLayout({ codeShown: true })
}

/** The file of a node, and the line of its last error or of its function; null for a node without code. */
function placeOf(session: FlowSession, id: string): { file: string; line: number | null } | null {
  const node = nodeOf(session.state.document, id)
  if (node?.kind !== 'code' || node.file === undefined) return null
  const functions = analysisOf(session.state, node)?.functions
  const error = nodeStatus(id)?.result?.error
  if (error?.file === node.file && error.line !== null) return { file: node.file, line: error.line }
  // A file of its own begins at its top; a function among others is gone to.
  const several = functions !== undefined && Object.keys(functions).length > 1 && node.entry !== undefined
  return { file: node.file, line: several ? (functions[node.entry ?? 'main']?.line ?? null) : null }
}

/** A node that was added a moment ago may have a file that is still on its way to the disk. */
const saved = async (session: FlowSession): Promise<void> => {
  if (session.hasUnsaved) await session.flush()
}

/** Opens the code of a node to be worked on. */
export async function openCode(id: string): Promise<void> {
  const session = currentFlow()
  const place = session === null ? null : placeOf(session, id)
  if (session === null || place === null) return
  showCode()
  await saved(session)
  await openFile(place.file, { focus: true, ...(place.line === null ? {} : { line: place.line }) })
}

export async function openAt(file: string, line: number | null): Promise<void> {
  showCode()
  await openFile(file, { focus: true, ...(line === null ? {} : { line }) })
}

/** Goes to what a problem is about: the line where there is one, else the node. */
export async function openProblem(problem: ListedProblem): Promise<void> {
  const { node, file, line, edge } = problem
  const inCode = file !== null && !file.startsWith('flows/')
  if (node !== null) revealNode(node)
  else if (edge !== null) revealNode(edge.to.split('.', 1)[0] ?? '')
  if (inCode) await openAt(file, line)
}

/** The selected node's file is shown as a preview, without taking the focus. */
export function followSelection(): void {
  let unsubscribe: () => void = () => undefined
  const follow = (session: FlowSession | null): void => {
    unsubscribe()
    if (session === null) return
    let before = session.state.selection
    unsubscribe = session.store.subscribe((state) => {
      if (state.selection === before) return
      before = state.selection
      if (!followsSelection()) return
      const [only] = state.selection
      if (state.selection.size !== 1 || only === undefined) return
      const place = placeOf(session, only)
      // A hidden code area stays hidden: selecting is no wish to see code.
      if (place === null || !useLayout.getState().codeShown || useEditor.getState().active === place.file) return
      const { file, line } = place
      void saved(session).then(() => {
        // Another node may be selected by now.
        if (session.state.selection !== before) return
        void openFile(file, { preview: true, ...(line === null ? {} : { line }) })
      })
    })
  }
  onDidChangeFlow(follow)
  follow(currentFlow())
}
