import { expect, test } from 'vitest'
import { readJsonTree, treeRows } from './json-tree-model.ts'

const rows = (source: string, open: readonly string[]): string[] => {
  const tree = readJsonTree(source)
  return tree
    ? treeRows(tree, new Set(open)).map((row) => `${' '.repeat(row.depth)}${row.name ?? '·'} ${row.text}`)
    : []
}

test('only open branches are laid out', () => {
  const source = '{"a": [1, 2], "b": {"c": null}}'
  expect(rows(source, [])).toEqual(['· {2}'])
  expect(rows(source, ['$', '$.a'])).toEqual(['· {2}', ' a [2]', '  0 1', '  1 2', ' b {1}'])
})

test('numbers keep the text they have in the source', () => {
  expect(rows('[3.0, 12345678901234567890, 1e5]', ['$'])).toEqual([
    '· [3]',
    ' 0 3.0',
    ' 1 12345678901234567890',
    ' 2 1e5',
  ])
})

test('a branch of many shows the first thousand', () => {
  expect(rows(JSON.stringify(Array.from({ length: 5000 }, () => 0)), ['$'])).toHaveLength(1001)
})

test('an empty branch cannot be opened', () => {
  const tree = readJsonTree('[]')
  expect(tree && treeRows(tree, new Set(['$']))[0]?.expandable).toBe(false)
})
