/**
 * Which nodes are mounted. A hash of a grid finds what is in view; what is mounted stays until it is well
 * outside, so that small moves back and forth mount nothing.
 */
import { overlaps, type Rect } from './geometry.ts'

const CELL = 512

const cellsOf = (rect: Rect): string[] => {
  const cells: string[] = []
  for (let x = Math.floor(rect.x / CELL); x <= Math.floor((rect.x + rect.width) / CELL); x++) {
    for (let y = Math.floor(rect.y / CELL); y <= Math.floor((rect.y + rect.height) / CELL); y++) cells.push(`${x}:${y}`)
  }
  return cells
}

export class GridIndex {
  readonly #cells = new Map<string, Set<string>>()
  readonly #rects = new Map<string, Rect>()

  get size(): number {
    return this.#rects.size
  }

  rect(id: string): Rect | undefined {
    return this.#rects.get(id)
  }

  entries(): IterableIterator<[string, Rect]> {
    return this.#rects.entries()
  }

  set(id: string, rect: Rect): void {
    const old = this.#rects.get(id)
    if (old && old.x === rect.x && old.y === rect.y && old.width === rect.width && old.height === rect.height) return
    if (old) this.delete(id)
    this.#rects.set(id, rect)
    for (const cell of cellsOf(rect)) {
      const there = this.#cells.get(cell)
      if (there) there.add(id)
      else this.#cells.set(cell, new Set([id]))
    }
  }

  delete(id: string): void {
    const rect = this.#rects.get(id)
    if (!rect) return
    this.#rects.delete(id)
    for (const cell of cellsOf(rect)) {
      const there = this.#cells.get(cell)
      there?.delete(id)
      if (there?.size === 0) this.#cells.delete(cell)
    }
  }

  /** Ids whose rectangle touches `area`, in no particular order. */
  query(area: Rect): Set<string> {
    const found = new Set<string>()
    const cells = ((area.width / CELL) * area.height) / CELL
    // A view of the whole graph asks for more cells than there are nodes.
    if (cells > this.#rects.size) {
      for (const [id, rect] of this.#rects) if (overlaps(rect, area)) found.add(id)
      return found
    }
    for (const cell of cellsOf(area)) {
      for (const id of this.#cells.get(cell) ?? []) {
        const rect = this.#rects.get(id)
        if (rect && overlaps(rect, area)) found.add(id)
      }
    }
    return found
  }
}

const ENTER = 0.03
const LEAVE = 0.12

const widen = (view: Rect, share: number): Rect => ({
  x: view.x - view.width * share,
  y: view.y - view.height * share,
  width: view.width * (1 + 2 * share),
  height: view.height * (1 + 2 * share),
})

export interface WindowChoice {
  readonly mounted: ReadonlySet<string>
  /** More are in view than could be mounted now: choose again in the next frame. */
  readonly more: boolean
}

/**
 * The nodes to have mounted for `view`: what is in it and a little around it, what was mounted and is not
 * far outside, and the pinned ones (the focus, what is dragged). At most `budget` new ones, nearest the
 * middle first; pinned ones beyond it.
 */
export function chooseWindow(
  index: GridIndex,
  view: Rect,
  before: ReadonlySet<string>,
  pinned: Iterable<string>,
  budget: number,
): WindowChoice {
  const mounted = new Set<string>()
  const far = widen(view, LEAVE)
  for (const id of before) {
    const rect = index.rect(id)
    if (rect && overlaps(rect, far)) mounted.add(id)
  }
  for (const id of pinned) if (index.rect(id)) mounted.add(id)
  const wanted = [...index.query(widen(view, ENTER))].filter((id) => !mounted.has(id))
  const centre = { x: view.x + view.width / 2, y: view.y + view.height / 2 }
  const distance = (id: string): number => {
    const rect = index.rect(id)
    return rect ? Math.hypot(rect.x + rect.width / 2 - centre.x, rect.y + rect.height / 2 - centre.y) : Infinity
  }
  if (wanted.length > budget) wanted.sort((a, b) => distance(a) - distance(b))
  for (const id of wanted.slice(0, budget)) mounted.add(id)
  return { mounted, more: wanted.length > budget }
}
