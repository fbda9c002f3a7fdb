/** Where the values of one run are: in which workers, in a file, in bytes that came with the result. */
import type { Handle } from '../../src-shared/ids.ts'
import type { StoredValue, ValueSource, Worker } from '../python/index.ts'

export interface HeldValue {
  readonly handle: Handle
  /** `NODE.PORT`, for messages. */
  readonly label: string
  /** Rough size, for placement and budgets. */
  readonly bytes: number
  /** Pickled, base64. */
  readonly pickled: string | null
  /** Workers that hold it, while they live. */
  readonly holders: Set<Worker>
  /** Calls that will still read it. */
  readers: number
  /** Being written to a file, or written. */
  storing: Promise<StoredValue> | null
  stored: StoredValue | null
  /** Why it cannot leave its worker. */
  tied: string | null
  /** Why it is gone. */
  lost: string | null
}

/** Where a value can be had on a worker right now; null when it must first be stored, or cannot be had. */
export function sourceOn(value: HeldValue, worker: Worker): ValueSource | null {
  const { handle } = value
  if (value.holders.has(worker)) return { from: 'handle', handle }
  if (value.pickled !== null) return { from: 'bytes', base64: value.pickled, keepAs: handle }
  if (value.stored !== null) return { from: 'stored', stored: value.stored, keepAs: handle }
  return null
}

export const isPortable = (value: HeldValue): boolean => value.pickled !== null || value.stored !== null

export class HeldValues {
  readonly #values = new Map<Handle, HeldValue>()
  /** By worker: what would be lost with it, or make its readers wait for it. */
  readonly #onlyThere = new Map<Worker, Set<HeldValue>>()

  get(handle: Handle): HeldValue | undefined {
    return this.#values.get(handle)
  }

  add(value: Omit<HeldValue, 'holders' | 'storing' | 'tied' | 'lost'>, worker: Worker | null): HeldValue {
    const held: HeldValue = { ...value, holders: new Set(), storing: null, tied: null, lost: null }
    this.#values.set(value.handle, held)
    if (worker !== null) this.copied(held, worker)
    return held
  }

  copied(value: HeldValue, worker: Worker): void {
    value.holders.add(worker)
    if (isPortable(value)) return
    const there = this.#onlyThere.get(worker) ?? new Set()
    this.#onlyThere.set(worker, there.add(value))
  }

  /** Values that no other place has. */
  onlyOn(worker: Worker): Iterable<HeldValue> {
    return this.#onlyThere.get(worker) ?? []
  }

  /**
   * Has the value written to a file by one of its workers, once. The request is sent before this returns,
   * so that it is worked off before any call submitted afterwards. Rejects when it cannot be stored; the
   * value is then tied to its worker.
   */
  store(value: HeldValue): Promise<StoredValue> {
    if (value.storing !== null) return value.storing
    const [owner] = value.holders
    if (owner === undefined) return Promise.reject(new Error(value.lost ?? `${value.label} is gone`))
    value.storing = owner.store(value.handle).then(
      (stored) => {
        value.stored = stored
        for (const holder of value.holders) this.#onlyThere.get(holder)?.delete(value)
        return stored
      },
      (error: unknown) => {
        if (value.holders.size > 0) value.tied = error instanceof Error ? error.message : String(error)
        throw error
      },
    )
    // Whoever needs the file waits for it; a failure that nobody waits for is noted above.
    value.storing.catch(() => undefined)
    return value.storing
  }

  /** The worker is gone. `cause` in user words. */
  workerLost(worker: Worker, cause: string): void {
    this.#onlyThere.delete(worker)
    for (const value of this.#values.values()) {
      if (!value.holders.delete(worker)) continue
      if (value.holders.size === 0 && !isPortable(value)) value.lost = `input lost when ${cause}: ${value.label}`
    }
  }

  /** Forgets the value everywhere; its file goes with the run. */
  forget(handle: Handle): void {
    const value = this.#values.get(handle)
    if (value === undefined) return
    this.#values.delete(handle)
    for (const holder of value.holders) {
      this.#onlyThere.get(holder)?.delete(value)
      holder.drop([handle])
    }
  }
}
