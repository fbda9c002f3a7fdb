/** One line over the code: which node it is, what it feeds, how its last run ended. */
import type { RunSnapshot } from '../../src-shared/contract/run.ts'
import type { FlowDocument } from '../../src-shared/flow/document.ts'
import { nodeOf, titleOf } from '../features/document/index.ts'
import { formatAgo, formatDuration } from '../lib/format.ts'

const MOST_NAMES = 3

/** `Fit forest · feeds Compare · failed 2 s ago`; null for a file without a node. */
export function lensText(
  document: FlowDocument,
  run: RunSnapshot | null,
  file: string,
  selected: string | null,
  now: number,
): string | null {
  const nodes = Object.entries(document.nodes).filter(([, node]) => node.file === file)
  const [id] = nodes.find(([one]) => one === selected) ?? nodes[0] ?? []
  if (id === undefined) return null
  const others = nodes.length - 1
  const name = (one: string): string => titleOf(one, nodeOf(document, one))
  const fed = [...new Set(document.edges.filter(({ from }) => from.node === id).map(({ to }) => to.node))]
  const names = fed.slice(0, MOST_NAMES).map(name).join(', ')
  const parts = [others > 0 ? `${name(id)} and ${others} more` : name(id)]
  if (fed.length > 0)
    parts.push(`feeds ${names}${fed.length > MOST_NAMES ? ` and ${fed.length - MOST_NAMES} more` : ''}`)
  const state = run?.nodes[id]
  if (run && state) {
    const ago = state.finishedAtMs === undefined ? '' : ` ${formatAgo(run.startedAt + state.finishedAtMs, now)}`
    const took = state.result && state.status === 'succeeded' ? ` in ${formatDuration(state.result.durationMs)}` : ''
    const word = { timed_out: 'timed out', succeeded: 'ran' }[state.status as string] ?? state.status
    parts.push(`${word}${took}${ago}`)
  }
  return parts.join(' · ')
}
