import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { constant, handle, json, kept, outputsOf, textsOf, WorkerFixture } from './worker-fixture.ts'
import type { Worker } from './types.ts'

let fixture: WorkerFixture
let worker: Worker

beforeAll(async () => {
  fixture = await WorkerFixture.create()
  worker = await fixture.acquire({ GREETING: 'hello', NODELOOM_SECRET_KEY: 's3cret' })
})
afterAll(() => fixture.dispose())

describe('calls', () => {
  test('bind constants by annotation and give previews', async () => {
    await fixture.nodes({ add: 'def main(a: float, b: int = 2):\n    return a + b\n' })
    const outcome = await fixture.run(worker, fixture.call('add', { a: constant('1') }))
    expect(outputsOf(outcome)['result']?.preview).toEqual({
      type: 'float',
      text: '3.0',
      summary: '3.0',
      family: 'number',
      json: '3.0',
    })
  })

  test('take values of earlier calls, sent ahead', async () => {
    await fixture.nodes({
      one: 'def main():\n    return [1, 2, 3]\n',
      two: 'def main(xs: list):\n    return sum(xs)\n',
    })
    const first = worker.submit(fixture.call('one'), () => undefined)
    const second = fixture.run(worker, fixture.call('two', { xs: kept('one.result') }))
    expect((await first).status).toBe('succeeded')
    expect(textsOf(await second)).toEqual({ result: '6' })
  })

  test('bind positional-only, *args and keyword-only parameters', async () => {
    await fixture.nodes({ bind: 'def main(a, b=2, /, c=3, *rest: int, d=4):\n    return [a, b, c, list(rest), d]\n' })
    const call = fixture.call('bind', { a: constant('1'), d: constant('9') })
    if (call.operation.op !== 'code') throw new Error('a code call')
    const inputs = [...call.operation.inputs, { port: 'rest', value: { collect: [constant('5'), constant('6')] } }]
    const outcome = await fixture.run(worker, { ...call, operation: { ...call.operation, inputs } })
    expect(textsOf(outcome)).toEqual({ result: '[1, 2, 3, [5, 6], 9]' })
  })

  test('drain generators, await coroutines and drain async generators', async () => {
    await fixture.nodes({
      gen: 'def main():\n    yield 1\n    yield 2\n',
      wait: 'import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    return "done"\n',
      agen: 'async def main():\n    yield 1\n    yield 2\n',
    })
    const texts = []
    for (const name of ['gen', 'wait', 'agen'])
      texts.push(textsOf(await fixture.run(worker, fixture.call(name)))['result'])
    expect(texts).toEqual(['[1, 2]', 'done', '[1, 2]'])
  })

  test('split NamedTuples, TypedDicts and dict keys into ports; an absent key is not taken', async () => {
    await fixture.nodes({
      tuple:
        'from typing import NamedTuple\nclass R(NamedTuple):\n    x: int\n    result: str\ndef main() -> R:\n    return R(1, "r")\n',
      typed:
        'from typing import TypedDict\nclass R(TypedDict, total=False):\n    x: int\n    y: int\ndef main() -> R:\n    return {"x": 1}\n',
      keys: 'def main():\n    return {"a b": 1, "result": 2}\n',
    })
    expect([
      textsOf(await fixture.run(worker, fixture.call('tuple', {}, { ports: ['x', 'result'] }))),
      textsOf(await fixture.run(worker, fixture.call('typed', {}, { ports: ['x', 'y', 'result'] }))),
      textsOf(
        await fixture.run(
          worker,
          fixture.call('keys', {}, { ports: ['a b', 'none', 'result'], dictKeys: ['a b', 'none'] }),
        ),
      ),
      textsOf(
        await fixture.run(
          worker,
          fixture.call('keys', {}, { ports: ['none'], dictKeys: ['none'], outputsElse: 'whole' }),
        ),
      ),
    ]).toEqual([
      { x: '1', result: 'r' },
      { x: '1', result: "{'x': 1}" },
      { 'a b': '1', result: "{'a b': 1, 'result': 2}" },
      { none: "{'a b': 1, 'result': 2}" },
    ])
  })

  test('pass input_data as nothing, the value, or a dict by source', async () => {
    await fixture.nodes({ data: 'def main(input_data):\n    return input_data\n' })
    const texts = []
    for (const inputData of [null, constant('5'), { bySource: [{ key: 'a', value: constant('1') }] }]) {
      const call = fixture.call(
        'data',
        {},
        { operation: { op: 'code', file: 'nodes/data.py', entry: 'main', inputs: [], inputData } },
      )
      texts.push(textsOf(await fixture.run(worker, call))['result'])
    }
    expect(texts).toEqual(['None', '5', "{'a': 1}"])
  })

  test('run value and view operations; a view is the same object', async () => {
    await fixture.nodes({ same: 'def main(a, b):\n    return a is b\n' })
    const base = fixture.call('value')
    outputsOf(await fixture.run(worker, { ...base, operation: { op: 'value', json: json('{"a": [1, 2.50]}') } }))
    outputsOf(
      await fixture.run(worker, fixture.call('view', {}, { operation: { op: 'view', input: kept('value.result') } })),
    )
    const same = await fixture.run(worker, fixture.call('same', { a: kept('value.result'), b: kept('view.result') }))
    expect(textsOf(same)).toEqual({ result: 'True' })
  })

  test('resolve $env and $secret, and say which is missing', async () => {
    await fixture.nodes({ echo: 'def main(x: str):\n    return x\n' })
    const good = [constant('{"$env":"GREETING"}'), constant('{"$secret":"KEY"}')]
    const texts = []
    for (const x of good) texts.push(textsOf(await fixture.run(worker, fixture.call('echo', { x })))['result'])
    expect(texts).toEqual(['hello', 's3cret'])
    const bad = await fixture.run(worker, fixture.call('echo', { x: constant('{"$secret":"NOPE"}', 'echo.x') }))
    expect(bad.result).toMatchObject({
      status: 'failed',
      error: { type: 'InvalidConstant', message: expect.stringContaining('echo.x: the secret "NOPE" is not set') },
    })
  })
})

