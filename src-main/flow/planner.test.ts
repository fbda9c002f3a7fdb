/** Which nodes run, from which inputs, and what refuses them. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FileAnalysis, FunctionSignature, Parameter } from '../../src-shared/contract/analysis.ts'
import type { RunSelection } from '../../src-shared/contract/run.ts'
import { zFlowDocument, zJsonText, type FlowDocument } from '../../src-shared/flow/document.ts'
import { parseEdgeEnd } from '../../src-shared/flow/edge-end.ts'
import { noPositions } from '../../src-shared/flow/parse-flow.ts'
import { graphProblems } from '../../src-shared/flow/problems.ts'
import { flowProblem } from './plan-problems.ts'
import { planFlow, type Planned } from './planner.ts'
import type { KeptState } from './plan-context.ts'

const parameter = (name: string, more: Partial<Parameter> = {}): Parameter => ({
  name,
  kind: 'positional_or_keyword',
  annotation: null,
  optional: false,
  default: null,
  defaultJson: null,
  field: { kind: 'json' },
  nullable: true,
  collects: 'may',
  line: 1,
  ...more,
})

const signature = (name: string, parameters: Parameter[], takesInputData = false): FunctionSignature => ({
  name,
  line: 1,
  isAsync: false,
  isGenerator: false,
  doc: null,
  parameters,
  takesInputData,
  hasKwargs: false,
  outputs: [{ name: 'result', type: null, required: true }],
  outputShape: 'whole',
  returns: null,
})

/** One file; the entry says what the node takes. */
const functions = {
  none: signature('none', []),
  one: signature('one', [parameter('x', { collects: 'never' })]),
  maybe: signature('maybe', [parameter('x', { optional: true })]),
  many: signature('many', [parameter('xs', { kind: 'var_positional', collects: 'always' })]),
  any: signature('any', [], true),
}
const analysis: FileAnalysis = {
  status: 'ok',
  message: null,
  line: null,
  column: null,
  functions,
  stale: false,
  imports: [],
  dependsOn: [],
}
const analysisOf = (): FileAnalysis => analysis

/** `{ a: 'none', b: 'one off' }`: entry by id; `off` is a disabled node; `value`, `view`, `note` and others are kinds. */
function flow(nodes: Readonly<Record<string, string>>, edges: readonly string[] = []): FlowDocument {
  const all = Object.entries(nodes).map(([id, text]) => {
    const [entry = '', off] = text.split(' ')
    const settings = off === undefined ? {} : { settings: { disabled: true } }
    return [
      id,
      Object.hasOwn(functions, entry)
        ? { kind: 'code', file: 'nodes/f.py', entry, ...settings }
        : { kind: entry, ...settings },
    ]
  })
  return zFlowDocument.parse({
    format: 1,
    nodes: Object.fromEntries(all),
    edges: edges.map((edge) => {
      const [from = '', to = ''] = edge.split(' -> ')
      return { from: parseEdgeEnd(from), to: parseEdgeEnd(to) }
    }),
  })
}

interface Choice {
  readonly selection?: RunSelection
  readonly set?: Readonly<Record<string, string>>
  readonly kept?: (node: string, port: string) => KeptState
}

function plan(document: FlowDocument, { selection = {}, set = {}, kept }: Choice = {}): Planned {
  const problems = graphProblems(document, 'flows/main.json', noPositions, analysisOf)
  const json = Object.fromEntries(Object.entries(set).map(([name, text]) => [name, zJsonText.parse(text)]))
  return planFlow({ document, analysisOf, problems, selection, set: json, kept })
}

/** Ids of the plan, or `CODE NODE.PORT` of what refuses it. */
const outcome = (planned: Planned): readonly string[] =>
  planned.ok
    ? planned.plan.nodes.map(({ address }) => address)
    : planned.problems.map(({ code, node, port }) => `${code} ${node ?? ''}${port === null ? '' : `.${port}`}`)

const chain = flow({ a: 'none', b: 'one', c: 'one', d: 'one', z: 'none' }, [
  'a.result -> b.x',
  'b.result -> c.x',
  'c.result -> d.x',
  'z -> c',
])
const broken = flow({ a: 'none', b: 'one', lone: 'one' }, ['a.result -> b.x'])
const ring = flow({ a: 'one', b: 'one', c: 'none' }, ['a.result -> b.x', 'b.result -> a.x'])

