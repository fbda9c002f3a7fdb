import type { Row } from './bench.ts'
import { median, quantile } from './statistics.ts'

export interface Result {
  readonly id: string
  readonly what: string
  readonly unit: string
  readonly median: number
  readonly p95: number
  readonly target: string
  readonly reached: boolean
  readonly reference: { readonly what: string; readonly median: number }
  /** Our median divided by the reference's. */
  readonly ratio: number
}

const rounded = (value: number): number => Number(value.toPrecision(3))

export const resultOf = (row: Row): Result => {
  const ours = median(row.ours)
  const theirs = median(row.reference.samples)
  const reached = 'max' in row.target ? ours <= row.target.max : ours >= row.target.min
  return {
    id: row.id,
    what: row.what,
    unit: row.unit,
    median: rounded(ours),
    p95: rounded(quantile(row.ours, 0.95)),
    target: 'max' in row.target ? `<= ${row.target.max}` : `>= ${row.target.min}`,
    reached,
    reference: { what: row.reference.what, median: rounded(theirs) },
    ratio: rounded(ours / theirs),
  }
}

/** A table for people; columns are as wide as their widest cell. */
export const tableOf = (results: readonly Result[]): string => {
  const head = ['', 'measured', 'median', 'p95', 'target', '', 'reference', 'its median', 'ratio']
  const rows = results.map((result) => [
    result.id,
    result.what,
    `${result.median} ${result.unit}`,
    `${result.p95}`,
    `${result.target} ${result.unit}`,
    result.reached ? 'reached' : 'MISSED',
    result.reference.what,
    `${result.reference.median} ${result.unit}`,
    `${result.ratio}`,
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
