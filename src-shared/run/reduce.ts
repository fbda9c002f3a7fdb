/** The state of a run is the fold of its events: the host and the page use this same function. */
import type { NodeResult, RunEvent, RunSnapshot } from '../contract/run.ts'

/** A node's output in a snapshot keeps about this many characters, the newest. */
export const OUTPUT_TAIL_CHARS = 64 * 1024
/** Neighbouring pieces of one stream are joined up to this length, so that a tail is a short list. */
const JOINED_CHARS = 4 * 1024

type NodeState = RunSnapshot['nodes'][string]
type Piece = NodeState['output'][number]

const waiting: NodeState = { status: 'waiting', output: [] }

/** The snapshot of a run that waits for its turn. */
export const queuedRun = (run: Pick<RunSnapshot, 'runId' | 'number' | 'flow' | 'startedAt'>): RunSnapshot => ({
  ...run,
  seq: 0,
  status: 'queued',
  durationMs: 0,
  nodes: {},
})

/** Adds one event. Without a snapshot only `run.started` can be taken; any other event then throws. */
export const reduceRun = (snapshot: RunSnapshot | null, event: RunEvent): RunSnapshot =>
  reduceRunEvents(snapshot, [event])

/** Adds events in order. Nothing given is changed; what an event does not touch stays the same object. */
export function reduceRunEvents(snapshot: RunSnapshot | null, events: readonly RunEvent[]): RunSnapshot {
  let run = snapshot
  let nodes: Record<string, NodeState> | null = null
  for (const event of events) {
    if (event.type === 'run.started') {
      const { runId, number, flow, startedAt, seq } = event
      nodes = Object.fromEntries(event.nodes.map((node) => [node, waiting]))
      run = { runId, number, flow, startedAt, seq, status: 'running', durationMs: 0, nodes }
      continue
    }
    if (run === null) throw new Error(`a run begins with run.started, not ${event.type}`)
    nodes ??= { ...run.nodes }
    if (event.type === 'run.finished') {
      for (const [node, result] of Object.entries(event.nodes)) {
        if (!Object.hasOwn(nodes, node) || nodes[node]?.result === undefined)
          nodes[node] = finished(nodes[node], result)
      }
      run = { ...run, nodes, seq: event.seq, status: event.status, durationMs: event.durationMs }
      continue
    }
    nodes[event.node] = reduceNode(nodes[event.node] ?? waiting, event)
    run = { ...run, nodes, seq: event.seq }
  }
  if (run === null) throw new Error('no events and no snapshot')
  return run
}

const lost: NodeResult = {
  status: 'cancelled',
  reason: 'stopped',
  why: 'Nodeloom ended while the run went on.',
  durationMs: 0,
  outputs: {},
}

/** The last known state of a run whose host died: what had finished stays, the rest was stopped. */
export function interruptedRun(run: RunSnapshot): RunSnapshot {
  const nodes: Record<string, NodeState> = {}
  let durationMs = run.durationMs
  for (const [address, node] of Object.entries(run.nodes)) {
    nodes[address] = node.result === undefined ? finished(node, lost) : node
    durationMs = Math.max(durationMs, node.startedAtMs ?? 0, node.finishedAtMs ?? 0)
  }
  return { ...run, status: 'interrupted', durationMs, nodes }
}

function finished(node: NodeState | undefined, result: NodeResult): NodeState {
  const { progress: _progress, ...rest } = node ?? waiting
  return { ...rest, status: result.status, result }
}

type NodeEvent = Exclude<RunEvent, { type: 'run.started' | 'run.finished' }>

function reduceNode(node: NodeState, event: NodeEvent): NodeState {
  switch (event.type) {
    case 'node.started':
      return { ...node, status: 'running', startedAtMs: event.atMs }
    case 'node.output':
      return { ...node, output: appended(node.output, { stream: event.stream, text: event.text }) }
    case 'node.outputDropped':
      return node
    case 'node.progress':
      return { ...node, progress: { fraction: event.fraction, text: event.text } }
    case 'node.finished':
      return { ...finished(node, event.result), finishedAtMs: event.atMs }
  }
}

function appended(output: readonly Piece[], piece: Piece): Piece[] {
  const last = output.at(-1)
  const joins = last?.stream === piece.stream && last.text.length + piece.text.length <= JOINED_CHARS
  const pieces = joins
    ? [...output.slice(0, -1), { stream: piece.stream, text: last.text + piece.text }]
    : [...output, piece]
  let over = pieces.reduce((sum, { text }) => sum + text.length, 0) - OUTPUT_TAIL_CHARS
  while (over > 0) {
    const first = pieces[0]
    if (first === undefined) break
    if (first.text.length <= over) {
      pieces.shift()
      over -= first.text.length
    } else {
      pieces[0] = { stream: first.stream, text: cutFront(first.text, over) }
      over = 0
    }
  }
  return pieces
}

/** Never begins with the second half of a character. */
function cutFront(text: string, chars: number): string {
  const code = text.charCodeAt(chars)
  return text.slice(code >= 0xdc00 && code <= 0xdfff ? chars + 1 : chars)
}
