/**
 * Edits of a flow and its layout: pure, with everything unchanged shared between old and new. None throws;
 * one that makes no sense is refused with a sentence.
 */
import type { EdgeEnd, FlowDocument, FlowEdge, FlowNode, JsonText, LayoutDocument, NodeLayout } from './document.ts'
import { printEdgeEnd, sameEdge } from './edge-end.ts'
import { own, without } from './own.ts'
import { isNodeId } from './python-names.ts'

export interface FlowState {
  readonly document: FlowDocument
  readonly layout: LayoutDocument
}

export type EditRefusal = { readonly ok: false; readonly reason: string }
export type EditResult = ({ readonly ok: true } & FlowState) | EditRefusal

export const refuseEdit = (reason: string): EditRefusal => ({ ok: false, reason })

const done = (state: FlowState, change: { document?: FlowDocument; layout?: LayoutDocument }): EditResult => ({
  ok: true,
  document: change.document ?? state.document,
  layout: change.layout ?? state.layout,
})

const nodeOf = (document: FlowDocument, id: string): FlowNode | undefined => own<FlowNode>(document.nodes, id)

const noNode = (id: string): EditRefusal => refuseEdit(`There is no node ${id}.`)

const withNodes = (document: FlowDocument, nodes: Record<string, FlowNode>): FlowDocument => ({ ...document, nodes })

/** Adds a node under an id that is free (see `nodeIdFrom`). */
export function addNode(state: FlowState, id: string, node: FlowNode, place: NodeLayout): EditResult {
  const { document, layout } = state
  if (!isNodeId(id)) return refuseEdit(`"${id}" is not a valid node id.`)
  if (nodeOf(document, id)) return refuseEdit(`There is already a node ${id}.`)
  return done(state, {
    document: withNodes(document, { ...document.nodes, [id]: node }),
    layout: { ...layout, nodes: { ...layout.nodes, [id]: place } },
  })
}

/** Removes nodes with all their edges; ids that are not there are passed over. */
export function removeNodes(state: FlowState, ids: Iterable<string>): EditResult {
  const { document, layout } = state
  const gone = new Set(ids)
  const keep = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([id]) => !gone.has(id)))
  return done(state, {
    document: {
      ...document,
      nodes: keep<FlowNode>(document.nodes),
      edges: document.edges.filter((edge) => !gone.has(edge.from.node) && !gone.has(edge.to.node)),
    },
    layout: { ...layout, nodes: keep(layout.nodes) },
  })
}

/**
 * Draws an edge, with what `checkConnection` found: `collect` adds the port to the target's `collect`,
 * `replaces` is the edge that goes.
 */
export function connect(
  state: FlowState,
  from: EdgeEnd,
  to: EdgeEnd,
  effect: { readonly collect: boolean; readonly replaces: FlowEdge | null } = { collect: false, replaces: null },
): EditResult {
  const { document } = state
  const target = nodeOf(document, to.node)
  if (!nodeOf(document, from.node)) return noNode(from.node)
  if (!target) return noNode(to.node)
  if (from.node === to.node) return refuseEdit(`${from.node} cannot be connected to itself.`)
  const edge: FlowEdge = { from, to }
  if (document.edges.some((other) => sameEdge(other, edge))) {
    return refuseEdit(`${printEdgeEnd(from)} is already connected to ${printEdgeEnd(to)}.`)
  }
  const { replaces } = effect
  const kept = replaces === null ? document.edges : document.edges.filter((other) => !sameEdge(other, replaces))
  const collect = target.collect ?? []
  const mustCollect = effect.collect && to.port !== null && !collect.includes(to.port)
  const nodes = mustCollect
    ? { ...document.nodes, [to.node]: { ...target, collect: [...collect, to.port] } }
    : document.nodes
  return done(state, { document: { ...document, nodes, edges: [...kept, edge] } })
}

