/** Where an arrow key leads: the nearest node in that direction. */
import type { Rect } from './geometry.ts'

export type Direction = 'left' | 'right' | 'up' | 'down'

const unit: Record<Direction, { readonly x: number; readonly y: number }> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
}

/** Going sideways costs more than going ahead, so that a row is followed before another one is entered. */
const SIDEWAYS = 2.5

const middle = (rect: Rect) => ({ x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 })

/** The id of the best node ahead of `from`, or null when there is none in that direction. */
export function neighbour(
  rects: Iterable<readonly [string, Rect]>,
  from: { readonly id: string; readonly rect: Rect },
  direction: Direction,
): string | null {
  const start = middle(from.rect)
  const { x, y } = unit[direction]
  let best: string | null = null
  let bestCost = Infinity
  for (const [id, rect] of rects) {
    if (id === from.id) continue
    const to = middle(rect)
    const ahead = (to.x - start.x) * x + (to.y - start.y) * y
    const aside = Math.abs((to.x - start.x) * y) + Math.abs((to.y - start.y) * x)
    // A wide cone on each side: together the four leave no direction out.
    if (ahead <= 0 || aside > ahead * SIDEWAYS) continue
    const cost = ahead + aside * SIDEWAYS
    if (cost < bestCost) {
      best = id
      bestCost = cost
    }
  }
  return best
}

/** Reading order: by rows, then from left to right. */
export const readingOrder = (rects: Iterable<readonly [string, Rect]>): string[] =>
  [...rects].sort(([idA, a], [idB, b]) => a.x - b.x || a.y - b.y || (idA < idB ? -1 : 1)).map(([id]) => id)
