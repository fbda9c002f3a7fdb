/** A node's state in words: what stands in its head, its foot and its name. */
import type { FileAnalysis } from '../../../src-shared/contract/analysis.ts'
import type { NodeResult } from '../../../src-shared/contract/run.ts'
import type { FlowNode } from '../../../src-shared/flow/document.ts'
import { runnableKinds } from '../../../src-shared/flow/document.ts'
import { DEFAULT_ENTRY, RESULT_PORT, signatureOf } from '../../../src-shared/flow/ports.ts'
import { own } from '../../../src-shared/flow/own.ts'
import type { NodeRunState } from '../document/index.ts'

export type Tone =
  | 'idle'
  | 'waiting'
  | 'running'
  | 'succeeded'
  | 'reused'
  | 'failed'
  | 'timed-out'
  | 'skipped'
  | 'cancelled'
  | 'disabled'
  | 'problem'

export interface HeadWords {
  readonly tone: Tone
  /** Beside the icon: a word or a duration; '' where there is nothing to say. */
  readonly text: string
  /** As it is said aloud. */
  readonly spoken: string
}

export interface FootWords {
  readonly text: string
  readonly tone: 'plain' | 'error' | 'quiet'
}

/** `38 ms`, `3.1 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1) return '<1 ms'
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** Why a node cannot run as it stands, as far as its file says; null when nothing is wrong. */
export function nodeProblem(node: FlowNode, analysis: FileAnalysis | undefined): string | null {
  if (node.kind === 'code') {
    if (node.file === undefined) return 'no file'
    if (!analysis) return null
    if (analysis.status === 'missing') return 'file missing'
    if (analysis.status === 'unreadable') return 'file cannot be read'
    if (analysis.status === 'syntax_error') {
      return analysis.line === null ? 'syntax error' : `line ${analysis.line} · syntax error`
    }
    if (!own(analysis.functions, node.entry ?? DEFAULT_ENTRY)) return `no function ${node.entry ?? DEFAULT_ENTRY}`
    return null
  }
  if (node.kind === 'note' || runnableKinds.some((kind) => kind === node.kind)) return null
  return `${node.kind}: not run by this version`
}

export function headWords(node: FlowNode, state: NodeRunState | null, problem: string | null): HeadWords {
  if (node.settings?.disabled) return { tone: 'disabled', text: 'disabled', spoken: 'disabled' }
  if (problem !== null && state?.status !== 'running')
    return { tone: 'problem', text: '', spoken: `problem: ${problem}` }
  if (!state) return { tone: 'idle', text: '', spoken: 'not run' }
  const { result } = state
  switch (state.status) {
    case 'waiting':
      return { tone: 'waiting', text: 'waiting', spoken: 'waiting' }
    case 'running': {
      const fraction = state.progress?.fraction ?? null
      const text = fraction === null ? 'running' : `${Math.round(fraction * 100)} %`
      return { tone: 'running', text, spoken: fraction === null ? 'running' : `running, ${text}` }
    }
    case 'succeeded': {
      const text = result ? duration(result.durationMs) : 'done'
      return { tone: 'succeeded', text, spoken: `succeeded in ${text}` }
    }
    case 'reused':
      return { tone: 'reused', text: 'reused', spoken: 'reused' }
    case 'failed':
      return { tone: 'failed', text: 'failed', spoken: 'failed' }
    case 'timed_out':
      return { tone: 'timed-out', text: 'timed out', spoken: 'timed out' }
    case 'skipped': {
      const blocked = result?.reason === 'upstream_failed' || result?.reason === 'lost_input'
      const text = blocked ? 'blocked' : 'skipped'
      return { tone: 'skipped', text, spoken: text }
    }
    case 'cancelled':
      return { tone: 'cancelled', text: 'stopped', spoken: 'stopped' }
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

/** `clean failed.` names a node as the command line does; on the canvas it goes by its title. */
const waitsFor = (why: string, titleById: (id: string) => string): string => {
  const source = /^(\S+) (?:failed|timed out)\.$/.exec(why)?.[1]
  return source === undefined ? why : `waits for ${titleById(source)}`
}

/** What each port holds; the whole adds nothing to its fields. */
const saidOf = (outputs: NodeResult['outputs']): string[] => {
  const previews = Object.entries(outputs)
  const fields = previews.length > 1 ? previews.filter(([port]) => port !== RESULT_PORT) : previews
  return [...new Set(fields.map(([, preview]) => preview.summary ?? firstLine(preview.text)))]
}

/** The most useful thing to say in one line. */
export function footWords(
  node: FlowNode,
  analysis: FileAnalysis | undefined,
  state: NodeRunState | null,
  problem: string | null,
  titleById: (id: string) => string,
): FootWords {
  const result = state?.result
  if (problem !== null && state?.status !== 'running') return { text: problem, tone: 'error' }
  if (state?.status === 'running' && state.progress?.text) return { text: state.progress.text, tone: 'plain' }
  if (result?.error) {
    const { line, type, message } = result.error
    return { text: line === null ? `${type}: ${firstLine(message)}` : `line ${line} · ${type}`, tone: 'error' }
  }
  if (state?.status === 'timed_out') return { text: result?.why ?? 'timed out', tone: 'error' }
  if (result && (state?.status === 'skipped' || state?.status === 'cancelled'))
    return { text: waitsFor(result.why, titleById), tone: 'quiet' }
  if (result) {
    const said = saidOf(result.outputs)
    if (said.length > 0) return { text: said.join(' · '), tone: 'plain' }
  }
  if (node.kind === 'view') return { text: 'no value yet', tone: 'quiet' }
  const doc = signatureOf(node, analysis)?.doc
  return { text: doc ? firstLine(doc) : (node.file ?? ''), tone: 'quiet' }
}

const kindWords: Readonly<Record<string, string>> = {
  code: 'code node',
  value: 'value',
  view: 'view',
  note: 'note',
}

/** `Clean table, code node, succeeded in 38 ms`. */
export const spokenName = (title: string, node: FlowNode, head: HeadWords): string =>
  [title, kindWords[node.kind] ?? `${node.kind} node`, ...(node.kind === 'note' ? [] : [head.spoken])].join(', ')
