/**
 * Whether the code area follows the selection. A module of its own, because the page's first script needs it
 * and must not bring the canvas along.
 */
let follows = true

export const followsSelection = (): boolean => follows

/** For a selection that is put back, not made: the files that were open come back by themselves. */
export function withoutFollowing(select: () => void): void {
  follows = false
  try {
    select()
  } finally {
    follows = true
  }
}
