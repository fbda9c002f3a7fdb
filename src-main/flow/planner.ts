/**
 * Decides what a run does: which nodes, in which order, and where each input comes from. Pure.
 *
 * Problems of the part that is going to run refuse it; problems elsewhere become warnings.
 */
import type { Problem } from '../../src-shared/contract/problem.ts'
import type { RunSelection } from '../../src-shared/contract/run.ts'
import type { FlowDocument, FlowNode, JsonText } from '../../src-shared/flow/document.ts'
import { parseEdgeEnd } from '../../src-shared/flow/edge-end.ts'
import { cycles } from '../../src-shared/flow/graph.ts'
import { own } from '../../src-shared/flow/own.ts'
import { mark, orderOf, planGraph, type PlanGraph } from './plan-graph.ts'
import type { NodePlanning, PlanInputs } from './plan-context.ts'
import { planNode } from './plan-node.ts'
import type { Plan, PlanNode } from './plan.ts'
import { flowProblem, judgeProblems, mergeProblems } from './plan-problems.ts'

export type Planned =
  | { readonly ok: true; readonly plan: Plan; readonly warnings: Problem[] }
  | { readonly ok: false; readonly problems: Problem[] }

export function planFlow(inputs: PlanInputs): Planned {
  const { document, selection } = inputs
  const ids: string[] = []
  const flowNodes: FlowNode[] = []
  const numberOf = new Map<string, number>()
  // A cast instead of entries(): 100,000 pairs are much garbage. The keys are the record's own.
  const nodesById = document.nodes as Readonly<Record<string, FlowNode>>
  for (const id of Object.keys(nodesById)) {
    const node = nodesById[id]
    if (node === undefined || node.kind === 'note') continue
    numberOf.set(id, ids.length)
    ids.push(id)
    flowNodes.push(node)
  }
  const found: Problem[] = []
  const set = readSet(inputs, found)
  const flow = numberedGraph(document, flowNodes, numberOf, set)
  const chosen = choose(flow.graph, selection, numberOf, found)
  const order = orderOf(flow.graph, chosen.marked)
  const ordered = selection.only === undefined ? order : [...chosen.nodes]

  // What runs is judged; a disabled node only says that it is disabled.
  const isActive = (id: string): boolean => {
    const number = numberOf.get(id)
    return number !== undefined && chosen.marked[number] === 1 && !isDisabled(flowNodes[number])
  }
  const stuck = new Set(ordered.length < chosen.nodes.length ? cyclicAmong(flow.graph, ids, chosen.marked) : [])
  for (const group of groupsOf(stuck, flow.graph, ids)) {
    found.push(
      flowProblem('cycle', `These nodes wait for each other: ${group.path.join(' → ')}.`, {
        node: group.path[0] ?? null,
        hint: 'Remove one of the edges between them.',
      }),
    )
  }

  const indexOf = new Int32Array(ids.length).fill(-1)
  ordered.forEach((number, index) => {
    indexOf[number] = index
  })
  const planning: NodePlanning = {
    ...inputs,
    ids,
    flowNodes,
    indexOf,
    set,
    edges: flow.edges,
    graph: flow.graph,
    ports: new Map(),
    found,
  }
  const nodes: PlanNode[] = ordered.map((number) => planNode(planning, number))

  const judged = judgeProblems(inputs.problems, {
    document,
    isWhole: isWhole(selection),
    isActive,
    isStuck: (id) => stuck.has(id),
    isSet: (node, port) => set.get(node)?.has(port) === true,
  })
  const problems = mergeProblems(judged.refusing, found)
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, plan: { nodes }, warnings: judged.warnings }
}

const isWhole = (selection: RunSelection): boolean =>
  selection.only === undefined && selection.from === undefined && (selection.to ?? []).length === 0

const isDisabled = (node: FlowNode | undefined): boolean => node?.settings?.disabled === true

/** The constants of `--set` by node and input. */
function readSet(inputs: PlanInputs, found: Problem[]): Map<string, Map<string, JsonText>> {
  const set = new Map<string, Map<string, JsonText>>()
  for (const [name, json] of Object.entries(inputs.set)) {
    const { node, port } = parseEdgeEnd(name)
    if (own<FlowNode>(inputs.document.nodes, node) === undefined || port === null) {
      found.push(
        flowProblem('unknown-node', `--set ${name}: the flow has no node "${node}" with such an input.`, {
          node,
          port,
          hint: 'Write it as --set NODE.INPUT=VALUE.',
        }),
      )
      continue
    }
    const ports = set.get(node) ?? new Map<string, JsonText>()
    set.set(node, ports.set(port, json))
  }
  return set
}

/** Edges that count, by number; `edges[number]` is the place in the document. */
function numberedGraph(
  document: FlowDocument,
  nodes: readonly FlowNode[],
  numberOf: ReadonlyMap<string, number>,
  set: ReadonlyMap<string, ReadonlyMap<string, JsonText>>,
): { graph: PlanGraph; edges: Int32Array } {
  const disabled = nodes.map(isDisabled)
  const size = document.edges.length
  const [from, to, edges] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)]
  let count = 0
  document.edges.forEach((edge, place) => {
    const [source, target] = [numberOf.get(edge.from.node), numberOf.get(edge.to.node)]
    if (source === undefined || target === undefined || disabled[target] === true) return
    if (set.size > 0 && edge.to.port !== null && set.get(edge.to.node)?.has(edge.to.port) === true) return
    from[count] = source
    to[count] = target
    edges[count] = place
    count += 1
  })
  return { graph: planGraph(nodes.length, from.slice(0, count), to.slice(0, count)), edges }
}

function choose(
  graph: PlanGraph,
  selection: RunSelection,
  numberOf: ReadonlyMap<string, number>,
  found: Problem[],
): { marked: Uint8Array; nodes: number[] } {
  const marked = new Uint8Array(graph.count)
  const look = (id: string): number[] => {
    const number = numberOf.get(id)
    if (number !== undefined) return [number]
    found.push(
      flowProblem('unknown-node', `The flow has no node "${id}" that can run.`, {
        node: id,
        hint: 'Check the node’s id.',
      }),
    )
    return []
  }
  if (selection.only !== undefined) {
    for (const number of look(selection.only)) marked[number] = 1
  } else if (isWhole(selection)) {
    marked.fill(1)
  } else {
    const below = new Uint8Array(graph.count)
    mark(graph, selection.from === undefined ? [] : look(selection.from), 'down', below)
    const targets = (selection.to ?? []).flatMap(look)
    for (let node = 0; node < graph.count; node += 1) if (below[node] === 1) targets.push(node)
    mark(graph, targets, 'up', marked)
  }
  const nodes: number[] = []
  for (let node = 0; node < graph.count; node += 1) if (marked[node] === 1) nodes.push(node)
  return { marked, nodes }
}

const namedEdges = (graph: PlanGraph, ids: readonly string[]) =>
  Array.from(graph.from, (from, edge) => ({ from: ids[from] ?? '', to: ids[graph.to[edge] ?? 0] ?? '' }))

function cyclicAmong(graph: PlanGraph, ids: readonly string[], marked: Uint8Array): string[] {
  const nodes = ids.filter((_, number) => marked[number] === 1)
  return cycles({ nodes, edges: namedEdges(graph, ids) }).flatMap((cycle) => cycle.members)
}

const groupsOf = (stuck: ReadonlySet<string>, graph: PlanGraph, ids: readonly string[]) =>
  stuck.size === 0 ? [] : cycles({ nodes: stuck, edges: namedEdges(graph, ids) })
