import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SnapshotWriter } from './snapshot-writer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('writes at most twice a second, never twice at a time, and a failed write does not end it', async () => {
  const ends: ((failed: boolean) => void)[] = []
  const writer = new SnapshotWriter(
    () => new Promise((resolve, reject) => ends.push((failed) => (failed ? reject(new Error('full')) : resolve()))),
  )
  for (let time = 0; time < 10; time += 1) writer.changed()
  expect(ends).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(500)
  expect(ends).toHaveLength(1)
  writer.changed()
  await vi.advanceTimersByTimeAsync(5000)
  expect(ends).toHaveLength(1)
  ends[0]?.(true)
  // The change that came while it wrote.
  await vi.advanceTimersByTimeAsync(500)
  expect(ends).toHaveLength(2)
  let ended = false
  const end = writer.end().then(() => (ended = true))
  writer.changed()
  await vi.advanceTimersByTimeAsync(5000)
  expect([ends.length, ended]).toEqual([2, false])
  ends[1]?.(false)
  await end
})