describe('project modules', () => {
  test('see each other, and the project folder is the working directory and first on the path', async () => {
    await fixture.nodes({
      helper: 'def twice(x):\n    return x * 2\n',
      user: 'import os, sys\nfrom nodes.helper import twice\nfrom .helper import twice as again\ndef main():\n    return [twice(1), again(2), os.getcwd() == sys.path[0], __name__]\n',
      json: 'def main():\n    import json\n    return json.dumps([1])\n',
    })
    await writeFile(join(fixture.dir, 'random.py'), 'def main():\n    import random\n    return __name__\n')
    expect(textsOf(await fixture.run(worker, fixture.call('user')))).toEqual({ result: "[2, 4, True, 'nodes.user']" })
    expect(textsOf(await fixture.run(worker, fixture.call('json')))).toEqual({ result: '[1]' })
  })

  test('leave no bytecode behind', async () => {
    await fixture.nodes({ clean: 'def main():\n    return 1\n' })
    outputsOf(await fixture.run(worker, fixture.call('clean')))
    expect((await readdir(join(fixture.dir, 'nodes'))).filter((name) => !name.endsWith('.py'))).toEqual([])
  })

  test('pickle under their module name, so that another worker loads them', async () => {
    await fixture.nodes({
      shape: 'class Shape:\n    def __init__(self, n): self.n = n\n',
      make: 'from nodes.shape import Shape\ndef main():\n    return Shape(4)\n',
      read: 'def main(s):\n    return s.n\n',
    })
    const made = outputsOf(await fixture.run(worker, fixture.call('make')))
    const stored = await worker.store(handle('make.result'))
    const other = await fixture.acquire()
    const byFile = await fixture.run(
      other,
      fixture.call('read', { s: { from: 'stored', stored, keepAs: handle('copy.file') } }),
    )
    const byBytes = await fixture.run(
      other,
      fixture.call('read', {
        s: { from: 'bytes', base64: made['result']?.pickled ?? '', keepAs: handle('copy.bytes') },
      }),
    )
    await other.kill()
    expect([textsOf(byFile), textsOf(byBytes), stored.format]).toEqual([{ result: '4' }, { result: '4' }, 'pickle5'])
  })
})

