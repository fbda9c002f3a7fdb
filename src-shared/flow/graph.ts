/** Graph algorithms without recursion: a chain of 100,000 nodes is ordinary work. Edges to unknown nodes are ignored. */
import type { FlowDocument } from './document.ts'

export interface Graph {
  readonly nodes: Iterable<string>
  readonly edges: Iterable<{ readonly from: string; readonly to: string }>
}

export interface TopologicalOrder {
  /** Every node that can be ordered, sources first; among the free ones the smallest id comes first. */
  readonly order: string[]
  /** Nodes that lie on a cycle, sorted. What only depends on them is in neither list. */
  readonly cyclic: string[]
  /** One cycle to name: `['a', 'b', 'a']` for a → b → a; null when there is none. */
  readonly cycle: string[] | null
}

/** The graph of a flow: its nodes, and its edges between nodes that are there. */
export function flowGraph(document: FlowDocument): { nodes: string[]; edges: { from: string; to: string }[] } {
  const nodes = Object.keys(document.nodes)
  const known = new Set(nodes)
  const edges: { from: string; to: string }[] = []
  for (const { from, to } of document.edges) {
    if (known.has(from.node) && known.has(to.node)) edges.push({ from: from.node, to: to.node })
  }
  return { nodes, edges }
}

/** Neighbours by node; `nodes` that have none are there too. */
function neighbours(graph: Graph, direction: 'forward' | 'backward'): Map<string, string[]> {
  const map = new Map<string, string[]>()
  for (const node of graph.nodes) map.set(node, [])
  for (const { from, to } of graph.edges) {
    if (!map.has(from) || !map.has(to)) continue
    if (direction === 'forward') map.get(from)?.push(to)
    else map.get(to)?.push(from)
  }
  return map
}

function reach(graph: Graph, starts: Iterable<string>, direction: 'forward' | 'backward'): Set<string> {
  const next = neighbours(graph, direction)
  const seen = new Set<string>()
  const waiting: string[] = []
  for (const start of starts) if (next.has(start)) waiting.push(start)
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const other of next.get(node) ?? []) {
      if (seen.has(other)) continue
      seen.add(other)
      waiting.push(other)
    }
  }
  return seen
}

/** What the nodes need, directly or not; themselves only where they lie on a cycle or need one another. */
export const ancestors = (graph: Graph, of: Iterable<string>): Set<string> => reach(graph, of, 'backward')

/** What depends on the nodes, directly or not. */
export const descendants = (graph: Graph, of: Iterable<string>): Set<string> => reach(graph, of, 'forward')

/** The targets and everything they need; targets that are not in the graph are left out. */
export function closure(graph: Graph, targets: Iterable<string>): Set<string> {
  const wanted = [...targets]
  const nodes = new Set(graph.nodes)
  const result = ancestors({ nodes, edges: graph.edges }, wanted)
  for (const target of wanted) if (nodes.has(target)) result.add(target)
  return result
}

/** A binary heap of texts, smallest first. */
class TextHeap {
  readonly #items: string[] = []

  push(item: string): void {
    const items = this.#items
    let at = items.length
    items.push(item)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = items[parent] ?? item
      if (above <= item) break
      items[at] = above
      at = parent
    }
    items[at] = item
  }

  pop(): string | undefined {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (last === undefined || items.length === 0) return top
    let at = 0
    for (;;) {
      const left = items[2 * at + 1]
      if (left === undefined) break
      const right = items[2 * at + 2]
      const useRight = right !== undefined && right < left
      const child = useRight ? right : left
      if (child >= last) break
      items[at] = child
      at = 2 * at + (useRight ? 2 : 1)
    }
    items[at] = last
    return top
  }
}

/** Kahn's algorithm. Deterministic: the order depends on ids and edges only, not on how they are listed. */
export function topologicalOrder(graph: Graph): TopologicalOrder {
  const edges = [...graph.edges]
  const { order, rest } = kahn({ nodes: graph.nodes, edges })
  const found = cyclesAmong(rest, edges)
  return { order, cyclic: found.flatMap((one) => one.members).sort(), cycle: found[0]?.path ?? null }
}

/** The order, and the nodes that lie on a cycle or behind one. */
function kahn(graph: Graph): { order: string[]; rest: string[] } {
  const { ids, start, targets } = numbered(graph)
  const waitsFor = new Int32Array(ids.length)
  for (const to of targets) waitsFor[to] = (waitsFor[to] ?? 0) + 1
  const ready = new TextHeap()
  const numbers = new Map<string, number>()
  const makeReady = (node: number): void => {
    const id = ids[node] ?? ''
    numbers.set(id, node)
    ready.push(id)
  }
  for (let node = 0; node < ids.length; node++) if (waitsFor[node] === 0) makeReady(node)
  const order: string[] = []
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    order.push(id)
    const node = numbers.get(id) ?? 0
    numbers.delete(id)
    const end = start[node + 1] ?? 0
    for (let at = start[node] ?? 0; at < end; at++) {
      const to = targets[at] ?? 0
      const left = (waitsFor[to] ?? 0) - 1
      waitsFor[to] = left
      if (left === 0) makeReady(to)
    }
  }
  if (order.length === ids.length) return { order, rest: [] }
  const ordered = new Set(order)
  return { order, rest: ids.filter((id) => !ordered.has(id)) }
}

