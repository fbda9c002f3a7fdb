import { expect, test } from 'vitest'
import type { Row } from './bench.ts'
import { resultOf, tableOf } from './report.ts'

const row: Row = {
  id: 'P1',
  what: 'chain of 100 nodes',
  unit: 'ms',
  ours: [8, 10, 12],
  target: { max: 10 },
  reference: { what: 'a process per node', samples: [800, 1000, 1200] },
}

test('a result compares medians with the target and with the reference', () => {
  expect(resultOf(row)).toEqual({
    id: 'P1',
    what: 'chain of 100 nodes',
    unit: 'ms',
    min: 8,
    median: 10,
    max: 12,
    target: '<= 10',
    reached: true,
    reference: { what: 'a process per node', min: 800, median: 1000, max: 1200 },
    ratio: 0.01,
  })
})

test('a target may be a floor', () => {
  expect(resultOf({ ...row, unit: 'MB/s', target: { min: 11 } }).reached).toBe(false)
  expect(resultOf({ ...row, unit: 'MB/s', target: { min: 9 } }).reached).toBe(true)
})

test('the table says in words whether a target was reached', () => {
  const text = tableOf([resultOf(row), resultOf({ ...row, id: 'P2', target: { max: 9 } })])
  expect(text.split('\n').map((line) => /reached|MISSED/.exec(line)?.[0])).toEqual([undefined, 'reached', 'MISSED'])
})

test('parts and recorded figures follow the table, marked as such', () => {
  const parts = { start: [1, 2, 6], rest: [8] }
  const lines = tableOf([resultOf({ ...row, parts, recorded: 'another tool 294 ms' })]).split('\n')
  expect(lines.slice(2)).toEqual([
    'P1: start 2 ms, rest 8 ms',
    'P1, recorded earlier and elsewhere: another tool 294 ms',
  ])
})