describe('errors', () => {
  test('tell type, message, place in the project and a traceback without the runtime', async () => {
    await fixture.nodes({ boom: 'def inner():\n    return {}["missing"]\n\ndef main():\n    return inner()\n' })
    const { result } = await fixture.run(worker, fixture.call('boom'))
    expect(result).toMatchObject({
      status: 'failed',
      error: { type: 'KeyError', message: "'missing'", file: 'nodes/boom.py', line: 2 },
    })
    const traceback = result.status === 'failed' ? result.error.traceback : ''
    expect(traceback).toContain('return {}["missing"]')
    expect(traceback).not.toContain('nodeloom_runtime')
  })

  test.each([
    ['syntax', 'x = 1\ndef main(:\n', { type: 'SyntaxError', file: 'nodes/syntax.py', line: 2 }],
    [
      'nomodule',
      'import sklearn\n',
      { type: 'ModuleNotFoundError', line: 1, hint: expect.stringContaining('scikit-learn') },
    ],
    [
      'exits',
      'import sys\ndef main():\n    sys.exit(3)\n',
      { type: 'SystemExit', message: 'the node called sys.exit(3)', line: 3 },
    ],
    ['keyboard', 'def main():\n    raise KeyboardInterrupt\n', { type: 'KeyboardInterrupt', line: 2 }],
    ['recurse', 'def main():\n    return main()\n', { type: 'RecursionError', file: 'nodes/recurse.py', line: 2 }],
    [
      'badstr',
      'class E(Exception):\n    def __str__(self): raise ValueError\ndef main():\n    raise E\n',
      { type: 'nodes.badstr.E', line: 4 },
    ],
    ['noentry', 'x = 1\n', { type: 'EntryMissing', message: 'nodes/noentry.py has no function "main".' }],
    ['reads', 'def main():\n    return input()\n', { type: 'EOFError', line: 2 }],
  ])('%s fails only itself', async (name, source, error) => {
    await fixture.nodes({ [name]: source, after: 'def main():\n    return "fine"\n' })
    expect((await fixture.run(worker, fixture.call(name))).result).toMatchObject({ status: 'failed', error })
    expect(textsOf(await fixture.run(worker, fixture.call('after')))).toEqual({ result: 'fine' })
  })

  test('a lost input and an unknown one are named', async () => {
    await fixture.nodes({ takes: 'def main(x):\n    return x\n' })
    const lost = await fixture.run(worker, fixture.call('takes', { x: kept('nobody.result') }))
    const unknown = await fixture.run(worker, fixture.call('takes', { z: constant('1') }))
    expect([lost.result, unknown.result]).toMatchObject([
      { error: { type: 'LostInput', message: 'takes.x: its value is not in this worker.' } },
      { error: { type: 'UnknownInput', message: 'takes: the function "main" has no parameter "z".' } },
    ])
  })

  test('what cannot be pickled is refused with its type', async () => {
    await fixture.nodes({ lock: 'import threading\ndef main():\n    return threading.Lock()\n' })
    expect(outputsOf(await fixture.run(worker, fixture.call('lock')))['result']?.pickled).toBeNull()
    await expect(worker.store(handle('lock.result'))).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('lock'),
    })
    await expect(worker.store(handle('never.made'))).rejects.toMatchObject({ code: 'unsupported' })
  })
})

