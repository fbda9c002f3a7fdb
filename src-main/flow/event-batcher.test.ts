/** Batches of events. */
import { describe, expect, it } from 'vitest'
import { zRunEvent, type RunEvent } from '../../src-shared/contract/run.ts'
import { EventBatcher, type NewRunEvent } from './event-batcher.ts'

const event = (fields: object): NewRunEvent => {
  const { seq: _seq, ...rest } = zRunEvent.parse({ seq: 0, ...fields })
  return rest
}
const output = (node: string, stream: string, text: string) => event({ type: 'node.output', node, stream, text })
const progress = (node: string, fraction: number) => event({ type: 'node.progress', node, fraction, text: '' })
const started = (node: string) => event({ type: 'node.started', node, atMs: 0, worker: 1 })

describe('EventBatcher', () => {
  it('joins output, keeps the newest progress, and numbers what leaves', () => {
    const batches: RunEvent[][] = []
    const batcher = new EventBatcher((events) => batches.push(events))
    for (const each of [
      started('a'),
      output('a', 'stdout', '1'),
      output('b', 'stdout', 'x'),
      output('a', 'stdout', '2'),
      output('a', 'stderr', '3'),
      progress('a', 0.1),
      output('a', 'stdout', '4'),
      progress('a', 0.2),
    ]) {
      batcher.add(each)
    }
    batcher.flush()
    batcher.add(event({ type: 'run.finished', status: 'succeeded', openMs: 0, durationMs: 0, nodes: {} }))
    const short = batches.map((events) => events.map(({ seq, ...rest }) => [seq, rest]))
    expect(short).toEqual([
      [
        [1, started('a')],
        [2, output('a', 'stdout', '12')],
        [3, output('b', 'stdout', 'x')],
        [4, output('a', 'stderr', '3')],
        [5, output('a', 'stdout', '4')],
        [6, progress('a', 0.2)],
      ],
      [[7, event({ type: 'run.finished', status: 'succeeded', openMs: 0, durationMs: 0, nodes: {} })]],
    ])
  })
})
