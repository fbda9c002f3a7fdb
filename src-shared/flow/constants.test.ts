import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FieldSpec } from '../contract/analysis.ts'
import { jsonTexts } from './arbitrary.test-data.ts'
import { checkConstant, constantFault, constantToPython, jsonTextOf, toJsonText } from './constants.ts'
import { convertedConstant } from './constant-conversion.ts'
import { zJsonText } from './document.ts'

const json = (text: string) => zJsonText.parse(text)
const check = (text: string, kind: Exclude<FieldSpec['kind'], 'choice'>, nullable = false) =>
  checkConstant(json(text), { field: { kind }, nullable })

describe('checkConstant', () => {
  it.each([
    ['"a"', 'text', null],
    ['1', 'text', 'it must be a text'],
    ['3', 'int', null],
    ['12345678901234567890', 'int', null],
    ['3.0', 'int', 'it must be a whole number'],
    ['"3"', 'int', 'it must be a whole number'],
    ['true', 'int', 'it must be a whole number'],
    ['3', 'float', null],
    ['{"$float":"nan"}', 'float', null],
    ['{"$float":"nan"}', 'int', 'it must be a whole number'],
    ['{"$float":"NaN"}', 'float', '"$float" must be "nan", "inf" or "-inf"'],
    ['0', 'bool', 'it must be true or false'],
    ['{"$env":"N"}', 'int', null],
    ['{"$secret":""}', 'text', '"$secret" must hold a name'],
    ['{"$env":"N","x":1}', 'json', '"$env" must be the only key of its object'],
    ['[{"a":{"$at":1}}]', 'json', '"$at" is no known tag; write {"$json": …} around an object that has such a key'],
    ['{"$json":{"$at":1}}', 'json', null],
    ['null', 'json', null],
    ['null', 'text', 'it may not be null'],
    ['{', 'json', 'it is not valid JSON'],
  ] as const)('%s as %s: %s', (text, kind, expected) => {
    expect(check(text, kind)).toBe(expected)
  })

  it('lets null pass where None may, and compares choices by value', () => {
    const field: FieldSpec = {
      kind: 'choice',
      options: [
        { label: 'red', json: '"red"' },
        { label: '2', json: '2' },
      ],
    }
    expect([
      check('null', 'int', true),
      checkConstant(json('"\\u0072ed"'), { field, nullable: false }),
      checkConstant(json('3'), { field, nullable: false }),
    ]).toEqual([null, null, 'it must be one of red, 2'])
  })
})

describe('texts', () => {
  it('come from values and from what was typed', () => {
    expect([
      jsonTextOf({ a: [1.5, Number.NaN, -Infinity] }),
      jsonTextOf(undefined),
      toJsonText(' [1, 3.0] '),
      toJsonText('{"a":}'),
      toJsonText('['.repeat(9999)),
      constantFault('{"$x":1}') === null,
    ]).toEqual(['{"a":[1.5,{"$float":"nan"},{"$float":"-inf"}]}', 'null', '[1, 3.0]', null, null, false])
  })

  it('never crash a reader', () => {
    fc.assert(
      fc.property(jsonTexts, (text) => {
        expect(typeof constantToPython(text)).toBe('string')
        expect(constantToPython(jsonTextOf(JSON.parse(JSON.stringify(text))))).toBe(JSON.stringify(text))
      }),
    )
  })
})

describe('Python source', () => {
  it('keeps the text of numbers', () => {
    const text =
      '{"a": [3.0, 12345678901234567890, true, null], "b": "é\\ud83d\\ude00\\n\\"", "c": {"$float": "inf"}, "d": {"$json": {"$env": "x"}}}'
    expect(constantToPython(json(text))).toBe(
      '{"a": [3.0, 12345678901234567890, True, None], "b": "é😀\\n\\"", "c": float("inf"), "d": {"$env": "x"}}',
    )
  })

  it.each([
    ['3', 'float', '3.0'],
    ['3', 'int | float', '3'],
    ['3', 'str | float', '3.0'],
    ['"a"', 'Path | None', 'PROJECT / "a"'],
    ['null', 'Optional[Path]', 'None'],
    ['"YQ=="', 'bytes', 'base64.b64decode("YQ==")'],
    ['"2026-01-02"', 'date', 'datetime.date.fromisoformat("2026-01-02")'],
    ['[1, 2]', 'tuple[float, int]', '(1.0, 2)'],
    ['[1]', 'tuple[float, ...]', '(1.0,)'],
    ['[]', 'set[int]', 'set()'],
    ['["a"]', 'list[Path]', '[PROJECT / "a"]'],
    ['{"k": ["a"]}', 'dict[str, list[Path]]', '{"k": [PROJECT / "a"]}'],
    ['"RED"', 'Color | None', 'nodes.a.Color["RED"]'],
    ['"BLUE"', 'Color', '"BLUE"'],
    ['{"$env": "HOME"}', 'Path', 'PROJECT / os.environ["HOME"]'],
    ['{"$env": "N"}', 'int | None', 'int(os.environ["N"])'],
    ['{"$env": "N"}', 'int | str', 'os.environ["N"]'],
    ['{"$env": "N"}', 'bool', '(os.environ["N"] == "true")'],
    ['[1, 2]', 'tuple[int] | list[float]', '[1.0, 2.0]'],
    ['"a"', 'PurePath', 'pathlib.PurePath(PROJECT, "a")'],
    ['"x"', 'int', '"x"'],
    ['3', null, '3'],
  ])('converts %s for %s', (text, type, expected) => {
    const field: FieldSpec = { kind: 'choice', options: [{ label: 'RED', json: '"RED"' }] }
    const used: string[] = []
    const source = convertedConstant(json(text), { type, field, module: 'nodes.a' }, (module) => used.push(module))
    expect({ source, used: [...new Set(used)].sort() }).toEqual({
      source: expected,
      used: ['PROJECT', 'base64', 'datetime', 'os', 'pathlib'].filter((name) => expected.includes(name)),
    })
  })
})
