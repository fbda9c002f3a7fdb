// The page's keymap runs where there is a window; these tests give it the little of one that it asks for.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Command } from './commands.ts'

class FakeElement {
  readonly #matching: readonly string[]
  readonly isContentEditable = false
  constructor(...matching: string[]) {
    this.#matching = matching
  }
  matches(selector: string): boolean {
    return this.#matching.some((one) => selector.includes(one))
  }
  closest(selector: string): FakeElement | null {
    return this.#matching.some((one) => selector === one) ? this : null
  }
}

type Key = Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> & { readonly key: string }

let listener: ((event: unknown) => void) | undefined
let dialog: object | null = null

async function load(platform: string) {
  vi.resetModules()
  vi.stubGlobal('navigator', { platform })
  vi.stubGlobal('HTMLElement', FakeElement)
  vi.stubGlobal('Element', FakeElement)
  vi.stubGlobal('document', { querySelector: () => dialog })
  vi.stubGlobal('window', {
    addEventListener: (_name: string, on: typeof listener) => {
      listener = on
    },
    removeEventListener: () => {
      listener = undefined
    },
  })
  const [keymap, commands] = await Promise.all([import('./keymap.ts'), import('./commands.ts')])
  return { ...keymap, ...commands }
}

function press(key: Key, target: FakeElement | null = null): { prevented: boolean } {
  const state = { prevented: false }
  listener?.({
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...key,
    target,
    preventDefault: () => {
      state.prevented = true
    },
    stopPropagation: () => undefined,
  })
  return state
}

const ran: string[] = []
const command = (id: string, keys: string, more: Partial<Command> = {}): Command => ({
  id,
  title: id,
  category: 'Test',
  keys: [keys],
  run: () => void ran.push(id),
  ...more,
})

beforeEach(() => {
  ran.length = 0
  dialog = null
})
afterEach(() => vi.unstubAllGlobals())

test.each([
  [{ key: 'k', ctrlKey: true }, 'Ctrl+K'],
  [{ key: 'P', ctrlKey: true, shiftKey: true }, 'Ctrl+Shift+P'],
  [{ key: 'Enter', ctrlKey: true, shiftKey: true }, 'Ctrl+Shift+Enter'],
  [{ key: '.', ctrlKey: true }, 'Ctrl+.'],
  [{ key: '+', shiftKey: true }, '+'],
  [{ key: ' ' }, 'Space'],
  [{ key: 'ArrowUp', altKey: true }, 'Alt+ArrowUp'],
])('%o is the chord %s', async (key, chord) => {
  const { chordOf } = await load('Linux x86_64')
  const event = { code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...key }
  expect(chordOf(event)).toBe(chord)
})

test('on a Mac the command key is what Ctrl names', async () => {
  const { chordOf, chordLabel } = await load('MacIntel')
  const event = { key: 'k', code: '', ctrlKey: false, metaKey: true, altKey: false, shiftKey: false }
  expect([chordOf(event), chordLabel('Ctrl+Shift+K')]).toEqual(['Ctrl+K', '⌘⇧K'])
})

test('in a field only global commands run; canvas commands only on the canvas', async () => {
  const { startKeymap, registerCommands } = await load('Linux')
  registerCommands([
    command('global', 'Ctrl+Enter', { scope: 'global' }),
    command('plain', 'X'),
    command('canvas', 'C', { scope: 'canvas' }),
  ])
  startKeymap()
  const field = new FakeElement('input')
  const canvas = new FakeElement('[role=application]')
  for (const target of [field, canvas, null])
    for (const key of [{ key: 'Enter', ctrlKey: true }, { key: 'x' }, { key: 'c' }]) press(key, target)
  expect(ran).toEqual(['global', 'global', 'plain', 'canvas', 'global', 'plain'])
})

test('a dialog keeps all but global commands away', async () => {
  const { startKeymap, registerCommands } = await load('Linux')
  registerCommands([command('global', 'Ctrl+K', { scope: 'global' }), command('plain', 'X')])
  startKeymap()
  dialog = {}
  press({ key: 'k', ctrlKey: true })
  press({ key: 'x' })
  expect(ran).toEqual(['global'])
})

test('a command that cannot run now leaves the key to the page', async () => {
  const { startKeymap, registerCommands } = await load('Linux')
  registerCommands([command('no', 'X', { when: () => false }), command('yes', 'Y')])
  startKeymap()
  expect([press({ key: 'x' }).prevented, press({ key: 'y' }).prevented]).toEqual([false, true])
  expect(ran).toEqual(['yes'])
})
