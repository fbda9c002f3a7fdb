import { describe, expect, it } from 'vitest'
import { zJsonText, type FlowNode } from '../../../src-shared/flow/document.ts'
import type { InputPort, NodePorts } from '../../../src-shared/flow/ports.ts'
import {
  boundsOf,
  curveBox,
  curvePoint,
  FOOT,
  HEADER,
  nodeShape,
  noWires,
  portOffset,
  ROW,
  wireCurve,
} from './geometry.ts'

const input = (name: string, change: Partial<InputPort> = {}): InputPort => ({
  name,
  type: 'pd.DataFrame',
  optional: false,
  field: { kind: 'json' },
  nullable: false,
  collects: 'never',
  defaultJson: null,
  defaultText: null,
  line: 1,
  ...change,
})
const output = (name: string, hidden = false) => ({ name, type: 'pd.DataFrame', required: true, hidden })
const ports = (inputs: InputPort[], outputs = [output('result')]): NodePorts => ({
  inputs,
  outputs: [...outputs, output('$error', true)],
  takesInputData: false,
  known: true,
})
const code: FlowNode = { kind: 'code', file: 'nodes/a.py' }
const number = input('share', { type: 'float', field: { kind: 'float' }, optional: true })
const names = (shape: ReturnType<typeof nodeShape>) =>
  shape.rows.map((row) => [row.input?.name ?? null, row.output?.name ?? null])

describe('nodeShape', () => {
  it('puts outputs beside inputs without a field, fields below', () => {
    const shape = nodeShape(code, ports([input('frame'), number], [output('train'), output('test')]), noWires)
    expect(names(shape)).toEqual([
      ['frame', 'train'],
      [null, 'test'],
      ['share', null],
    ])
    expect(shape.height).toBe(HEADER + 3 * ROW + FOOT)
  })

  it('puts fields first where no other input is', () => {
    expect(names(nodeShape(code, ports([number]), noWires))).toEqual([
      ['share', null],
      [null, 'result'],
    ])
  })

  it('keeps every output in its place when another input is wired', () => {
    const both = ports([input('frame'), number], [output('train'), output('test')])
    const before = nodeShape(code, both, noWires)
    const after = nodeShape(code, both, { inputs: ['share'], outputs: [] })
    for (const port of ['train', 'test'])
      expect(portOffset(after, 'output', port)).toEqual(portOffset(before, 'output', port))
  })

  it('shows ports that only wires and constants name as ghosts', () => {
    const node: FlowNode = { ...code, inputs: { old: zJsonText.parse('1') } }
    const shape = nodeShape(node, ports([input('frame')]), { inputs: ['gone'], outputs: ['lost'] })
    const ghosts = shape.rows
      .flatMap((row) => [row.input, row.output])
      .flatMap((port) => (port?.ghost ? [port.name] : []))
    expect(ghosts.sort()).toEqual(['gone', 'lost', 'old'])
  })

  it('calls no port wrong while the signature is not known', () => {
    const unknown: NodePorts = { inputs: [], outputs: [output('result')], takesInputData: false, known: false }
    const shape = nodeShape(code, unknown, { inputs: ['x'], outputs: [] })
    expect(shape.rows[0]?.input).toMatchObject({ name: 'x', ghost: false, wired: true })
  })

  it('shows $error only when it is wired', () => {
    expect(names(nodeShape(code, ports([]), { inputs: [], outputs: ['$error'] }))).toEqual([
      [null, 'result'],
      [null, '$error'],
    ])
  })

  it('fills the ring of a wired input and takes its field away', () => {
    const shape = nodeShape(code, ports([number]), { inputs: ['share'], outputs: [] })
    expect(shape.rows[0]?.input).toMatchObject({ wired: true, field: false, family: 'number' })
  })
})

describe('portOffset', () => {
  const shape = nodeShape(code, ports([input('frame'), number]), noWires)
  it('is the middle of the row, at the edge of the node', () => {
    expect(portOffset(shape, 'input', 'share')).toEqual({ x: 0, y: HEADER + ROW + ROW / 2 })
    expect(portOffset(shape, 'output', 'result')).toEqual({ x: shape.width, y: HEADER + ROW / 2 })
  })
  it('is at the header for an order edge', () => {
    expect(portOffset(shape, 'output', null)).toEqual({ x: shape.width, y: HEADER / 2 })
  })
})

describe('curves', () => {
  it('stay inside their box', () => {
    const curve = wireCurve({ x: 200, y: 0 }, { x: 0, y: 100 })
    const box = curveBox(curve)
    for (let t = 0; t <= 1; t += 0.05) {
      const { x, y } = curvePoint(curve, t)
      expect(x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height).toBe(true)
    }
  })
})

describe('boundsOf', () => {
  it('holds all rectangles; null for none', () => {
    expect(
      boundsOf([
        { x: -5, y: 0, width: 10, height: 10 },
        { x: 20, y: 30, width: 5, height: 5 },
      ]),
    ).toEqual({ x: -5, y: 0, width: 30, height: 35 })
    expect(boundsOf([])).toBeNull()
  })
})
