import { expect, test } from 'vitest'
import { median, quantile } from './statistics.ts'

test('the median lies in the middle, between two samples where their number is even', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([10, 1, 2, 4])).toBe(3)
})

test('a quantile goes from the least to the greatest sample', () => {
  expect([0, 0.25, 0.95, 1].map((part) => quantile([4, 0, 2, 3, 1], part))).toEqual([0, 1, 3.8, 4])
  expect(() => quantile([], 0.5)).toThrow('no samples')
})
