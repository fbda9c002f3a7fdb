/** R10 with real files: whatever a flow file holds, it is never written over unasked and never stops the host. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { assert, asyncProperty, constant, integer, nat, oneof, record, uint8Array, type Arbitrary } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { projectProblems } from './project-problems.ts'
import { projectService, writeOutside } from '../project/project.test-support.ts'
import { asProjectPath } from '../project/text-file.ts'

const MUTATIONS = process.env['NODELOOM_TEST_FULL'] === '1' ? 10_000 : 200
const main = asProjectPath('flows/main.json')
const good =
  '{"format":1,"nodes":{"a":{"kind":"code","file":"nodes/a.py"},"b":{"kind":"note","text":"x"}},"edges":[{"from":"a.result","to":"b"}]}\n'
const replacement = '{"format":1,"nodes":{"z":{"kind":"note","text":"new"}},"edges":[]}\n'

const mutation = oneof(
  record({ kind: constant('cut' as const), at: nat(good.length - 2) }),
  record({ kind: constant('byte' as const), at: nat(good.length - 1), value: integer({ min: 0, max: 255 }) }),
  record({ kind: constant('insert' as const), at: nat(good.length - 1), bytes: uint8Array({ maxLength: 20 }) }),
  record({ kind: constant('all' as const), bytes: uint8Array({ maxLength: 200 }) }),
)

function mutate(change: typeof mutation extends Arbitrary<infer T> ? T : never): Buffer {
  const bytes = Buffer.from(good)
  switch (change.kind) {
    case 'cut':
      return bytes.subarray(0, change.at)
    case 'byte':
      bytes[change.at] = change.value
      return bytes
    case 'insert':
      return Buffer.concat([bytes.subarray(0, change.at), change.bytes, bytes.subarray(change.at)])
    case 'all':
      return Buffer.from(change.bytes)
  }
}

const named: readonly [string, Buffer][] = [
  ['empty', Buffer.from('')],
  ['truncated', Buffer.from(good.slice(0, 50))],
  ['with a NUL', Buffer.from(good.replace('a', '\0'))],
  ['not UTF-8', Buffer.concat([Buffer.from(good.slice(0, 20)), Buffer.of(0xff, 0xfe), Buffer.from(good.slice(20))])],
  ['with an id twice', Buffer.from(good.replace('"b"', '"a"'))],
  ['with merge markers', Buffer.from(`<<<<<<< HEAD\n${good}=======\n${good}>>>>>>> x\n`)],
]

describe('a flow file', () => {
  it.each(named)('that is %s is kept, told, and its last good copy offered', async (_, bytes) => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    const first = await service.open(dir)
    const { revision } = await service.read(first.projectId, main)
    await service.write(first.projectId, [{ path: main, text: good, base: revision }])
    await service.close(first.projectId)
    await writeOutside(dir, main, bytes)

    const { projectId } = await service.open(dir)
    const codes = projectProblems(service.get(projectId), null).map((problem) => problem.code)
    expect(codes.some((code) => ['flow-damaged', 'duplicate-key', 'merge-conflict'].includes(code))).toBe(true)
    const current = service.get(projectId).flows.get(main)
    await expect(
      service.write(projectId, [{ path: main, text: replacement, base: current?.revision ?? '' }]),
    ).rejects.toMatchObject({
      code: 'document_damaged',
    })
    expect(await readFile(path.join(dir, main))).toEqual(bytes)
    expect(await service.lastGood(projectId, main)).toMatchObject({ text: good })
  })

  it('with a byte order mark is a good one', async () => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    await writeOutside(dir, main, `\ufeff${good}`)
    const { projectId } = await service.open(dir)
    expect(service.get(projectId).flows.get(main)?.parsed?.document?.nodes).toHaveProperty('a')
  })

  it(
    `survives ${MUTATIONS} mutations: refused where a save would lose something, else saved`,
    { timeout: 300_000 },
    async () => {
      const { service, home } = await projectService()
      const dir = await service.create(path.join(home, 'p'), null)
      await assert(
        asyncProperty(mutation, async (change) => {
          const bytes = mutate(change)
          await writeOutside(dir, main, bytes)
          const { projectId } = await service.open(dir)
          try {
            const project = service.get(projectId)
            const flow = project.flows.get(main)
            const problems = projectProblems(project, null)
            const parsed = flow?.parsed ?? null
            const lossy = parsed === null || parsed.lossy || parsed.newer
            const told = problems.some((problem) => problem.file === main && problem.severity === 'error')
            expect(told || !lossy).toBe(true)
            const saved = await service
              .write(projectId, [{ path: main, text: replacement, base: flow?.revision ?? '' }])
              .then(
                () => true,
                () => false,
              )
            expect(saved).toBe(!lossy)
            expect(await readFile(path.join(dir, main))).toEqual(lossy ? bytes : Buffer.from(replacement))
          } finally {
            await service.close(projectId)
          }
        }),
        { numRuns: MUTATIONS, seed: 7 },
      )
    },
  )
})
