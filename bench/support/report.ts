import type { Row } from './bench.ts'
import { median, quantile } from './statistics.ts'

export interface Result {
  readonly id: string
  readonly what: string
  readonly unit: string
  readonly min: number
  readonly median: number
  readonly max: number
  readonly target: string
  readonly reached: boolean
  readonly reference: { readonly what: string; readonly min: number; readonly median: number; readonly max: number }
  /** Our median divided by the reference's. */
  readonly ratio: number
  readonly recorded?: string
  /** Medians of the named parts. */
  readonly parts?: Readonly<Record<string, number>>
}

const rounded = (value: number): number => Number(value.toPrecision(3))

const spread = (samples: readonly number[]) => ({
  min: rounded(quantile(samples, 0)),
  median: rounded(median(samples)),
  max: rounded(quantile(samples, 1)),
})

export const resultOf = (row: Row): Result => {
  const ours = median(row.ours)
  const theirs = median(row.reference.samples)
  const reached = 'max' in row.target ? ours <= row.target.max : ours >= row.target.min
  return {
    id: row.id,
    what: row.what,
    unit: row.unit,
    ...spread(row.ours),
    target: 'max' in row.target ? `<= ${row.target.max}` : `>= ${row.target.min}`,
    reached,
    reference: { what: row.reference.what, ...spread(row.reference.samples) },
    ratio: rounded(ours / theirs),
    ...(row.recorded === undefined ? {} : { recorded: row.recorded }),
    ...(row.parts === undefined
      ? {}
      : { parts: Object.fromEntries(Object.entries(row.parts).map(([name, each]) => [name, rounded(median(each))])) }),
  }
}

const spreadText = ({ min, median: middle, max }: { min: number; median: number; max: number }): string =>
  `${min} / ${middle} / ${max}`

/** A table for people; columns are as wide as their widest cell. What was recorded elsewhere follows below it. */
export const tableOf = (results: readonly Result[]): string => {
  const head = ['', 'measured', 'min / median / max', 'target', '', 'reference', 'min / median / max', 'ratio']
  const rows = results.map((result) => [
    result.id,
    result.what,
    `${spreadText(result)} ${result.unit}`,
    `${result.target} ${result.unit}`,
    result.reached ? 'reached' : 'MISSED',
    result.reference.what,
    `${spreadText(result.reference)} ${result.unit}`,
    `${result.ratio}`,
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const table = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [...table, ...results.flatMap(notesOf)].join('\n')
}

const notesOf = ({ id, unit, parts = {}, recorded }: Result): string[] => {
  const named = Object.entries(parts).map(([name, value]) => `${name} ${value} ${unit}`)
  return [
    ...(named.length > 0 ? [`${id}: ${named.join(', ')}`] : []),
    ...(recorded === undefined ? [] : [`${id}, recorded earlier and elsewhere: ${recorded}`]),
  ]
}
