/**
 * Sizes and places of everything on the canvas, in canvas pixels, computed from the data alone: the same
 * numbers that the style sheet makes, so that nothing has to be measured in the page.
 */
import type { FlowNode, NodeLayout } from '../../../src-shared/flow/document.ts'
import type { InputPort, NodePorts } from '../../../src-shared/flow/ports.ts'
import { shortType, typeFamily, type TypeFamily } from '../../../src-shared/flow/type-label.ts'

export const NODE_WIDTH = 184
export const HEADER = 30
export const ROW = 20
/** The line about the last result, its margin and border included. */
export const FOOT = 26
/** Below the rows of a node without a foot. */
export const PAD = 5
/** What a view node shows of its value. */
export const VIEW_BODY = 84
export const NOTE_SIZE = { width: 200, height: 96 } as const
export const PORT_SIZE = 9
/** Side of the square around a port that takes the pointer. */
export const PORT_HIT = 20

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Rect extends Point {
  readonly width: number
  readonly height: number
}

export type Side = 'input' | 'output'

export interface RowPort {
  readonly name: string
  /** The type in one short word, '' where unknown. */
  readonly type: string
  readonly family: TypeFamily
  readonly wired: boolean
  /** An edge or constant names it, but the node has no such port (any more). */
  readonly ghost: boolean
}

export interface RowInput extends RowPort {
  /** The port's own data; null for a ghost. */
  readonly port: InputPort | null
  /** The row holds a field for the constant. */
  readonly field: boolean
}

export interface NodeRow {
  readonly input: RowInput | null
  readonly output: RowPort | null
}

export interface NodeShape {
  readonly width: number
  readonly height: number
  readonly rows: readonly NodeRow[]
  /** Height of what stands between rows and foot. */
  readonly body: number
  readonly foot: boolean
}

/** Ports of a node that edges name, in the order of the edges, each once. */
export interface NodeWires {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

export const noWires: NodeWires = { inputs: [], outputs: [] }

const fieldInRow = (port: InputPort, constant: boolean): boolean => port.field.kind !== 'json' || constant

function inputRows(node: FlowNode, ports: NodePorts, wires: NodeWires): RowInput[] {
  const wired = new Set(wires.inputs)
  const known = new Set(ports.inputs.map((port) => port.name))
  const rows: RowInput[] = ports.inputs.map((port) => ({
    name: port.name,
    type: shortType(port.type),
    family: typeFamily(port.type),
    wired: wired.has(port.name),
    ghost: false,
    port,
    field: !wired.has(port.name) && fieldInRow(port, Object.hasOwn(node.inputs ?? {}, port.name)),
  }))
  for (const name of new Set([...wires.inputs, ...Object.keys(node.inputs ?? {})])) {
    if (known.has(name)) continue
    const isWired = wired.has(name)
    rows.push({ name, type: '', family: 'object', wired: isWired, ghost: ports.known, port: null, field: !isWired })
  }
  return rows
}

function outputRows(ports: NodePorts, wires: NodeWires): RowPort[] {
  const wired = new Set(wires.outputs)
  const rows = ports.outputs
    .filter((port) => !port.hidden || wired.has(port.name))
    .map((port) => ({
      name: port.name,
      type: shortType(port.type),
      family: typeFamily(port.type),
      wired: wired.has(port.name),
      ghost: false,
    }))
  const known = new Set(ports.outputs.map((port) => port.name))
  for (const name of wires.outputs) {
    if (!known.has(name)) rows.push({ name, type: '', family: 'object', wired: true, ghost: ports.known })
  }
  return rows
}

/**
 * Outputs stand at the right of the inputs that need no field; inputs with a field have rows of their own
 * below, or above where no other input is. So wiring one input moves no output.
 */
function rowsOf(inputs: readonly RowInput[], outputs: readonly RowPort[]): NodeRow[] {
  const plain = inputs.filter((input) => !input.field)
  const fields = inputs.filter((input) => input.field).map((input): NodeRow => ({ input, output: null }))
  const paired = Array.from({ length: Math.max(plain.length, outputs.length) }, (_, index): NodeRow => ({
    input: plain[index] ?? null,
    output: outputs[index] ?? null,
  }))
  return plain.length === 0 ? [...fields, ...paired] : [...paired, ...fields]
}

export function nodeShape(node: FlowNode, ports: NodePorts, wires: NodeWires, layout?: NodeLayout): NodeShape {
  if (node.kind === 'note') {
    const { width, height } = NOTE_SIZE
    return { width: layout?.width ?? width, height: layout?.height ?? height, rows: [], body: 0, foot: false }
  }
  const width = Math.max(NODE_WIDTH, layout?.width ?? 0)
  const rows = rowsOf(inputRows(node, ports, wires), outputRows(ports, wires))
  const foot = node.kind !== 'value'
  const least = node.kind === 'view' ? VIEW_BODY : 0
  const rest = HEADER + rows.length * ROW + (foot ? FOOT : PAD)
  const body = node.kind === 'view' ? Math.max(least, (layout?.height ?? 0) - rest) : 0
  return { width, height: rest + body, rows, body, foot }
}

/** Where a port is, relative to the node's top left corner. Null port: the end of an order edge, at the header. */
export function portOffset(shape: NodeShape, side: Side, port: string | null): Point {
  const x = side === 'input' ? 0 : shape.width
  const index = shape.rows.findIndex((row) => row[side]?.name === port)
  return { x, y: port === null || index < 0 ? HEADER / 2 : HEADER + index * ROW + ROW / 2 }
}

/** How far the ends of a wire run straight before it bends. */
const bend = (from: Point, to: Point): number => Math.max(28, Math.abs(to.x - from.x) / 2, to.x < from.x ? 70 : 0)

export interface Curve {
  readonly from: Point
  readonly c1: Point
  readonly c2: Point
  readonly to: Point
}

export function wireCurve(from: Point, to: Point): Curve {
  const k = bend(from, to)
  return { from, c1: { x: from.x + k, y: from.y }, c2: { x: to.x - k, y: to.y }, to }
}

export const curvePath = ({ from, c1, c2, to }: Curve): string =>
  `M${from.x} ${from.y}C${c1.x} ${c1.y} ${c2.x} ${c2.y} ${to.x} ${to.y}`

export function curvePoint({ from, c1, c2, to }: Curve, t: number): Point {
  const u = 1 - t
  const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t]
  return { x: a * from.x + b * c1.x + c * c2.x + d * to.x, y: a * from.y + b * c1.y + c * c2.y + d * to.y }
}

/** Contains the whole curve: a Bézier stays within its control points. */
export function curveBox({ from, c1, c2, to }: Curve): Rect {
  const xs = [from.x, c1.x, c2.x, to.x]
  const ys = [from.y, c1.y, c2.y, to.y]
  const x = Math.min(...xs)
  const y = Math.min(...ys)
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}

export const overlaps = (a: Rect, b: Rect): boolean =>
  a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height

export const grow = (rect: Rect, by: number): Rect => ({
  x: rect.x - by,
  y: rect.y - by,
  width: rect.width + 2 * by,
  height: rect.height + 2 * by,
})

/** The rectangle around all of them; null when there are none. */
export function boundsOf(rects: Iterable<Rect>): Rect | null {
  let box: { left: number; top: number; right: number; bottom: number } | null = null
  for (const { x, y, width, height } of rects) {
    box ??= { left: x, top: y, right: x + width, bottom: y + height }
    box.left = Math.min(box.left, x)
    box.top = Math.min(box.top, y)
    box.right = Math.max(box.right, x + width)
    box.bottom = Math.max(box.bottom, y + height)
  }
  return box && { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top }
}
