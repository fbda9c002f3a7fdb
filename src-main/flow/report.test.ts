/** Lines for programs and for people. */
import { describe, expect, it } from 'vitest'
import { zNodeResult, zRunEvent, type RunEvent } from '../../src-shared/contract/run.ts'
import { eventLine, finalLine, MAX_FINAL_BYTES } from './final-line.ts'
import { flowProblem } from './plan-problems.ts'
import { createJsonReporter, createPersonReporter, exitCodeOf } from './report.ts'

const number = { type: 'float', text: '3.0', json: '3.0', family: 'number', summary: '3.0' }
const good = {
  status: 'succeeded',
  reason: 'ran',
  why: 'It ran.',
  durationMs: 2,
  cpuMs: 1,
  outputs: { result: number },
}
const error = {
  type: 'ValueError',
  message: 'no',
  file: 'nodes/b.py',
  line: 2,
  traceback: 'Traceback\n  nodes/b.py:2\nValueError: no\n',
}
const bad = { status: 'failed', reason: 'ran', why: 'ValueError: no', durationMs: 1500, outputs: {}, error }

const finishedWith = (nodes: object): Extract<RunEvent, { type: 'run.finished' }> => {
  const event = zRunEvent.parse({ seq: 9, type: 'run.finished', status: 'failed', openMs: 40, durationMs: 1600, nodes })
  if (event.type !== 'run.finished') throw new Error('not the last event')
  return event
}

const events: RunEvent[] = [
  { seq: 1, type: 'run.started', runId: '000001', number: 1, flow: 'main', startedAt: 0, nodes: ['load', 'b'] },
  { seq: 2, type: 'node.started', node: 'load', atMs: 0, worker: 1 },
  { seq: 3, type: 'node.output', node: 'load', stream: 'stdout', text: 'one\ntwo \u001B[2J' },
  { seq: 4, type: 'node.outputDropped', node: 'load', bytes: 12345 },
  { seq: 5, type: 'node.finished', node: 'load', atMs: 2, result: good },
  { seq: 6, type: 'node.finished', node: 'b', atMs: 1600, result: bad },
  finishedWith({ load: good, b: bad }),
].map((event) => zRunEvent.parse(event))

describe('json lines', () => {
  it('pass a preview’s json on as it is', () => {
    const lines: string[] = []
    createJsonReporter({ write: (text) => lines.push(text) }).onEvents(events.slice(4))
    expect(lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true)
    expect(lines[0]).toContain(
      '"outputs":{"result":{"type":"float","text":"3.0","json":3.0,"summary":"3.0","family":"number"}}',
    )
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        type: 'node.finished',
        seq: 5,
        node: 'load',
        atMs: 2,
        result: { ...good, outputs: { result: { ...number, json: 3 } } },
      },
      { type: 'node.finished', seq: 6, node: 'b', atMs: 1600, result: bad },
      {
        type: 'run.finished',
        status: 'failed',
        openMs: 40,
        durationMs: 1600,
        seq: 9,
        nodes: { load: { ...good, outputs: { result: { ...number, json: 3 } } }, b: bad },
      },
    ])
  })

  it('say why a run was refused', () => {
    const lines: string[] = []
    const problem = flowProblem('missing-input', 'b.x has no value', { node: 'b', port: 'x', hint: 'Connect it.' })
    createJsonReporter({ write: (text) => lines.push(text) }).refused([problem])
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        type: 'run.refused',
        problems: [
          { code: 'missing-input', message: 'b.x has no value', file: null, line: null, node: 'b', port: 'x' },
        ],
      },
    ])
  })

  it('keep the last one under 8 MB: the largest json go first', () => {
    const node = (chars: number, text = 'text') =>
      zNodeResult.parse({
        ...good,
        outputs: { result: { type: 'str', text, json: JSON.stringify('x'.repeat(chars)), family: 'text' } },
      })
    const nodes = { small: node(10), largest: node(5_000_000), large: node(4_000_000) }
    const line = finalLine(finishedWith(nodes))
    const parsed = JSON.parse(line) as { nodes: Record<string, { outputs: { result: object } }> }
    expect(Buffer.byteLength(line)).toBeLessThan(MAX_FINAL_BYTES)
    expect(Object.entries(parsed.nodes).map(([id, { outputs }]) => [id, Object.keys(outputs.result)])).toEqual([
      ['small', ['type', 'text', 'json', 'family']],
      ['largest', ['type', 'text', 'family', 'jsonOmitted']],
      ['large', ['type', 'text', 'json', 'family']],
    ])
    const texts = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`n${index}`, node(10, 'é'.repeat(30_000))]),
    )
    expect(Buffer.byteLength(eventLine(finishedWith(texts)))).toBeLessThan(MAX_FINAL_BYTES)
  })
})

const expected = `Run 1 of main: 2 nodes
load | one
load | 12,345 bytes of output are not shown here
load | two ␛[2J
✓  load  succeeded  2.0 ms  3.0
✗  b     failed  1.50 s  ValueError: no

b failed (nodes/b.py:2)
  Traceback
    nodes/b.py:2
  ValueError: no

Failed in 1.60 s: 1 succeeded, 1 failed
`

describe('lines for people', () => {
  it('show nodes, their output and a summary; output cannot steer the terminal', () => {
    let text = ''
    createPersonReporter({ write: (more) => (text += more), color: false, isTTY: false }).onEvents(events)
    expect(text).toBe(expected)
  })

  it('are the same on a terminal once the live line is drawn over', () => {
    let text = ''
    const reporter = createPersonReporter({ write: (more) => (text += more), color: false, isTTY: true })
    for (const event of events) reporter.onEvents([event])
    expect(text).toContain('\r\u001B[K… load')
    const drawnOver = text.split('\r\u001B[K').map((part) => (part.startsWith('… ') ? '' : part))
    expect(drawnOver.join('')).toBe(expected)
  })

  it('say what is to be mended', () => {
    let text = ''
    const problem = flowProblem('missing-input', 'b.x has no value', {
      node: 'b',
      port: 'x',
      hint: 'Connect it.',
      file: 'flows/main.json',
    })
    createPersonReporter({ write: (more) => (text += more), color: false, isTTY: false }).refused([
      { ...problem, line: 4 },
    ])
    expect(text).toBe(
      'Nothing was run.\nflows/main.json:4: error missing-input: b.x has no value\n  Next: Connect it.\n',
    )
  })

  it('end in an exit code', () => {
    expect((['succeeded', 'failed', 'cancelled'] as const).map(exitCodeOf)).toEqual([0, 1, 130])
  })
})
