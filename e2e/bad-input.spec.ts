/**
 * What is wrong with a project or a command is told in one sentence with its place and the next step, with exit code 2
 * (`check`, which did its work: 1), and nothing on disk is changed.
 */
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { flowText, pyproject, treeOf, writeFiles, writeProject } from './support/project-files.ts'
import { connectRpc } from './support/rpc.ts'
import { projectIdOf, readText, saveAll } from './support/saves.ts'
import { startServing } from './support/serve.ts'
import { readRefusal } from './support/run-report.ts'
import { expect, test } from './support/test.ts'

const code = {
  a: 'def main(start: int = 1) -> int:\n    return start\n',
  b: 'def main(x: int) -> int:\n    return x + 1\n',
}
const wires = [['a.result', 'b.x']] as const

interface Case {
  readonly what: string
  /** Makes the project wrong. */
  readonly spoil: (dir: string) => Promise<unknown>
  /** In the one sentence. */
  readonly says: RegExp
  readonly place?: { readonly file?: string; readonly line?: number; readonly node?: string; readonly port?: string }
  /** Exit code of `check` where it is not 1. */
  readonly check?: 2
}

const flow =
  (...given: Parameters<typeof flowText>) =>
  (dir: string): Promise<void> =>
    writeFiles(dir, { 'flows/main.json': flowText(...given) })

const raw =
  (text: string | Uint8Array) =>
  (dir: string): Promise<void> =>
    writeFile(join(dir, 'flows/main.json'), text)

const good = flowText({ a: {}, b: {} }, wires)

const cases: readonly Case[] = [
  {
    what: 'no project',
    spoil: async (dir) => {
      await rm(dir, { recursive: true })
      await writeFiles(dir, { 'mine.txt': 'mine' })
    },
    says: /is not a (Nodeloom )?project/i,
    check: 2,
  },
  {
    what: 'no folder',
    spoil: (dir) => rm(dir, { recursive: true }),
    says: /does not exist|no such|is not there/i,
    check: 2,
  },
  {
    what: 'half a project: no flow',
    spoil: (dir) => rm(join(dir, 'flows'), { recursive: true }),
    says: /flows\/main\.json/,
  },
  {
    what: 'half a project: no pyproject.toml',
    spoil: (dir) => rm(join(dir, 'pyproject.toml')),
    says: /pyproject\.toml|not a project/i,
    check: 2,
  },
  {
    what: 'a damaged pyproject.toml',
    spoil: (dir) => writeFiles(dir, { 'pyproject.toml': '[project\nname = 3' }),
    says: /pyproject\.toml/,
    check: 2,
  },
  {
    what: 'a cycle',
    spoil: flow({ a: {}, b: {} }, [...wires, ['b.result', 'a.start']]),
    says: /a → b → a/,
    place: { file: 'flows/main.json' },
  },
  { what: 'an edge to itself', spoil: flow({ a: {}, b: {} }, [['b.result', 'b.x']]), says: /b/ },
  {
    what: 'an unknown port',
    spoil: flow({ a: {}, b: {} }, [['a.result', 'b.z'], ...wires]),
    says: /b\.z/,
    place: { file: 'flows/main.json', node: 'b', port: 'z' },
  },
  {
    what: 'two edges into one plain input',
    spoil: flow({ a: {}, a2: { file: 'nodes/a.py' }, b: {} }, [...wires, ['a2.result', 'b.x']]),
    says: /b\.x/,
    place: { node: 'b', port: 'x' },
  },
  { what: 'an edge from a node that is not there', spoil: flow({ b: {} }, [['gone.result', 'b.x']]), says: /gone/ },
  {
    what: 'an input without a value',
    spoil: flow({ a: {}, b: {} }, []),
    says: /b\.x/,
    place: { node: 'b', port: 'x' },
  },
  { what: 'a missing file', spoil: (dir) => rm(join(dir, 'nodes/b.py')), says: /nodes\/b\.py/, place: { node: 'b' } },
  {
    what: 'a path out of the project',
    spoil: async (dir) => {
      await writeFiles(dir, { '../outside.py': 'def main():\n    pass\n' })
      await flow({ a: {}, b: { file: '../outside.py' } }, [])(dir)
    },
    says: /outside/,
    place: { node: 'b' },
  },
  {
    what: 'an absolute path',
    spoil: flow({ a: {}, b: { file: '/etc/passwd' } }, []),
    says: /\/etc\/passwd|outside/,
    place: { node: 'b' },
  },
  {
    what: 'a link out of the project',
    spoil: async (dir) => {
      await writeFiles(dir, { '../outside.py': 'def main(x: int) -> int:\n    return x\n' })
      await rm(join(dir, 'nodes/b.py'))
      await symlink('../../outside.py', join(dir, 'nodes/b.py'))
    },
    says: /leads out of the project/,
    place: { node: 'b' },
  },
  {
    what: 'a syntax error',
    spoil: (dir) => writeFiles(dir, { 'nodes/b.py': 'def main(x: int) -> int:\n    return x +\n' }),
    says: /nodes\/b\.py|syntax/i,
    place: { file: 'nodes/b.py', line: 2, node: 'b' },
  },
  {
    what: 'no function main',
    spoil: (dir) => writeFiles(dir, { 'nodes/b.py': 'x = 1\n' }),
    says: /main/,
    place: { node: 'b' },
  },
  { what: 'a broken .venv', spoil: (dir) => rm(join(dir, '.venv/bin/python')), says: /\.venv|environment/i },
  { what: 'an empty flow file', spoil: raw(''), says: /flows\/main\.json/ },
  {
    what: 'half a flow file',
    spoil: raw(good.slice(0, 100)),
    says: /flows\/main\.json/,
    place: { file: 'flows/main.json' },
  },
  { what: 'a flow file of zeros', spoil: raw(new Uint8Array(400)), says: /flows\/main\.json/ },
  {
    what: 'merge markers',
    spoil: raw(`<<<<<<< HEAD\n${good}=======\n${good}>>>>>>> other\n`),
    says: /merge/i,
    place: { file: 'flows/main.json', line: 1 },
  },
  {
    what: 'a key that is there twice',
    spoil: raw(good.replace('"b": {', '"a": {')),
    says: /twice|duplicate|"a"/i,
    place: { file: 'flows/main.json' },
  },
  { what: 'a newer flow', spoil: raw(good.replace('"format": 1', '"format": 99')), says: /newer/ },
  {
    what: 'a newer project',
    spoil: (dir) => writeFiles(dir, { 'pyproject.toml': pyproject.replace('format = 1', 'format = 99') }),
    says: /newer/,
  },
  {
    what: 'an unknown kind',
    spoil: flow({ a: {}, b: { kind: 'wizard' } }, wires),
    says: /wizard/,
    place: { node: 'b' },
  },
]

