/** P7: deciding what a run does, for a chain of 100,000 nodes. */
import { planFlow } from '../src-main/flow/index.ts'
import type { FileAnalysis } from '../src-shared/contract/analysis.ts'
import type { FlowDocument, FlowEdge, FlowNode } from '../src-shared/flow/document.ts'
import type { Bench } from './support/bench.ts'

const NODES = 100_000
const ROUNDS = 9

const analysis: FileAnalysis = {
  status: 'ok',
  message: null,
  line: null,
  column: null,
  functions: {
    main: {
      name: 'main',
      line: 1,
      isAsync: false,
      isGenerator: false,
      doc: null,
      parameters: [
        {
          name: 'x',
          kind: 'positional_or_keyword',
          annotation: 'int',
          optional: true,
          default: '0',
          defaultJson: '0',
          field: { kind: 'int' },
          nullable: false,
          collects: 'never',
          line: 1,
        },
      ],
      takesInputData: false,
      hasKwargs: false,
      outputs: [{ name: 'result', type: 'int', required: true }],
      outputShape: 'whole',
      returns: 'int',
    },
  },
  stale: false,
  imports: [],
  dependsOn: ['nodes/step.py'],
}

/** `n0 → n1 → …`, its nodes in another order than they run. */
const chain = (count: number): FlowDocument => {
  const nodes: Record<string, FlowNode> = {}
  for (let at = 0; at < count; at += 1) nodes[`n${(at * 7919) % count}`] = { kind: 'code', file: 'nodes/step.py' }
  const edges = Array.from({ length: count - 1 }, (_, at): FlowEdge => ({
    from: { node: `n${at}`, port: 'result' },
    to: { node: `n${at + 1}`, port: 'x' },
  }))
  return { format: 1, nodes, edges }
}

/** The plain way: an order of the nodes, nothing checked and no inputs found. */
const kahn = (document: FlowDocument): string[] => {
  const waits = new Map<string, number>()
  const readers = new Map<string, string[]>()
  for (const id of Object.keys(document.nodes)) waits.set(id, 0)
  for (const { from, to } of document.edges) {
    waits.set(to.node, (waits.get(to.node) ?? 0) + 1)
    const known = readers.get(from.node)
    if (known === undefined) readers.set(from.node, [to.node])
    else known.push(to.node)
  }
  const order = [...waits].filter(([, count]) => count === 0).map(([id]) => id)
  for (let at = 0; at < order.length; at += 1) {
    for (const reader of readers.get(order[at] ?? '') ?? []) {
      const left = (waits.get(reader) ?? 0) - 1
      waits.set(reader, left)
      if (left === 0) order.push(reader)
    }
  }
  return order
}

const timedSync = (work: () => number): number => {
  const started = performance.now()
  const count = work()
  const elapsedMs = performance.now() - started
  if (count !== NODES) throw new Error(`${count} nodes were put in order instead of ${NODES}.`)
  return elapsedMs
}

export const bench: Bench = {
  async run({ sample }) {
    const document = chain(NODES)
    const plan = (): number => {
      const planned = planFlow({ document, analysisOf: () => analysis, problems: [], selection: {}, set: {} })
      return planned.ok ? planned.plan.nodes.length : 0
    }
    const ours: number[] = []
    const reference = await sample(ROUNDS, async (round) => {
      const own = timedSync(plan)
      if (round >= 0) ours.push(own)
      return timedSync(() => kahn(document).length)
    })
    return [
      {
        id: 'P7',
        what: 'plan a chain of 100,000 nodes',
        unit: 'ms',
        ours,
        target: { max: 200 },
        reference: { what: 'order alone, iterative Kahn on the same document', samples: reference },
      },
    ]
  },
}
