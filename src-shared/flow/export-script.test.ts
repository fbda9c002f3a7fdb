import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { FileAnalysis, FunctionSignature } from '../contract/analysis.ts'
import { analysis, outputPort, parameter, signature } from './analysis.test-data.ts'
import { exportScript } from './export-script.ts'
import { parseFlow } from './parse-flow.ts'

interface File {
  readonly text: string
  readonly functions: FunctionSignature[]
}

const optional = { optional: true, default: '1', defaultJson: '1' }
const named = (name: string, more: Partial<FunctionSignature> = {}): FunctionSignature => ({
  ...signature([]),
  name,
  ...more,
})

/** A project whose files are real; their signatures are written out here, as the analysis would give them. */
const files: Record<string, File> = {
  'nodes/json.py': {
    text: 'import json\ndef main(text: str):\n    return json.loads(text)\n',
    functions: [signature([parameter('text', { annotation: 'str', field: { kind: 'text' } })])],
  },
  'nodes/kinds.py': {
    text: [
      'import enum, pathlib',
      'from typing import NamedTuple, TypedDict, NotRequired',
      'class Color(enum.Enum):\n    RED = 1\n    BLUE = 2',
      'class Pair(NamedTuple):\n    left: int\n    right: str',
      'class Parts(TypedDict):\n    a: int\n    b: NotRequired[int]',
      'def types(path: pathlib.Path, color: Color, share: float, when: bytes):\n    return [type(path).__name__[-4:], color.name, share, when]',
      'def pair():\n    return Pair(7, "seven")',
      'def parts(full: bool):\n    return {"a": 1, "b": 2} if full else {"a": 1}',
      'async def later(x):\n    return x + 1',
      'async def stream():\n    for i in range(3):\n        yield i',
      'def count():\n    yield from range(3)',
      'def spread(first, second=1, *rest, last=0):\n    return [first, second, list(rest), last]',
      'def only(a, b=5, c=6, /):\n    return [a, b, c]',
      'def main(input_data):\n    return input_data',
      'def total(values: list, bonus: int = 1):\n    return [sum(values), bonus]',
      'def echo(x):\n    return x',
      '',
    ].join('\n'),
    functions: [
      named('types', {
        parameters: [
          parameter('path', { annotation: 'pathlib.Path', field: { kind: 'path' } }),
          parameter('color', {
            annotation: 'Color',
            field: {
              kind: 'choice',
              options: [
                { label: 'RED', json: '"RED"' },
                { label: 'BLUE', json: '"BLUE"' },
              ],
            },
          }),
          parameter('share', { annotation: 'float', field: { kind: 'float' } }),
          parameter('when', { annotation: 'bytes', field: { kind: 'json' } }),
        ],
      }),
      named('pair', {
        outputs: [outputPort('left', 'int'), outputPort('right', 'str'), outputPort('result', 'Pair')],
        outputShape: 'named_tuple',
        returns: 'Pair',
      }),
      named('parts', {
        parameters: [parameter('full', { annotation: 'bool', field: { kind: 'bool' } })],
        outputs: [outputPort('a', 'int'), outputPort('b', 'int', false), outputPort('result', 'Parts')],
        outputShape: 'typed_dict',
        returns: 'Parts',
      }),
      named('later', { parameters: [parameter('x')], isAsync: true }),
      named('stream', { isAsync: true, isGenerator: true }),
      named('count', { isGenerator: true }),
      named('spread', {
        parameters: [
          parameter('first'),
          parameter('second', optional),
          parameter('rest', { kind: 'var_positional', collects: 'always', optional: true }),
          parameter('last', { kind: 'keyword_only', ...optional }),
        ],
      }),
      named('only', {
        parameters: [
          parameter('a', { kind: 'positional_only' }),
          parameter('b', { kind: 'positional_only', ...optional }),
          parameter('c', { kind: 'positional_only', ...optional }),
        ],
      }),
      signature([], { takesInputData: true }),
      named('total', {
        parameters: [
          parameter('values', { annotation: 'list', collects: 'may' }),
          parameter('bonus', { annotation: 'int', ...optional }),
        ],
      }),
      named('echo', { parameters: [parameter('x')] }),
    ],
  },
  'nodes/my-file.py': { text: 'def main():\n    return "hyphen"\n', functions: [signature([])] },
}

