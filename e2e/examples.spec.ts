/** The three examples on the command line: made, run, exported, and the export run by the project's own Python. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { eventsOf, jsonOf, nodeOf, readRefusal, readRun } from './support/run-report.ts'
import { treeOf } from './support/project-files.ts'
import { expect, test } from './support/test.ts'

const run = promisify(execFile)
const python = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']

/** What an expression over the results of the exported flow gives, in the project's environment. */
const exported = async (dir: string, expression: string): Promise<unknown> => {
  const code = `import json, flow; results = flow.main(); print(chr(10) + json.dumps(${expression}))`
  const { stdout } = await run(join(dir, '.venv', ...python), ['-c', code], { cwd: dir })
  // Nodes print too; the answer is on the last line.
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
}

const zHours = z.array(z.object({ hour: z.number(), requests: z.number(), errors: z.number(), kilobytes: z.number() }))
const zPages = z.array(z.object({ page: z.string(), requests: z.number(), share: z.number() }))

const card = [
  '*********************',
  '* Hello, Ada!       *',
  '* Hello, Grace!     *',
  '* Hello, Katherine! *',
  '*********************',
].join('\n')

test('hello: run for a person and for a program, exported with equal results', async ({ nodeloom, projectsDir }) => {
  const dir = join(projectsDir, 'hello')
  const made = await nodeloom(['new', 'hello', '--example', 'hello'])
  expect(made).toMatchObject({ code: 0, stderr: '' })
  expect(await nodeloom(['check', 'hello'])).toEqual({ code: 0, stdout: 'No problems.\n', stderr: '' })

  const person = await nodeloom(['run', 'hello'])
  expect(person).toMatchObject({ code: 0, stderr: '' })
  expect(person.stdout).toMatch(/^Run 1 of main: 3 nodes$/m)
  expect(person.stdout).toMatch(/^greet \| greeting Katherine$/m)
  expect(person.stdout).toMatch(/^✓ {2}card {3}succeeded {2}.*Hello, Ada!/m)
  expect(person.stdout).toMatch(/^Succeeded in .*: 3 succeeded$/m)

  const program = await nodeloom(['run', '--json'], { cwd: dir })
  expect(program.code).toBe(0)
  const report = readRun(program.stdout)
  expect(Object.keys(report).filter((key) => key !== 'seq')).toEqual([
    'type',
    'status',
    'openMs',
    'durationMs',
    'nodes',
  ])
  expect(report.status).toBe('succeeded')
  expect(Object.keys(report.nodes).toSorted()).toEqual(['card', 'greet', 'names'])
  expect(jsonOf(report, 'card')).toBe(card)
  expect(nodeOf(report, 'card')).toMatchObject({
    status: 'succeeded',
    reason: 'ran',
    outputs: { result: { text: card, type: 'str' } },
  })
  const said = eventsOf(program.stdout, 'node.output').map(({ node, stream, text }) => [node, stream, text])
  expect(said.map(([, , text]) => text).join('')).toBe('greeting Ada\ngreeting Grace\ngreeting Katherine\n')
  expect(said.every(([node, stream]) => node === 'greet' && stream === 'stdout')).toBe(true)

  const before = await treeOf(dir)
  const printed = await nodeloom(['export', 'hello'])
  expect(printed.code).toBe(0)
  expect(await treeOf(dir)).toEqual(before)
  expect((await nodeloom(['export', 'hello', '--out', 'hello/flow.py'])).code).toBe(0)
  expect(await exported(dir, 'results')).toEqual({ card })
  expect((await run(join(dir, '.venv', ...python), [join(dir, 'flow.py')])).stdout).toContain('Hello, Katherine!')
})

