import { describe, expect, it } from 'vitest'
import { curvePoint, wireCurve } from './geometry.ts'
import { distanceTo, hitWire } from './hit-test.ts'

const low = { name: 'low', curve: wireCurve({ x: 0, y: 0 }, { x: 300, y: 0 }) }
const high = { name: 'high', curve: wireCurve({ x: 0, y: 0 }, { x: 300, y: 200 }) }

describe('distanceTo', () => {
  it('is nothing on the curve and grows beside it', () => {
    expect(distanceTo(high.curve, curvePoint(high.curve, 0.37))).toBeLessThan(1)
    expect(distanceTo(low.curve, { x: 150, y: 9 })).toBeCloseTo(9)
    expect(distanceTo(low.curve, { x: -30, y: 40 })).toBeCloseTo(50)
  })
})

describe('hitWire', () => {
  it('gives the nearest within reach', () => {
    const middle = curvePoint(high.curve, 0.5)
    expect(hitWire([low, high], { x: middle.x, y: middle.y + 4 }, 6)?.name).toBe('high')
    expect(hitWire([low, high], { x: 150, y: 2 }, 6)?.name).toBe('low')
  })
  it('gives none outside the reach', () => {
    expect(hitWire([low, high], { x: 250, y: 90 }, 6)).toBeNull()
    expect(hitWire([], { x: 0, y: 0 }, 6)).toBeNull()
  })
})
