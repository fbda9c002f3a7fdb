/** What `nodeloom run` prints: lines of JSON for programs, or a line per node for people. */
import type { NodeResult, RunEvent } from '../../src-shared/contract/run.ts'
import type { Problem } from '../../src-shared/contract/problem.ts'
import { eventLine, refusedLine } from './final-line.ts'

export interface Reporter {
  onEvents(events: readonly RunEvent[]): void
  /** The run did not start. */
  refused(problems: readonly Problem[]): void
}

export function createJsonReporter({ write }: { readonly write: (text: string) => void }): Reporter {
  return {
    onEvents: (events) => events.forEach((event) => write(`${eventLine(event)}\n`)),
    refused: (problems) => write(`${refusedLine(problems)}\n`),
  }
}

export interface PersonReporterOptions {
  readonly write: (text: string) => void
  readonly color: boolean
  /** A terminal: the last line shows what runs now and is drawn over. */
  readonly isTTY: boolean
}

type Style = 'red' | 'green' | 'yellow' | 'dim' | 'bold'
const codes: Record<Style, number> = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 }
/** Unicode's pictures of the control characters begin here. */
const CONTROL_PICTURES = 0x2400
const CLEAR_LINE = '\r\u001B[K'

const marks: Record<NodeResult['status'], { readonly mark: string; readonly style: Style; readonly word: string }> = {
  succeeded: { mark: '✓', style: 'green', word: 'succeeded' },
  reused: { mark: '✓', style: 'green', word: 'reused' },
  failed: { mark: '✗', style: 'red', word: 'failed' },
  timed_out: { mark: '✗', style: 'red', word: 'timed out' },
  skipped: { mark: '–', style: 'dim', word: 'skipped' },
  cancelled: { mark: '■', style: 'yellow', word: 'stopped' },
}

