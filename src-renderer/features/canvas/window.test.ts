import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { overlaps, type Rect } from './geometry.ts'
import { chooseWindow, GridIndex } from './window.ts'

const rect = (x: number, y: number): Rect => ({ x, y, width: 184, height: 100 })
const row = (count: number): GridIndex => {
  const index = new GridIndex()
  for (let at = 0; at < count; at++) index.set(`n${at}`, rect(at * 200, 0))
  return index
}
const view: Rect = { x: 0, y: 0, width: 1000, height: 800 }
const none = new Set<string>()

describe('GridIndex', () => {
  const zRect = fc.record({
    x: fc.integer({ min: -3000, max: 3000 }),
    y: fc.integer({ min: -3000, max: 3000 }),
    width: fc.integer({ min: 1, max: 1500 }),
    height: fc.integer({ min: 1, max: 1500 }),
  })
  it('finds what a look at every rectangle finds, after moves and removals too', () => {
    fc.assert(
      fc.property(
        fc.array(zRect, { maxLength: 60 }),
        fc.array(zRect, { maxLength: 60 }),
        zRect,
        (first, then, area) => {
          const index = new GridIndex()
          first.forEach((one, at) => index.set(`${at}`, one))
          then.forEach((one, at) => (at % 3 === 0 ? index.delete(`${at}`) : index.set(`${at}`, one)))
          const expected = [...index.entries()].filter(([, one]) => overlaps(one, area)).map(([id]) => id)
          expect([...index.query(area)].sort()).toEqual(expected.sort())
        },
      ),
    )
  })

  it('keeps the same object for an equal rectangle', () => {
    const index = row(1)
    const before = index.rect('n0')
    index.set('n0', rect(0, 0))
    expect(index.rect('n0')).toBe(before)
  })
})

describe('chooseWindow', () => {
  it('takes what is in view and a little around it', () => {
    expect([...chooseWindow(row(50), view, none, [], 100).mounted].sort()).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5'])
  })

  it('keeps what is mounted until it is well outside', () => {
    const moved = { ...view, x: 280 }
    expect(chooseWindow(row(50), moved, new Set(['n0']), [], 100).mounted.has('n0')).toBe(true)
    expect(chooseWindow(row(50), moved, none, [], 100).mounted.has('n0')).toBe(false)
    expect(chooseWindow(row(50), { ...view, x: 400 }, new Set(['n0']), [], 100).mounted.has('n0')).toBe(false)
  })

  it('mounts few at a time, nearest the middle first, and says that more wait', () => {
    const choice = chooseWindow(row(50), view, none, [], 2)
    expect([[...choice.mounted].sort(), choice.more]).toEqual([['n2', 'n3'], true])
    expect(chooseWindow(row(50), view, new Set(['n0', 'n1', 'n2', 'n3', 'n4']), [], 2).more).toBe(false)
  })

  it('keeps the pinned node wherever it is', () => {
    expect(chooseWindow(row(50), view, none, ['n40'], 100).mounted.has('n40')).toBe(true)
    expect(chooseWindow(row(50), view, none, ['nobody'], 100).mounted.has('nobody')).toBe(false)
  })
})
