import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flowDocuments } from './arbitrary.test-data.ts'
import { printFlow } from './print-flow.ts'
import { parseFlow, type ParsedFlow } from './parse-flow.ts'

const sample = readFileSync(new URL('samples/golden/all-fields.json', import.meta.url), 'utf8')
const FILE = 'flows/main.json'
const parse = (text: string): ParsedFlow => parseFlow(text, FILE)
const nodes = (body: string): string => `{\n"format": 1,\n"nodes": {\n${body}\n},\n"edges": []\n}`
const brief = ({ document, problems, newer, lossy }: ParsedFlow) => ({
  nodes: document && Object.keys(document.nodes),
  problems: problems.map(({ code, line, node }) => ({ code, line, node })),
  newer,
  lossy,
})

describe('parseFlow', () => {
  it('reads every field of the frozen format 1 sample', () => {
    expect(parse(sample)).toEqual({
      document: {
        format: 1,
        nodes: {
          clean: {
            kind: 'code',
            file: 'nodes/clean.py',
            entry: 'main',
            title: 'Clean table',
            inputs: { factor: '3.0', big: '12345678901234567890', when: '{ "$json": { "$at": [1, 2] } }' },
            collect: ['tables'],
            outputs: ['rows', 'left over'],
            outputsElse: 'whole',
            settings: {
              timeoutS: 120,
              retries: 2,
              isolation: 'process',
              cache: 'never',
              disabled: false,
              pinned: ['result'],
              slots: 2,
              extra: { later: '[1.50]' },
            },
          },
          fetch: {
            kind: 'function',
            target: 'nodeloom_nodes.http:request',
            inputs: { url: '"http://127.0.0.1/"' },
            extra: { mode: '"stream"', extras: '{}' },
          },
          label: { kind: 'value', value: '"0.1"' },
          load: { kind: 'code', file: 'nodes/load.py', inputs: { path: '"data.csv"' } },
          remark: { kind: 'note', text: '# Wine\n\nRead *this* first.' },
          report: { kind: 'flow', file: 'flows/report.json' },
          show: { kind: 'view' },
        },
        edges: [
          { from: { node: 'remark', port: null }, to: { node: 'clean', port: null } },
          {
            from: { node: 'load', port: 'result' },
            to: { node: 'clean', port: 'tables' },
            extra: { settings: '{ "width": 2 }' },
          },
          { from: { node: 'label', port: 'result' }, to: { node: 'clean', port: 'tables' } },
          { from: { node: 'load', port: null }, to: { node: 'fetch', port: null } },
          { from: { node: 'clean', port: 'result' }, to: { node: 'report', port: 'table' } },
          { from: { node: 'clean', port: 'left over' }, to: { node: 'show', port: 'value' } },
        ],
        extra: { capabilities: '{ "net": true }' },
      },
      problems: [],
      positions: expect.anything(),
      newer: false,
      lossy: false,
    })
  })

  it('prints the sample as it stands', () => {
    const { document } = parse(sample)
    expect(document && printFlow(document)).toBe(sample)
  })

  it('gives the lines of nodes, inputs and edges', () => {
    const { positions } = parse(
      nodes('"a": { "kind": "code", "inputs": {\n  "x": 1,\n  "y": 2 } }').replace(
        '[]',
        '[\n{"from":"a","to":"b"},\n{"from":"a.r.s","to":"b.x"}]',
      ),
    )
    expect({
      node: positions.node('a'),
      y: positions.input('a', 'y'),
      order: positions.edge('a', 'b'),
      wire: positions.edge('a.r.s', 'b.x'),
      none: [
        positions.node('b'),
        positions.node('constructor'),
        positions.input('a', 'z'),
        positions.edge('a.r', 'b.x'),
      ],
    }).toEqual({ node: 4, y: 6, order: 9, wire: 10, none: [null, null, null, null] })
  })

  it.each([
    ['', 'flow-damaged', null, 'flows/main.json is empty.'],
    ['\ufeff \n', 'flow-damaged', null, 'flows/main.json is empty.'],
    [sample.slice(0, 700), 'flow-damaged', 7, 'flows/main.json ends in the middle: it is not complete.'],
    [sample.slice(0, 40), 'flow-damaged', 4, 'flows/main.json ends in the middle: it is not complete.'],
    [
      '{\n"format": 1,\n\0"nodes": {}}',
      'flow-damaged',
      3,
      'flows/main.json contains NUL bytes; a fault of the disk or of a program has damaged it.',
    ],
    [
      '{\n  "format": 1,\n<<<<<<< ours\n=======\n>>>>>>> theirs\n}',
      'merge-conflict',
      3,
      'flows/main.json contains the markers of an unresolved merge.',
    ],
    ['{\n"format": 1,\n"nodes": {,}}', 'flow-damaged', 3, 'flows/main.json is not valid JSON.'],
    ['{"format": 1, "nodes": {}, "edges": [],}', 'flow-damaged', 1, 'flows/main.json is not valid JSON.'],
    ['{"format": 1, "nodes": {} /* none */, "edges": []}', 'flow-damaged', 1, 'flows/main.json is not valid JSON.'],
    ['['.repeat(100_000), 'flow-damaged', null, 'flows/main.json is nested deeper than 200 levels.'],
    ['[]', 'flow-damaged', 1, 'flows/main.json does not hold an object.'],
    ['{\n"format": 1,\n"edges": []}', 'flow-damaged', 1, 'flows/main.json has no object "nodes".'],
    ['{\n"format": 1,\n"nodes": [],"edges": []}', 'flow-damaged', 3, 'flows/main.json has no object "nodes".'],
  ])('trusts nothing of a damaged file: %#', (text, code, line, message) => {
    const { document, problems, lossy } = parse(text)
    const [problem] = problems
    expect({
      document,
      lossy,
      count: problems.length,
      code: problem?.code,
      line: problem?.line,
      message: problem?.message,
    }).toEqual({
      document: null,
      lossy: true,
      count: 1,
      code,
      line,
      message,
    })
  })

  it('never shows an empty graph where no node can be read', () => {
    expect(brief(parse(nodes('"Bad": {},\n"while": {}')))).toEqual({
      nodes: null,
      problems: [
        { code: 'invalid-id', line: 4, node: null },
        { code: 'invalid-id', line: 5, node: null },
        { code: 'flow-damaged', line: 3, node: null },
      ],
      newer: false,
      lossy: true,
    })
  })

  it('accepts a byte order mark and CRLF', () => {
    const text = `\ufeff${sample.replaceAll('\n', '\r\n')}`
    expect({ ...parse(text), positions: null }).toEqual({ ...parse(sample), positions: null })
  })

  it('reports repeated keys, also inside constants, and keeps the last', () => {
    const text = nodes(
      '"a": { "kind": "note" },\n"b": { "kind": "code", "inputs": { "x": {"k": 1,\n"k": 2} } },\n"a": { "kind": "view" }',
    )
    const parsed = parse(text)
    expect({ ...brief(parsed), a: parsed.document && Object.entries(parsed.document.nodes)[0]?.[1] }).toEqual({
      nodes: ['a', 'b'],
      problems: [
        { code: 'duplicate-key', line: 7, node: 'a' },
        { code: 'duplicate-key', line: 6, node: 'b' },
      ],
      newer: false,
      lossy: true,
      a: { kind: 'view' },
    })
  })

  it('keeps fields of a wrong type as raw text, so that a save loses nothing', () => {
    const text = nodes(
      '"a": { "kind": "code", "title": 5.0, "settings": { "retries": -1, "slots": 2 }, "collect": "x", "inputs": [1] },\n"b": { "kind": 7 }',
    )
    const parsed = parse(text)
    expect({ document: parsed.document, ...brief(parsed) }).toEqual({
      document: {
        format: 1,
        nodes: {
          a: {
            kind: 'code',
            settings: { slots: 2, extra: { retries: '-1' } },
            extra: { title: '5.0', collect: '"x"', inputs: '[1]' },
          },
          b: { kind: '', extra: { kind: '7' } },
        },
        edges: [],
      },
      nodes: ['a', 'b'],
      problems: [
        { code: 'invalid-field', line: 4, node: 'a' },
        { code: 'invalid-field', line: 4, node: 'a' },
        { code: 'invalid-field', line: 4, node: 'a' },
        { code: 'invalid-field', line: 4, node: 'a' },
        { code: 'invalid-field', line: 5, node: 'b' },
      ],
      newer: false,
      lossy: false,
    })
    const again = parsed.document && parse(printFlow(parsed.document))
    expect(again?.document).toEqual(parsed.document)
  })

  it('names a keyword as the reason why an id is refused', () => {
    const { problems } = parse(nodes('"a": { "kind": "view" },\n"class": { "kind": "view" },\n"1a": {}'))
    expect(problems.map(({ code, message, line }) => ({ code, message, line }))).toEqual([
      { code: 'invalid-id', message: 'The node id "class" is a Python keyword.', line: 5 },
      {
        code: 'invalid-id',
        message:
          'The node id "1a" is not a valid id: it needs a small letter, then small letters, digits and _, at most 64 characters.',
        line: 6,
      },
    ])
  })

  it('opens a newer format as far as it is understood', () => {
    expect(brief(parse(sample.replace('"format": 1', '"format": 3')))).toEqual({
      nodes: ['clean', 'fetch', 'label', 'load', 'remark', 'report', 'show'],
      problems: [{ code: 'flow-newer', line: 1, node: null }],
      newer: true,
      lossy: false,
    })
  })

  it('reports missing format, edges and edge ends', () => {
    const { document, problems, lossy } = parse(
      '{ "nodes": { "a": { "kind": "view" } },\n"edges": [\n{ "from": "a" },\n".x",\n{"from":".x","to":"a"}] }',
    )
    expect({ edges: document?.edges, lines: problems.map(({ code, line }) => [code, line]), lossy }).toEqual({
      edges: [],
      lines: [
        ['invalid-field', 1],
        ['invalid-field', 3],
        ['invalid-field', 4],
        ['invalid-field', 5],
      ],
      lossy: true,
    })
  })

  it('takes the same edge twice as one', () => {
    const text = nodes('"a": { "kind": "view" }').replace(
      '[]',
      '[{"from":"a.x.y","to":"b.z"},{"from":"a.x.y","to":"b.z"}]',
    )
    expect(parse(text).document?.edges).toEqual([{ from: { node: 'a', port: 'x.y' }, to: { node: 'b', port: 'z' } }])
  })

  it('gives back every printed document', () => {
    fc.assert(
      fc.property(flowDocuments, (document) => {
        const { problems, lossy, document: again } = parse(printFlow(document))
        expect({ problems, lossy, again }).toEqual({ problems: [], lossy: false, again: document })
      }),
      { numRuns: 300 },
    )
  })

  it('survives 2,000 mutations without an exception or an empty graph', () => {
    const random = seeded(20_261_121)
    const texts = Array.from({ length: 2_000 }, () => mutate(sample, random))
    const faults = texts.flatMap((text) => {
      const fault = faultOf(text)
      return fault === null ? [] : [{ fault, text }]
    })
    const damaged = texts.filter((text) => parse(text).document === null).length
    // Readable and damaged texts must both be met, or this proves nothing.
    const varied = damaged > 200 && damaged < 1_800
    expect({ faults, varied }).toEqual({ faults: [], varied: true })
  })
})

