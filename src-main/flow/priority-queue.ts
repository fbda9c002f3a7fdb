/** A binary heap: the highest priority first, equal ones in the order they came. */
interface Entry<T> {
  readonly item: T
  readonly priority: number
  readonly order: number
}

export class PriorityQueue<T> {
  readonly #entries: Entry<T>[] = []
  #order = 0

  get size(): number {
    return this.#entries.length
  }

  push(item: T, priority: number): void {
    const entries = this.#entries
    const entry = { item, priority, order: (this.#order += 1) }
    let at = entries.length
    entries.push(entry)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = entries[parent]
      if (above === undefined || !before(entry, above)) break
      entries[at] = above
      at = parent
    }
    entries[at] = entry
  }

  pop(): T | undefined {
    const entries = this.#entries
    const top = entries[0]
    const last = entries.pop()
    if (top === undefined || last === undefined) return undefined
    if (entries.length === 0) return top.item
    let at = 0
    for (;;) {
      const left = entries[2 * at + 1]
      if (left === undefined) break
      const right = entries[2 * at + 2]
      const useRight = right !== undefined && before(right, left)
      const child = useRight ? right : left
      if (!before(child, last)) break
      entries[at] = child
      at = 2 * at + (useRight ? 2 : 1)
    }
    entries[at] = last
    return top.item
  }
}

const before = <T>(a: Entry<T>, b: Entry<T>): boolean =>
  a.priority > b.priority || (a.priority === b.priority && a.order < b.order)
