import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flowDocuments, nodeIds } from './arbitrary.test-data.ts'
import { emptyLayout, zJsonText, type FlowDocument, type FlowNode } from './document.ts'
import {
  addNode,
  clearInput,
  connect,
  disconnect,
  moveNodes,
  removeNodes,
  renameNode,
  setInput,
  setNodeField,
  type EditResult,
  type FlowState,
} from './edit.ts'
import { parseEdgeEnd } from './edge-end.ts'
import { parseFlow } from './parse-flow.ts'
import { printFlow } from './print-flow.ts'

const code: FlowNode = { kind: 'code', file: 'nodes/a.py' }
const edge = (from: string, to: string) => ({ from: parseEdgeEnd(from), to: parseEdgeEnd(to) })
const json = (text: string) => zJsonText.parse(text)
const one = json('1')

const nodes: Record<string, FlowNode> = { a: code, b: { ...code, inputs: { x: one } } }
const start: FlowState = {
  document: { format: 1, nodes, edges: [edge('a.result', 'b.x')] },
  layout: { format: 1, nodes: { a: { x: 1, y: 2 }, b: { x: 3, y: 4, width: 5 } } },
}
const frozen = JSON.stringify(start)

/** Applies edits one after the other; the first refusal ends it. */
function apply(state: FlowState, ...edits: ((state: FlowState) => EditResult)[]): EditResult {
  let result: EditResult = { ok: true, ...state }
  for (const edit of edits) if (result.ok) result = edit(result)
  return result
}

const nodeB = (result: EditResult): FlowNode | string | undefined =>
  result.ok ? Object.entries(result.document.nodes)[1]?.[1] : result.reason