/**
 * The graph by numbers, which is several times quicker at 100,000 nodes: the targets of node n are
 * `targets[start[n] … start[n + 1])`.
 */
function numbered(graph: Graph): { ids: string[]; start: Int32Array; targets: Int32Array } {
  const ids = [...new Set(graph.nodes)]
  const numbers = new Map<string, number>()
  ids.forEach((id, number) => numbers.set(id, number))
  const from: number[] = []
  const to: number[] = []
  for (const edge of graph.edges) {
    const a = numbers.get(edge.from)
    const b = numbers.get(edge.to)
    if (a === undefined || b === undefined) continue
    from.push(a)
    to.push(b)
  }
  const start = new Int32Array(ids.length + 1)
  for (const node of from) start[node + 1] = (start[node + 1] ?? 0) + 1
  for (let node = 0; node < ids.length; node++) start[node + 1] = (start[node + 1] ?? 0) + (start[node] ?? 0)
  const next = start.slice()
  const targets = new Int32Array(to.length)
  from.forEach((node, edge) => {
    const at = next[node] ?? 0
    targets[at] = to[edge] ?? 0
    next[node] = at + 1
  })
  return { ids, start, targets }
}

export interface Cycle {
  /** All nodes that reach one another, sorted. */
  readonly members: string[]
  /** A shortest way from the smallest member back to itself: `['a', 'b', 'a']`. */
  readonly path: string[]
}

/** Every group of nodes that reach one another, a node with an edge to itself included; sorted. */
export function cycles(graph: Graph): Cycle[] {
  const edges = [...graph.edges]
  return cyclesAmong(kahn({ nodes: graph.nodes, edges }).rest, edges)
}

function cyclesAmong(nodes: readonly string[], edges: Graph['edges']): Cycle[] {
  if (nodes.length === 0) return []
  const next = neighbours({ nodes, edges }, 'forward')
  return components(next)
    .filter((group) => group.length > 1 || group.some((node) => next.get(node)?.includes(node)))
    .map((group) => group.sort())
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .map((members) => ({ members, path: cyclePath(members, next) }))
}

/** Tarjan's strongly connected components, with its own stack in place of the call stack. */
function components(next: Map<string, string[]>): string[][] {
  const groups: string[][] = []
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const open = new Set<string>()
  const path: string[] = []
  for (const start of next.keys()) {
    if (index.has(start)) continue
    const calls: { node: string; at: number }[] = []
    const enter = (node: string): void => {
      low.set(node, index.size)
      index.set(node, index.size)
      open.add(node)
      path.push(node)
      calls.push({ node, at: 0 })
    }
    const lower = (node: string, value: number): void => {
      low.set(node, Math.min(low.get(node) ?? value, value))
    }
    enter(start)
    for (let call = calls.at(-1); call; call = calls.at(-1)) {
      const { node } = call
      const child = next.get(node)?.[call.at++]
      if (child !== undefined) {
        if (!index.has(child)) enter(child)
        else if (open.has(child)) lower(node, index.get(child) ?? 0)
        continue
      }
      calls.pop()
      const parent = calls.at(-1)
      if (parent) lower(parent.node, low.get(node) ?? 0)
      if (low.get(node) !== index.get(node)) continue
      const group: string[] = []
      for (let member = path.pop(); member !== undefined; member = path.pop()) {
        open.delete(member)
        group.push(member)
        if (member === node) break
      }
      groups.push(group)
    }
  }
  return groups
}

/** Breadth first from the smallest member back to itself; where there are others, not by an edge to itself. */
function cyclePath(members: readonly string[], next: Map<string, string[]>): string[] {
  const start = members[0] ?? ''
  if (members.length === 1) return [start, start]
  const plain = new Map(members.map((member) => [member, (next.get(member) ?? []).filter((other) => other !== member)]))
  return pathBetween(start, start, plain, plain) ?? [...members, start]
}

function pathBetween(
  from: string,
  to: string,
  next: Map<string, string[]>,
  within: { has(id: string): boolean },
): string[] | null {
  const cameFrom = new Map<string, string>()
  const waiting = [from]
  for (let at = 0; at < waiting.length; at++) {
    const node = waiting[at] ?? ''
    for (const other of [...(next.get(node) ?? [])].sort()) {
      if (!within.has(other)) continue
      if (other === to) {
        const path = [to]
        for (let step: string | undefined = node; step !== undefined; step = cameFrom.get(step)) path.push(step)
        return path.reverse()
      }
      if (cameFrom.has(other) || other === from) continue
      cameFrom.set(other, node)
      waiting.push(other)
    }
  }
  return null
}

/** A shortest way along the edges from one node to another, both included; null when there is none. */
export function findPath(graph: Graph, from: string, to: string): string[] | null {
  const next = neighbours(graph, 'forward')
  return pathBetween(from, to, next, next)
}