const cases: readonly [string, FlowDocument, Choice, readonly string[]][] = [
  ['the whole flow, sources first', chain, {}, ['a', 'z', 'b', 'c', 'd']],
  ['--to: the node and its needs, order edges too', chain, { selection: { to: ['c'] } }, ['a', 'z', 'b', 'c']],
  ['--to several', chain, { selection: { to: ['b', 'z'] } }, ['a', 'z', 'b']],
  ['--from: what depends on it, and their needs', chain, { selection: { from: 'c' } }, ['a', 'z', 'b', 'c', 'd']],
  ['--from a source', chain, { selection: { from: 'z' } }, ['a', 'z', 'b', 'c', 'd']],
  ['--set makes what fed the input needless', chain, { selection: { to: ['b'] }, set: { 'b.x': '1' } }, ['b']],
  ['--only without kept inputs', chain, { selection: { only: 'b' } }, ['missing-input b.x']],
  ['--only on kept inputs', chain, { selection: { only: 'c' }, kept: () => 'kept' }, ['c']],
  ['--only with --set', chain, { selection: { only: 'c' }, set: { 'c.x': '1' } }, ['c']],
  ['--only of a node on a cycle', ring, { selection: { only: 'a' }, kept: () => 'kept' }, ['a']],
  ['a missing input refuses', broken, {}, ['missing-input lone.x']],
  ['outside the part that runs it does not', broken, { selection: { to: ['b'] } }, ['a', 'b']],
  ['--set mends it', broken, { set: { 'lone.x': '1' } }, ['a', 'lone', 'b']],
  ['a cycle refuses', ring, {}, ['cycle a']],
  ['a cycle elsewhere does not', ring, { selection: { to: ['c'] } }, ['c']],
  ['--set opens a cycle', ring, { set: { 'a.x': '1' } }, ['a', 'c', 'b']],
  ['notes are left out', flow({ n: 'note', a: 'none' }), {}, ['a']],
  [
    'a disabled node lacks nothing, and needs nothing',
    flow({ a: 'none', b: 'one off', c: 'one off' }, ['a.result -> b.x']),
    { selection: { to: ['b'] } },
    ['b'],
  ],
  ['a reserved kind refuses', flow({ m: 'map', a: 'none' }), {}, ['reserved-kind m']],
  ['an unknown kind elsewhere does not', flow({ m: 'robot', a: 'none' }), { selection: { to: ['a'] } }, ['a']],
  ['an unknown node', chain, { selection: { to: ['nobody'] } }, ['unknown-node nobody']],
  ['--set of an unknown input', chain, { set: { 'b.y': '1' } }, ['unknown-input b.y']],
  [
    'two edges into a plain input',
    flow({ a: 'none', b: 'one' }, ['a.result -> b.x', 'c.result -> b.x']),
    { selection: { to: ['a'] } },
    ['a'],
  ],
  ['a failure cannot be passed on yet', flow({ a: 'none', b: 'one' }, ['a.$error -> b.x']), {}, ['unknown-port b.x']],
]

