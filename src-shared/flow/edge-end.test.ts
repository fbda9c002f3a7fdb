import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nodeIds } from './arbitrary.test-data.ts'
import { edgeKey, parseEdgeEnd, printEdgeEnd, sameEdge } from './edge-end.ts'

describe('an edge end', () => {
  it('splits at the first dot', () => {
    expect(['a', 'a.b', 'a.b.c', 'a.', '.b', ''].map(parseEdgeEnd)).toEqual([
      { node: 'a', port: null },
      { node: 'a', port: 'b' },
      { node: 'a', port: 'b.c' },
      { node: 'a', port: '' },
      { node: '', port: 'b' },
      { node: '', port: null },
    ])
  })

  it('comes back from its text, whatever the port', () => {
    fc.assert(
      fc.property(nodeIds, fc.option(fc.string({ unit: 'binary' })), (node, port) => {
        expect(parseEdgeEnd(printEdgeEnd({ node, port }))).toEqual({ node, port })
      }),
    )
  })

  it('has one key per pair of ends', () => {
    const port = fc.option(fc.constantFrom('', 'a', '"', '\n', 'a\nb', '.'))
    const end = fc.record({ node: fc.constantFrom('a', 'b'), port })
    const edge = fc.record({ from: end, to: end })
    fc.assert(
      fc.property(edge, edge, (a, b) => {
        expect(edgeKey(a) === edgeKey(b)).toBe(sameEdge(a, b))
      }),
    )
  })
})
