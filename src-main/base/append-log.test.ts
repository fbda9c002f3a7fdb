/** A growing file. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppendLog } from './append-log.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nodeloom-append-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

describe('AppendLog', () => {
  it('keeps the order of pieces; what was flushed can be read', async () => {
    const path = join(dir, 'a.log')
    const log = new AppendLog(path)
    const pieces = Array.from({ length: 500 }, (_, index) => `${index}\n`)
    for (const piece of pieces) log.append(Buffer.from(piece))
    await log.flush()
    expect(await readFile(path, 'utf8')).toBe(pieces.join(''))
    log.append(Buffer.from('end'))
    await log.close()
    await log.close()
    expect({ text: await readFile(path, 'utf8'), failure: log.failure }).toEqual({
      text: `${pieces.join('')}end`,
      failure: null,
    })
  })

  it('says why it could not write, and goes on without', async () => {
    const log = new AppendLog(join(dir, 'missing', 'a.log'))
    log.append(Buffer.from('x'))
    await log.close()
    expect(log.failure).toMatchObject({ code: 'not_found' })
  })
})