const analysisOf = (file: string): FileAnalysis | undefined => {
  const known = files[file]
  return known && analysis(known.functions)
}

function exported(nodes: Record<string, unknown>, edges: string[] = []) {
  const text = JSON.stringify({
    format: 1,
    nodes,
    edges: edges.map((edge) => ({ from: edge.split(' ')[0], to: edge.split(' ')[1] })),
  })
  const { document, problems } = parseFlow(text, 'flows/main.json')
  if (!document || problems.length > 0) throw new Error(JSON.stringify(problems))
  return exportScript({ name: 'main', document, analysisOf })
}

const kinds = (entry: string, more: object = {}) => ({ kind: 'code', file: 'nodes/kinds.py', entry, ...more })
const value = (json: unknown) => ({ kind: 'value', value: json })

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Runs the script in a real project from another working directory, and returns what `main()` gave, as JSON. */
function run(script: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'nodeloom-export-'))
  folders.push(folder)
  for (const [path, { text }] of Object.entries({ ...files, 'flow.py': { text: script } })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const printed = execFileSync('python3', [join(folder, 'flow.py')], { cwd: tmpdir(), encoding: 'utf8' })
  // The guard printed something for people; the values are asked for once more by importing the script.
  const code = 'import json, flow\nprint(json.dumps(flow.main(), default=lambda v: v.decode()))'
  const json = execFileSync('python3', ['-c', code], { cwd: folder, encoding: 'utf8' })
  return { lines: printed.trim().split('\n').length, values: JSON.parse(json) }
}

