import { describe, expect, it } from 'vitest'
import type { FieldSpec } from '../../../src-shared/contract/analysis.ts'
import { fieldText, readField, readId, readValue } from './field-text.ts'

const read = (kind: FieldSpec, text: string, nullable = false): string | null => {
  const typed = readField({ field: kind, nullable }, text)
  return 'json' in typed ? typed.json : `fault: ${typed.fault}`
}
const choice: FieldSpec = {
  kind: 'choice',
  options: [
    { label: 'gini', json: '"gini"' },
    { label: '2', json: '2' },
  ],
}

describe('readField', () => {
  it.each<[FieldSpec, string, string | null]>([
    [{ kind: 'text' }, 'hello', '"hello"'],
    [{ kind: 'text' }, ' kept as typed ', '" kept as typed "'],
    [{ kind: 'text' }, '12', '"12"'],
    [{ kind: 'text' }, '""', '""'],
    [{ kind: 'text' }, '', null],
    [{ kind: 'text' }, '{"$secret":"KEY"}', '{"$secret":"KEY"}'],
    [{ kind: 'path' }, ' data.csv ', '"data.csv"'],
    [{ kind: 'int' }, '1_000', '1000'],
    [{ kind: 'int' }, '+5', '5'],
    [{ kind: 'float' }, '.5', '0.5'],
    [{ kind: 'float' }, '-.5', '-0.5'],
    [{ kind: 'float' }, '3.', '3.0'],
    [{ kind: 'float' }, '3.0', '3.0'],
    [{ kind: 'float' }, '-inf', '{"$float":"-inf"}'],
    [{ kind: 'bool' }, 'True', 'true'],
    [choice, 'gini', '"gini"'],
    [choice, '2', '2'],
    [{ kind: 'json' }, '[1, 2.0]', '[1, 2.0]'],
    [{ kind: 'json' }, 'None', 'null'],
  ])('%o takes %j as %j', (kind, text, json) => {
    expect(read(kind, text)).toBe(json)
  })

  it.each<[FieldSpec, string]>([
    [{ kind: 'int' }, '1.5'],
    [{ kind: 'int' }, 'many'],
    [{ kind: 'float' }, '1,5'],
    [{ kind: 'bool' }, 'maybe'],
    [choice, 'entropy'],
    [{ kind: 'json' }, '{a: 1}'],
  ])('%o refuses %j with a sentence', (kind, text) => {
    expect(read(kind, text)).toMatch(/^fault: .+\.$/)
  })

  it('takes None only where the input may be None', () => {
    expect(read({ kind: 'int' }, 'None', true)).toBe('null')
    expect(read({ kind: 'int' }, 'None')).toMatch(/^fault/)
  })
})

describe('fieldText', () => {
  it('shows what reading gives back', () => {
    const pairs: [FieldSpec, string][] = [
      [{ kind: 'text' }, '"a b"'],
      [{ kind: 'text' }, '""'],
      [{ kind: 'float' }, '3.0'],
      [{ kind: 'bool' }, 'true'],
      [choice, '2'],
      [{ kind: 'json' }, '{"a": [1]}'],
    ]
    for (const [kind, json] of pairs) expect(read(kind, fieldText(kind, json))).toBe(json)
  })
})

describe('readValue', () => {
  it('takes JSON as it is, words as a text, and refuses half-written JSON', () => {
    expect(['3.0', 'hello world', 'True', '[1]'].map((text) => readValue(text))).toEqual([
      { json: '3.0' },
      { json: '"hello world"' },
      { json: 'true' },
      { json: '[1]' },
    ])
    expect(readValue('[1,')).toHaveProperty('fault')
    expect(readValue('  ')).toHaveProperty('fault')
  })
})

describe('readId', () => {
  it('takes what may be an id and is free, and says why not otherwise', () => {
    const read = (typed: string) => readId(typed, 'clean', (id) => id === 'load' || id === 'clean')
    expect(['clean', ' tidy ', 'load', 'Tidy', 'class'].map(read)).toEqual([
      { json: '"clean"' },
      { json: '"tidy"' },
      { fault: 'There is already a node load.' },
      { fault: 'Small letters, digits and _, a letter first, no Python keyword.' },
      { fault: 'Small letters, digits and _, a letter first, no Python keyword.' },
    ])
  })
})
