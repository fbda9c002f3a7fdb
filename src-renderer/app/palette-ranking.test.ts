import { expect, test } from 'vitest'
import { rank } from './palette-ranking.ts'

const order = (query: string, titles: readonly string[]): string[] =>
  titles
    .map((title) => ({ title, score: rank(query, title) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ title }) => title)

test('whole and early words come before those in the middle', () => {
  expect(order('run', ['Prune', 'Stop the run', 'Run', 'Run flow'])).toEqual([
    'Run',
    'Run flow',
    'Stop the run',
    'Prune',
  ])
})

test('every typed word has to be found', () => {
  expect(order('fit view', ['Fit the flow in view', 'Fit the selection', 'View'])).toEqual(['Fit the flow in view'])
})

test('first letters of words are an abbreviation', () => {
  expect(order('rf', ['Run flow', 'Stop'])).toEqual(['Run flow'])
})

test('further words find it too, after the titles', () => {
  expect(rank('canvas', 'Undo', 'Canvas')).toBeGreaterThan(0)
  expect(rank('canvas', 'Undo', 'Canvas')).toBeLessThan(rank('canvas', 'Focus the canvas'))
})

test('nothing typed fits everything', () => {
  expect(rank('  ', 'Anything')).toBe(1)
})
