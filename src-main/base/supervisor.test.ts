import { expect, it } from 'vitest'
import { RestartBudget } from './supervisor.ts'

it('waits longer each time, gives up, and starts afresh after a quiet while', () => {
  let now = 0
  const limits = { maxRestarts: 6, windowMs: 1_000_000, firstWaitMs: 2_000, longestWaitMs: 30_000 }
  const budget = new RestartBudget(limits, () => now)
  expect(Array.from({ length: 8 }, () => budget.next())).toEqual([
    2_000,
    4_000,
    8_000,
    16_000,
    30_000,
    30_000,
    null,
    null,
  ])
  now = 1_000_000
  expect(budget.next()).toBe(2_000)
  budget.reset()
  expect(budget.next()).toBe(2_000)
})

it('allows five restarts in three minutes unless told otherwise', () => {
  let now = 0
  const budget = new RestartBudget(undefined, () => now)
  const waits = Array.from({ length: 6 }, () => budget.next())
  now = 179_999
  waits.push(budget.next())
  now = 180_000
  waits.push(budget.next())
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, null, null, 2_000])
})
