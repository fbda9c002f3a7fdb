/** Reads `flows/NAME.layout.json`. Losing it loses no meaning, so its problems are warnings. */
import type { Problem } from '../contract/problem.ts'
import { LAYOUT_FORMAT, zNodeLayout, type JsonText, type LayoutDocument, type NodeLayout } from './document.ts'
import { openDocument } from './document-reader.ts'

export interface ParsedLayout {
  /** Null when the file cannot be read; nodes are then placed anew. */
  readonly document: LayoutDocument | null
  readonly problems: Problem[]
  readonly newer: boolean
  /** True when a save would lose something that the file holds. */
  readonly lossy: boolean
}

const none: ReadonlySet<string> = new Set()
const severity = 'warning'

export function parseLayout(text: string, file: string): ParsedLayout {
  const opened = openDocument(text, file, 'layout-damaged')
  if (!opened.ok) return { document: null, problems: opened.problems, newer: false, lossy: true }
  const { reader } = opened
  const { root } = reader.source
  const members = reader.members(root)
  const formatAt = members.get('format')
  const stated: unknown = formatAt?.value.value
  const format = typeof stated === 'number' && Number.isInteger(stated) && stated >= 1 ? stated : LAYOUT_FORMAT
  const nodesAt = members.get('nodes')
  if (root.type !== 'object' || nodesAt?.value.type !== 'object') {
    reader.report('layout-damaged', `${file} holds no positions.`, nodesAt?.key ?? root, {
      severity,
      hint: 'The nodes are placed anew; the flow itself is not affected.',
    })
    return { document: null, problems: reader.problems, newer: format > LAYOUT_FORMAT, lossy: true }
  }

  const nodes: Record<string, NodeLayout> = {}
  for (const [id, { key, value }] of reader.members(nodesAt.value)) {
    const { known, extra } = reader.fields(reader.members(value), zNodeLayout.shape, none, `the place of ${id}`, {
      node: id,
      severity,
    })
    const layout = zNodeLayout.safeParse({ ...known, ...(Object.keys(extra).length > 0 ? { extra } : {}) })
    // `+ 0` turns -0, which JSON text would not keep, into 0.
    if (layout.success) nodes[id] = { ...layout.data, x: layout.data.x + 0, y: layout.data.y + 0 }
    else {
      reader.lossy = true
      reader.report('layout-damaged', `${file} gives no place for ${id}.`, key, { node: id, severity })
    }
  }
  const extra: Record<string, JsonText> = {}
  for (const [name, { value }] of members) {
    if (name !== 'format' && name !== 'nodes') extra[name] = reader.source.textOf(value)
  }
  const document: LayoutDocument = { format, nodes, ...(Object.keys(extra).length > 0 ? { extra } : {}) }
  return { document, problems: reader.problems, newer: format > LAYOUT_FORMAT, lossy: reader.lossy }
}
