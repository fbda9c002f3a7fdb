/** Which wire is under the pointer. */
import { curveBox, curvePoint, grow, overlaps, type Curve, type Point } from './geometry.ts'

const SAMPLES = 24

/** Distance of a point from a curve, to about a pixel at ordinary lengths. */
export function distanceTo(curve: Curve, at: Point): number {
  let best = Infinity
  let last = curve.from
  for (let index = 1; index <= SAMPLES; index++) {
    const next = curvePoint(curve, index / SAMPLES)
    best = Math.min(best, distanceToSegment(last, next, at))
    last = next
  }
  return best
}

function distanceToSegment(a: Point, b: Point, at: Point): number {
  const dx = b.x - a.x
  const dy = b.y - a.y
  const length = dx * dx + dy * dy
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((at.x - a.x) * dx + (at.y - a.y) * dy) / length))
  return Math.hypot(at.x - a.x - t * dx, at.y - a.y - t * dy)
}

/** The nearest wire within `reach`, or null. */
export function hitWire<T extends { readonly curve: Curve }>(wires: Iterable<T>, at: Point, reach: number): T | null {
  let best: T | null = null
  let bestDistance = reach
  const spot = { x: at.x, y: at.y, width: 0, height: 0 }
  for (const wire of wires) {
    if (!overlaps(grow(curveBox(wire.curve), reach), spot)) continue
    const distance = distanceTo(wire.curve, at)
    if (distance > bestDistance) continue
    best = wire
    bestDistance = distance
  }
  return best
}
