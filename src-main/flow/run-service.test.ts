/** Flows on real workers: what ends how, and with which values. */
import { readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../base/app-error.ts'
import { zRunSnapshot, type RunEvent, type RunSnapshot } from '../../src-shared/contract/run.ts'
import { reduceRun } from '../../src-shared/run/reduce.ts'
import { RunFixture, type ProjectText, type RunChoice } from './run-fixture.ts'

let fixture: RunFixture

beforeAll(async () => {
  fixture = await RunFixture.create()
})
afterAll(() => fixture.dispose())

const ran = 'succeeded ran'
const raises = 'def main(x: int = 0):\n    raise ValueError("no " + str(x))\n'
const one = 'def main() -> int:\n    return 1\n'
const plusOne = 'def main(x: int) -> int:\n    return x + 1\n'
/** Takes anything and cannot be pickled on. */
const opaque = 'def main(n: int = 0):\n    return lambda: n\n'

interface Case {
  readonly name: string
  readonly project: ProjectText
  readonly choice?: RunChoice
  readonly status?: string
  readonly ends: Readonly<Record<string, string>>
  readonly values?: Readonly<Record<string, string>>
  readonly whys?: Readonly<Record<string, string>>
}

const cases: readonly Case[] = [
  {
    name: 'a diamond',
    project: {
      code: { a: one, b: plusOne, c: plusOne, d: 'def main(x: int, y: int) -> int:\n    return x * 10 + y\n' },
      edges: ['a.result -> b.x', 'a.result -> c.x', 'b.result -> d.x', 'c.result -> d.y'],
    },
    ends: { a: ran, b: ran, c: ran, d: ran },
    values: { a: '1', b: '2', c: '2', d: '22' },
  },
  {
    name: 'value, view and constants',
    project: {
      code: { add: 'def main(x: float, y: float = 0.5) -> float:\n    return x + y\n' },
      nodes: { v: { kind: 'value', value: 2 }, show: { kind: 'view' }, note: { kind: 'note', text: 'hi' } },
      edges: ['v.result -> add.x', 'add.result -> show.value'],
    },
    ends: { v: ran, add: ran, show: ran },
    values: { v: '2', add: '2.5', show: '2.5' },
  },
  {
    name: 'a failure blocks its dependents and nothing else',
    project: {
      code: { bad: raises, next: plusOne, last: plusOne, other: one, after: one },
      edges: ['bad.result -> next.x', 'next.result -> last.x', 'bad -> after'],
    },
    status: 'failed',
    ends: {
      bad: 'failed ran',
      next: 'skipped upstream_failed',
      last: 'skipped upstream_failed',
      after: 'skipped upstream_failed',
      other: ran,
    },
    values: { other: '1' },
    whys: { bad: 'ValueError: no 0', next: 'bad failed.', last: 'bad failed.', after: 'bad failed.' },
  },
  {
    name: 'a time limit',
    project: {
      code: { slow: 'import time\ndef main() -> int:\n    time.sleep(60)\n    return 1\n', next: plusOne, other: one },
      nodes: { slow: { settings: { timeoutS: 0.2 } } },
      edges: ['slow.result -> next.x'],
    },
    status: 'failed',
    ends: { slow: 'timed_out limit', next: 'skipped upstream_failed', other: ran },
    whys: { slow: 'It was stopped at its time limit of 0.2 s.', next: 'slow timed out.' },
  },
  {
    name: 'a time limit that the code does not heed',
    project: {
      code: {
        stubborn:
          'import time\ndef main():\n    while True:\n        try:\n            time.sleep(60)\n        except KeyboardInterrupt:\n            pass\n',
      },
      nodes: { stubborn: { settings: { timeoutS: 0.1 } } },
    },
    status: 'failed',
    ends: { stubborn: 'timed_out limit' },
  },
  {
    name: 'an absent key is not taken: default, left out, skipped',
    project: {
      code: {
        pick: 'from typing import TypedDict, NotRequired\nclass Out(TypedDict):\n    yes: int\n    no: NotRequired[int]\ndef main() -> Out:\n    return {"yes": 1}\n',
        default: 'def main(x: int = 7) -> int:\n    return x\n',
        joined: 'def main(*xs: int) -> list:\n    return list(xs)\n',
        needs: plusOne,
        after: one,
        behind: plusOne,
      },
      edges: [
        'pick.no -> default.x',
        'pick.yes -> joined.xs',
        'pick.no -> joined.xs',
        'pick.no -> needs.x',
        'needs.result -> behind.x',
        'needs -> after',
      ],
    },
    ends: {
      pick: ran,
      default: ran,
      joined: ran,
      needs: 'skipped not_taken',
      behind: 'skipped not_taken',
      after: ran,
    },
    values: { pick: '{"yes":1}', default: '7', joined: '[1]', after: '1' },
    whys: { needs: 'pick.no was not taken.', behind: 'needs.result was not taken.' },
  },
  {
    name: 'a disabled node is not taken',
    project: {
      code: { off: one, default: 'def main(x: int = 7) -> int:\n    return x\n', needs: plusOne },
      nodes: { off: { settings: { disabled: true } } },
      edges: ['off.result -> default.x', 'off.result -> needs.x'],
    },
    ends: { off: 'skipped disabled', default: ran, needs: 'skipped not_taken' },
    values: { default: '7' },
  },
  {
    name: 'collected values come in edge order, also into *args',
    project: {
      code: {
        list: 'def main(xs: list[int]) -> list[int]:\n    return xs\n',
        args: 'def main(first: int, *rest: int) -> list[int]:\n    return [first, *rest]\n',
        whole: 'def main(xs: list[int]) -> int:\n    return len(xs)\n',
      },
      nodes: {
        a: { kind: 'value', value: 1 },
        b: { kind: 'value', value: 2 },
        l: { kind: 'value', value: [1, 2, 3] },
        list: { collect: ['xs'] },
      },
      edges: [
        'b.result -> list.xs',
        'a.result -> list.xs',
        'a.result -> args.first',
        'b.result -> args.rest',
        'a.result -> args.rest',
        'l.result -> whole.xs',
      ],
    },
    ends: { a: ran, b: ran, l: ran, list: ran, args: ran, whole: ran },
    values: { a: '1', b: '2', l: '[1,2,3]', list: '[2,1]', args: '[1,2,1]', whole: '3' },
  },
  {
    name: 'input_data takes what comes',
    project: {
      code: {
        two: 'from typing import NamedTuple\nclass Out(NamedTuple):\n    p: int\n    q: int\ndef main() -> Out:\n    return Out(1, 2)\n',
        none: 'def main(input_data):\n    return repr(input_data)\n',
        single: 'def main(input_data):\n    return repr(input_data)\n',
        several: 'def main(input_data):\n    return repr(input_data)\n',
      },
      nodes: { v: { kind: 'value', value: 5 } },
      edges: [
        'v.result -> single.input_data',
        'two.p -> several.input_data',
        'two.q -> several.input_data',
        'v.result -> several.input_data',
      ],
    },
    ends: { two: ran, v: ran, none: ran, single: ran, several: ran },
    values: {
      v: '5',
      two: 'Out(p=1, q=2)',
      none: '"None"',
      single: '"5"',
      several: "\"{'two.p': 1, 'two.q': 2, 'v': 5}\"",
    },
  },
  {
    name: 'a process that ends itself fails its node only',
    project: {
      code: { die: 'import os\ndef main():\n    os._exit(3)\n', other: one, next: 'def main(x):\n    return x\n' },
      edges: ['die.result -> next.x'],
    },
    choice: { jobs: 1 },
    status: 'failed',
    ends: { die: 'failed ran', next: 'skipped upstream_failed', other: ran },
  },
  {
    name: 'what only a dead worker held is lost, small values are not',
    project: {
      code: {
        big: 'def main():\n    return bytearray(200_000)\n',
        small: one,
        die: 'import os\ndef main(x, y):\n    os.kill(os.getpid(), 9)\n',
        d1: plusOne,
        d2: plusOne,
        d3: plusOne,
        wait: one,
        late: 'def main(x, y):\n    return len(x)\n',
        fine: 'def main(x: int, y: int) -> int:\n    return x + y\n',
      },
      // The way through d3 is the longest, so that one worker runs `die` before `wait` and its readers.
      edges: [
        'big.result -> die.x',
        'small.result -> die.y',
        'die.result -> d1.x',
        'd1.result -> d2.x',
        'd2.result -> d3.x',
        'big.result -> late.x',
        'wait.result -> late.y',
        'small.result -> fine.x',
        'wait.result -> fine.y',
      ],
    },
    choice: { jobs: 1 },
    status: 'failed',
    ends: {
      big: ran,
      small: ran,
      die: 'failed ran',
      d1: 'skipped upstream_failed',
      d2: 'skipped upstream_failed',
      d3: 'skipped upstream_failed',
      wait: ran,
      late: 'failed lost_input',
      fine: ran,
    },
    whys: {
      die: 'WorkerDied: worker died (signal 9)',
      late: 'input lost when worker died (signal 9): big.result',
    },
  },
  {
    name: 'large values reach another worker through a file',
    project: {
      code: {
        big: 'def main():\n    return bytearray(b"x" * 1_000_000)\n',
        left: 'import time, os\ndef main(x):\n    time.sleep(0.3)\n    return [len(x), os.getpid()]\n',
        right: 'import time, os\ndef main(x):\n    time.sleep(0.3)\n    return [len(x), os.getpid()]\n',
        both: 'def main(a, b):\n    return [a[0], b[0], a[1] != b[1]]\n',
      },
      edges: ['big.result -> left.x', 'big.result -> right.x', 'left.result -> both.a', 'right.result -> both.b'],
    },
    ends: { big: ran, left: ran, right: ran, both: ran },
    values: { both: '[1000000,1000000,true]' },
  },
  {
    name: 'a reader does not wait for the busy worker that made its large value',
    project: {
      code: {
        big: 'def main():\n    return bytearray(200_000)\n',
        // Goes on only once the other reader has run.
        left: 'import os, time\ndef main(x):\n    while not os.path.exists("met"):\n        time.sleep(0.01)\n    return 1\n',
        right: 'def main(x):\n    open("met", "w").close()\n    return 2\n',
      },
      nodes: { left: { settings: { timeoutS: 5 } } },
      edges: ['big.result -> left.x', 'big.result -> right.x'],
    },
    ends: { big: ran, left: ran, right: ran },
  },
  {
    name: 'a value that cannot be pickled ties its readers to its worker',
    project: {
      code: {
        make: opaque,
        left: 'import os\ndef main(f):\n    return os.getpid()\n',
        right: 'import os\ndef main(f):\n    return os.getpid()\n',
        same: 'def main(a, b):\n    return a == b\n',
      },
      edges: ['make.result -> left.f', 'make.result -> right.f', 'left.result -> same.a', 'right.result -> same.b'],
    },
    ends: { make: ran, left: ran, right: ran, same: ran },
    values: { same: 'true' },
  },
]

describe('flows on real workers', () => {
  it.each(cases)('$name', async ({ project, choice, status, ends, values, whys }) => {
    const run = await (await fixture.project(project)).run(choice)
    expect({ status: run.finished.status, ends: run.ends }).toEqual({ status: status ?? 'succeeded', ends })
    expect(run.values).toMatchObject(values ?? {})
    const found = Object.fromEntries(Object.keys(whys ?? {}).map((node) => [node, run.finished.nodes[node]?.why]))
    expect(found).toEqual(whys ?? {})
  })
})

describe('inputs that cannot be brought together', () => {
  it('fails the node and names both', async () => {
    // Both makers run at the same time, each on its own worker.
    const slow = 'import time\ndef main():\n    time.sleep(0.4)\n    return lambda: 1\n'
    const project = await fixture.project({
      code: { a: slow, b: slow, both: 'def main(f, g):\n    return 1\n' },
      edges: ['a.result -> both.f', 'b.result -> both.g'],
    })
    const run = await project.run()
    expect(run.ends).toEqual({ a: ran, b: ran, both: 'failed limit' })
    expect(run.finished.nodes['both']?.why).toBe(
      'both needs a.result and b.result, which cannot leave the processes that made them.',
    )
  })
})

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

describe('stopping', () => {
  it('ends everything a node started, and cancels what waits', async () => {
    const project = await fixture.project({
      code: {
        loop: 'import subprocess, sys\ndef main():\n    p = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"], start_new_session=True)\n    print(p.pid, flush=True)\n    while True:\n        pass\n',
        next: plusOne,
      },
      edges: ['loop.result -> next.x'],
    })
    let pid = 0
    const run = await project.run({}, (event, { service, dir }) => {
      if (event.type !== 'node.output') return
      pid = Number(event.text)
      void service.snapshot(dir).then((snapshot) => {
        if (snapshot) service.stop(dir, snapshot.runId)
      })
    })
    expect({ status: run.finished.status, ends: run.ends, gone: isGone(pid) }).toEqual({
      status: 'cancelled',
      ends: { loop: 'cancelled stopped', next: 'cancelled stopped' },
      gone: true,
    })
  })

  it('takes a waiting run out of the queue', async () => {
    const project = await fixture.project({ code: { a: 'import time\ndef main():\n    time.sleep(60)\n' } })
    const positions: [string, number][] = []
    project.service.onDidQueue(({ runId, position }) => positions.push([runId, position]))
    const first = await project.start()
    const second = await project.start()
    project.service.stop(project.dir, second.runId)
    const { finished } = await second.done
    expect(finished.status).toBe('cancelled')
    await project.service.close()
    expect({ status: (await first.done).finished.status, positions }).toEqual({
      status: 'cancelled',
      positions: [
        [first.runId, 0],
        [second.runId, 1],
      ],
    })
  })
})

describe('a worker that is killed', () => {
  it('fails its node with the signal; the others go on', async () => {
    const project = await fixture.project({
      code: {
        victim: 'import os, time\ndef main():\n    print(os.getpid(), flush=True)\n    time.sleep(60)\n',
        other: one,
      },
    })
    const run = await project.run({}, (event) => {
      if (event.type === 'node.output') process.kill(Number(event.text), 'SIGKILL')
    })
    expect(run.ends).toEqual({ victim: 'failed ran', other: ran })
    expect(run.finished.nodes['victim']?.error?.message).toBe('worker died (signal 9)')
  })
})

async function outputOf(project: { service: { readOutput: RunFixtureOutput }; dir: string }, node: string) {
  const text = { stdout: '', stderr: '' }
  const runId = (await readdir(join(project.dir, '.nodeloom', 'runs'))).sort().at(-1) ?? ''
  // The name of a run's folder is its id.
  for await (const piece of project.service.readOutput(project.dir, runId as never, node))
    text[piece.stream] += piece.text
  return text
}
type RunFixtureOutput = (
  projectDir: string,
  runId: never,
  node: string,
) => AsyncIterable<{ stream: 'stdout' | 'stderr'; text: string }>

describe('output', () => {
  it('is kept apart by stream and survives the run', async () => {
    const project = await fixture.project({
      code: {
        talk: 'import sys, os\ndef main():\n    print("größer")\n    print("warn", file=sys.stderr)\n    sys.stdout.flush()\n    os.write(1, b"\\xff\\x00end")\n',
      },
    })
    await project.run()
    expect(await outputOf(project, 'talk')).toEqual({ stdout: 'größer\n\uFFFD\uFFFDend', stderr: 'warn\n' })
  })

  it('of 100 MB is capped in events and on disk, and what was dropped is said', async () => {
    const project = await fixture.project({
      code: {
        flood: 'import os\ndef main():\n    for _ in range(1600):\n        os.write(1, b"x" * 65536)\n    return 1\n',
      },
    })
    const run = await project.run()
    const texts = run.events.flatMap((event) => (event.type === 'node.output' ? [event.text.length] : []))
    const dropped = run.events.flatMap((event) => (event.type === 'node.outputDropped' ? [event.bytes] : []))
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
    const total = 1600 * 65536
    const cap = 10 * 1024 * 1024
    const footer = `\n${(total - cap).toLocaleString('en-US')} bytes dropped\n`
    expect({ ends: run.ends, sent: sum(texts), all: sum(texts) + sum(dropped) }).toEqual({
      ends: { flood: ran },
      sent: 1024 * 1024,
      all: total,
    })
    const path = join(
      project.dir,
      '.nodeloom',
      'runs',
      run.events[0]?.type === 'run.started' ? run.events[0].runId : '',
      'flood.log',
    )
    expect((await stat(path)).size).toBe(cap + footer.length)
    expect((await outputOf(project, 'flood')).stderr).toBe(footer)
  })
})

describe('events', () => {
  it('are numbered without gaps, and their fold is the snapshot', async () => {
    const project = await fixture.project({
      code: { a: 'def main() -> int:\n    print("a")\n    return 1\n', b: plusOne },
      edges: ['a.result -> b.x'],
    })
    const run = await project.run()
    const folded = run.events.reduce<RunSnapshot | null>(reduceRun, null)
    expect({
      seqs: run.events.map(({ seq }) => seq),
      types: run.events.map((event: RunEvent) => ('node' in event ? `${event.type} ${event.node}` : event.type)),
      snapshot: await project.service.snapshot(project.dir),
      // A host that starts later reads the same from disk.
      later: await fixture.service().snapshot(project.dir),
    }).toEqual({
      seqs: [1, 2, 3, 4, 5, 6, 7],
      types: [
        'run.started',
        'node.started a',
        'node.output a',
        'node.finished a',
        'node.started b',
        'node.finished b',
        'run.finished',
      ],
      snapshot: folded,
      later: folded,
    })
  })
})

describe('Run only this', () => {
  const text: ProjectText = {
    code: {
      load: 'def main() -> int:\n    return 20\n',
      big: 'def main():\n    return bytearray(b"y" * 300_000)\n',
      use: 'def main(x: int, b: bytearray) -> int:\n    return x + len(b)\n',
    },
    edges: ['load.result -> use.x', 'big.result -> use.b'],
  }

  it('takes what an earlier run kept, also in a later host', async () => {
    const project = await fixture.project(text)
    await project.run()
    project.service = fixture.service()
    const run = await project.run({ selection: { only: 'use' } })
    expect({ ends: run.ends, values: run.values }).toEqual({ ends: { use: ran }, values: { use: '300020' } })
  })

  it('is refused without them, naming the input; --set stands in', async () => {
    const project = await fixture.project(text)
    const refusal = await project
      .run({ selection: { only: 'use' }, set: { 'use.b': '"eA=="' } })
      .catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(AppError)
    expect(refusal).toMatchObject({
      code: 'run_refused',
      detail: {
        problems: [
          {
            code: 'missing-input',
            node: 'use',
            port: 'x',
            message: 'use.x needs load.result, and no earlier run kept it.',
          },
        ],
      },
    })
    expect(await readdir(join(project.dir, '.nodeloom')).catch(() => [])).toEqual([])
    const run = await project.run({ selection: { only: 'use' }, set: { 'use.x': '2', 'use.b': '"eA=="' } })
    expect(run.values).toEqual({ use: '3' })
  })

  it('never unpickles what this installation did not write', async () => {
    const project = await fixture.project(text)
    await project.run()
    const index = join(project.dir, '.nodeloom', 'cache', 'kept', 'main.json')
    const content = await readFile(index, 'utf8')
    // Another pickle (of 1) in the place of ours.
    await writeFile(index, content.replace(/("form":"bytes","base64":)"[^"]*"/, '$1"gARLAS4="'))
    const refusal = await project.run({ selection: { only: 'use' } }).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'run_refused', detail: { problems: [{ node: 'use', port: 'x' }] } })
    await writeFile(index, content)
    const kept = join(project.dir, '.nodeloom', 'cache', 'kept')
    for (const name of await readdir(kept))
      if (name.endsWith('.bin')) await writeFile(join(kept, name), 'something else')
    const other = await project.run({ selection: { only: 'use' } }).catch((error: unknown) => error)
    expect(other).toMatchObject({ code: 'run_refused', detail: { problems: [{ node: 'use', port: 'b' }] } })
  })
})

