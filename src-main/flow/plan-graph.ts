/**
 * The flow as numbers, so that closure and order of 100,000 nodes take milliseconds. Nodes are numbered
 * in document order; an edge that does not count for this run (its end is missing, its target's input was
 * set, its target is disabled) is left out by the caller.
 */

export interface PlanGraph {
  readonly count: number
  /** Edge numbers by target: those of node n are `incoming[inStart[n] … inStart[n + 1])`. */
  readonly inStart: Int32Array
  readonly incoming: Int32Array
  readonly outStart: Int32Array
  readonly outgoing: Int32Array
  readonly from: Int32Array
  readonly to: Int32Array
}

/** Edges keep their order within one node. */
export function planGraph(count: number, from: Int32Array, to: Int32Array): PlanGraph {
  const [inStart, incoming] = grouped(count, to)
  const [outStart, outgoing] = grouped(count, from)
  return { count, inStart, incoming, outStart, outgoing, from, to }
}

function grouped(count: number, key: Int32Array): [Int32Array, Int32Array] {
  const start = new Int32Array(count + 1)
  for (const node of key) start[node + 1] = (start[node + 1] ?? 0) + 1
  for (let node = 0; node < count; node += 1) start[node + 1] = (start[node + 1] ?? 0) + (start[node] ?? 0)
  const next = start.slice()
  const members = new Int32Array(key.length)
  key.forEach((node, edge) => {
    const at = next[node] ?? 0
    members[at] = edge
    next[node] = at + 1
  })
  return [start, members]
}

/** Marks what can be reached from `starts`, themselves included, in `marked`. */
export function mark(graph: PlanGraph, starts: Iterable<number>, direction: 'up' | 'down', marked: Uint8Array): void {
  const [start, members, other] =
    direction === 'up' ? [graph.inStart, graph.incoming, graph.from] : [graph.outStart, graph.outgoing, graph.to]
  const waiting: number[] = []
  for (const node of starts) {
    if (marked[node] === 1) continue
    marked[node] = 1
    waiting.push(node)
  }
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const end = start[node + 1] ?? 0
    for (let at = start[node] ?? 0; at < end; at += 1) {
      const next = other[members[at] ?? 0] ?? 0
      if (marked[next] === 1) continue
      marked[next] = 1
      waiting.push(next)
    }
  }
}

/** The marked nodes, each after those it needs; what lies on a cycle or behind one is left out. */
export function orderOf(graph: PlanGraph, marked: Uint8Array): number[] {
  const waitsFor = new Int32Array(graph.count)
  for (let edge = 0; edge < graph.to.length; edge += 1) {
    const to = graph.to[edge] ?? 0
    if (marked[to] === 1 && marked[graph.from[edge] ?? 0] === 1) waitsFor[to] = (waitsFor[to] ?? 0) + 1
  }
  const order: number[] = []
  for (let node = 0; node < graph.count; node += 1) if (marked[node] === 1 && waitsFor[node] === 0) order.push(node)
  for (let at = 0; at < order.length; at += 1) {
    const node = order[at] ?? 0
    const end = graph.outStart[node + 1] ?? 0
    for (let place = graph.outStart[node] ?? 0; place < end; place += 1) {
      const to = graph.to[graph.outgoing[place] ?? 0] ?? 0
      if (marked[to] !== 1) continue
      const left = (waitsFor[to] ?? 0) - 1
      waitsFor[to] = left
      if (left === 0) order.push(to)
    }
  }
  return order
}
