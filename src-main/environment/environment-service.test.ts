import { access, chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { EnvironmentStatus } from '../../src-shared/contract/environment.ts'
import { EnvironmentService } from './environment-service.ts'
import { Interpreters } from './interpreters.ts'
import { Uv } from './uv.ts'

const supervisorScript = fileURLToPath(new URL('../../resources/python/nodeloom_runtime/supervise.py', import.meta.url))
const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

/** Kept between test runs: uv is fetched once per machine. */
const toolsProfile = path.join(tmpdir(), `nodeloom-test-tools-${process.getuid?.() ?? 0}`)
let env: Record<string, string | undefined>

beforeAll(async () => {
  const uv = new Uv({ toolsDir: path.join(toolsProfile, 'tools'), supervisorScript }, new Interpreters(toolsProfile))
  env = { ...process.env, NODELOOM_UV: await uv.get() }
}, 180_000)

async function project(dependencies: string[] = [], pyproject?: string) {
  const home = await realpath(await mkdtemp(path.join(tmpdir(), 'nodeloom-environment-')))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  const dir = path.join(home, 'my project')
  await mkdir(dir)
  const text = `# mine\n[project]\nname = "p"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(dependencies)}\n\n[tool.nodeloom]\nformat = 1 # kept\n`
  await writeFile(path.join(dir, 'pyproject.toml'), pyproject ?? text)
  const options = { profileDir: path.join(home, 'profile'), supervisorScript, env }
  const service = new EnvironmentService(options)
  onTestFinished(() => service.stop())
  const statuses: EnvironmentStatus[] = []
  service.onDidChange(({ status }) => statuses.push(status))
  return { home, dir, service, options, statuses }
}

describe('an environment', () => {
  it('is made, and is the project’s own Python', async () => {
    const { dir, service, statuses } = await project()
    expect(await service.status(dir)).toMatchObject({ state: 'not_started', pythonVersion: null, canInstall: true })
    await expect(service.interpreterOf(dir)).rejects.toMatchObject({
      code: 'environment_missing',
      hint: `Make it: nodeloom env ${dir} create`,
    })
    expect(await service.create(dir)).toMatchObject({ state: 'ready', installed: [], missing: [], progress: null })
    expect(statuses.map((status) => status.state)).toEqual(expect.arrayContaining(['creating', 'ready']))
    expect(await service.interpreterOf(dir)).toBe(path.join(dir, '.venv/bin/python'))
    expect(await service.readLog(dir)).toMatch(/^Making the environment …\n[\s\S]*Done\.\n$/)
    expect(await readFile(path.join(dir, '.nodeloom/logs/environment.log'), 'utf8')).toBe(await service.readLog(dir))
    expect(await service.create(dir)).toMatchObject({ state: 'ready' })
  })

  it('gets packages and gives them back; comments stay', async () => {
    const { dir, service, statuses } = await project()
    const changed: string[] = []
    service.onDidChangePackages((projectDir) => changed.push(projectDir))
    const added = await service.add(dir, ['six >= 1.16'])
    expect(added).toMatchObject({ state: 'ready', missing: [] })
    expect(added.installed.map((one) => one.name)).toEqual(['pip', 'six'])
    expect(statuses.some((status) => status.state === 'installing' && (status.progress?.fraction ?? 0) > 0.5)).toBe(
      true,
    )
    const text = await readFile(path.join(dir, 'pyproject.toml'), 'utf8')
    expect(text).toContain('# mine')
    expect(text).toContain('six>=1.16')
    expect(changed).toContain(dir)
    const removed = await service.remove(dir, ['six'])
    expect(removed.installed.map((one) => one.name)).not.toContain('six')
    expect(await readFile(path.join(dir, 'pyproject.toml'), 'utf8')).not.toContain('six')
  }, 60_000)

  it('says what is missing and installs it', async () => {
    const { dir, service } = await project(['six', 'idna; sys_platform == "nowhere"'])
    expect(await service.create(dir)).toMatchObject({ state: 'ready', missing: ['six'] })
    const synced = await service.sync(dir)
    expect(synced).toMatchObject({ state: 'ready', missing: [] })
    const site = path.join(
      path.dirname(await service.interpreterOf(dir)),
      '../lib',
      `python${synced.pythonVersion?.split('.').slice(0, 2).join('.')}`,
      'site-packages',
    )
    const version = synced.installed.find((one) => one.name === 'six')?.version
    await rm(path.join(site, `six-${version}.dist-info/RECORD`))
    expect(await service.status(dir)).toMatchObject({ state: 'ready', missing: ['six'] })
  }, 60_000)

  it('refuses an unknown package and keeps everything', async () => {
    const { dir, service } = await project()
    await service.add(dir, ['six'])
    const [before, lock] = await Promise.all(
      ['pyproject.toml', 'uv.lock'].map((file) => readFile(path.join(dir, file), 'utf8')),
    )
    await expect(service.add(dir, ['nodeloom-there-is-no-such-package'])).rejects.toMatchObject({
      code: 'package_unknown',
      message: expect.stringContaining('nodeloom-there-is-no-such-package'),
      hint: expect.any(String),
    })
    const status = await service.status(dir)
    expect(status.state).toBe('failed')
    expect(status.installed.map((one) => one.name)).toContain('six')
    expect(await readFile(path.join(dir, 'pyproject.toml'), 'utf8')).toBe(before)
    expect(await readFile(path.join(dir, 'uv.lock'), 'utf8')).toBe(lock)
    expect(await service.interpreterOf(dir)).toBe(path.join(dir, '.venv/bin/python'))
    await expect(service.add(dir, ['six==99'])).rejects.toMatchObject({ code: 'package_unknown' })
    expect(await service.sync(dir)).toMatchObject({ state: 'ready' })
  }, 60_000)

  it.each([
    '--index-url=http://x',
    '-r file',
    'six; touch y',
    'six @ file:///x',
    './six',
    'six && y',
    '',
    'git+https://x',
    'six\n-r x',
    '$(y)',
  ])('refuses what is no package name: %s', async (name) => {
    const { dir, service } = await project()
    expect(() => service.add(dir, ['idna', name])).toThrow(expect.objectContaining({ code: 'invalid_name' }))
    expect(() => service.remove(dir, [name])).toThrow(expect.objectContaining({ code: 'invalid_name' }))
    expect(await exists(path.join(dir, '.venv'))).toBe(false)
  })

  it('does one operation at a time, in the order asked', async () => {
    const { dir, service } = await project(['six'])
    const results = await Promise.all([service.create(dir), service.sync(dir), service.create(dir)])
    expect(results.map((status) => [status.state, status.missing])).toEqual([
      ['ready', ['six']],
      ['ready', []],
      ['ready', []],
    ])
  }, 60_000)
})

describe('a broken environment (R8)', () => {
  const breakages: readonly [string, string, (dir: string) => Promise<void>][] = [
    ['its Python is gone', 'is gone', (dir) => rm(path.join(dir, '.venv/bin/python'))],
    [
      'its Python leads nowhere',
      'is gone',
      async (dir) => {
        await rm(path.join(dir, '.venv/bin/python'))
        await symlink('/nowhere/python3.11', path.join(dir, '.venv/bin/python'))
      },
    ],
    [
      'its Python cannot be run',
      'cannot be run',
      async (dir) => {
        await rm(path.join(dir, '.venv/bin/python'))
        await mkdir(path.join(dir, '.venv/bin/python'))
        await chmod(path.join(dir, '.venv/bin/python'), 0o755)
      },
    ],
    ['its configuration is gone', 'no pyvenv.cfg', (dir) => rm(path.join(dir, '.venv/pyvenv.cfg'))],
    ['its configuration is empty', 'cannot be read', (dir) => writeFile(path.join(dir, '.venv/pyvenv.cfg'), '')],
    [
      'it is another version now',
      'was made with',
      async (dir) => {
        const file = path.join(dir, '.venv/pyvenv.cfg')
        await writeFile(file, (await readFile(file, 'utf8')).replace(/^version.*$/m, 'version = 3.7.1'))
      },
    ],
    ['its packages are gone', 'packages is gone', (dir) => rm(path.join(dir, '.venv/lib'), { recursive: true })],
    [
      'the project asks for another',
      'asks for',
      async (dir) => {
        const file = path.join(dir, 'pyproject.toml')
        await writeFile(file, (await readFile(file, 'utf8')).replace('">=3.9"', '">=3.99"'))
      },
    ],
    [
      'it is a file',
      'not a folder',
      async (dir) => {
        await rm(path.join(dir, '.venv'), { recursive: true })
        await writeFile(path.join(dir, '.venv'), 'x')
      },
    ],
  ]

  it.each(breakages)('is told: %s', async (_, words, breakIt) => {
    const { dir, service } = await project()
    await service.create(dir)
    await breakIt(dir)
    const status = await service.status(dir)
    expect(status).toMatchObject({
      state: 'broken',
      message: expect.stringContaining(words),
      hint: expect.stringContaining('Repair'),
    })
    for (const attempt of [service.interpreterOf(dir), service.sync(dir), service.create(dir)]) {
      await expect(attempt).rejects.toMatchObject({
        code: 'environment_broken',
        hint: `Repair it: nodeloom env ${dir} repair`,
      })
    }
  })

  it('is repaired with its packages', async () => {
    const { dir, service } = await project(['six'])
    await service.sync(dir)
    await rm(path.join(dir, '.venv/bin/python'))
    const repaired = await service.repair(dir)
    expect(repaired).toMatchObject({ state: 'ready', missing: [] })
    expect(await exists(path.join(dir, '.nodeloom/environment-before'))).toBe(false)
  }, 60_000)

  it('comes back as it was when repair fails', async () => {
    const { dir, service } = await project()
    await service.create(dir)
    const file = path.join(dir, 'pyproject.toml')
    await writeFile(file, (await readFile(file, 'utf8')).replace('">=3.9"', '">=3.99"'))
    const before = await readFile(path.join(dir, '.venv/pyvenv.cfg'), 'utf8')
    await expect(service.repair(dir)).rejects.toMatchObject({
      code: 'interpreter_missing',
      message: 'No Python was found that fits >=3.99.',
    })
    expect(await readFile(path.join(dir, '.venv/pyvenv.cfg'), 'utf8')).toBe(before)
  })
})

describe('cancel', () => {
  it('ends the tool and everything it started, and puts the files back', async () => {
    const { home, dir, options } = await project()
    // A uv that has begun to edit the project and then hangs, with a child of its own.
    const uv = path.join(home, 'uv')
    const pids = path.join(home, 'pids')
    await writeFile(
      uv,
      `#!/bin/sh\n[ "$1" = --version ] && exit 0\necho broken > '${dir}/pyproject.toml'\necho new > '${dir}/uv.lock'\nsleep 1000 &\necho "$$ $!" > '${pids}'\necho "Resolved 3 packages in 1ms" >&2\nwait\n`,
    )
    await chmod(uv, 0o755)
    const service = new EnvironmentService({ ...options, env: { ...env, NODELOOM_UV: uv } })
    const before = await readFile(path.join(dir, 'pyproject.toml'), 'utf8')
    const hanging = new Promise<void>((resolve) => {
      service.onDidLog(({ text }) => {
        if (text.includes('Resolved')) resolve()
      })
    })
    const ended = Promise.allSettled([service.add(dir, ['six']), service.sync(dir)])
    await hanging
    await service.cancel(dir)
    expect(await ended).toMatchObject([
      { status: 'rejected', reason: { code: 'cancelled' } },
      { status: 'rejected', reason: { code: 'cancelled' } },
    ])
    for (const pid of (await readFile(pids, 'utf8')).trim().split(' '))
      expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH')
    expect(await readFile(path.join(dir, 'pyproject.toml'), 'utf8')).toBe(before)
    expect(await exists(path.join(dir, 'uv.lock'))).toBe(false)
    expect(await service.status(dir)).toMatchObject({ state: 'ready', progress: null })
  }, 30_000)
})

describe('a machine that lacks something', () => {
  const bare = { PATH: '/nonexistent', HOME: '/nonexistent', PYENV_ROOT: '/nonexistent' }

  it('without uv makes environments and says that packages cannot be installed', async () => {
    const { home, dir } = await project()
    const base = (await new Interpreters(path.join(home, 'profile')).base()).executable
    // A Python that cannot fetch uv: the wrapper has no pip.
    const python = path.join(home, 'python-without-pip')
    await writeFile(python, `#!/bin/sh\nfor word in "$@"; do [ "$word" = pip ] && exit 1; done\nexec '${base}' "$@"\n`)
    await chmod(python, 0o755)
    const service = new EnvironmentService({
      profileDir: path.join(home, 'other'),
      supervisorScript: path.join(home, 'absent.py'),
      env: { ...bare, NODELOOM_PYTHON: base },
    })
    expect(await service.create(dir)).toMatchObject({ state: 'ready', canInstall: true })
    await expect(service.add(dir, ['six'])).rejects.toMatchObject({ code: 'tool_missing' })
    expect(await service.status(dir)).toMatchObject({ canInstall: false })
  }, 60_000)

  it('finds the Pythons that fit and says why others do not', async () => {
    const { home } = await project()
    const interpreters = new Interpreters(path.join(home, 'profile'), env)
    const base = await interpreters.base()
    expect(path.isAbsolute(base.executable)).toBe(true)
    expect(base.executable).not.toContain('shims')
    await expect(interpreters.first('>=3.9,<3.9')).rejects.toMatchObject({
      code: 'interpreter_missing',
      hint: expect.stringContaining(`${base.executable} (${base.version} does not fit`),
    })
  }, 60_000)
})
