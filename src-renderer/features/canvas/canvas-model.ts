/**
 * The flow as the canvas sees it: a shape and a place for every node, a curve for every wire. Worked out
 * from the session's state; what did not change is the same object as before.
 */
import type { FlowDocument, FlowEdge, FlowNode, NodeLayout } from '../../../src-shared/flow/document.ts'
import { edgeKey } from '../../../src-shared/flow/edge-end.ts'
import { own } from '../../../src-shared/flow/own.ts'
import type { NodePorts } from '../../../src-shared/flow/ports.ts'
import type { TypeFamily } from '../../../src-shared/flow/type-label.ts'
import { nodeOf, type FlowSession, type FlowState } from '../document/index.ts'
import {
  nodeShape,
  noWires,
  portOffset,
  wireCurve,
  type Curve,
  type NodeShape,
  type NodeWires,
  type Point,
  type Rect,
  type Side,
} from './geometry.ts'
import { GridIndex } from './window.ts'

export interface Wire {
  readonly edge: FlowEdge
  readonly key: string
  readonly curve: Curve
  readonly family: TypeFamily
  /** An end names a port that is not there. */
  readonly broken: boolean
}

/** Which ports of each node edges name, in edge order. */
export function wiresByNode(document: FlowDocument): Map<string, NodeWires> {
  const found = new Map<string, { inputs: string[]; outputs: string[] }>()
  const at = (id: string) => {
    const known = found.get(id) ?? { inputs: [], outputs: [] }
    found.set(id, known)
    return known
  }
  for (const { from, to } of document.edges) {
    if (from.port === null || to.port === null) continue
    const { outputs } = at(from.node)
    const { inputs } = at(to.node)
    if (!outputs.includes(from.port)) outputs.push(from.port)
    if (!inputs.includes(to.port)) inputs.push(to.port)
  }
  return found
}

interface KnownShape {
  readonly ports: NodePorts
  readonly wires: string
  readonly width: number | undefined
  readonly height: number | undefined
  readonly shape: NodeShape
}

export interface Shift {
  readonly ids: ReadonlySet<string>
  readonly dx: number
  readonly dy: number
}

export class CanvasModel {
  readonly index = new GridIndex()
  readonly #session: FlowSession
  readonly #shapes = new WeakMap<FlowNode, KnownShape>()
  #wiring: { edges: readonly FlowEdge[]; byNode: Map<string, NodeWires> } = { edges: [], byNode: new Map() }
  #wires: readonly Wire[] = []
  #drawn: { document: FlowDocument; layout: FlowState['layout']; analyses: FlowState['analyses'] } | null = null
  #shift: Shift | null = null

  constructor(session: FlowSession) {
    this.#session = session
  }

  /** Every wire with both nodes present, in edge order. */
  get wires(): readonly Wire[] {
    return this.#wires
  }

  get shift(): Shift | null {
    return this.#shift
  }

  /** The shape of a node that is in the document. Same object while nothing about it changed. */
  shape(id: string): NodeShape | null {
    const { document, layout } = this.#session.state
    const node = nodeOf(document, id)
    const ports = this.#session.portsOf(id)
    if (!node || !ports) return null
    const place = own<NodeLayout>(layout.nodes, id)
    const wires = this.#wiringOf(document).get(id) ?? noWires
    const wiring = JSON.stringify(wires)
    const known = this.#shapes.get(node)
    if (
      known &&
      known.ports === ports &&
      known.wires === wiring &&
      known.width === place?.width &&
      known.height === place?.height
    ) {
      return known.shape
    }
    const shape = nodeShape(node, ports, wires, place)
    this.#shapes.set(node, { ports, wires: wiring, width: place?.width, height: place?.height, shape })
    return shape
  }

  rect(id: string): Rect | null {
    return this.index.rect(id) ?? null
  }

  portPoint(id: string, side: Side, port: string | null): Point | null {
    const rect = this.rect(id)
    const shape = this.shape(id)
    if (!rect || !shape) return null
    const offset = portOffset(shape, side, port)
    return { x: rect.x + offset.x, y: rect.y + offset.y }
  }

  /** Follows the session's state; says whether anything on the canvas changed its place or form. */
  update(): boolean {
    const { document, layout, analyses } = this.#session.state
    const drawn = this.#drawn
    if (drawn && drawn.document === document && drawn.layout === layout && drawn.analyses === analyses) return false
    this.#drawn = { document, layout, analyses }
    this.#placeAll()
    return true
  }

  /** Nodes under the pointer stand elsewhere than the document says, until they are dropped. */
  setShift(shift: Shift | null): void {
    const moved = new Set([...(this.#shift?.ids ?? []), ...(shift?.ids ?? [])])
    this.#shift = shift
    for (const id of moved) this.#place(id)
    this.#wires = this.#wires.map((wire) =>
      moved.has(wire.edge.from.node) || moved.has(wire.edge.to.node) ? (this.#wireOf(wire.edge) ?? wire) : wire,
    )
  }

  #wiringOf(document: FlowDocument): Map<string, NodeWires> {
    if (this.#wiring.edges !== document.edges) {
      this.#wiring = { edges: document.edges, byNode: wiresByNode(document) }
    }
    return this.#wiring.byNode
  }

  #place(id: string): void {
    const { layout } = this.#session.state
    const shape = this.shape(id)
    const place = own<NodeLayout>(layout.nodes, id)
    if (!shape || !place) {
      this.index.delete(id)
      return
    }
    const shift = this.#shift?.ids.has(id) ? this.#shift : null
    const { width, height } = shape
    this.index.set(id, { x: place.x + (shift?.dx ?? 0), y: place.y + (shift?.dy ?? 0), width, height })
  }

  #placeAll(): void {
    const { document } = this.#session.state
    for (const [id] of [...this.index.entries()]) if (!nodeOf(document, id)) this.index.delete(id)
    for (const id of Object.keys(document.nodes)) this.#place(id)
    this.#wires = document.edges.flatMap((edge) => this.#wireOf(edge) ?? [])
  }

  #wireOf(edge: FlowEdge): Wire | null {
    const from = this.portPoint(edge.from.node, 'output', edge.from.port)
    const to = this.portPoint(edge.to.node, 'input', edge.to.port)
    if (!from || !to) return null
    const output = this.shape(edge.from.node)?.rows.find((row) => row.output?.name === edge.from.port)?.output
    const input = this.shape(edge.to.node)?.rows.find((row) => row.input?.name === edge.to.port)?.input
    const mixed = (edge.from.port === null) !== (edge.to.port === null)
    return {
      edge,
      key: edgeKey(edge),
      curve: wireCurve(from, to),
      family: output?.family ?? 'object',
      broken: mixed || output?.ghost === true || input?.ghost === true,
    }
  }
}
