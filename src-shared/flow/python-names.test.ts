import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNodeId, moduleFileFrom, nodeIdFrom, pythonKeywords } from './python-names.ts'

describe('node ids', () => {
  it('are small ASCII identifiers and no keywords', () => {
    const texts = [
      'a',
      'clean_table2',
      'a'.repeat(64),
      'a'.repeat(65),
      'A',
      '1a',
      '_a',
      'a-b',
      'a.b',
      'ä',
      '',
      'for',
      'match',
      'constructor',
      'a\n',
    ]
    expect(texts.filter(isNodeId)).toEqual(['a', 'clean_table2', 'a'.repeat(64), 'match', 'constructor'])
  })

  it('are made from titles', () => {
    const taken = new Set(['clean_table', 'clean_table_2', 'x'.repeat(64)])
    const titles = [
      'Clean table',
      'loadCSV File',
      'Größe (m²)',
      '  3 times! ',
      '',
      '数据',
      'class',
      'x'.repeat(70),
      '__proto__',
    ]
    expect(titles.map((title) => nodeIdFrom(title, taken))).toEqual([
      'clean_table_3',
      'load_csv_file',
      'gro_e_m2',
      'times',
      'node',
      'node',
      'class_2',
      `${'x'.repeat(62)}_2`,
      'proto',
    ])
  })

  it('are valid and new, whatever the title', () => {
    const titles = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.constantFrom(...pythonKeywords, 'A', 'ẞ', '_'),
    )
    fc.assert(
      fc.property(titles, fc.array(titles), (title, others) => {
        const taken = new Set<string>()
        for (const other of others) taken.add(nodeIdFrom(other, taken))
        expect(taken.size).toBe(others.length)
        const id = nodeIdFrom(title, taken)
        expect({ valid: isNodeId(id), fresh: !taken.has(id) }).toEqual({ valid: true, fresh: true })
      }),
    )
  })
})

describe('module files', () => {
  it('are importable, new without regard to case, and possible on Windows', () => {
    const taken = new Set(['nodes/Clean_Table.py', 'nodes/import_2.py'])
    expect(['Clean table', 'load', 'import', 'con'].map((title) => moduleFileFrom(title, taken))).toEqual([
      'nodes/clean_table_2.py',
      'nodes/load.py',
      'nodes/import_3.py',
      'nodes/con_2.py',
    ])
  })
})
