/** The text form of an edge's end: `node`, or `node.port` split at the first dot; the port is any text. */
import type { EdgeEnd, FlowEdge } from './document.ts'

/** Never fails; a text that begins with a dot gives an end without a node, which no document may hold. */
export function parseEdgeEnd(text: string): EdgeEnd {
  const dot = text.indexOf('.')
  return dot < 0 ? { node: text, port: null } : { node: text.slice(0, dot), port: text.slice(dot + 1) }
}

export const printEdgeEnd = (end: EdgeEnd): string => (end.port === null ? end.node : `${end.node}.${end.port}`)

export const sameEnd = (a: EdgeEnd, b: EdgeEnd): boolean => a.node === b.node && a.port === b.port

/** The same edge twice is one: two edges are the same when both ends are. */
export const sameEdge = (a: Pick<FlowEdge, 'from' | 'to'>, b: Pick<FlowEdge, 'from' | 'to'>): boolean =>
  sameEnd(a.from, b.from) && sameEnd(a.to, b.to)

/** A key by which equal edges meet in a Map or Set. A node id holds no line feed, so nothing runs together. */
export const edgeKey = (edge: Pick<FlowEdge, 'from' | 'to'>): string =>
  `${edge.from.node}\n${edge.to.node}\n${JSON.stringify([edge.from.port, edge.to.port])}`

/** The two ends of an edge as a problem names them. */
export const edgeTexts = (edge: Pick<FlowEdge, 'from' | 'to'>): { from: string; to: string } => ({
  from: printEdgeEnd(edge.from),
  to: printEdgeEnd(edge.to),
})
