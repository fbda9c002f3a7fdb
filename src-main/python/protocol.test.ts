import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { zHostMessage, zWorkerMessage } from './protocol.ts'
import { runtimeDir } from './worker-fixture.ts'

const folder = join(runtimeDir, 'samples', 'protocol')

/** The golden samples of one side. */
const samples = async (side: 'host' | 'worker'): Promise<unknown[]> => {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${side}-`)).toSorted()
  return Promise.all(
    names.map(async (name): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'))),
  )
}

const typesOf = (messages: readonly { type: string }[]): string[] =>
  [...new Set(messages.map((message) => message.type))].toSorted()

test('the samples of the host are messages as they stand, one at least of each', async () => {
  const given = await samples('host')
  const parsed = given.map((sample) => zHostMessage.parse(sample))
  expect(parsed).toEqual(given)
  expect(typesOf(parsed)).toEqual(zHostMessage.options.map((option) => option.shape.type.value).toSorted())
})

test('the samples of the worker are messages as they stand, one at least of each', async () => {
  const given = await samples('worker')
  const parsed = given.map((sample) => zWorkerMessage.parse(sample))
  expect(parsed).toEqual(given)
  expect(typesOf(parsed)).toEqual(zWorkerMessage.options.map((option) => option.shape.type.value).toSorted())
})

test('a message without a field is refused', () => {
  expect(zWorkerMessage.safeParse({ type: 'started' }).success).toBe(false)
  expect(zWorkerMessage.safeParse({ type: 'finished', callId: '1', result: { status: 'succeeded' } }).success).toBe(
    false,
  )
})
