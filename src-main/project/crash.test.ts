/** What is promised when another program writes, or a writer is killed: R1, R19, R21. */
import { chmod, mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { spawnProcess } from '../base/spawn.ts'
import { hostId } from './process-identity.ts'
import { newService, nextEvent, projectService } from './project.test-support.ts'
import { asProjectPath } from './text-file.ts'

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
      // Always the same sequence of saves to wait for; where in the next save the kill lands is chance.
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      let told = 0
      for (let line = 0; line <= seed % 5; line++) told = Number((await lines.next()).value)
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

  it('take over a damaged lock once, however many try', async () => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    await mkdir(path.join(dir, '.nodeloom'))
    await writeFile(path.join(dir, '.nodeloom/lock.json'), '{"pid":')
    const services = [service, newService(home), newService(home), newService(home)]
    const opened = await Promise.all(services.map((one) => one.open(dir)))
    expect(opened.filter((one) => one.readOnly === null)).toHaveLength(1)
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