for (const { what, spoil, says, place, check } of cases) {
  test(`${what}: refused, and nothing changed`, async ({ nodeloom, projectsDir }) => {
    const dir = join(projectsDir, 'bad')
    await writeProject(dir, code, wires)
    expect((await nodeloom(['env', dir, 'create'])).code).toBe(0)
    await spoil(dir)
    const before = await treeOf(projectsDir)

    const run = await nodeloom(['run', dir])
    const said = `${run.stdout}${run.stderr}`
    expect(run.code, said).toBe(2)
    expect(said).toMatch(says)
    expect(said).toMatch(/^ *Next: ./m)
    expect(said).not.toMatch(/^\s+at .*:\d+:\d+|\[object|undefined|NaN/m)

    const program = await nodeloom(['run', dir, '--json'])
    expect(program.code).toBe(2)
    const { problems } = readRefusal(program.stdout)
    expect(
      problems.some(({ message }) => says.test(message)),
      JSON.stringify(problems),
    ).toBe(true)
    if (place !== undefined) expect(problems).toContainEqual(expect.objectContaining(place))

    const checked = await nodeloom(['check', dir])
    expect([checked.code, checked.stdout]).toEqual([check ?? 1, expect.any(String)])
    expect(`${checked.stdout}${checked.stderr}`).toMatch(says)
    expect(await treeOf(projectsDir)).toEqual(before)
  })
}

test('a refused run of a project without environment makes none', async ({ nodeloom, projectsDir }) => {
  const dir = join(projectsDir, 'bare')
  await writeProject(dir, code, [...wires, ['b.result', 'a.start']])
  const before = await treeOf(dir)
  expect((await nodeloom(['run', dir])).code).toBe(2)
  expect(await treeOf(dir)).toEqual(before)
  expect(existsSync(join(dir, '.venv'))).toBe(false)
})

test('an unknown package: the project stays as it was', async ({ nodeloom, projectsDir }) => {
  const dir = join(projectsDir, 'packages')
  await writeProject(dir, code, wires)
  expect((await nodeloom(['env', dir, 'create'])).code).toBe(0)
  const before = await treeOf(dir)
  const name = 'nodeloom-there-is-no-such-package'
  const add = await nodeloom(['env', dir, 'add', name])
  expect(add.code).toBe(2)
  expect(add.stderr).toMatch(new RegExp(`^nodeloom: .*${name}`, 'm'))
  expect(add.stderr).toMatch(/^ +Next: ./m)
  const after = await treeOf(dir)
  expect({ ...after, ...before }).toEqual(after)
  expect(after['pyproject.toml']).toBe(before['pyproject.toml'])
  expect(after['uv.lock']).toBeUndefined()
})

test('what may not be written is said and left as it is', async ({ nodeloom, projectsDir }) => {
  const dir = join(projectsDir, 'locked')
  await writeProject(dir, code, wires)
  expect((await nodeloom(['env', dir, 'create'])).code).toBe(0)
  await writeFiles(dir, { 'flow.py': 'mine\n' })
  await chmod(join(dir, 'flow.py'), 0o444)
  await chmod(join(dir, 'pyproject.toml'), 0o444)
  const before = await treeOf(dir)
  const exported = await nodeloom(['export', dir, '--out', join(dir, 'flow.py')])
  expect(exported.code).toBe(2)
  expect(exported.stderr).toMatch(/^nodeloom: .*flow\.py.*\n +Next: ./m)
  const add = await nodeloom(['env', dir, 'add', 'packaging'])
  expect(add.code, add.stderr).toBe(2)
  expect(add.stderr).toMatch(/^nodeloom: .*pyproject\.toml.*\n +Next: ./m)
  expect(await treeOf(dir)).toEqual(before)
})

test('a Python that is not there: said, and no environment is made', async ({ nodeloom, projectsDir }) => {
  const dir = join(projectsDir, 'future')
  await writeProject(dir, code, wires)
  await writeFiles(dir, { 'pyproject.toml': pyproject.replace('>=3.9', '>=3.99') })
  const before = await treeOf(dir)
  for (const command of [
    ['run', dir],
    ['env', dir, 'create'],
  ]) {
    const refused = await nodeloom(command)
    expect([command[0], refused.code]).toEqual([command[0], 2])
    expect(refused.stderr).toMatch(/^nodeloom: No Python was found that fits >=3\.99\.\n +Next: ./m)
  }
  expect(await treeOf(dir)).toEqual(before)
})

test('over rpc: a file that turned read-only, and paths that leave the project', async ({ places, projectsDir }) => {
  const dir = join(projectsDir, 'guarded')
  await writeProject(dir, code, wires)
  await writeFiles(projectsDir, { 'secret.txt': 'secret' })
  await symlink(projectsDir, join(dir, 'up'))
  const serving = await startServing(places, [])
  const client = await connectRpc(serving.url)
  const projectId = await projectIdOf(client, dir)
  const { 'nodes/a.py': file } = await readText(client, projectId, ['nodes/a.py'])
  await chmod(join(dir, 'nodes/a.py'), 0o444)
  const before = await treeOf(projectsDir)
  const save = saveAll(client, projectId, { 'nodes/a.py': 'changed\n' }, { 'nodes/a.py': file?.revision ?? null })
  await expect(save).rejects.toMatchObject({ code: 'read_only', message: expect.stringContaining('a.py') })
  for (const path of [
    '../secret.txt',
    'up/secret.txt',
    '/etc/passwd',
    'nodes/../../secret.txt',
    'nodes/%2e%2e/%2e%2e/../x',
  ]) {
    await expect(readText(client, projectId, [path]).then((texts) => texts[path]?.text ?? 'nothing')).rejects.toThrow(
      /./,
    )
    await expect(saveAll(client, projectId, { [path]: 'x' }, {})).rejects.toThrow(/./)
  }
  expect(await treeOf(projectsDir)).toEqual(before)
  client.close()
  await serving.stop()
})

test('export refuses what run refuses, and leaves no file', async ({ nodeloom, projectsDir }) => {
  const dir = join(projectsDir, 'cycle')
  await writeProject(dir, code, [...wires, ['b.result', 'a.start']])
  await mkdir(join(dir, 'out'))
  const before = await treeOf(dir)
  const exported = await nodeloom(['export', dir, '--out', join(dir, 'out/flow.py')])
  expect(exported).toMatchObject({ code: 2, stdout: '' })
  expect(exported.stderr).toMatch(/a → b → a/)
  expect(await treeOf(dir)).toEqual(before)
})

test('serve: a busy port, a port that is none, a folder that is not there', async ({ nodeloom, projectsDir }) => {
  const other = createServer()
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const busy = address !== null && typeof address === 'object' ? address.port : 0
  const before = await treeOf(projectsDir)
  try {
    for (const [wrong, says] of [
      [['--port', String(busy)], /in use.*--port/],
      [['--port', '70000'], /70000/],
      [['--port', 'x'], /"?x"?/],
      [['gone'], /gone does not exist/],
    ] as const) {
      const serve = await nodeloom(['serve', '--no-open', ...wrong])
      expect([wrong, serve.code, serve.stdout]).toEqual([wrong, 2, ''])
      expect(serve.stderr).toMatch(says)
    }
  } finally {
    other.close()
  }
  expect(await treeOf(projectsDir)).toEqual(before)
})
