import { describe, expect, it } from 'vitest'
import type { Rect } from './geometry.ts'
import { neighbour, readingOrder } from './neighbour.ts'

const at = (x: number, y: number): Rect => ({ x, y, width: 184, height: 90 })
const places: [string, Rect][] = [
  ['a', at(0, 100)],
  ['b', at(220, 100)],
  ['up', at(440, 0)],
  ['down', at(440, 210)],
  ['far', at(900, 100)],
]
const from = (id: string) => ({ id, rect: places.find(([name]) => name === id)?.[1] ?? at(0, 0) })

describe('neighbour', () => {
  it('goes to the nearest node in the direction', () => {
    expect([neighbour(places, from('a'), 'right'), neighbour(places, from('b'), 'left')]).toEqual(['b', 'a'])
    expect([neighbour(places, from('up'), 'down'), neighbour(places, from('down'), 'up')]).toEqual(['down', 'up'])
  })
  it('prefers the row over what is nearer but aside', () => {
    const rows: [string, Rect][] = [
      ['s', at(0, 0)],
      ['beside', at(400, 0)],
      ['nearer', at(250, 150)],
    ]
    expect(neighbour(rows, { id: 's', rect: at(0, 0) }, 'right')).toBe('beside')
  })
  it('says when there is none', () => {
    expect([
      neighbour(places, from('a'), 'left'),
      neighbour(places, from('far'), 'right'),
      neighbour(places, from('a'), 'up'),
    ]).toEqual([null, null, null])
  })
})

describe('readingOrder', () => {
  it('follows the flow from left to right, then down', () => {
    expect(readingOrder([...places].reverse())).toEqual(['a', 'b', 'up', 'down', 'far'])
  })
})
