/** What a bench is: a file NAME.bench.ts in bench/ that exports `bench`. */

export type Unit = 'ms' | 's' | 'MB' | 'kB' | 'MB/s' | 'events/s'

export interface Row {
  /** The target's number, for example `P1`. */
  readonly id: string
  readonly what: string
  readonly unit: Unit
  /** Samples of the product, in `unit`. */
  readonly ours: readonly number[]
  /** The target in `unit`: reached when our median is at most (`max`) or at least (`min`) that. */
  readonly target: { readonly max: number } | { readonly min: number }
  /** What it is compared with, measured in the same run. */
  readonly reference: { readonly what: string; readonly samples: readonly number[] }
  /** Figures of others, measured elsewhere and earlier; printed as such, never compared. */
  readonly recorded?: string
  /** Where the time goes: named parts of ours, in `unit`. */
  readonly parts?: Readonly<Record<string, readonly number[]>>
}

export interface BenchContext {
  /** An empty folder that is removed afterwards. */
  readonly folder: string
  /** The environment for every program of the run, ours and the reference alike. */
  readonly env: Readonly<Record<string, string>>
  /** Runs `once` a few times to warm up, then `times` times, and gives what it returned each time. */
  readonly sample: (times: number, once: (round: number) => Promise<number>) => Promise<number[]>
}

export interface Bench {
  /** Rows may be fewer than planned; each has to hold a measurement of its own reference. */
  run(context: BenchContext): Promise<readonly Row[]>
}