describe('exportScript', () => {
  it('reads as a person would write it', () => {
    const { text, problems } = exported(
      {
        text: { ...value('{"a": [1, 2.0]}'), title: 'The text' },
        json: { kind: 'code', file: 'nodes/json.py' },
        nodes: kinds('types', { inputs: { path: 'data/a.csv', color: 'BLUE', share: 1, when: 'aGk=' } }),
        show: { kind: 'view' },
        memo: { kind: 'note', text: 'not code' },
      },
      ['text.result json.text', 'json.result show.value', 'memo json'],
    )
    expect(problems).toEqual([])
    expect(text)
      .toBe(`"""The flow main, exported from Nodeloom. Keep this file in the project folder: it imports the nodes from there."""

import base64
import os
import pathlib

import nodes.json
import nodes.kinds

PROJECT = pathlib.Path(__file__).resolve().parent


def main():
    nodes_ = nodes.kinds.types(
        path=PROJECT / "data/a.csv",
        color=nodes.kinds.Color["BLUE"],
        share=1.0,
        when=base64.b64decode("aGk="),
    )
    # The text
    text = "{\\"a\\": [1, 2.0]}"
    json = nodes.json.main(text=text)
    show = json
    return {
        "nodes": nodes_,
        "show": show,
    }


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    for _name, _value in main().items():
        print(f"{_name}: {_value!r}")
`)
    expect(run(text)).toEqual({ lines: 2, values: { nodes: ['Path', 'BLUE', 1, 'hi'], show: { a: [1, 2] } } })
  })

  it('follows every way in which values reach a function', () => {
    const { text, problems } = exported(
      {
        pair: kinds('pair'),
        whole: kinds('echo'),
        right: kinds('echo'),
        one: value(1),
        two: value(2),
        later: kinds('later'),
        stream: kinds('stream'),
        count: kinds('count'),
        all: kinds('total', { collect: ['values'], inputs: { bonus: 4 } }),
        args: kinds('spread', { inputs: { last: 9 } }),
        listed: kinds('spread', { inputs: { first: 0, second: 3, rest: [4, 5] } }),
        only: kinds('only', { inputs: { a: 1, c: 3 } }),
        nothing: kinds('main'),
        single: kinds('main'),
        several: kinds('main'),
        hyphen: { kind: 'code', file: 'nodes/my-file.py' },
        keys: kinds('echo', { inputs: { x: { k: 'v' } }, outputs: ['k', 'no-key'] }),
        key: kinds('echo'),
        absent: kinds('echo'),
        list: value([1]),
      },
      [
        'pair.result whole.x',
        'pair.right right.x',
        'one.result all.values',
        'two.result all.values',
        'two.result later.x',
        'one.result args.first',
        'two.result args.rest',
        'later.result args.rest',
        'one.result single.input_data',
        'pair.left several.input_data',
        'pair.right several.input_data',
        'two.result several.input_data',
        'keys.k key.x',
        'keys.no-key absent.x',
      ],
    )
    expect(problems).toEqual([])
    expect(run(text)).toEqual({
      lines: 14,
      values: {
        whole: [7, 'seven'],
        right: 'seven',
        all: [3, 4],
        args: [1, 1, [2, 3], 9],
        listed: [0, 3, [4, 5], 0],
        only: [1, 5, 3],
        nothing: null,
        single: 1,
        several: { 'pair.left': 7, 'pair.right': 'seven', two: 2 },
        hyphen: 'hyphen',
        stream: [0, 1, 2],
        count: [0, 1, 2],
        key: 'v',
        list: [1],
      },
    })
  })

  it('leaves out what is not taken, for ever or only when it runs', () => {
    const nodes = (full: boolean) => ({
      parts: kinds('parts', { inputs: { full } }),
      off: { ...value(5), settings: { disabled: true } },
      needs_off: kinds('echo'),
      after_off: kinds('echo'),
      needs_b: kinds('echo'),
      after_b: { kind: 'view' },
      default: kinds('total', { inputs: { values: [1] } }),
      default_b: kinds('total', { inputs: { values: [1] } }),
      collects: kinds('total', { collect: ['values'] }),
      by_name: kinds('main'),
      only_off: kinds('main'),
      only_b: kinds('main'),
      either: kinds('main'),
    })
    const edges = [
      'off.result needs_off.x',
      'needs_off.result after_off.x',
      'parts.b needs_b.x',
      'needs_b.result after_b.value',
      'off.result default.bonus',
      'parts.b default_b.bonus',
      'off.result collects.values',
      'parts.a collects.values',
      'parts.b collects.values',
      'after_b.result collects.values',
      'off.result by_name.input_data',
      'parts.a by_name.input_data',
      'needs_b.result by_name.input_data',
      'off.result only_off.input_data',
      'parts.b only_b.input_data',
      'parts.b either.input_data',
      'needs_b.result either.input_data',
    ]
    const some = exported(nodes(false), edges)
    const all = exported(nodes(true), edges)
    expect([some.problems, all.problems]).toEqual([[], []])
    expect([run(some.text), run(all.text)]).toEqual([
      { lines: 4, values: { default: [1, 1], default_b: [1, 1], collects: [1, 1], by_name: { parts: 1 } } },
      {
        lines: 6,
        values: {
          default: [1, 1],
          default_b: [1, 2],
          collects: [5, 1],
          by_name: { parts: 1, needs_b: 2 },
          only_b: 2,
          either: { parts: 2, needs_b: 2 },
        },
      },
    ])
  })

  it.each([
    [{ m: { kind: 'map', file: 'flows/x.json' } }, ['reserved-kind']],
    [{ a: kinds('later') }, ['missing-input']],
    [{ a: kinds('missing') }, ['entry-missing']],
    [{ a: { kind: 'code', file: 'nodes/unknown.py' } }, ['file-unreadable']],
  ])('refuses %j', (nodes, codes) => {
    const { text, problems } = exported(nodes)
    expect({ text, codes: problems.map((problem) => problem.code) }).toEqual({ text: '', codes })
  })

  it('refuses a failure that is passed on', () => {
    const { text, problems } = exported({ a: value(1), b: { kind: 'view' } }, ['a.$error b.value'])
    expect({ written: text !== '', problems: problems.map(({ severity, message }) => [severity, message]) }).toEqual({
      written: false,
      problems: [['error', 'a.$error → b.value: this version cannot pass a failure on.']],
    })
  })
})
