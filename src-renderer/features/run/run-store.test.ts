import { beforeEach, expect, test } from 'vitest'
import type { NodeResult, RunEvent } from '../../../src-shared/contract/run.ts'
import { zAddress, zProjectId, zRunId } from '../../../src-shared/ids.ts'
import { reduceRunEvents } from '../../../src-shared/run/reduce.ts'
import { applyEvents, attachRun, detachRun, progressOf, setQueued, setStarting, useRun } from './run-store.ts'

const projectId = zProjectId.parse('p')
const runId = zRunId.parse('r1')
const [a, b] = [zAddress.parse('a'), zAddress.parse('b')]
const good: NodeResult = { status: 'succeeded', reason: 'ran', why: 'ran', durationMs: 1, outputs: {} }

const started = (seq: number, id = runId, number = 1): RunEvent => ({
  seq,
  type: 'run.started',
  runId: id,
  number,
  flow: 'main',
  startedAt: 0,
  nodes: [a, b],
})
const events: readonly RunEvent[] = [
  started(1),
  { seq: 2, type: 'node.started', node: a, atMs: 0, worker: 0 },
  { seq: 3, type: 'node.output', node: a, stream: 'stdout', text: 'hi' },
  { seq: 4, type: 'node.finished', node: a, atMs: 1, result: good },
  { seq: 5, type: 'node.started', node: b, atMs: 1, worker: 0 },
  { seq: 6, type: 'node.finished', node: b, atMs: 2, result: good },
  { seq: 7, type: 'run.finished', status: 'succeeded', openMs: 1, durationMs: 2, nodes: { a: good, b: good } },
]
const feed = (list: readonly RunEvent[], id = runId): void => applyEvents({ projectId, runId: id, events: [...list] })

beforeEach(() => {
  detachRun()
  attachRun(projectId, null)
})

test('attaching late gives the state that following from the start gives', () => {
  for (const event of events) feed([event])
  const followed = useRun.getState().run
  for (let cut = 1; cut < events.length; cut += 1) {
    attachRun(projectId, reduceRunEvents(null, events.slice(0, cut)))
    // Events that the snapshot holds already may come again.
    feed(events.slice(Math.max(0, cut - 2)))
    expect(useRun.getState().run).toEqual(followed)
  }
})

test('events of another project, or of a run whose begin was missed, change nothing', () => {
  applyEvents({ projectId: zProjectId.parse('other'), runId, events: [...events] })
  feed(events.slice(1))
  expect(useRun.getState().run).toBeNull()
})

test('the next run takes the place of the last one', () => {
  feed(events)
  const next = zRunId.parse('r2')
  feed([started(1, next, 2)], next)
  const { run } = useRun.getState()
  expect([run?.number, run?.status, run && progressOf(run)]).toEqual([
    2,
    'running',
    { done: 0, all: 2, failed: 0, running: 0 },
  ])
})

test('a queued run is known until it begins', () => {
  setStarting(true)
  setQueued({ projectId, runId, position: 2 })
  expect(useRun.getState()).toMatchObject({ starting: false, queued: { runId, position: 2 } })
  feed(events.slice(0, 1))
  expect(useRun.getState().queued).toBeNull()
})

test('bytes that were not sent are counted by node', () => {
  const dropped = (seq: number, bytes: number): RunEvent => ({ seq, type: 'node.outputDropped', node: a, bytes })
  feed([started(1), dropped(2, 10)])
  feed([dropped(3, 5)])
  expect(useRun.getState().dropped).toEqual({ a: 15 })
})
