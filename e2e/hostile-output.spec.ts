/** Code that floods, breaks or ends its process fails or changes only itself; the host stays small. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeProject } from './support/project-files.ts'
import { startNodeloom } from './support/run-nodeloom.ts'
import { eventsOf, jsonOf, nodeOf, readRun } from './support/run-report.ts'
import { expect, test } from './support/test.ts'

/** Most memory that a process had so far, in megabytes; 0 when it is gone. */
const peakMb = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024
}

const sibling = 'import time\ndef main() -> str:\n    time.sleep(0.05)\n    print("fine")\n    return "fine"\n'
const flood = (line: string): string =>
  `import sys\ndef main() -> int:\n    for _ in range(100):\n        ${line}\n    return 100\n`

interface Hostile {
  readonly what: string
  readonly code: string
  readonly status: 'succeeded' | 'failed'
  readonly error?: RegExp
}

const hostile: readonly Hostile[] = [
  { what: 'prints 100 MB', code: flood('sys.stdout.write("x" * 999_999 + chr(10))'), status: 'succeeded' },
  { what: 'prints 100 MB without a line feed', code: flood('sys.stderr.write("x" * 1_000_000)'), status: 'succeeded' },
  {
    what: 'prints binary',
    code: 'import os, sys\ndef main() -> int:\n    sys.stdout.buffer.write(bytes(range(256)) * 2000)\n    os.write(1, bytes([0, 255, 254, 10]))\n    return 1\n',
    status: 'succeeded',
  },
  {
    what: 'calls os._exit',
    code: 'import os\ndef main() -> int:\n    os._exit(0)\n',
    status: 'failed',
    error: /exit/i,
  },
  {
    what: 'recurses for ever',
    code: 'def main() -> int:\n    return main()\n',
    status: 'failed',
    error: /RecursionError/,
  },
  {
    what: 'recurses past the limit into the stack',
    code: 'import sys\ndef main() -> int:\n    sys.setrecursionlimit(10 ** 9)\n    def deeper(x):\n        return repr(x)\n    value = []\n    for _ in range(10 ** 6):\n        value = [value]\n    return len(deeper(value))\n',
    status: 'failed',
  },
  {
    what: 'replaces sys.stdout',
    code: 'import io, sys\ndef main() -> int:\n    sys.stdout = io.StringIO()\n    sys.stderr = None\n    print("swallowed")\n    return 1\n',
    status: 'succeeded',
  },
  {
    what: 'closes the standard descriptors',
    code: 'import os\ndef main() -> int:\n    for number in (0, 1, 2):\n        os.close(number)\n    return 1\n',
    status: 'succeeded',
  },
  {
    what: 'leaves by SystemExit',
    code: 'import sys\ndef main() -> int:\n    sys.exit(0)\n',
    status: 'failed',
    error: /SystemExit/,
  },
  {
    what: 'breaks print and json',
    code: 'import builtins, json\ndef main() -> int:\n    builtins.print = None\n    json.dumps = None\n    return 1\n',
    status: 'succeeded',
  },
  {
    what: 'writes what looks like a frame to every descriptor',
    code: 'import os\ndef main() -> int:\n    for number in range(1, 64):\n        try:\n            os.write(number, b"\\x00\\x00\\x00\\x02{}")\n        except OSError:\n            pass\n    return 1\n',
    status: 'succeeded',
  },
]

for (const { what, code, status, error } of hostile) {
  test(`code that ${what} affects only itself`, async ({ places, projectsDir }) => {
    const dir = join(projectsDir, 'hostile')
    // One worker, so that the node after it would get the same process; `beside` runs before or after it.
    await writeProject(
      dir,
      { beside: sibling, hostile: code, next: 'def main(x: str) -> str:\n    print("next")\n    return x + "!"\n' },
      [['beside.result', 'next.x']],
    )
    const running = startNodeloom(places, ['run', dir, '--json', '--jobs', '1'])
    let peak = 0
    const watch = setInterval(() => void peakMb(running.child.pid ?? 0).then((mb) => (peak = Math.max(peak, mb))), 20)
    const { code: exit, stdout } = await running.done.finally(() => clearInterval(watch))
    const report = readRun(stdout)
    expect([exit, nodeOf(report, 'hostile').status]).toEqual([status === 'failed' ? 1 : 0, status])
    if (error !== undefined) {
      const { error: found } = nodeOf(report, 'hostile')
      expect(`${found?.type}: ${found?.message}`).toMatch(error)
    }
    expect([jsonOf(report, 'beside'), jsonOf(report, 'next')]).toEqual(['fine', 'fine!'])
    const said = eventsOf(stdout, 'node.output')
    const of = (node: string): string =>
      said.flatMap((line) => (line['node'] === node ? [String(line['text'])] : [])).join('')
    expect([of('beside'), of('next')]).toEqual(['fine\n', 'next\n'])
    // A plain run takes about 100 MB; 100 MB of output may not all be held.
    expect(peak).toBeGreaterThan(20)
    expect(peak).toBeLessThan(190)
    expect(Buffer.byteLength(stdout)).toBeLessThan(3_000_000)
  })
}

test('of 100 MB, 1 MB is told, 10 MB are kept, and the rest is counted', async ({ nodeloom, projectsDir }) => {
  const dir = join(projectsDir, 'flood')
  await writeProject(dir, { flood: flood('sys.stdout.write("x" * 999_999 + chr(10))') })
  const { code, stdout } = await nodeloom(['run', dir, '--json'])
  expect(code).toBe(0)
  const told = eventsOf(stdout, 'node.output').reduce((sum, { text }) => sum + String(text).length, 0)
  const dropped = eventsOf(stdout, 'node.outputDropped').reduce((sum, { bytes }) => sum + Number(bytes), 0)
  expect(told).toBeGreaterThan(900_000)
  expect(told).toBeLessThanOrEqual(1_100_000)
  expect(told + dropped).toBe(100_000_000)
  const runs = join(dir, '.nodeloom', 'runs')
  const names = await readdir(runs, { recursive: true })
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(runs, name))).size))
  expect(Math.max(...sizes)).toBeGreaterThan(9_000_000)
  expect(Math.max(...sizes)).toBeLessThan(11_000_000)
})