export function createPersonReporter({ write, color, isTTY }: PersonReporterOptions): Reporter {
  const paint = (text: string, style: Style): string => (color ? `\u001B[${codes[style]}m${text}\u001B[0m` : text)
  const running = new Set<string>()
  /** Output of a node that does not end in a line feed yet, by node and stream. */
  const partial = new Map<string, string>()
  let width = 0
  let hasLive = false

  const line = (text: string): void => {
    write(`${hasLive ? CLEAR_LINE : ''}${text}\n`)
    hasLive = false
  }
  const drawLive = (): void => {
    if (!isTTY) return
    const names = [...running].join(', ')
    const text = names.length > 60 ? `${names.slice(0, 59)}…` : names
    write(text === '' ? (hasLive ? CLEAR_LINE : '') : `${CLEAR_LINE}${paint(`… ${text}`, 'dim')}`)
    hasLive = text !== ''
  }
  const outputLine = (node: string, text: string): void =>
    line(`${paint(`${node.padEnd(width)} |`, 'dim')} ${printable(text)}`)
  const flushPartial = (node: string): void => {
    for (const stream of ['stdout', 'stderr']) {
      const text = partial.get(`${node} ${stream}`)
      if (text !== undefined && text !== '') outputLine(node, text)
      partial.delete(`${node} ${stream}`)
    }
  }

  const onEvent = (event: RunEvent): void => {
    switch (event.type) {
      case 'run.started':
        width = Math.min(30, Math.max(0, ...event.nodes.map((node) => node.length)))
        return line(`${paint(`Run ${event.number}`, 'bold')} of ${event.flow}: ${counted(event.nodes.length, 'node')}`)
      case 'node.started':
        return void running.add(event.node)
      case 'node.output': {
        const key = `${event.node} ${event.stream}`
        const lines = `${partial.get(key) ?? ''}${event.text}`.split('\n')
        partial.set(key, lines.pop() ?? '')
        return lines.forEach((text) => outputLine(event.node, text))
      }
      case 'node.outputDropped':
        return outputLine(event.node, `${event.bytes.toLocaleString('en-US')} bytes of output are not shown here`)
      case 'node.progress':
        return
      case 'node.finished':
        flushPartial(event.node)
        running.delete(event.node)
        return nodeLine(event.node, event.result)
      case 'run.finished':
        return summary(event)
    }
  }

  const nodeLine = (node: string, result: NodeResult): void => {
    const { mark, style, word } = marks[result.status]
    const isPlain = result.status === 'succeeded' || result.status === 'reused'
    const detail = isPlain ? resultSummary(result) : printable(result.why)
    const time = result.durationMs > 0 ? paint(duration(result.durationMs), 'dim') : ''
    line(
      [paint(mark, style), node.padEnd(width), paint(word, style), time, detail]
        .filter((part) => part !== '')
        .join('  '),
    )
  }

  const summary = (event: Extract<RunEvent, { type: 'run.finished' }>): void => {
    for (const [node, { error, status }] of Object.entries(event.nodes)) {
      if (error === undefined || (status !== 'failed' && status !== 'timed_out')) continue
      const place = error.file === null ? '' : ` (${error.file}${error.line === null ? '' : `:${error.line}`})`
      line('')
      line(`${paint(`${node} ${marks[status].word}`, 'red')}${place}`)
      const text = error.traceback === '' ? `${error.type}: ${error.message}` : error.traceback.trimEnd()
      text.split('\n').forEach((each) => line(`  ${printable(each)}`))
      if (error.hint !== undefined) line(`  Next: ${error.hint}`)
    }
    const counts = new Map<string, number>()
    for (const { status } of Object.values(event.nodes)) {
      const { word } = marks[status]
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
    const parts = [...counts].map(([word, count]) => `${count} ${word}`)
    const style = event.status === 'succeeded' ? 'green' : event.status === 'failed' ? 'red' : 'yellow'
    const word = event.status === 'cancelled' ? 'Stopped' : event.status === 'failed' ? 'Failed' : 'Succeeded'
    line('')
    line(`${paint(word, style)} in ${duration(event.durationMs)}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`)
  }

  return {
    onEvents(events) {
      events.forEach(onEvent)
      drawLive()
    },
    refused(problems) {
      line(paint('Nothing was run.', 'red'))
      for (const problem of problems) {
        const place = [problem.file, problem.line].filter((part) => part !== null).join(':')
        line(`${place === '' ? '' : `${place}: `}${problem.severity} ${problem.code}: ${problem.message}`)
        if (problem.hint !== undefined) line(`  Next: ${problem.hint}`)
      }
    },
  }
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

function duration(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
  return ms < 60_000
    ? `${(ms / 1000).toFixed(2)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

/** The first lines of the values, one per port. */
function resultSummary({ outputs }: NodeResult): string {
  const entries = Object.entries(outputs)
  const isSingle = entries.length === 1
  const texts = entries.map(([port, { summary, text }]) => {
    const first = printable(summary ?? text.split('\n', 1)[0] ?? '')
    const cut = first.length > 80 ? `${first.slice(0, 79)}…` : first
    return isSingle ? cut : `${port} = ${cut}`
  })
  return texts.join(', ')
}

/** Output of a node cannot move the cursor or send anything to the terminal: control characters are shown. */
function printable(text: string): string {
  let shown = ''
  for (const char of text.replace(/\r$/, '')) {
    const code = char.charCodeAt(0)
    if (code < 0x20 && char !== '\t') shown += String.fromCharCode(CONTROL_PICTURES + code)
    else shown += code >= 0x7f && code < 0xa0 ? '\uFFFD' : char
  }
  return shown
}

/** Exit codes of the command line: 0 done, 1 a node failed, 130 stopped. A refused run is 2. */
export const exitCodeOf = (status: 'succeeded' | 'failed' | 'cancelled'): 0 | 1 | 130 =>
  status === 'succeeded' ? 0 : status === 'failed' ? 1 : 130
