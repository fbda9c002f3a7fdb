/** What `run`, `new`, `env`, `check` and `doctor` do besides running an example: selections, values, failures, stops. */
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { processesOf } from './support/processes.ts'
import { treeOf, writeFiles, writeProject } from './support/project-files.ts'
import { startNodeloom } from './support/run-nodeloom.ts'
import { eventsOf, jsonOf, nodeOf, readRefusal, readRun } from './support/run-report.ts'
import { expect, test } from './support/test.ts'

/** a → b → d, a → c; each says in its value what reached it. */
const letters = {
  a: 'def main(start: int = 1) -> int:\n    return start\n',
  b: 'def main(x: int) -> int:\n    return x * 10\n',
  c: 'def main(x: int) -> int:\n    return x + 5\n',
  d: 'def main(x: int, label: str = "d") -> str:\n    return f"{label}{x}"\n',
}
const wires = [
  ['a.result', 'b.x'],
  ['a.result', 'c.x'],
  ['b.result', 'd.x'],
] as const

test('a part of a flow: --to, --from, --only on kept inputs, --set', async ({ nodeloom, projectsDir }) => {
  const dir = join(projectsDir, 'letters')
  await writeProject(dir, letters, wires)
  const run = async (...args: string[]) => {
    const { code, stdout } = await nodeloom(['run', dir, '--json', ...args])
    return { code, report: readRun(stdout) }
  }

  const unkept = await nodeloom(['run', dir, '--only', 'd', '--json'])
  expect(unkept.code).toBe(2)
  const [problem] = readRefusal(unkept.stdout).problems
  expect(problem).toMatchObject({ node: 'd', port: 'x' })
  expect(problem?.message).toContain('d.x')

  const to = await run('--to', 'c')
  expect([to.code, Object.keys(to.report.nodes).toSorted()]).toEqual([0, ['a', 'c']])
  expect(jsonOf(to.report, 'c')).toBe(6)

  const both = await run('--to', 'b', '--to', 'c')
  expect(Object.keys(both.report.nodes).toSorted()).toEqual(['a', 'b', 'c'])

  const from = await run('--from', 'b')
  expect([from.code, Object.keys(from.report.nodes).toSorted()]).toEqual([0, ['a', 'b', 'd']])
  expect(jsonOf(from.report, 'd')).toBe('d10')

  const only = await run('--only', 'd', '--set', 'd.label=77')
  expect([only.code, Object.keys(only.report.nodes)]).toEqual([0, ['d']])
  expect(jsonOf(only.report, 'd')).toBe('7710')

  const set = await run('--set', 'a.start=4', '--set', 'd.x=9', '--jobs', '1')
  expect(set.code).toBe(0)
  expect([jsonOf(set.report, 'b'), jsonOf(set.report, 'c'), jsonOf(set.report, 'd')]).toEqual([40, 9, 'd9'])

  for (const wrong of [
    ['--to', 'nowhere'],
    ['--set', 'a.stort=1'],
    ['--set', 'a.start'],
    ['--jobs', '0'],
    ['--only', 'b', '--to', 'b'],
    ['--flow', 'other'],
    ['--colour'],
  ]) {
    const refused = await nodeloom(['run', dir, ...wrong])
    expect([wrong, refused.code]).toEqual([wrong, 2])
    expect(`${refused.stdout}${refused.stderr}`).toMatch(/Next: /)
  }
})

test('--jobs 1 uses one worker, otherwise branches run side by side', async ({ nodeloom, projectsDir }) => {
  const dir = join(projectsDir, 'branches')
  // Each waits for the file that the other one makes, so together they end only side by side.
  const wait = (own: string, other: string): string =>
    `import pathlib, time\ndef main() -> bool:\n    pathlib.Path("${own}").touch()\n    end = time.monotonic() + 5\n` +
    `    while time.monotonic() < end:\n        if pathlib.Path("${other}").exists():\n            return True\n        time.sleep(0.01)\n    return False\n`
  await writeProject(dir, { left: wait('l', 'r'), right: wait('r', 'l') })
  const two = readRun((await nodeloom(['run', dir, '--jobs', '2', '--json'])).stdout)
  expect([jsonOf(two, 'left'), jsonOf(two, 'right')]).toEqual([true, true])
  await rm(join(dir, 'l'))
  await rm(join(dir, 'r'))
  const { stdout } = await nodeloom(['run', dir, '--jobs', '1', '--json'])
  const one = readRun(stdout)
  expect(new Set([jsonOf(one, 'left'), jsonOf(one, 'right')])).toEqual(new Set([false, true]))
  expect(new Set(eventsOf(stdout, 'node.started').map(({ worker }) => worker)).size).toBe(1)
})

