/** Positions for nodes that have none: columns by distance from the sources, below what is already placed. */
import type { FlowDocument, LayoutDocument, NodeLayout } from '../../../src-shared/flow/document.ts'
import { flowGraph, topologicalOrder } from '../../../src-shared/flow/graph.ts'
import { own } from '../../../src-shared/flow/own.ts'

export const COLUMN_PITCH = 240
export const ROW_PITCH = 140

/** The same layout when every node has a place. */
export function placeMissing(document: FlowDocument, layout: LayoutDocument, pitch = ROW_PITCH): LayoutDocument {
  const ids = Object.keys(document.nodes)
  const missing = new Set(ids.filter((id) => own(layout.nodes, id) === undefined))
  if (missing.size === 0) return layout

  const graph = flowGraph(document)
  const column = new Map<string, number>(ids.map((id) => [id, 0]))
  const next = new Map<string, string[]>()
  for (const edge of graph.edges) next.set(edge.from, [...(next.get(edge.from) ?? []), edge.to])
  for (const id of topologicalOrder(graph).order) {
    for (const target of next.get(id) ?? []) {
      column.set(target, Math.max(column.get(target) ?? 0, (column.get(id) ?? 0) + 1))
    }
  }

  let top = 80
  for (const [id, place] of Object.entries(layout.nodes)) {
    if (Object.hasOwn(document.nodes, id)) top = Math.max(top, place.y + pitch)
  }
  const filled = new Map<number, number>()
  const nodes: Record<string, NodeLayout> = { ...layout.nodes }
  for (const id of ids) {
    if (!missing.has(id)) continue
    const at = column.get(id) ?? 0
    const row = filled.get(at) ?? 0
    filled.set(at, row + 1)
    nodes[id] = { x: 40 + at * COLUMN_PITCH, y: top + row * pitch }
  }
  return { ...layout, nodes }
}
