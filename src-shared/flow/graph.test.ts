import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ancestors, closure, cycles, descendants, findPath, topologicalOrder, type Graph } from './graph.ts'

const graph = (nodes: string, ...edges: string[]): Graph => ({
  nodes: nodes.split(''),
  edges: edges.map((edge) => ({ from: edge.charAt(0), to: edge.charAt(1) })),
})

describe('topologicalOrder', () => {
  it('takes the smallest free id first, however nodes and edges are listed', () => {
    const expected = { order: ['a', 'c', 'b', 'd', 'e'], cyclic: [], cycle: null }
    expect(topologicalOrder(graph('edcba', 'cb', 'ad', 'bd', 'de'))).toEqual(expected)
    expect(topologicalOrder(graph('abcde', 'de', 'bd', 'ad', 'cb', 'cb'))).toEqual(expected)
  })

  it('names one cycle and its members, and leaves out what depends on it', () => {
    expect(topologicalOrder(graph('abcdefg', 'ab', 'bc', 'cd', 'db', 'de', 'fg'))).toEqual({
      order: ['a', 'f', 'g'],
      cyclic: ['b', 'c', 'd'],
      cycle: ['b', 'c', 'd', 'b'],
    })
  })

  it('ignores edges to nodes that are not there', () => {
    expect(topologicalOrder(graph('ab', 'ab', 'ax', 'xb'))).toEqual({ order: ['a', 'b'], cyclic: [], cycle: null })
  })

  it('respects every edge of a random acyclic graph', () => {
    const edges = fc.array(fc.tuple(fc.nat(19), fc.nat(19)).filter(([a, b]) => a < b))
    fc.assert(
      fc.property(edges, fc.infiniteStream(fc.nat(1000)), (pairs, salt) => {
        // Ids in another order than the numbers, so that sorting alone cannot pass.
        const names = Array.from({ length: 20 }, (_, index) => `${salt.next().value}_${index}`)
        const list = pairs.map(([a, b]) => ({ from: names[a] ?? '', to: names[b] ?? '' }))
        const { order } = topologicalOrder({ nodes: names, edges: list })
        expect(new Set(order).size).toBe(20)
        for (const { from, to } of list) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to))
      }),
    )
  })

  it('orders a chain of 100,000 nodes, and names the cycle when it is closed', () => {
    const ids = Array.from({ length: 100_000 }, (_, index) => `n${index}`)
    const edges = ids.slice(1).map((to, index) => ({ from: `n${index}`, to }))
    expect(topologicalOrder({ nodes: [...ids].reverse(), edges }).order).toEqual(ids)
    const closed = topologicalOrder({ nodes: ids, edges: [...edges, { from: 'n99999', to: 'n0' }] })
    expect({ order: closed.order, cyclic: closed.cyclic.length, cycle: closed.cycle?.length }).toEqual({
      order: [],
      cyclic: 100_000,
      cycle: 100_001,
    })
    expect(closure({ nodes: ids, edges }, ['n99999']).size).toBe(100_000)
    expect(findPath({ nodes: ids, edges }, 'n0', 'n99999')).toEqual(ids)
  })
})

describe('cycles', () => {
  it('gives each group once, by a real way round', () => {
    expect(cycles(graph('abcdefgh', 'ab', 'ba', 'aa', 'bc', 'cd', 'dc', 'ee', 'fg', 'gh', 'hf', 'fh'))).toEqual([
      { members: ['a', 'b'], path: ['a', 'b', 'a'] },
      { members: ['c', 'd'], path: ['c', 'd', 'c'] },
      { members: ['e'], path: ['e', 'e'] },
      { members: ['f', 'g', 'h'], path: ['f', 'h', 'f'] },
    ])
  })
})

describe('reach', () => {
  const diamond = graph('abcdex', 'ab', 'ac', 'bd', 'cd', 'de')

  it('finds what is needed and what depends', () => {
    expect({
      ancestors: [...ancestors(diamond, ['d'])].sort(),
      descendants: [...descendants(diamond, ['b'])].sort(),
      closure: [...closure(diamond, ['b', 'x', 'nobody'])].sort(),
      path: findPath(diamond, 'a', 'e'),
      noPath: findPath(diamond, 'e', 'a'),
    }).toEqual({
      ancestors: ['a', 'b', 'c'],
      descendants: ['d', 'e'],
      closure: ['a', 'b', 'x'],
      path: ['a', 'b', 'd', 'e'],
      noPath: null,
    })
  })
})
