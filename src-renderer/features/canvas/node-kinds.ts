/** What can be added to a flow: one list for the Nodes panel, the quick add and drops. */
import { z } from 'zod'
import type { NodeId } from '../../../src-shared/ids.ts'
import {
  addCodeNode,
  addNodeOnFile,
  addNoteNode,
  addValueNode,
  addViewNode,
  type FlowSession,
  type Spot,
} from '../document/index.ts'

export const zNodeSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('code'), title: z.string().optional() }),
  z.object({ kind: z.literal('file'), file: z.string() }),
  z.object({ kind: z.literal('value') }),
  z.object({ kind: z.literal('view') }),
  z.object({ kind: z.literal('note') }),
])
export type NodeSource = z.infer<typeof zNodeSource>

/** Type under which a node source travels in a drag. */
export const NODE_DRAG_TYPE = 'application/x-nodeloom-node'

export interface NodeKind {
  readonly kind: 'code' | 'value' | 'view' | 'note'
  readonly title: string
  readonly hint: string
}

export const nodeKinds: readonly NodeKind[] = [
  { kind: 'code', title: 'Code', hint: 'Python function' },
  { kind: 'value', title: 'Value', hint: 'a constant' },
  { kind: 'view', title: 'View', hint: 'shows a value' },
  { kind: 'note', title: 'Note', hint: 'text' },
]

/** The project's Python files that can be nodes. */
export const nodeFiles = (files: ReadonlySet<string>): string[] =>
  [...files].filter((file) => /^nodes\/.*\.py$/.test(file) && !file.endsWith('__init__.py')).sort()

export function addFromSource(session: FlowSession, source: NodeSource, at: Spot): NodeId | null {
  switch (source.kind) {
    case 'code':
      return addCodeNode(session, at, source.title === undefined ? {} : { title: source.title })?.id ?? null
    case 'file':
      return addNodeOnFile(session, at, source.file)
    case 'value':
      return addValueNode(session, at)
    case 'view':
      return addViewNode(session, at)
    case 'note':
      return addNoteNode(session, at)
  }
}