describe('a run whose host died', () => {
  const died = async (snapshot: (made: object) => object) => {
    const project = await fixture.project({ code: { a: one, b: one } })
    await project.run()
    const folder = join(project.dir, '.nodeloom', 'runs', '000001')
    const change = async (name: string, to: (made: object) => object): Promise<void> => {
      const made: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'))
      await writeFile(join(folder, name), JSON.stringify(to(Object(made))))
    }
    await change('run.json', (made) => ({ ...made, status: 'running', host: 'an older process' }))
    await change('snapshot.json', snapshot)
    const marked = await project.service.markInterrupted(project.dir)
    const record: unknown = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8'))
    const again = await project.service.markInterrupted(project.dir)
    return {
      marked: marked.map(({ runId, status }) => [runId, status]),
      record,
      again,
      snapshot: zRunSnapshot.parse(JSON.parse(await readFile(join(folder, 'snapshot.json'), 'utf8'))),
    }
  }

  it('is marked when the project is opened: what had finished stays, the rest was stopped', async () => {
    const { marked, record, again, snapshot } = await died((made) => {
      const run = zRunSnapshot.parse(made)
      return {
        ...run,
        status: 'running',
        nodes: { ...run.nodes, b: { status: 'running', startedAtMs: 7000, output: [] } },
      }
    })
    expect({ marked, record, again }).toMatchObject({
      marked: [['000001', 'interrupted']],
      record: { status: 'interrupted' },
      again: [],
    })
    expect(snapshot).toMatchObject({
      status: 'interrupted',
      durationMs: 7000,
      nodes: { a: { status: 'succeeded' }, b: { status: 'cancelled', result: { reason: 'stopped' } } },
    })
  })

  it('had ended when only the last line about it is missing', async () => {
    const { marked, record, snapshot } = await died((made) => made)
    expect({ marked, record, snapshot }).toMatchObject({
      marked: [],
      record: { status: 'succeeded' },
      snapshot: { status: 'succeeded' },
    })
  })
})

describe('views', () => {
  it('of images are kept when the node has ended', async () => {
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    const project = await fixture.project({
      code: {
        draw: `import base64\nclass Picture:\n    def _repr_png_(self):\n        return base64.b64decode("${png}")\ndef main():\n    return Picture()\n`,
        plain: 'def main() -> dict:\n    return {"a": 3.0}\n',
      },
    })
    await project.run()
    const snapshot = await project.service.snapshot(project.dir)
    const later = fixture.service()
    const runId = snapshot?.runId
    if (runId === undefined) throw new Error('no run')
    expect([
      await later.view(project.dir, runId, 'draw', 'result'),
      await later.view(project.dir, runId, 'plain', 'result'),
    ]).toEqual([
      { kind: 'image', mime: 'image/png', base64: png, width: 1, height: 1 },
      { kind: 'json', json: '{"a":3.0}', truncated: false },
    ])
    await expect(later.view(project.dir, runId, 'nobody', 'result')).rejects.toMatchObject({ code: 'not_found' })
  })
})
