/** Random documents for property tests. */
import * as fc from 'fast-check'
import {
  zJsonText,
  type EdgeEnd,
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
  type JsonText,
  type LayoutDocument,
} from './document.ts'
import { edgeKey } from './edge-end.ts'
import { compareEdges } from './print-flow.ts'
import { isNodeId } from './python-names.ts'

export const nodeIds = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/).filter(isNodeId)

const unknownKeys = fc.stringMatching(/^x_[ -~é]{0,6}$/)
const ports = fc
  .oneof(fc.stringMatching(/^[a-z_]{1,6}$/), fc.string({ maxLength: 6, unit: 'binary' }))
  .filter((port) => port !== '__proto__')

export const jsonTexts: fc.Arbitrary<JsonText> = fc
  .oneof(
    fc.json({ maxDepth: 3 }),
    fc.constantFrom(
      '3.0',
      '1e400',
      '-0',
      '12345678901234567890123',
      '[ 1,\n 2.50 ]',
      '"\\u0041\\/"',
      '{"$float":"nan"}',
    ),
  )
  .filter((text) => !text.includes('__proto__'))
  // A repeated key is kept too, but reported; documents without problems are wanted here.
  .filter((text) => !/\{.*".*".*".*"/s.test(text) || noRepeatedKeys(text))
  .map((text) => zJsonText.parse(text))

function noRepeatedKeys(text: string): boolean {
  return JSON.stringify(JSON.parse(text)).length === text.replaceAll(/\s/g, '').length
}

const extra = fc.dictionary(unknownKeys, jsonTexts, { minKeys: 1, maxKeys: 3, noNullPrototype: true })
const count = fc.integer({ min: 0, max: 9 })
const texts = fc.array(ports, { maxLength: 3 })

const settings = fc.record(
  {
    timeoutS: fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0),
    retries: count,
    isolation: fc.constantFrom('shared', 'process', 'fresh'),
    cache: fc.constantFrom('auto', 'always', 'never'),
    disabled: fc.boolean(),
    pinned: texts,
    slots: fc.integer({ min: 1, max: 9 }),
    extra,
  },
  { requiredKeys: [], noNullPrototype: true },
)

export const flowNodes: fc.Arbitrary<FlowNode> = fc.record(
  {
    kind: fc.oneof(fc.constantFrom('code', 'value', 'view', 'note', 'flow'), fc.string()),
    file: fc.string(),
    entry: fc.string(),
    target: fc.string(),
    title: fc.string({ unit: 'binary' }),
    value: jsonTexts,
    text: fc.string(),
    inputs: fc.dictionary(ports, jsonTexts, { maxKeys: 3, noNullPrototype: true }),
    collect: texts,
    outputs: texts,
    outputsElse: fc.constant('whole'),
    settings,
    extra,
  },
  { requiredKeys: ['kind'], noNullPrototype: true },
)

const edgeEnds = (ids: readonly string[]): fc.Arbitrary<EdgeEnd> =>
  fc.record({ node: fc.oneof(fc.constantFrom(...ids), nodeIds), port: fc.option(ports) }, { noNullPrototype: true })

/** Documents as a parser gives them: edges in file order, none twice. */
export const flowDocuments: fc.Arbitrary<FlowDocument> = fc
  .dictionary(nodeIds, flowNodes, { minKeys: 1, maxKeys: 6, noNullPrototype: true })
  .chain((nodes) => {
    const ends = edgeEnds(Object.keys(nodes))
    const edge: fc.Arbitrary<FlowEdge> = fc.record(
      { from: ends, to: ends, extra },
      { requiredKeys: ['from', 'to'], noNullPrototype: true },
    )
    const edges = fc.uniqueArray(edge, { selector: edgeKey, maxLength: 8 }).map((all) => all.sort(compareEdges))
    return fc.record(
      { format: fc.constant(1), nodes: fc.constant(nodes), edges, extra },
      { requiredKeys: ['format', 'nodes', 'edges'], noNullPrototype: true },
    )
  })

const pixels = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)

export const layoutDocuments: fc.Arbitrary<LayoutDocument> = fc.record(
  {
    format: fc.constant(1),
    nodes: fc.dictionary(
      nodeIds,
      fc.record(
        {
          x: pixels,
          y: pixels,
          width: fc.integer({ min: 1, max: 999 }),
          height: fc.integer({ min: 1, max: 999 }),
          color: fc.string(),
          extra,
        },
        { requiredKeys: ['x', 'y'], noNullPrototype: true },
      ),
      { noNullPrototype: true },
    ),
    extra,
  },
  { requiredKeys: ['format', 'nodes'], noNullPrototype: true },
)