/** What the parser did wrong with a mutated text, or null. */
function faultOf(text: string): string | null {
  const { document, problems } = parse(text)
  if (document === null) return problems.length > 0 ? null : 'nothing said of a damaged file'
  if (Object.keys(document.nodes).length === 0) return 'an empty graph'
  const printed = printFlow(document)
  const again = parse(printed).document
  return again !== null && printFlow(again) === printed ? null : 'another text after a second print'
}

/** A small generator with a fixed seed (mulberry32): numbers from 0 to below 1. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** One to three damages: characters changed, removed, doubled, pieces moved, a value replaced. */
function mutate(text: string, random: () => number): string {
  const at = (): number => Math.floor(random() * text.length)
  const pieces = [
    '\0',
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '1',
    'null',
    '"a"',
    '__proto__',
    '\ufeff',
    '\\',
    '\n<<<<<<< x\n',
    'é',
    '[[[[',
    '-',
    'e9',
  ]
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
    const start = at()
    const end = Math.min(text.length, start + 1 + Math.floor(random() * 12))
    const piece = pieces[Math.floor(random() * pieces.length)] ?? ''
    const kind = Math.floor(random() * 6)
    if (kind === 0) text = text.slice(0, start) + text.slice(end)
    else if (kind === 1) text = text.slice(0, start) + piece + text.slice(start)
    else if (kind === 2) text = text.slice(0, end) + text.slice(start)
    else if (kind === 3) text = text.slice(0, start) + piece + text.slice(start + 1)
    else if (kind === 4) text = text.replace(/"(?:[^"\\]|\\.)*"/g, (one) => (random() < 0.03 ? piece : one))
    else
      text = text.replace(/[a-z]/g, (one) =>
        random() < 0.003 ? String.fromCharCode(97 + Math.floor(random() * 26)) : one,
      )
  }
  return text
}
