import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** What a stage did, in tests. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** Lines worth reading again at the end: why something was skipped, which test was flaky. */
  readonly notes: readonly string[]
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0, notes: [] }

export const addCounts = (all: readonly Counts[]): Counts => ({
  passed: all.reduce((sum, counts) => sum + counts.passed, 0),
  failed: all.reduce((sum, counts) => sum + counts.failed, 0),
  skipped: all.reduce((sum, counts) => sum + counts.skipped, 0),
  notes: all.flatMap((counts) => counts.notes),
})

/** The last line of `npm test`. */
export const countLine = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`

/**
 * A runner that ended badly although no test failed (it crashed, a file did not load, nothing was found) has to fail
 * the stage, or its tests would vanish in silence.
 */
export const judged = (counts: Counts, exitCode: number): Counts => {
  if (counts.failed > 0) return counts
  if (exitCode !== 0)
    return { ...counts, failed: 1, notes: [...counts.notes, `the runner ended with code ${exitCode}`] }
  if (counts.passed === 0) return { ...counts, failed: 1, notes: [...counts.notes, 'no test passed'] }
  return counts
}

const zVitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
})

export const readVitestCounts = (path: string): Counts => {
  const report = zVitestReport.parse(JSON.parse(readFileSync(path, 'utf8')))
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    notes: [],
  }
}

interface Suite {
  title: string
  specs?:
    | {
        title: string
        tests: { status: string; annotations?: { type: string; description?: string | undefined }[] | undefined }[]
      }[]
    | undefined
  suites?: Suite[] | undefined
}

const zSuite: z.ZodType<Suite> = z.lazy(() =>
  z.object({
    title: z.string(),
    specs: z
      .array(
        z.object({
          title: z.string(),
          tests: z.array(
            z.object({
              status: z.string(),
              annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })).optional(),
            }),
          ),
        }),
      )
      .optional(),
    suites: z.array(zSuite).optional(),
  }),
)

const zPlaywrightReport = z.object({ suites: z.array(zSuite) })

export const countPlaywright = (report: unknown): Counts => {
  let passed = 0
  let failed = 0
  let skipped = 0
  const notes: string[] = []
  const waiting = [...zPlaywrightReport.parse(report).suites]
  for (let suite = waiting.pop(); suite !== undefined; suite = waiting.pop()) {
    waiting.push(...(suite.suites ?? []))
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'skipped') {
          skipped += 1
          const reason = test.annotations?.find(({ type }) => type === 'skip' || type === 'fixme')?.description
          notes.push(`skipped: ${spec.title}${reason === undefined ? '' : ` (${reason})`}`)
        } else if (test.status === 'unexpected') failed += 1
        else {
          passed += 1
          if (test.status === 'flaky') notes.push(`flaky: ${spec.title} passed only on a later try`)
        }
      }
    }
  }
  return { passed, failed, skipped, notes }
}

/** Reads what `python -m unittest` prints: `Ran 12 tests in 0.1s`, then `OK (skipped=1)` or `FAILED (failures=1)`. */
export const countUnittest = (output: string): Counts => {
  const ran = /^Ran (\d+) tests? in /m.exec(output)
  const verdict = /^(OK|FAILED|NO TESTS RAN)(?: \((.*)\))?\s*$/m.exec(output)
  if (ran === null || verdict === null) {
    return { passed: 0, failed: 1, skipped: 0, notes: ['unittest printed no verdict'] }
  }
  const parts = new Map(
    (verdict[2] ?? '').split(', ').map((part) => {
      const [name = '', count = '0'] = part.split('=')
      return [name, Number(count)] as const
    }),
  )
  const of = (name: string): number => parts.get(name) ?? 0
  const failed = of('failures') + of('errors') + of('unexpected successes')
  const skipped = of('skipped')
  return { passed: Math.max(0, Number(ran[1]) - failed - skipped), failed, skipped, notes: [] }
}
