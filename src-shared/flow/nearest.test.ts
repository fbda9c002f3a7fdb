import { expect, it } from 'vitest'
import { nearest } from './nearest.ts'

it('finds the name that was meant, and no far-fetched one', () => {
  const names = ['result', 'rows', 'main', 'table', 'constructor']
  const typed = ['reslt', 'Rows', 'mian', 'tabel', 'x', 'columns', 'r', '', 'r'.repeat(5000)]
  expect(typed.map((name) => nearest(name, names))).toEqual([
    'result',
    'rows',
    'main',
    'table',
    null,
    null,
    null,
    null,
    null,
  ])
})