test('views of records, trees and PNGs', async () => {
  await fixture.nodes({
    rows: 'def main():\n    return [{"a": i, "b": None} for i in range(1200)]\n',
    tree: 'def main():\n    return {"t": (1, 2), 3: {4}}\n',
    png: 'class P:\n    def _repr_png_(self):\n        return b"\\x89PNG\\r\\n\\x1a\\n" + bytes(8) + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")\ndef main():\n    return P()\n',
  })
  for (const name of ['rows', 'tree', 'png']) outputsOf(await fixture.run(worker, fixture.call(name)))
  const rows = await worker.view(handle('rows.result'))
  expect(rows).toMatchObject({
    kind: 'table',
    totalRows: 1200,
    totalColumns: 2,
    columns: [{ name: 'a', type: 'int' }, { name: 'b' }],
  })
  expect(rows.kind === 'table' ? [rows.rows.length, rows.rows[999]] : null).toEqual([1000, ['999', null]])
  expect(await worker.view(handle('tree.result'))).toEqual({
    kind: 'json',
    json: '{"t": [1, 2], "3": "{4}"}',
    truncated: false,
  })
  expect(await worker.view(handle('png.result'))).toMatchObject({
    kind: 'image',
    mime: 'image/png',
    width: 640,
    height: 480,
  })
})

describe('between runs', () => {
  test('an edit of equal length within the same second is run; packages stay', async () => {
    await fixture.nodes({
      edit: 'import colorsys\nN = 1\ndef main():\n    colorsys.seen = getattr(colorsys, "seen", 0) + 1\n    return [N, colorsys.seen]\n',
    })
    const first = await fixture.acquire()
    const before = textsOf(await fixture.run(first, fixture.call('edit')))
    fixture.pool.release(first)
    await fixture.nodes({
      edit: 'import colorsys\nN = 2\ndef main():\n    colorsys.seen = getattr(colorsys, "seen", 0) + 1\n    return [N, colorsys.seen]\n',
    })
    const second = await fixture.acquire()
    const after = textsOf(await fixture.run(second, fixture.call('edit')))
    fixture.pool.release(second)
    expect([before, after, second === first]).toEqual([{ result: '[1, 1]' }, { result: '[2, 2]' }, true])
  })

  test('values are forgotten, and a worker with a thread left running is not used again', async () => {
    await fixture.nodes({
      keep: 'def main():\n    return 1\n',
      thread:
        'import threading\ndef main():\n    threading.Thread(target=threading.Event().wait, daemon=True).start()\n',
    })
    const first = await fixture.acquire()
    outputsOf(await fixture.run(first, fixture.call('keep')))
    fixture.pool.release(first)
    const second = await fixture.acquire()
    expect(
      (await fixture.run(second, fixture.call('keep', {}, { operation: { op: 'view', input: kept('keep.result') } })))
        .result.status,
    ).toBe('failed')
    outputsOf(await fixture.run(second, fixture.call('thread')))
    fixture.pool.release(second)
    const third = await fixture.acquire()
    expect([second === first, third === second]).toEqual([true, false])
    fixture.pool.release(third)
  })

  test('a project folder with spaces, an emoji and a long name works', async () => {
    const odd = join(fixture.dir, `a b 🌈 ${'x'.repeat(180)}`)
    await mkdir(join(odd, 'nodes'), { recursive: true })
    await writeFile(join(odd, 'nodes/a.py'), 'def main():\n    raise ValueError("é")\n')
    const elsewhere = await fixture.pool.acquire({ ...fixture.options, projectDir: odd })
    expect((await fixture.run(elsewhere, fixture.call('a'))).result).toMatchObject({
      error: { message: 'é', file: 'nodes/a.py', line: 2 },
    })
    await elsewhere.kill()
  })

  test('an interpreter that is gone is told with the next step', async () => {
    const starting = fixture.pool.acquire({ ...fixture.options, interpreter: join(fixture.dir, 'gone/python') })
    await expect(starting).rejects.toMatchObject({
      code: 'environment_broken',
      message: expect.stringContaining('No such file'),
    })
  })
})
