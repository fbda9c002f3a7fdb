/** Whether a wire may be drawn, and what drawing it changes. */
import type { EdgeEnd, FlowDocument, FlowEdge, FlowNode } from './document.ts'
import { printEdgeEnd, sameEdge, sameEnd } from './edge-end.ts'
import { findPath, flowGraph } from './graph.ts'
import { nearest } from './nearest.ts'
import { own } from './own.ts'
import { ERROR_PORT, type NodePorts } from './ports.ts'

export type ConnectionCheck =
  | {
      readonly ok: true
      /** The target's `collect` must name the port from now on. */
      readonly collect: boolean
      /** The edge whose place the new one takes: the port is a plain input. */
      readonly replaces: FlowEdge | null
    }
  | { readonly ok: false; readonly reason: string }

const refuse = (reason: string): ConnectionCheck => ({ ok: false, reason })

const didYouMean = (name: string, names: readonly string[]): string => {
  const near = nearest(name, names)
  return near === null ? '' : ` Did you mean ${near}?`
}

/**
 * Checks an edge that is not in the document yet. `portsOf` gives the ports of a node by id; an end at a
 * node whose ports are not known is accepted.
 */
export function checkConnection(
  document: FlowDocument,
  portsOf: (id: string) => NodePorts | undefined,
  from: EdgeEnd,
  to: EdgeEnd,
): ConnectionCheck {
  const source = own<FlowNode>(document.nodes, from.node)
  const target = own<FlowNode>(document.nodes, to.node)
  if (!source) return refuse(`There is no node ${from.node}.`)
  if (!target) return refuse(`There is no node ${to.node}.`)
  if (from.node === to.node) return refuse(`${from.node} cannot be connected to itself.`)
  if ((from.port === null) !== (to.port === null)) {
    return refuse(`A wire joins two ports, or two nodes: ${printEdgeEnd(from)} → ${printEdgeEnd(to)} does neither.`)
  }
  for (const [id, node] of [
    [from.node, source],
    [to.node, target],
  ] as const) {
    if (node.kind === 'note') return refuse(`${id} is a note; a note cannot be connected.`)
  }
  if (document.edges.some((edge) => sameEdge(edge, { from, to }))) {
    return refuse(`${printEdgeEnd(from)} is already connected to ${printEdgeEnd(to)}.`)
  }
  const back = findPath(flowGraph(document), to.node, from.node)
  if (back) return refuse(`That would close a cycle: ${[...back, to.node].join(' → ')}.`)
  if (from.port === null || to.port === null) return { ok: true, collect: false, replaces: null }
  if (from.port === ERROR_PORT) return refuse('This version cannot pass a failure on.')

  const outputs = portsOf(from.node)
  if (outputs?.known && !outputs.outputs.some((port) => port.name === from.port)) {
    const names = outputs.outputs.filter((port) => !port.hidden).map((port) => port.name)
    return refuse(`${from.node} has no output ${from.port}.${didYouMean(from.port, names)}`)
  }
  const inputs = portsOf(to.node)
  const port = inputs?.inputs.find((candidate) => candidate.name === to.port)
  if (inputs?.known && !port) {
    const names = inputs.inputs.map((candidate) => candidate.name)
    return refuse(`${to.node} has no input ${to.port}.${didYouMean(to.port, names)}`)
  }
  const replaced = document.edges.find((edge) => sameEnd(edge.to, to))
  if (!replaced || port?.collects === 'always') return { ok: true, collect: false, replaces: null }
  const isListed = (target.collect ?? []).includes(to.port)
  // Of a port that is not known only the document can tell whether it collects.
  if (port ? port.collects === 'may' : isListed) return { ok: true, collect: !isListed, replaces: null }
  return { ok: true, collect: false, replaces: replaced }
}
