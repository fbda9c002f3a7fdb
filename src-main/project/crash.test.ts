/** What is promised when another program writes, or a writer is killed: R1, R19, R21. */
import { chmod, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { spawnProcess } from '../base/spawn.ts'
import { hostId } from './process-identity.ts'
import { acquireLock } from './project-lock.ts'
import { newService, nextEvent, projectService } from './project.test-support.ts'
import { asProjectPath, revisionOf } from './text-file.ts'

const KILLS = process.env['NODELOOM_TEST_FULL'] === '1' ? 100 : 30
const writer = fileURLToPath(new URL('writer.test-program.ts', import.meta.url))

function startWriter(dir: string, home: string, mode: string) {
  const child = spawnProcess(process.execPath, [writer, dir, home, mode])
  const exited = new Promise<void>((resolve) => child.on('close', () => resolve()))
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
  }
  onTestFinished(kill)
  child.stderr.pipe(process.stderr)
  return { child, exited, kill, lines: createInterface(child.stdout)[Symbol.asyncIterator]() }
}

const zGeneration = z.object({ generation: z.number().default(0) })

describe('a writer that is killed (R1)', () => {
  it(`leaves both files of a save old or both new, ${KILLS} times`, { timeout: 300_000 }, async () => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    let seed = 12_345
    for (let count = 0; count < KILLS; count++) {
      const { kill, lines } = startWriter(dir, home, 'write')
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      let told = 0
      const save = { begins: 0, ends: 0 }
      for (let line = 0; line < 2 + (seed % 3); line++) {
        told = Number((await lines.next()).value)
        save.begins = save.ends
        save.ends = performance.now()
      }
      // Somewhere in the next save, which takes about as long as the last one.
      const moment = save.ends + (((seed >> 8) % 100) / 100) * (save.ends - save.begins)
      while (performance.now() < moment) await new Promise((resolve) => setImmediate(resolve))
      await kill()

      const { projectId, readOnly } = await service.open(dir)
      expect(readOnly).toBeNull()
      const generations = await Promise.all(
        ['flows/main.json', 'flows/main.layout.json'].map(async (file) => {
          const { text } = await service.read(projectId, file)
          return zGeneration.parse(JSON.parse(text)).generation
        }),
      )
      expect(generations[0]).toBe(generations[1])
      expect(generations[0]).toBeGreaterThanOrEqual(told)
      expect(await service.lastGood(projectId, 'flows/main.json')).not.toBeNull()
      await service.close(projectId)
    }
  })
})

describe('a save of several files that was cut short', () => {
  it('is completed at the next opening, but not over what was changed since', async () => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    await mkdir(path.join(dir, '.nodeloom'))
    const files = { 'a.txt': 'new', 'b.txt': 'old', 'c.txt': 'theirs', 'd.txt': 'old' }
    for (const [file, text] of Object.entries(files)) await writeFile(path.join(dir, file), text)
    const entry = (file: string, text: string | null) => ({
      path: file,
      text,
      base: revisionOf('old'),
      revision: text === null ? null : revisionOf(text),
    })
    const entries = [entry('a.txt', 'new'), entry('b.txt', 'new'), entry('c.txt', 'new'), entry('d.txt', null)]
    await writeFile(path.join(dir, '.nodeloom/transaction.json'), JSON.stringify(entries))
    await service.open(dir)
    const texts = await Promise.all(
      Object.keys(files).map((file) => readFile(path.join(dir, file), 'utf8').catch(() => null)),
    )
    expect(texts).toEqual(['new', 'new', 'theirs', null])
    expect(await readdir(path.join(dir, '.nodeloom'))).not.toContain('transaction.json')
  })

  it('does no harm where its record is damaged or leads elsewhere', async () => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    await mkdir(path.join(dir, '.nodeloom'))
    for (const text of ['{', JSON.stringify([{ path: '../out.txt', text: 'x', base: null, revision: 'r' }])]) {
      await writeFile(path.join(dir, '.nodeloom/transaction.json'), text)
      const { projectId, readOnly } = await service.open(dir)
      expect(readOnly).toBeNull()
      await service.close(projectId)
    }
    expect(await readdir(home)).not.toContain('out.txt')
  })
})

