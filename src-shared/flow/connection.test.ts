import { describe, expect, it } from 'vitest'
import { analysis, parameter, signature } from './analysis.test-data.ts'
import { checkConnection } from './connection.ts'
import type { FlowDocument, FlowNode } from './document.ts'
import { parseEdgeEnd } from './edge-end.ts'
import { own } from './own.ts'
import { portsOf } from './ports.ts'

const main = signature([
  parameter('plain', { annotation: 'int' }),
  parameter('items', { annotation: 'list[int]', collects: 'may' }),
  parameter('rest', { kind: 'var_positional', collects: 'always' }),
])
const code: FlowNode = { kind: 'code', file: 'nodes/a.py' }

const nodes: Record<string, FlowNode> = {
  a: code,
  b: code,
  c: code,
  d: { ...code, collect: ['items', 'plain'] },
  memo: { kind: 'note' },
  lost: { kind: 'code', file: 'x.py' },
}

const flow = (edges: string[]): FlowDocument => ({
  format: 1,
  nodes,
  edges: edges.map((edge) => {
    const [from = '', to = ''] = edge.split(' ')
    return { from: parseEdgeEnd(from), to: parseEdgeEnd(to) }
  }),
})

function check(edges: string[], edge: string) {
  const document = flow(edges)
  const ports = (id: string) => {
    const node = own<FlowNode>(document.nodes, id)
    return node && portsOf(node, node.file === 'nodes/a.py' ? analysis([main]) : undefined)
  }
  const [from = '', to = ''] = edge.split(' ')
  const result = checkConnection(document, ports, parseEdgeEnd(from), parseEdgeEnd(to))
  return result.ok ? { collect: result.collect, replaces: result.replaces } : result.reason
}

const plain = { collect: false, replaces: null }

describe('checkConnection', () => {
  it.each([
    [[], 'a.result b.plain', plain],
    [[], 'a b', plain],
    [
      ['a.result b.plain'],
      'c.result b.plain',
      { collect: false, replaces: { from: { node: 'a', port: 'result' }, to: { node: 'b', port: 'plain' } } },
    ],
    [['a.result b.items'], 'c.result b.items', { collect: true, replaces: null }],
    [['a.result d.items'], 'c.result d.items', plain],
    [['a.result b.rest'], 'c.result b.rest', plain],
    [
      ['a.result lost.x'],
      'b.result lost.x',
      { collect: false, replaces: { from: { node: 'a', port: 'result' }, to: { node: 'lost', port: 'x' } } },
    ],
    [
      ['a.result d.plain'],
      'c.result d.plain',
      { collect: false, replaces: { from: { node: 'a', port: 'result' }, to: { node: 'd', port: 'plain' } } },
    ],
    [[], 'lost.whatever b.plain', plain],
    [[], 'a.result lost.whatever', plain],
  ] as const)('accepts %s + %s', (edges, edge, expected) => {
    expect(check([...edges], edge)).toEqual(expected)
  })

  it.each([
    [[], 'a.result a.plain', 'a cannot be connected to itself.'],
    [['a.result b.plain', 'b c'], 'c.result a.plain', 'That would close a cycle: a → b → c → a.'],
    [[], 'a.result b', 'A wire joins two ports, or two nodes: a.result → b does neither.'],
    [[], 'a.reslt b.plain', 'a has no output reslt. Did you mean result?'],
    [[], 'a.result b.plane', 'b has no input plane. Did you mean plain?'],
    [[], 'a.result b.zzzzzz', 'b has no input zzzzzz.'],
    [['a.result b.plain'], 'a.result b.plain', 'a.result is already connected to b.plain.'],
    [[], 'constructor.result b.plain', 'There is no node constructor.'],
    [[], 'a.result nobody.plain', 'There is no node nobody.'],
    [[], 'a.$error b.plain', 'This version cannot pass a failure on.'],
    [[], 'memo a', 'memo is a note; a note cannot be connected.'],
  ] as const)('refuses %s + %s', (edges, edge, reason) => {
    expect(check([...edges], edge)).toBe(reason)
  })
})
