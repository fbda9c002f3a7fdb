import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutDocuments } from './arbitrary.test-data.ts'
import { parseLayout } from './parse-layout.ts'
import { printLayout } from './print-flow.ts'

const sample = readFileSync(new URL('samples/golden/all-fields.layout.json', import.meta.url), 'utf8')
const FILE = 'flows/main.layout.json'

describe('parseLayout', () => {
  it('reads the frozen sample, and prints it as it stands', () => {
    const parsed = parseLayout(sample, FILE)
    expect(parsed).toEqual({
      document: {
        format: 1,
        nodes: {
          clean: { x: 240, y: -12.5, width: 260, height: 120, color: 'amber', extra: { z: '3' } },
          load: { x: 0, y: 0 },
        },
        extra: { frames: '[{ "title": "Input", "nodes": ["load"] }]' },
      },
      problems: [],
      newer: false,
      lossy: false,
    })
    expect(parsed.document && printLayout(parsed.document)).toBe(sample)
  })

  it.each([
    ['', null, true, [['layout-damaged', 'warning', null]]],
    ['{"format":1', null, true, [['layout-damaged', 'warning', 1]]],
    ['<<<<<<< a', null, true, [['merge-conflict', 'warning', 1]]],
    ['[]', null, true, [['layout-damaged', 'warning', 1]]],
    [
      '{"format":1,"nodes":{\n"a":{"x":1,"y":2,"width":-3},\n"b":{"x":"1","y":2},\n"c":5}}',
      ['a'],
      true,
      [
        ['invalid-field', 'warning', 2],
        ['invalid-field', 'warning', 3],
        ['layout-damaged', 'warning', 3],
        ['layout-damaged', 'warning', 4],
      ],
    ],
  ])('says what is wrong as warnings: %#', (text, nodes, lossy, problems) => {
    const parsed = parseLayout(text, FILE)
    expect({
      nodes: parsed.document && Object.keys(parsed.document.nodes),
      lossy: parsed.lossy,
      problems: parsed.problems.map(({ code, severity, line }) => [code, severity, line]),
    }).toEqual({ nodes, lossy, problems })
  })

  it('gives back every printed layout', () => {
    fc.assert(
      fc.property(layoutDocuments, (layout) => {
        expect(parseLayout(printLayout(layout), FILE)).toEqual({
          document: layout,
          problems: [],
          newer: false,
          lossy: false,
        })
      }),
    )
  })
})