test('a failing node: exit code 1, file and line; what does not need it still runs', async ({
  nodeloom,
  projectsDir,
}) => {
  const dir = join(projectsDir, 'failing')
  await writeProject(
    dir,
    {
      good: 'def main() -> int:\n    return 1\n',
      bad: 'def helper(x):\n    return 1 / x\n\n\ndef main(x: int) -> float:\n    return helper(x - 1)\n',
      after: 'def main(y: float) -> float:\n    return y\n',
      other: 'def main(x: int) -> int:\n    return x + 1\n',
    },
    [
      ['good.result', 'bad.x'],
      ['good.result', 'other.x'],
      ['bad.result', 'after.y'],
    ],
  )
  const { code, stdout } = await nodeloom(['run', dir, '--json'])
  expect(code).toBe(1)
  const report = readRun(stdout)
  expect(report.status).toBe('failed')
  expect(nodeOf(report, 'bad')).toMatchObject({
    status: 'failed',
    reason: 'ran',
    error: { type: 'ZeroDivisionError', message: 'division by zero', file: 'nodes/bad.py', line: 2 },
  })
  expect(nodeOf(report, 'after')).toMatchObject({ status: 'skipped', reason: 'upstream_failed' })
  expect(nodeOf(report, 'other').status).toBe('succeeded')
  const person = await nodeloom(['run', dir])
  expect(person.code).toBe(1)
  expect(person.stdout).toContain('bad failed (nodes/bad.py:2)')
  expect(person.stdout).toContain('ZeroDivisionError: division by zero')
})

for (const json of [false, true]) {
  test(`Ctrl+C ends a run with 130 and leaves no process${json ? ' (--json)' : ''}`, async ({
    places,
    projectsDir,
  }) => {
    const dir = join(projectsDir, 'endless')
    const code =
      'import subprocess, time\ndef main():\n    subprocess.Popen(["sleep", "300"])\n    print("begun", flush=True)\n    time.sleep(300)\n'
    await writeProject(dir, { endless: code })
    const running = startNodeloom(places, ['run', dir, ...(json ? ['--json'] : [])])
    await running.printed('begun')
    process.kill(-(running.child.pid ?? 0), 'SIGINT')
    const { code: exit, stdout } = await running.done
    expect(exit).toBe(130)
    if (json) {
      expect(readRun(stdout)).toMatchObject({
        status: 'cancelled',
        nodes: { endless: { status: 'cancelled', reason: 'stopped' } },
      })
    } else expect(stdout).toMatch(/^Stopped in /m)
    expect(await processesOf(places.root)).toEqual([])
  })
}

test('new refuses a folder that is not empty and an unknown example', async ({ nodeloom, projectsDir }) => {
  await writeFiles(projectsDir, { 'taken/mine.txt': 'mine' })
  const before = await treeOf(projectsDir)
  const taken = await nodeloom(['new', 'taken'])
  expect(taken).toMatchObject({ code: 2, stdout: '' })
  expect(taken.stderr).toBe(
    `nodeloom: The folder ${join(projectsDir, 'taken')} is not empty.\n  Next: Choose a new or an empty folder.\n`,
  )
  const unknown = await nodeloom(['new', 'fresh', '--example', 'wien'])
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toMatch(/wien[^]*Next: .*wine/)
  expect((await nodeloom(['new'])).code).toBe(2)
  expect(await treeOf(projectsDir)).toEqual(before)
  expect((await nodeloom(['new', 'fresh'])).code).toBe(0)
  expect(existsSync(join(projectsDir, 'fresh', '.venv'))).toBe(true)
  expect((await nodeloom(['check', 'fresh'])).code).toBe(0)
})

const notPackages = [
  '--index-url=http://127.0.0.1/',
  '-r requirements.txt',
  '-e .',
  'x; touch y',
  '../wheel',
  'a b',
  'x @ file:///etc',
  '$(id)',
  '',
]