describe('planFlow', () => {
  it.each(cases)('%s', (_, document, choice, expected) => {
    expect(outcome(plan(document, choice))).toEqual(expected)
  })

  it('says where each input comes from', () => {
    const document = flow({ a: 'none', b: 'none', m: 'many', i: 'any', v: 'view', o: 'maybe' }, [
      'b.result -> m.xs',
      'a.result -> m.xs',
      'a.result -> i.input_data',
      'b.result -> i.input_data',
      'm.result -> v.value',
      'a -> o',
    ])
    const planned = plan(document, { set: { 'o.x': '3.0' } })
    if (!planned.ok) throw new Error('refused')
    const [a, b] = [0, 1]
    expect(
      planned.plan.nodes.map(({ address, inputs, inputData, after }) => ({ address, inputs, inputData, after })),
    ).toEqual([
      { address: 'a', inputs: [], inputData: null, after: [] },
      { address: 'b', inputs: [], inputData: null, after: [] },
      {
        address: 'o',
        inputs: [
          { port: 'x', collects: false, optional: true, sources: [{ from: 'constant', json: '3.0', where: 'o.x' }] },
        ],
        inputData: null,
        after: [a],
      },
      {
        address: 'm',
        inputs: [
          {
            port: 'xs',
            collects: true,
            optional: false,
            sources: [
              { from: 'node', index: b, port: 'result' },
              { from: 'node', index: a, port: 'result' },
            ],
          },
        ],
        inputData: null,
        after: [],
      },
      {
        address: 'i',
        inputs: [],
        inputData: {
          several: true,
          sources: [
            { key: 'a', source: { from: 'node', index: a, port: 'result' } },
            { key: 'b', source: { from: 'node', index: b, port: 'result' } },
          ],
        },
        after: [],
      },
      {
        address: 'v',
        inputs: [
          { port: 'value', collects: false, optional: false, sources: [{ from: 'node', index: 3, port: 'result' }] },
        ],
        inputData: null,
        after: [],
      },
    ])
  })

  it('turns problems outside into warnings, and keeps those of no node', () => {
    const planned = plan(broken, { selection: { to: ['b'] } })
    expect(planned.ok && planned.warnings.map(({ code, severity, node }) => ({ code, severity, node }))).toEqual([
      { code: 'missing-input', severity: 'warning', node: 'lone' },
    ])
    const problems = [flowProblem('flow-newer', 'newer')]
    expect(planFlow({ document: chain, analysisOf, problems, selection: { to: ['a'] }, set: {} }).ok).toBe(false)
  })

  it('plans a chain of 100,000 nodes without recursion', () => {
    const length = 100_000
    const nodes = Object.fromEntries(
      Array.from({ length }, (_, index) => [`n${index}`, { kind: 'code', file: 'nodes/f.py', entry: 'maybe' }]),
    )
    const edges = Array.from({ length: length - 1 }, (_, index) => ({
      from: { node: `n${index}`, port: 'result' },
      to: { node: `n${index + 1}`, port: 'x' },
    }))
    // Parsing 100,000 ids is not what is tested.
    const document = { format: 1, nodes, edges } as FlowDocument
    const planned = planFlow({ document, analysisOf, problems: [], selection: { to: [`n${length - 1}`] }, set: {} })
    expect(planned.ok && planned.plan.nodes.at(-1)?.address).toBe(`n${length - 1}`)
  })

  it('takes the same nodes as a naive closure, each after its needs', () => {
    const size = 12
    const edge = fc.tuple(fc.nat(size - 1), fc.nat(size - 1)).filter(([from, to]) => from < to)
    const ids = fc.nat(size - 1).map((number) => `n${number}`)
    const selection = fc.oneof(
      fc.constant<RunSelection>({}),
      fc.array(ids, { minLength: 1, maxLength: 3 }).map((to) => ({ to })),
      ids.map((from) => ({ from })),
      fc.tuple(ids, ids).map(([from, to]) => ({ from, to: [to] })),
    )
    fc.assert(
      fc.property(
        fc.array(edge, { maxLength: 30 }),
        selection,
        fc.shuffledSubarray(
          Array.from({ length: size }, (_, index) => index),
          { minLength: size },
        ),
        (pairs, chosen, listed) => {
          const document = flow(
            Object.fromEntries(listed.map((number) => [`n${number}`, 'many'])),
            pairs.map(([from, to], index) => (index % 3 === 0 ? `n${from} -> n${to}` : `n${from}.result -> n${to}.xs`)),
          )
          const planned = plan(document, { selection: chosen })
          if (!planned.ok) throw new Error(outcome(planned).join())
          const order = planned.plan.nodes.map(({ address }) => address as string)
          expect([...order].sort()).toEqual([...naiveClosure(size, pairs, chosen)].sort())
          const wrong = pairs.filter(([from, to]) => {
            const [before, after] = [order.indexOf(`n${from}`), order.indexOf(`n${to}`)]
            return before >= 0 && after >= 0 && before > after
          })
          expect(wrong).toEqual([])
        },
      ),
    )
  })
})

function naiveClosure(
  size: number,
  pairs: readonly (readonly [number, number])[],
  { to = [], from }: RunSelection,
): Set<string> {
  if (to.length === 0 && from === undefined) return new Set(Array.from({ length: size }, (_, index) => `n${index}`))
  const chosen = new Set<string>(from === undefined ? [] : [from])
  const grow = (step: (a: string, b: string) => void): void => {
    for (let before = -1; before !== chosen.size;) {
      before = chosen.size
      for (const [a, b] of pairs) step(`n${a}`, `n${b}`)
    }
  }
  grow((a, b) => void (chosen.has(a) && chosen.add(b)))
  for (const target of to) chosen.add(target)
  grow((a, b) => void (chosen.has(b) && chosen.add(a)))
  return chosen
}
