/** The fold of a run's events. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { zRunEvent, type RunEvent, type RunSnapshot } from '../contract/run.ts'
import { zRunId } from '../ids.ts'
import { OUTPUT_TAIL_CHARS, queuedRun, reduceRun, reduceRunEvents } from './reduce.ts'

const result = { status: 'succeeded', reason: 'ran', why: 'It ran.', durationMs: 2, outputs: {} } as const
const skipped = { status: 'skipped', reason: 'disabled', why: 'It is disabled.', durationMs: 0, outputs: {} } as const

const numbered = (events: readonly object[]): RunEvent[] =>
  events.map((event, index) => zRunEvent.parse({ seq: index + 1, ...event }))
const started = {
  type: 'run.started',
  runId: '000007',
  number: 7,
  flow: 'main',
  startedAt: 5,
  nodes: ['a', 'constructor'],
}

describe('reduceRun', () => {
  it('folds a run', () => {
    const events = numbered([
      started,
      { type: 'node.started', node: 'a', atMs: 1, worker: 1 },
      { type: 'node.output', node: 'a', stream: 'stdout', text: 'x' },
      { type: 'node.output', node: 'a', stream: 'stdout', text: 'y\n' },
      { type: 'node.output', node: 'a', stream: 'stderr', text: 'z' },
      { type: 'node.progress', node: 'a', fraction: 0.5, text: 'half' },
      { type: 'node.outputDropped', node: 'a', bytes: 9 },
    ])
    const queued = queuedRun({ runId: zRunId.parse('000007'), number: 7, flow: 'main', startedAt: 5 })
    const middle = reduceRunEvents(queued, events)
    const [finished, ended] = [
      { seq: 8, type: 'node.finished', node: 'a', atMs: 3, result },
      {
        seq: 9,
        type: 'run.finished',
        status: 'succeeded',
        openMs: 1,
        durationMs: 4,
        nodes: { a: result, constructor: skipped },
      },
    ].map((event) => zRunEvent.parse(event))
    if (!finished || !ended) throw new Error('two events')
    const output = [
      { stream: 'stdout', text: 'xy\n' },
      { stream: 'stderr', text: 'z' },
    ]
    const head = { runId: '000007', number: 7, flow: 'main', startedAt: 5 }
    expect([queued, middle, reduceRun(reduceRun(middle, finished), ended)]).toEqual<unknown>([
      { ...head, seq: 0, status: 'queued', durationMs: 0, nodes: {} },
      {
        ...head,
        seq: 7,
        status: 'running',
        durationMs: 0,
        nodes: {
          a: { status: 'running', startedAtMs: 1, progress: { fraction: 0.5, text: 'half' }, output },
          constructor: { status: 'waiting', output: [] },
        },
      },
      {
        ...head,
        seq: 9,
        status: 'succeeded',
        durationMs: 4,
        nodes: {
          a: { status: 'succeeded', startedAtMs: 1, finishedAtMs: 3, result, output },
          constructor: { status: 'skipped', result: skipped, output: [] },
        },
      },
    ])
  })

  it('gives the same however events are batched, and keeps the newest output', () => {
    const piece = fc.record({
      type: fc.constant('node.output'),
      node: fc.constantFrom('a', 'constructor'),
      stream: fc.constantFrom('stdout', 'stderr'),
      text: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 9 }), fc.constant('😀'.repeat(9000))),
    })
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const events = numbered([started, ...pieces])
        const oneByOne = events.reduce<RunSnapshot | null>(reduceRun, null)
        const whole = reduceRunEvents(null, events)
        expect(whole).toEqual(oneByOne)
        for (const [node, { output }] of Object.entries(whole.nodes)) {
          const said = pieces
            .filter((each) => each.node === node)
            .map(({ text }) => text)
            .join('')
          const kept = output.map(({ text }) => text).join('')
          expect(said.endsWith(kept)).toBe(true)
          expect(kept.length).toBeLessThanOrEqual(OUTPUT_TAIL_CHARS)
          expect(kept.length).toBeGreaterThanOrEqual(Math.min(said.length, OUTPUT_TAIL_CHARS - 1))
        }
      }),
    )
  })

  it('does not begin in the middle', () => {
    const [, event] = numbered([started, { type: 'node.started', node: 'a', atMs: 1, worker: 1 }])
    expect(() => event && reduceRun(null, event)).toThrow('a run begins with run.started')
  })
})