describe('edits', () => {
  it('add, connect, disconnect and remove', () => {
    const result = apply(
      start,
      (state) => addNode(state, 'c', { kind: 'view' }, { x: 9, y: 9 }),
      (state) => connect(state, parseEdgeEnd('b.result'), parseEdgeEnd('c.value')),
      (state) => connect(state, parseEdgeEnd('a'), parseEdgeEnd('c')),
      (state) => disconnect(state, [edge('a', 'c'), edge('a', 'nobody')]),
      (state) => removeNodes(state, ['a', 'nobody']),
    )
    expect(result).toEqual({
      ok: true,
      document: {
        format: 1,
        nodes: { b: { ...code, inputs: { x: '1' } }, c: { kind: 'view' } },
        edges: [edge('b.result', 'c.value')],
      },
      layout: { format: 1, nodes: { b: { x: 3, y: 4, width: 5 }, c: { x: 9, y: 9 } } },
    })
    expect(JSON.stringify(start)).toBe(frozen)
  })

  it('write collect, or replace an edge, as the check said', () => {
    const from = parseEdgeEnd('a.other')
    const to = parseEdgeEnd('b.x')
    const collected = apply(start, (state) => connect(state, from, to, { collect: true, replaces: null }))
    const replaced = apply(start, (state) =>
      connect(state, from, to, { collect: false, replaces: edge('a.result', 'b.x') }),
    )
    expect([collected, replaced].map((result) => result.ok && [result.document.edges, nodeB(result)])).toEqual([
      [[edge('a.result', 'b.x'), edge('a.other', 'b.x')], { ...code, inputs: { x: '1' }, collect: ['x'] }],
      [[edge('a.other', 'b.x')], { ...code, inputs: { x: '1' } }],
    ])
  })

  it('set and clear fields, leaving no empty ones', () => {
    const withUnreadable: Record<string, FlowNode> = { a: code, b: { ...code, extra: { title: json('5') } } }
    const unreadable: FlowState = {
      ...start,
      document: { ...start.document, nodes: withUnreadable },
    }
    expect([
      nodeB(setInput(start, 'b', 'y', json('3.0'))),
      nodeB(clearInput(start, 'b', 'x')),
      nodeB(
        apply(
          start,
          (state) => setNodeField(state, 'b', 'title', 'B'),
          (state) => setNodeField(state, 'b', 'inputs', undefined),
        ),
      ),
      nodeB(setNodeField(unreadable, 'b', 'title', 'B')),
      nodeB(setNodeField(start, 'b', 'kind', undefined)),
      nodeB(setInput(start, 'b', '__proto__', one)),
    ]).toEqual([
      { ...code, inputs: { x: '1', y: '3.0' } },
      code,
      { ...code, title: 'B' },
      { ...code, title: 'B' },
      'A node must have a kind.',
      'An input cannot have that name.',
    ])
  })

  it('move nodes that are there', () => {
    const result = moveNodes(start, { b: { x: 7 }, nobody: { x: 1 } })
    expect(result.ok && result.layout).toEqual({ format: 1, nodes: { a: { x: 1, y: 2 }, b: { x: 7, y: 4, width: 5 } } })
    expect(result.ok && result.document).toBe(start.document)
  })

  it('rename a node everywhere', () => {
    expect(renameNode(start, 'a', 'source')).toEqual({
      ok: true,
      document: {
        ...start.document,
        nodes: { source: code, b: { ...code, inputs: { x: '1' } } },
        edges: [edge('source.result', 'b.x')],
      },
      layout: { format: 1, nodes: { source: { x: 1, y: 2 }, b: { x: 3, y: 4, width: 5 } } },
    })
  })

  it.each<[string, (state: FlowState) => EditResult]>([
    ['There is no node z.', (state) => setInput(state, 'z', 'x', one)],
    ['There is no node constructor.', (state) => setNodeField(state, 'constructor', 'title', 'x')],
    ['There is no node z.', (state) => connect(state, parseEdgeEnd('a'), parseEdgeEnd('z'))],
    ['a cannot be connected to itself.', (state) => connect(state, parseEdgeEnd('a'), parseEdgeEnd('a'))],
    ['a.result is already connected to b.x.', (state) => connect(state, parseEdgeEnd('a.result'), parseEdgeEnd('b.x'))],
    ['"for" is not a valid node id.', (state) => addNode(state, 'for', code, { x: 0, y: 0 })],
    ['There is already a node a.', (state) => addNode(state, 'a', code, { x: 0, y: 0 })],
    ['There is already a node b.', (state) => renameNode(state, 'a', 'b')],
    ['There is no node z.', (state) => renameNode(state, 'z', 'c')],
    [
      '"A" is not a valid id: small letters, digits and _, a letter first, no Python keyword.',
      (state) => renameNode(state, 'a', 'A'),
    ],
  ])('refuse with: %s', (reason, edit) => {
    expect(edit(start)).toEqual({ ok: false, reason })
  })

  it('undo a rename by renaming back, whatever the flow', () => {
    fc.assert(
      fc.property(flowDocuments, nodeIds, (document: FlowDocument, fresh) => {
        const ids = Object.keys(document.nodes)
        const id = ids[0] ?? ''
        const mentioned = new Set([...ids, ...document.edges.flatMap(({ from, to }) => [from.node, to.node])])
        fc.pre(!mentioned.has(fresh))
        const there = apply({ document, layout: emptyLayout() }, (state) => renameNode(state, id, fresh))
        const back = apply(
          { document, layout: emptyLayout() },
          (state) => renameNode(state, id, fresh),
          (state) => renameNode(state, fresh, id),
        )
        expect(there.ok && Object.hasOwn(there.document.nodes, id)).toBe(false)
        expect(back).toEqual({ ok: true, document, layout: emptyLayout() })
      }),
    )
  })

  it('leave a document that can be saved', () => {
    fc.assert(
      fc.property(flowDocuments, (document) => {
        const ids = Object.keys(document.nodes)
        const result = apply(
          { document, layout: emptyLayout() },
          (state) => addNode(state, 'zz_new', { kind: 'view' }, { x: 0, y: 0 }),
          (state) => connect(state, { node: ids[0] ?? '', port: 'result' }, { node: 'zz_new', port: 'value' }),
          (state) => setInput(state, 'zz_new', 'value', one),
        )
        const parsed = result.ok ? parseFlow(printFlow(result.document), 'x') : null
        expect({ problems: parsed?.problems, nodes: Object.keys(parsed?.document?.nodes ?? {}).length }).toEqual({
          problems: [],
          nodes: ids.length + 1,
        })
      }),
      { numRuns: 50 },
    )
  })
})