test('env: status, create, recreate; what is no package name changes nothing', async ({ nodeloom, projectsDir }) => {
  const dir = join(projectsDir, 'plain')
  await writeProject(dir, letters, wires)
  const status = async () =>
    z.looseObject({ state: z.string() }).parse(JSON.parse((await nodeloom(['env', dir, 'status', '--json'])).stdout))
      .state
  expect(await status()).toBe('not_started')
  expect((await nodeloom(['env', dir, 'create'])).code).toBe(0)
  expect(await status()).toBe('ready')
  const before = await treeOf(dir)
  for (const name of notPackages) {
    for (const action of ['add', 'remove']) {
      const refused = await nodeloom(['env', dir, action, name])
      expect([action, name, refused.code]).toEqual([action, name, 2])
      expect(refused.stderr).toContain('Next: ')
    }
  }
  expect((await nodeloom(['env', dir, 'add'])).code).toBe(2)
  expect((await nodeloom(['env', dir, 'destroy'])).code).toBe(2)
  expect(await treeOf(dir)).toEqual(before)
  await writeFiles(dir, { '.venv/mine.txt': 'of the old one' })
  expect((await nodeloom(['env', dir, 'recreate'])).code).toBe(0)
  expect(existsSync(join(dir, '.venv', 'mine.txt'))).toBe(false)
  expect(await status()).toBe('ready')
})

test('env: a package is added and removed, comments stay', async ({ nodeloom, projectsDir }) => {
  test.setTimeout(180_000)
  const dir = join(projectsDir, 'packages')
  await writeProject(dir, {
    a: 'import packaging.version\ndef main() -> str:\n    return str(packaging.version.Version("1.0"))\n',
  })
  const file = join(dir, 'pyproject.toml')
  await writeFiles(dir, { 'pyproject.toml': `# mine\n${await readFile(file, 'utf8')}` })
  const add = await nodeloom(['env', dir, 'add', 'packaging>=23'], { deadlineMs: 120_000 })
  expect(add.code, add.stderr).toBe(0)
  expect(add.stdout).toMatch(/^ {2}packaging \d/m)
  const text = await readFile(file, 'utf8')
  expect(text).toMatch(/^# mine\n/)
  expect(text).toContain('packaging>=23')
  expect(existsSync(join(dir, 'uv.lock'))).toBe(true)
  expect(jsonOf(readRun((await nodeloom(['run', dir, '--json'])).stdout), 'a')).toBe('1.0')
  const remove = await nodeloom(['env', dir, 'remove', 'packaging'], { deadlineMs: 120_000 })
  expect(remove.code, remove.stderr).toBe(0)
  expect(await readFile(file, 'utf8')).not.toContain('packaging')
  const run = await nodeloom(['run', dir, '--json'])
  expect(run.code).toBe(1)
  expect(nodeOf(readRun(run.stdout), 'a').error).toMatchObject({
    type: 'ModuleNotFoundError',
    file: 'nodes/a.py',
    line: 1,
  })
})

test('check tells every problem with its place: 0 without errors, 1 with, 2 where it cannot', async ({
  nodeloom,
  projectsDir,
}) => {
  const dir = join(projectsDir, 'checked')
  await writeProject(dir, { ...letters, e: 'def main(:\n' }, [...wires, ['c.result', 'd.z']])
  const check = await nodeloom(['check', dir])
  expect(check.code).toBe(1)
  expect(check.stdout).toMatch(/^nodes\/e\.py:1: error syntax-error: /m)
  expect(check.stdout).toMatch(/^flows\/main\.json:\d+: error unknown-port: .*d\.z/m)
  const json = await nodeloom(['check', dir, '--json'])
  expect(json.code).toBe(1)
  const { problems } = z
    .object({ problems: z.array(z.looseObject({ code: z.string(), severity: z.string() })) })
    .parse(JSON.parse(json.stdout))
  expect(problems.map(({ severity, code }) => `${severity} ${code}`).toSorted()).toEqual([
    'error syntax-error',
    'error unknown-port',
    'warning environment-missing',
  ])
  expect((await nodeloom(['check', projectsDir])).code).toBe(2)
})

test('doctor tells what the machine has; help and unknown commands', async ({ nodeloom }) => {
  const doctor = await nodeloom(['doctor', '--json'])
  const { findings } = z
    .object({ findings: z.array(z.looseObject({ what: z.string(), ok: z.boolean(), detail: z.string() })) })
    .parse(JSON.parse(doctor.stdout))
  expect(findings.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['Nodeloom', 'Python', 'uv', 'Page', 'Terminal', 'Profile', 'Projects']),
  )
  expect(doctor.code).toBe(findings.every(({ ok }) => ok) ? 0 : 1)
  expect((await nodeloom(['doctor'])).stdout).toMatch(/^ok +Python +\S*python/m)
  expect(await nodeloom(['rum'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean "run"?') })
  expect((await nodeloom(['--help'])).code).toBe(0)
  expect((await nodeloom([])).code).toBe(2)
  expect((await nodeloom(['run', '--help'])).stdout).toContain('Usage: nodeloom run')
})
