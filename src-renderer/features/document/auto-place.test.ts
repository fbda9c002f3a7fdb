import { describe, expect, it } from 'vitest'
import { emptyLayout, type FlowDocument } from '../../../src-shared/flow/document.ts'
import { COLUMN_PITCH, placeMissing, ROW_PITCH } from './auto-place.ts'

const flow = (nodes: string[], edges: [string, string][]): FlowDocument => ({
  format: 1,
  nodes: Object.fromEntries(nodes.map((id) => [id, { kind: 'view' }])),
  edges: edges.map(([from, to]) => ({ from: { node: from, port: 'result' }, to: { node: to, port: 'value' } })),
})

describe('placeMissing', () => {
  it('makes columns by distance from the sources', () => {
    const { nodes } = placeMissing(
      flow(
        ['a', 'b', 'c', 'd'],
        [
          ['a', 'b'],
          ['b', 'd'],
          ['a', 'd'],
        ],
      ),
      emptyLayout(),
    )
    expect(['a', 'b', 'c', 'd'].map((id) => [nodes[id]?.x, nodes[id]?.y])).toEqual([
      [40, 80],
      [40 + COLUMN_PITCH, 80],
      [40, 80 + ROW_PITCH],
      [40 + 2 * COLUMN_PITCH, 80],
    ])
  })

  it('leaves what has a place, puts the rest below, and gives the same layout when nothing is missing', () => {
    const layout = { ...emptyLayout(), nodes: { a: { x: 5, y: 1000 } } }
    const placed = placeMissing(flow(['a', 'b'], []), layout)
    expect(placed.nodes['a']).toBe(layout.nodes.a)
    expect(placed.nodes['b']?.y).toBeGreaterThan(1000)
    expect(placeMissing(flow(['a'], []), layout)).toBe(layout)
  })

  it('ends on a cycle', () => {
    const { nodes } = placeMissing(
      flow(
        ['a', 'b'],
        [
          ['a', 'b'],
          ['b', 'a'],
        ],
      ),
      emptyLayout(),
    )
    expect(Object.keys(nodes)).toEqual(['a', 'b'])
  })
})
