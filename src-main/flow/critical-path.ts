/** The number of nodes on the longest way from each node to an end; places are in topological order. */
export function remainingLengths(dependents: readonly (readonly number[])[]): Int32Array {
  const lengths = new Int32Array(dependents.length)
  for (let index = dependents.length - 1; index >= 0; index -= 1) {
    let longest = 0
    for (const dependent of dependents[index] ?? []) longest = Math.max(longest, lengths[dependent] ?? 0)
    lengths[index] = longest + 1
  }
  return lengths
}
