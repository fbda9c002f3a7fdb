import { expect, it } from 'vitest'
import type { FlowDocument, FlowNode } from './document.ts'
import { zJsonText } from './document.ts'
import { parseEdgeEnd } from './edge-end.ts'
import { parseFlow } from './parse-flow.ts'
import { printFlow, printLayout } from './print-flow.ts'

const edge = (from: string, to: string) => ({ from: parseEdgeEnd(from), to: parseEdgeEnd(to) })
const json = (text: string) => zJsonText.parse(text)

it('sorts nodes, keys and edges, but not the edges into one port', () => {
  const nodes: Record<string, FlowNode> = {
    b: {
      extra: { later: json('[1.0]') },
      settings: {},
      title: 'B',
      inputs: { z: json('3.0'), a: json('{}') },
      file: 'nodes/b.py',
      kind: 'code',
    },
    a: { kind: 'view' },
  }
  const edges = [
    edge('a.z', 'b.y'),
    edge('a.a', 'b.y'),
    edge('a.a', 'b.a'),
    edge('a', 'b'),
    edge('b.result', 'a.value'),
  ]
  expect(printFlow({ extra: { capabilities: json('{"a":1}') }, edges, nodes, format: 1 })).toBe(`{
  "format": 1,
  "nodes": {
    "a": { "kind": "view" },
    "b": { "kind": "code", "file": "nodes/b.py", "title": "B", "inputs": { "z": 3.0, "a": {} }, "settings": {}, "later": [1.0] }
  },
  "edges": [
    { "from": "b.result", "to": "a.value" },
    { "from": "a", "to": "b" },
    { "from": "a.a", "to": "b.a" },
    { "from": "a.z", "to": "b.y" },
    { "from": "a.a", "to": "b.y" }
  ],
  "capabilities": {"a":1}
}
`)
})

it('prints an empty flow and an empty layout', () => {
  expect([printFlow({ format: 1, nodes: {}, edges: [] }), printLayout({ format: 1, nodes: {} })]).toEqual([
    '{\n  "format": 1,\n  "nodes": {},\n  "edges": []\n}\n',
    '{\n  "format": 1,\n  "nodes": {}\n}\n',
  ])
})

it('writes a field that could not be read once, in its own words', () => {
  const nodes: Record<string, FlowNode> = {
    a: { kind: '', title: 'new', extra: { kind: json('7'), title: json('5.0') } },
  }
  const document: FlowDocument = { format: 1, nodes, edges: [] }
  const text = printFlow(document)
  expect(text).toContain('"a": { "kind": 7, "title": 5.0 }')
  expect(parseFlow(text, 'x').problems.map((problem) => problem.code)).toEqual(['invalid-field', 'invalid-field'])
})
