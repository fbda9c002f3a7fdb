/**
 * Looks a key up among an object's own properties. Node ids and ports are texts that people choose, so a
 * plain index would find `constructor` or `toString` on every object.
 */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
}

/** A copy of `record` without `key`; the same object when the key is not there. */
export function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  if (!Object.hasOwn(record, key)) return record
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}
