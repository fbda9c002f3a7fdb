/** Reads `flows/NAME.json` without losing a place, a number's text or an unknown field (design §3). */
import type { Problem } from '../contract/problem.ts'
import type { NodeId } from '../ids.ts'
import {
  FLOW_FORMAT,
  zFlowNode,
  zNodeSettings,
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  type JsonText,
  type NodeSettings,
} from './document.ts'
import { type DocumentReader, type Members, openDocument } from './document-reader.ts'
import { edgeKey, parseEdgeEnd } from './edge-end.ts'
import type { JsonNode } from './json-source.ts'
import { migrateFlow } from './migrations.ts'
import { isNodeId, pythonKeywords } from './python-names.ts'

/** 1-based lines of the file a document was read from; null for what is not in it. */
export interface FlowPositions {
  node(id: string): number | null
  /** The line of a node's constant. */
  input(id: string, port: string): number | null
  /** Both ends in text form. */
  edge(from: string, to: string): number | null
}

export interface ParsedFlow {
  /** Null when nothing of the file can be trusted; never an empty graph in place of a damaged file. */
  readonly document: FlowDocument | null
  readonly problems: Problem[]
  readonly positions: FlowPositions
  /** Written by a newer version: readable as far as it is understood, not to be saved or run. */
  readonly newer: boolean
  /** True when a save would lose something that the file holds: it must not be saved over. */
  readonly lossy: boolean
}

export const noPositions: FlowPositions = { node: () => null, input: () => null, edge: () => null }

const MEND = 'Mend it in an editor or restore its last good copy. The file is not changed until it can be read.'

export function parseFlow(text: string, file: string): ParsedFlow {
  const opened = openDocument(text, file, 'flow-damaged')
  if (!opened.ok)
    return { document: null, problems: opened.problems, positions: noPositions, newer: false, lossy: true }
  const { reader } = opened
  const { root } = reader.source
  const places = new Places(reader)
  const result = (document: FlowDocument | null, newer: boolean): ParsedFlow => ({
    document,
    problems: reader.problems,
    positions: places,
    newer,
    lossy: reader.lossy || document === null,
  })
  const damaged = (message: string, at: JsonNode, newer: boolean): ParsedFlow => {
    reader.report('flow-damaged', message, at, { hint: MEND })
    return result(null, newer)
  }

  if (root.type !== 'object') return damaged(`${file} does not hold an object.`, root, false)
  reader.reportRepeatedKeys()
  const members = reader.members(root)
  const format = readFormat(reader, members)
  const newer = format > FLOW_FORMAT
  if (newer) {
    reader.report('flow-newer', `${file} was written by a newer Nodeloom (format ${format}).`, root, {
      hint: 'It opens read-only and cannot be run. Update Nodeloom to change it.',
    })
  }

  const nodesAt = members.get('nodes')
  if (nodesAt?.value.type !== 'object') {
    return damaged(`${file} has no object "nodes".`, nodesAt?.key ?? root, newer)
  }
  const nodes = readNodes(reader, nodesAt.value, places)
  if (Object.keys(nodes).length === 0 && (nodesAt.value.children ?? []).length > 0) {
    return damaged(`None of the nodes of ${file} can be read.`, nodesAt.key, newer)
  }
  const edges = readEdges(reader, members, places)
  const extra: Record<string, JsonText> = {}
  for (const [name, { value }] of members) {
    if (!['format', 'nodes', 'edges'].includes(name)) extra[name] = reader.source.textOf(value)
  }
  const document: FlowDocument = { format, nodes, edges, ...(Object.keys(extra).length > 0 ? { extra } : {}) }
  return result(migrateFlow(document), newer)
}

class Places implements FlowPositions {
  readonly nodes = new Map<string, JsonNode>()
  readonly inputs = new Map<string, Members>()
  readonly edges = new Map<string, JsonNode>()
  readonly #reader: DocumentReader

  constructor(reader: DocumentReader) {
    this.#reader = reader
  }

  #line(at: JsonNode | undefined): number | null {
    return at === undefined ? null : this.#reader.source.lineOf(at)
  }

  node(id: string): number | null {
    return this.#line(this.nodes.get(id))
  }

  input(id: string, port: string): number | null {
    return this.#line(this.inputs.get(id)?.get(port)?.key)
  }

  edge(from: string, to: string): number | null {
    return this.#line(this.edges.get(edgeKey({ from: parseEdgeEnd(from), to: parseEdgeEnd(to) })))
  }
}

function readFormat(reader: DocumentReader, members: Members): number {
  const at = members.get('format')
  const value: unknown = at?.value.value
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value
  reader.report('invalid-field', `${reader.file} does not say its format.`, at?.key ?? reader.source.root, {
    hint: `Write "format": ${FLOW_FORMAT} at its top; it is read as that for now.`,
  })
  if (at) reader.lossy = true
  return FLOW_FORMAT
}

