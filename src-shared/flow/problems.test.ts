import { describe, expect, it } from 'vitest'
import type { FileAnalysis } from '../contract/analysis.ts'
import { analysis, parameter, signature } from './analysis.test-data.ts'
import { parseFlow } from './parse-flow.ts'
import { graphProblems, leavesProject } from './problems.ts'

const files: Record<string, FileAnalysis> = {
  'nodes/load.py': analysis([
    signature([parameter('path', { annotation: 'str', field: { kind: 'text' }, nullable: false })]),
  ]),
  'nodes/add.py': analysis([
    signature([
      parameter('number', { annotation: 'int', field: { kind: 'int' }, nullable: false }),
      parameter('items', { annotation: 'list[int]', collects: 'may', optional: true }),
    ]),
  ]),
  'nodes/bad.py': analysis([], { status: 'syntax_error', message: "'(' was never closed", line: 7, stale: true }),
  'nodes/gone.py': analysis([], { status: 'missing', stale: true }),
  'nodes/secret.py': analysis([], { status: 'unreadable', message: 'permission denied', stale: true }),
}

/** Problems as `line severity code message | hint`, of a flow written as nodes and edges, one per line. */
function problemsOf(nodes: string[], edges: string[] = []): string[] {
  const wires = edges.map((edge) => {
    const [from, to] = edge.split(' ')
    return JSON.stringify({ from, to })
  })
  const text = `{"format":1,"nodes":{\n${nodes.join(',\n')}\n},"edges":[\n${wires.join(',\n')}\n]}`
  const { document, positions, problems } = parseFlow(text, 'flows/main.json')
  if (document === null || problems.length > 0) throw new Error(JSON.stringify(problems))
  return graphProblems(document, 'flows/main.json', positions, (file) => files[file]).map(
    ({ file, line, severity, code, message, hint }) =>
      `${file === 'flows/main.json' ? '' : file}:${line} ${severity} ${code} ${message}${hint === undefined ? '' : ` | ${hint}`}`,
  )
}

const load = '"load": {"kind":"code","file":"nodes/load.py","inputs":{"path":"a.csv"}}'
const add = (id: string, inputs = '{}') => `"${id}": {"kind":"code","file":"nodes/add.py","inputs":${inputs}}`