test('logs: four thousand lines are made, read, counted and drawn', async ({ nodeloom, projectsDir }) => {
  test.setTimeout(240_000)
  const dir = join(projectsDir, 'logs')
  expect((await nodeloom(['new', 'logs', '--example', 'logs'])).code).toBe(0)
  const program = await nodeloom(['run', 'logs', '--install', '--json'], { deadlineMs: 200_000 })
  expect(program.code, program.stderr).toBe(0)
  const report = readRun(program.stdout)
  expect(report.status).toBe('succeeded')
  expect(jsonOf(report, 'parse', 'unread')).toBe(0)
  const hours = zHours.parse(jsonOf(report, 'by_hour'))
  expect(hours.map(({ hour }) => hour)).toEqual(Array.from({ length: 24 }, (_, hour) => hour))
  expect(hours.reduce((sum, { requests }) => sum + requests, 0)).toBe(4000)
  const errors = hours.map((row) => row.errors)
  expect(errors.indexOf(Math.max(...errors))).toBe(15)
  const pages = zPages.parse(jsonOf(report, 'top_pages'))
  expect(pages).toHaveLength(5)
  expect(pages.every(({ requests, share }) => Math.abs(share - requests / 4000) < 0.00051)).toBe(true)
  expect(nodeOf(report, 'chart').outputs['result']).toMatchObject({
    type: 'matplotlib.figure.Figure',
    summary: 'figure · 800 × 360',
    view: 'image',
  })

  const person = await nodeloom(['run', 'logs'])
  expect(person.code).toBe(0)
  expect(person.stdout).toMatch(/^parse +\| 4000 requests read, 0 lines did not fit$/m)

  expect((await nodeloom(['export', 'logs', '--out', 'logs/flow.py'])).code).toBe(0)
  expect(await exported(dir, 'results["top_pages"]')).toEqual(pages)
})

test('wine: refused until its packages are there, then two models, a figure and a table', async ({
  nodeloom,
  projectsDir,
}) => {
  test.setTimeout(400_000)
  const dir = join(projectsDir, 'wine')
  expect((await nodeloom(['new', 'wine', '--example', 'wine'])).code).toBe(0)
  const before = await treeOf(dir)
  const person = await nodeloom(['run', 'wine'])
  expect(person.code).toBe(2)
  expect(person.stderr).toContain('Not installed in .venv: matplotlib>=3.7, pandas>=2.0, scikit-learn>=1.3.')
  expect(person.stderr).toContain(`nodeloom env ${dir} sync`)
  const refused = await nodeloom(['run', 'wine', '--json'])
  expect(refused.code).toBe(2)
  expect(readRefusal(refused.stdout).problems).toMatchObject([{ code: 'package-missing' }])
  expect(await treeOf(dir)).toEqual(before)

  const sync = await nodeloom(['env', 'wine', 'sync', '--json'], { deadlineMs: 200_000 })
  expect(sync.code, sync.stderr).toBe(0)
  expect(JSON.parse(sync.stdout)).toMatchObject({ state: 'ready', missing: [] })

  const program = await nodeloom(['run', 'wine', '--json'], { deadlineMs: 120_000 })
  expect(program.code, program.stdout).toBe(0)
  const report = readRun(program.stdout)
  expect(nodeOf(report, 'clean').outputs['result']).toMatchObject({ type: 'pandas.DataFrame', summary: '176 × 14' })
  expect(nodeOf(report, 'split').outputs).toMatchObject({
    train: { summary: '105 × 14' },
    test: { summary: '71 × 14' },
  })
  expect(nodeOf(report, 'fit_forest').outputs['result']?.type).toContain('RandomForestClassifier')
  expect(nodeOf(report, 'fit_logistic').outputs['result']?.type).toBe('sklearn.pipeline.Pipeline')
  const { figure, metrics } = nodeOf(report, 'compare').outputs
  expect(figure).toMatchObject({ type: 'matplotlib.figure.Figure', view: 'image' })
  expect(metrics).toMatchObject({ type: 'pandas.DataFrame', summary: '2 × 3', view: 'table' })
  const rows = [...(metrics?.text ?? '').matchAll(/(\w+) +(\d\.\d+) +(\d\.\d+)$/gm)]
  expect(rows.map(([, model]) => model)).toEqual(['LogisticRegression', 'RandomForestClassifier'])
  for (const [, , accuracy, f1] of rows) {
    expect(Number(accuracy)).toBeGreaterThan(0.9)
    expect(Number(accuracy)).toBeLessThanOrEqual(1)
    expect(Number(f1)).toBeGreaterThan(0.9)
  }

  expect((await nodeloom(['export', 'wine', '--out', 'wine/flow.py'])).code).toBe(0)
  const table = await exported(dir, 'results["compare"].metrics.to_string()')
  for (const [, model, accuracy] of rows) expect(table).toMatch(new RegExp(`${model} +${accuracy}`))
})