function readNodes(reader: DocumentReader, nodesAt: JsonNode, places: Places): Record<NodeId, FlowNode> {
  const nodes: Record<NodeId, FlowNode> = {}
  for (const [id, { key, value }] of reader.members(nodesAt)) {
    if (!isNodeId(id)) {
      const reason = pythonKeywords.has(id)
        ? 'is a Python keyword'
        : 'is not a valid id: it needs a small letter, then small letters, digits and _, at most 64 characters'
      reader.report('invalid-id', `The node id "${id}" ${reason}.`, key, {
        hint: 'Rename it in the file, in its edges too.',
      })
      reader.lossy = true
    } else if (value.type !== 'object') {
      reader.report('invalid-field', `The node ${id} is not an object.`, key, {
        node: id,
        hint: 'Correct or remove it.',
      })
      reader.lossy = true
    } else {
      places.nodes.set(id, key)
      nodes[id] = readNode(reader, id, key, value, places)
    }
  }
  return nodes
}

const rawNodeFields: ReadonlySet<string> = new Set(['value'])
const none: ReadonlySet<string> = new Set()

function readNode(reader: DocumentReader, id: NodeId, key: JsonNode, at: JsonNode, places: Places): FlowNode {
  const members = reader.members(at)
  const { inputs: inputsAt, settings: settingsAt, ...rest } = Object.fromEntries(members)
  const shape = zFlowNode.shape
  const { known, extra } = reader.fields(new Map(Object.entries(rest)), shape, rawNodeFields, `node ${id}`, {
    node: id,
  })
  if (!Object.hasOwn(rest, 'kind')) {
    reader.report('invalid-field', `The node ${id} has no kind.`, key, {
      node: id,
      hint: 'Write "kind": "code", for instance.',
    })
  }
  if (inputsAt?.value.type === 'object') {
    const inputs = reader.members(inputsAt.value)
    places.inputs.set(id, inputs)
    known['inputs'] = Object.fromEntries([...inputs].map(([port, { value }]) => [port, reader.source.textOf(value)]))
  } else if (inputsAt) keepUnreadable(reader, id, 'inputs', inputsAt, extra)
  if (settingsAt?.value.type === 'object') known['settings'] = readSettings(reader, id, settingsAt.value)
  else if (settingsAt) keepUnreadable(reader, id, 'settings', settingsAt, extra)
  return zFlowNode.parse({ kind: '', ...known, ...(Object.keys(extra).length > 0 ? { extra } : {}) })
}

function keepUnreadable(
  reader: DocumentReader,
  id: NodeId,
  name: string,
  at: { key: JsonNode; value: JsonNode },
  extra: Record<string, JsonText>,
): void {
  extra[name] = reader.source.textOf(at.value)
  reader.report('invalid-field', `The field "${name}" of node ${id} is not an object.`, at.key, {
    node: id,
    hint: 'It is kept as it is and ignored; correct or remove it.',
  })
}

function readSettings(reader: DocumentReader, id: NodeId, at: JsonNode): NodeSettings {
  const where = `the settings of node ${id}`
  const { known, extra } = reader.fields(reader.members(at), zNodeSettings.shape, none, where, { node: id })
  return zNodeSettings.parse({ ...known, ...(Object.keys(extra).length > 0 ? { extra } : {}) })
}

function readEdges(reader: DocumentReader, members: Members, places: Places): FlowEdge[] {
  const at = members.get('edges')
  if (at?.value.type !== 'array') {
    reader.report('invalid-field', `${reader.file} has no list "edges".`, at?.key ?? reader.source.root, {
      hint: 'Write "edges": [] where there are none.',
    })
    if (at) reader.lossy = true
    return []
  }
  const edges: FlowEdge[] = []
  for (const item of at.value.children ?? []) {
    const edge = readEdge(reader, item)
    if (edge === null) {
      reader.lossy = true
      continue
    }
    const key = edgeKey(edge)
    if (places.edges.has(key)) continue
    places.edges.set(key, item)
    edges.push(edge)
  }
  return edges
}

function readEdge(reader: DocumentReader, at: JsonNode): FlowEdge | null {
  const members = reader.members(at)
  const ends = ['from', 'to'].map((name) => {
    const value: unknown = members.get(name)?.value.value
    return typeof value === 'string' ? parseEdgeEnd(value) : null
  })
  const [from, to] = ends
  if (!from || !to || from.node === '' || to.node === '') {
    reader.report('invalid-field', `An edge of ${reader.file} does not name its two nodes.`, at, {
      hint: 'Write it as { "from": "NODE.PORT", "to": "NODE.PORT" }, or remove it.',
    })
    return null
  }
  const extra: Record<string, JsonText> = {}
  for (const [name, { value }] of members) {
    if (name !== 'from' && name !== 'to') extra[name] = reader.source.textOf(value)
  }
  return { from, to, ...(Object.keys(extra).length > 0 ? { extra } : {}) }
}
