import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { zProjectId, zProjectPath } from '../../../src-shared/ids.ts'
import { TextSession, type TextHost } from './text-session.ts'

const projectId = zProjectId.parse('p')
const path = zProjectPath.parse('nodes/a.py')

/** A disk with one file, and an editor with one text. */
class World implements TextHost {
  disk: { text: string; revision: string } | null = { text: 'one', revision: 'r1' }
  text = 'one'
  readonly drafts: (string | null)[] = []
  readonly writes: string[] = []
  failure: { code: string; message: string } | null = null
  gone = false
  #revision = 1
  readonly session = new TextSession(
    projectId,
    { path, text: 'one', revision: 'r1', readOnly: null },
    { getText: () => this.text, setText: (text) => void (this.text = text) },
    this,
    () => undefined,
    () => {
      this.gone = true
    },
  )

  put(text: string): string {
    const revision = `r${++this.#revision}`
    this.disk = { text, revision }
    return revision
  }

  write(_project: unknown, _path: unknown, text: string, base: string | null): Promise<string> {
    if (this.failure) return Promise.reject(Object.assign(new Error(this.failure.message), this.failure))
    if ((this.disk?.revision ?? null) !== base) {
      const detail = { path, text: this.disk?.text ?? null, revision: this.disk?.revision ?? null }
      return Promise.reject(Object.assign(new Error('It changed.'), { code: 'conflict', detail }))
    }
    this.writes.push(text)
    return Promise.resolve(this.put(text))
  }

  draft(_project: unknown, _path: unknown, text: string | null): Promise<void> {
    this.drafts.push(text)
    return Promise.resolve()
  }

  type(text: string): void {
    this.text = text
    this.session.typed()
  }

  /** Another program writes, and the host tells of it. */
  outside(text: string | null): void {
    if (text === null) this.disk = null
    else this.put(text)
    this.session.changedOnDisk(text, this.disk?.revision ?? null)
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('typing becomes one draft and one write', async () => {
  const world = new World()
  for (const text of ['t', 'tw', 'two']) world.type(text)
  expect(world.session.state.changed).toBe(true)
  await vi.runAllTimersAsync()
  expect([world.drafts, world.writes, world.session.state.changed]).toEqual([['two'], ['two'], false])
})

test('typing the old text again forgets the draft and writes nothing', async () => {
  const world = new World()
  world.type('two')
  world.type('one')
  await vi.runAllTimersAsync()
  expect([world.drafts, world.writes]).toEqual([[null], []])
})

test('what is typed during a write is written after it', async () => {
  const world = new World()
  world.type('two')
  const saved = world.session.save()
  world.type('three')
  await saved
  expect([world.writes, world.session.state.changed]).toEqual([['two', 'three'], false])
})

test('an outside change of a clean file is taken over', () => {
  const world = new World()
  world.outside('theirs')
  expect([world.text, world.session.state.conflict, world.session.state.changed]).toEqual(['theirs', null, false])
})

test('our own write coming back as an event is no outside change', async () => {
  const world = new World()
  world.type('two')
  await world.session.save()
  world.session.changedOnDisk('two', world.disk?.revision ?? null)
  expect(world.session.state.conflict).toBeNull()
})

test('an outside change of a changed file is a conflict, and nothing is written until it is decided', async () => {
  const world = new World()
  world.type('mine')
  world.outside('theirs')
  await vi.runAllTimersAsync()
  expect([world.session.state.conflict?.text, world.text, world.disk?.text]).toEqual(['theirs', 'mine', 'theirs'])
  await world.session.resolve('mine')
  expect([world.disk?.text, world.session.state.conflict]).toEqual(['mine', null])
})

test('a conflict that the write finds shows the other text; taking theirs changes the editor', async () => {
  const world = new World()
  world.put('theirs')
  world.type('mine')
  await world.session.save()
  expect(world.session.state.conflict?.text).toBe('theirs')
  await world.session.resolve('theirs')
  expect([world.text, world.disk?.text, world.session.state.changed]).toEqual(['theirs', 'theirs', false])
})

test('a file deleted outside can be made again', async () => {
  const world = new World()
  world.type('mine')
  world.outside(null)
  expect([world.session.state.conflict, world.gone]).toEqual([{ text: null, revision: null }, false])
  await world.session.resolve('mine')
  expect(world.disk?.text).toBe('mine')
})

test('a file that is gone with nothing unsaved is its owner to close', () => {
  const world = new World()
  world.outside(null)
  expect([world.gone, world.session.state.conflict]).toEqual([true, null])
})

test('a refused write keeps the text and is tried again with the next change', async () => {
  const world = new World()
  world.failure = { code: 'disk_full', message: 'The disk is full.' }
  world.type('two')
  await world.session.save()
  expect([world.session.state.error?.message, world.text, world.session.state.changed]).toEqual([
    'The disk is full.',
    'two',
    true,
  ])
  world.failure = null
  world.type('two!')
  await vi.runAllTimersAsync()
  expect([world.writes, world.session.state.error]).toEqual([['two!'], null])
})