/** Removes edges by their ends; those that are not there are passed over. */
export function disconnect(state: FlowState, edges: readonly Pick<FlowEdge, 'from' | 'to'>[]): EditResult {
  const { document } = state
  const kept = document.edges.filter((edge) => !edges.some((other) => sameEdge(edge, other)))
  return done(state, { document: { ...document, edges: kept } })
}

function changeNode(state: FlowState, id: string, change: (node: FlowNode) => FlowNode): EditResult {
  const { document } = state
  const node = nodeOf(document, id)
  if (!node) return noNode(id)
  return done(state, { document: withNodes(document, { ...document.nodes, [id]: change(node) }) })
}

/** Sets a constant; the input's edges, if any, still beat it. */
export const setInput = (state: FlowState, id: string, port: string, json: JsonText): EditResult =>
  port === '__proto__'
    ? refuseEdit('An input cannot have that name.')
    : changeNode(state, id, (node) => withField(node, 'inputs', { ...node.inputs, [port]: json }))

/** Removes a constant, so that the default counts again. */
export function clearInput(state: FlowState, id: string, port: string): EditResult {
  return changeNode(state, id, (node) => {
    const inputs = without(node.inputs ?? {}, port)
    return withField(node, 'inputs', Object.keys(inputs).length === 0 ? undefined : inputs)
  })
}

type EditableField = Exclude<keyof FlowNode, 'extra'>

/** A copy with the field set, or removed where `value` is undefined; an unreadable one of that name goes. */
function withField<K extends EditableField>(node: FlowNode, field: K, value: FlowNode[K] | undefined): FlowNode {
  const { extra, ...fields } = node
  const keptExtra = extra === undefined ? {} : without(extra, field)
  // `kind` is the only field that cannot be absent, and setNodeField does not let it be removed.
  const changed = (value === undefined ? without<unknown>(fields, field) : { ...fields, [field]: value }) as FlowNode
  return Object.keys(keptExtra).length === 0 ? changed : { ...changed, extra: keptExtra }
}

/** Sets one field of a node, or removes it: `title`, `settings`, `outputs`, `collect`, `text`, `value`, `file` … */
export function setNodeField<K extends EditableField>(
  state: FlowState,
  id: string,
  field: K,
  value: FlowNode[K] | undefined,
): EditResult {
  if (field === 'kind' && value === undefined) return refuseEdit('A node must have a kind.')
  return changeNode(state, id, (node) => withField(node, field, value))
}

/** Moves or resizes nodes, in canvas pixels; fields that are not given stay. Unknown ids are passed over. */
export function moveNodes(state: FlowState, places: Readonly<Record<string, Partial<NodeLayout>>>): EditResult {
  const { document, layout } = state
  const nodes = { ...layout.nodes }
  for (const [id, place] of Object.entries(places)) {
    if (nodeOf(document, id)) nodes[id] = { ...(own(layout.nodes, id) ?? { x: 0, y: 0 }), ...place }
  }
  return done(state, { layout: { ...layout, nodes } })
}

/** Gives a node another id, in its edges and in the layout too. Pins are files: the project renames those. */
export function renameNode(state: FlowState, id: string, newId: string): EditResult {
  const { document, layout } = state
  if (!nodeOf(document, id)) return noNode(id)
  if (id === newId) return done(state, {})
  if (!isNodeId(newId)) {
    return refuseEdit(`"${newId}" is not a valid id: small letters, digits and _, a letter first, no Python keyword.`)
  }
  if (nodeOf(document, newId)) return refuseEdit(`There is already a node ${newId}.`)
  const renamed = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key === id ? newId : key, value]))
  const end = (one: EdgeEnd): EdgeEnd => (one.node === id ? { ...one, node: newId } : one)
  const edges = document.edges.map((edge) =>
    edge.from.node === id || edge.to.node === id ? { ...edge, from: end(edge.from), to: end(edge.to) } : edge,
  )
  return done(state, {
    document: { ...document, nodes: renamed<FlowNode>(document.nodes), edges },
    layout: { ...layout, nodes: renamed(layout.nodes) },
  })
}
