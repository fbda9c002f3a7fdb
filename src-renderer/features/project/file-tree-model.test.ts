import { expect, test } from 'vitest'
import { zProjectPath } from '../../../src-shared/ids.ts'
import { fileRows } from './file-tree-model.ts'

const file = (path: string, bytes = 1) => ({ path: zProjectPath.parse(path), kind: 'file' as const, bytes })
const folder = (path: string) => ({ path: zProjectPath.parse(path), kind: 'folder' as const, bytes: 0 })
const files = [file('pyproject.toml'), file('nodes/b.py'), folder('nodes'), file('nodes/a.py', 7), file('data/x/y.csv')]
const shown = (open: (path: string) => boolean): string[] =>
  fileRows(files, open).map((row) => `${' '.repeat(row.depth)}${row.name}${row.folder ? (row.open ? '▾' : '▸') : ''}`)

test('folders come first, and closed ones hide what they hold', () => {
  expect(shown((path) => path === 'nodes')).toEqual(['data▸', 'nodes▾', ' a.py', ' b.py', 'pyproject.toml'])
})

test('a folder that only a path names is there too', () => {
  expect(shown(() => true)).toEqual(['data▾', ' x▾', '  y.csv', 'nodes▾', ' a.py', ' b.py', 'pyproject.toml'])
})
