/** "Did you mean …": the known name most like a mistyped one. */

/** Edit distance: insert, remove or change a character, or swap two neighbours. Texts are short. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      next.push(Math.min(change, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}

/** The nearest of `names`, or null when none is like enough: at most two changes in five characters. */
export function nearest(name: string, names: Iterable<string>): string | null {
  if (name.length > 64) return null
  const limit = Math.max(1, Math.floor(name.length * 0.4))
  let best: string | null = null
  let bestDistance = limit + 1
  for (const candidate of names) {
    if (Math.abs(candidate.length - name.length) > limit) continue
    const changes = distance(name.toLowerCase(), candidate.toLowerCase())
    if (changes < bestDistance) {
      best = candidate
      bestDistance = changes
    }
  }
  return best
}