describe('two programs on one project (R19)', () => {
  it('have one writer; the second reads, and writes once the first is gone', async () => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    const first = startWriter(dir, home, 'hold')
    expect(JSON.parse(String((await first.lines.next()).value))).toEqual({ readOnly: null })
    const { projectId, readOnly } = await service.open(dir)
    expect(readOnly).toContain(`process ${first.child.pid}`)
    const write = { path: asProjectPath('x.txt'), text: 'x', base: null }
    await expect(service.write(projectId, [write])).rejects.toMatchObject({ code: 'read_only' })
    await expect(newService(home).rename(dir, 'q')).rejects.toMatchObject({ code: 'locked' })
    const changed = nextEvent(service.onDidChangeProject)
    first.child.stdin.end()
    await first.exited
    expect(await changed).toMatchObject({ readOnly: null })
    await service.write(projectId, [write])
  })

  const lockOf = async (changes: object): Promise<string> =>
    JSON.stringify({
      token: 't',
      pid: process.pid,
      startTime: null,
      hostId: await hostId(),
      hostName: hostname(),
      since: 0,
      ...changes,
    })

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1 }, true, 0],
    ['a later process of the same number', { startTime: 'another' }, process.platform === 'linux', 0],
    ['another machine that was just there', { hostId: 'elsewhere', hostName: 'far' }, false, 0],
    ['another machine, silent for two minutes', { hostId: 'elsewhere', hostName: 'far' }, true, 120],
    ['a living process', { pid: process.ppid }, false, 0],
  ])('judge the lock of %s', async (_, changes, taken, age) => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    const file = path.join(dir, '.nodeloom/lock.json')
    await mkdir(path.dirname(file))
    await writeFile(file, await lockOf(changes))
    const then = new Date(Date.now() - age * 1000)
    await utimes(file, then, then)
    const { readOnly } = await service.open(dir)
    expect(readOnly?.slice(0, 16)).toBe(taken ? undefined : 'Another Nodeloom')
    expect((await readdir(path.dirname(file))).filter((name) => name.startsWith('lock'))).toEqual(['lock.json'])
  })

  it('take over a stale lock once, however many try and however they meet', async () => {
    const { home } = await projectService()
    const state = path.join(home, 'state')
    await mkdir(state)
    for (let round = 0; round < 20; round++) {
      await writeFile(path.join(state, 'lock.json'), round % 2 === 0 ? '{"pid":' : await lockOf({ pid: 2 ** 22 + 1 }))
      const attempts = await Promise.all(
        Array.from({ length: 12 }, async (_, place) => {
          for (let turn = 0; turn < place * round; turn++) await new Promise((resolve) => setImmediate(resolve))
          return acquireLock(state)
        }),
      )
      const held = attempts.flatMap((attempt) => ('held' in attempt ? [attempt.held] : []))
      expect(held).toHaveLength(1)
      await Promise.all(held.map((lock) => lock.release()))
      expect(await readdir(state)).toEqual([])
    }
  })
})

describe('a folder that may not be written (R21)', () => {
  it.skipIf(process.getuid?.() !== 0)('opens read-only with a sentence and stays as it is', async () => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    await chmod(home, 0o755)
    await chmod(dir, 0o555)
    const before = await readdir(dir)
    const reader = startWriter(dir, path.join(home, 'absent'), 'readonly')
    expect(JSON.parse(String((await reader.lines.next()).value))).toEqual({
      readOnly: 'This folder may not be written, so the project is read-only.',
    })
    await reader.kill()
    expect(await readdir(dir)).toEqual(before)
    await chmod(dir, 0o755)
  })
})