describe('graphProblems', () => {
  it('finds nothing in a sound flow', () => {
    expect(
      problemsOf(
        [load, add('a'), '"v":{"kind":"view"}', '"n":{"kind":"note"}'],
        ['load.result a.number', 'a.result v.value', 'load v'],
      ),
    ).toEqual([])
  })

  it.each<[string, string[], string[], string[]]>([
    [
      'a missing input',
      [add('a')],
      [],
      [':2 error missing-input a.number has no value. | Connect it, or give it a value.'],
    ],
    [
      'an empty view',
      ['"v":{"kind":"view"}'],
      [],
      [':2 error missing-input v.value has no value. | Connect something to it.'],
    ],
    [
      'a constant that does not fit',
      [add('a', '{\n"number":"one"}')],
      [],
      [':3 warning invalid-constant The value of a.number (int) does not fit: it must be a whole number.'],
    ],
    [
      'an unknown tag',
      [add('a', '{"number":{"$at":1}}')],
      [],
      [
        ':2 error invalid-constant The value of a.number cannot be used: "$at" is no known tag; write {"$json": …} around an object that has such a key.',
      ],
    ],
    [
      'a constant for no input',
      [add('a', '{"number":1,"itms":[]}')],
      [],
      [':2 error unknown-input a has a value for a.itms, but no such input. | Did you mean items?'],
    ],
    [
      'a dangling edge',
      [load],
      ['load.result lod.path'],
      [
        ':4 error dangling-edge The wire load.result → lod.path names a node that does not exist: lod. | Did you mean load?',
      ],
    ],
    [
      'unknown ports',
      [load, add('a', '{"number":1}')],
      ['load.rows a.numbr'],
      [
        ':5 error unknown-port load has no output load.rows. | Its outputs: result. Connect another one, or remove the wire.',
        ':5 error unknown-port a has no input a.numbr. | Did you mean number?',
      ],
    ],
    [
      'a mixed edge',
      [load, add('a', '{"number":1}')],
      ['load a.number'],
      [
        ':5 error mixed-edge The wire load → a.number has a port at one end only. | Name a port at both ends to carry a value, or at neither to order the nodes.',
      ],
    ],
    [
      'two edges into a plain input',
      [load, add('a', '{"number":1}'), add('b')],
      ['load.result b.number', 'a.result b.number'],
      [
        ':7 error several-edges b.number takes one value, but several wires reach it: load.result, a.result. | Remove all wires but one, or let the parameter take a list.',
      ],
    ],
    [
      'nothing of two edges into an input that collects',
      [load, add('b', '{"number":1}'), add('c', '{"number":1}')],
      ['load.result b.items', 'c.result b.items'],
      [],
    ],
    [
      'a failure passed on, which this version cannot',
      [load, add('b', '{"number":1}')],
      ['load.$error b.items'],
      [':5 error unknown-port load.$error → b.items: this version cannot pass a failure on. | Remove the wire.'],
    ],
    [
      'a cycle and a self edge',
      [add('a'), add('b'), add('c', '{"number":1}')],
      ['a.result b.number', 'b.result a.number', 'c c'],
      [
        ':8 error self-edge c is connected to itself: c → c. | Remove the wire.',
        ':2 error cycle These nodes wait for each other: a → b → a. | Remove one of the wires between them.',
      ],
    ],
    [
      'kinds that cannot run',
      ['"m":{"kind":"map"}', '"x":{"kind":"cod"}'],
      ['m.anything x.anything'],
      [
        ':2 error reserved-kind m is of kind "map", which this version cannot run. | It is kept as it is. Remove it, or disable what depends on it.',
        ':3 error unknown-kind x is of the unknown kind "cod". | Did you mean code?',
      ],
    ],
    [
      'files',
      ['bad', 'gone', 'secret']
        .map((name) => `"${name}":{"kind":"code","file":"nodes/${name}.py"}`)
        .concat('"no":{"kind":"code"}', '"out":{"kind":"code","file":"nodes/../../x.py"}'),
      [],
      [
        "nodes/bad.py:7 error syntax-error nodes/bad.py (node bad) has a syntax error: '(' was never closed",
        ':3 error file-missing The file of gone does not exist: nodes/gone.py | Create or restore the file, or choose another one for the node.',
        'nodes/secret.py:null error file-unreadable nodes/secret.py (node secret) cannot be read: permission denied',
        ':5 error file-missing no names no file. | Give it a Python file, such as nodes/clean.py.',
        ':6 error path-outside-project The file of out is outside the project: nodes/../../x.py | Use a path relative to the project folder, such as nodes/clean.py.',
      ],
    ],
    [
      'entries',
      [
        '"a":{"kind":"code","file":"nodes/load.py","entry":"mian"}',
        '"b":{"kind":"code","file":"nodes/load.py","entry":"toString"}',
      ],
      [],
      [
        'nodes/load.py:1 error entry-missing nodes/load.py (node a) has no function mian. | Did you mean main?',
        'nodes/load.py:1 error entry-missing nodes/load.py (node b) has no function toString. | Write "def toString(…):" at the top level. Functions there: main.',
      ],
    ],
    [
      'what a disabled node lacks, as a warning',
      ['"a":{"kind":"code","file":"nodes/add.py","settings":{"disabled":true}}', '"v":{"kind":"value"}'],
      [],
      [
        ':2 warning missing-input a.number has no value. | Connect it, or give it a value.',
        ':3 error missing-input v has no value. | Give it one, or remove the node.',
      ],
    ],
  ])('says %s', (_what, nodes, edges, expected) => {
    expect(problemsOf(nodes, edges)).toEqual(expected)
  })
})

it('knows paths that leave the project', () => {
  const paths = [
    'nodes/a.py',
    '../a.py',
    'a/../b.py',
    '/etc/x',
    'C:\\x',
    'a\\..\\b',
    '\\\\server',
    '',
    'a\0b',
    'a..py',
    '..a/b.py',
  ]
  expect(paths.filter(leavesProject)).toEqual([
    '../a.py',
    'a/../b.py',
    '/etc/x',
    'C:\\x',
    'a\\..\\b',
    '\\\\server',
    '',
    'a\0b',
  ])
})
