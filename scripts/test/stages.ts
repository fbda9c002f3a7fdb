import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { MissingTool } from '../lib/missing-tool.ts'
import { inRoot } from '../lib/paths.ts'
import { type ProcessResult, runProcess } from '../lib/run-process.ts'
import { ensureChromium } from './chromium.ts'
import { type Counts, countPlaywright, countUnittest, judged, none, readVitestCounts } from './counts.ts'
import { ensureDataPython } from './data-python.ts'
import { ensureTestElectron } from './test-electron.ts'
import { ensureUv } from './uv.ts'

export interface Stage {
  readonly name: string
  readonly what: string
  run(): Promise<Counts>
}

const report = (name: string): string => inRoot('test-results', 'reports', `${name}.json`)

const freshReport = async (name: string): Promise<string> => {
  await mkdir(inRoot('test-results', 'reports'), { recursive: true })
  await rm(report(name), { force: true })
  return report(name)
}

const inCi = (): boolean => process.env['CI'] === 'true'

const full = (): boolean => process.env['NODELOOM_TEST_FULL'] === '1'

/** Runs a program of node_modules on the Node that runs this. */
const tool = (
  path: string,
  args: readonly string[],
  deadlineS: number,
  env: Record<string, string | undefined> = {},
): Promise<ProcessResult> => runProcess(process.execPath, [inRoot(path), ...args], { deadlineS, env })

const asOneTest = (name: string, { code, timedOut }: ProcessResult): Counts => {
  if (code === 0) return { ...none, passed: 1 }
  return { ...none, failed: 1, notes: [timedOut ? `${name}: ended at its deadline` : `${name}: failed`] }
}

const staticCheck = (name: string, what: string, path: string, args: readonly string[] = []): Stage => ({
  name,
  what,
  run: async () => asOneTest(name, await tool(path, args, 300)),
})

const filesUnder = (folder: string, pattern: RegExp): string[] =>
  existsSync(inRoot(folder))
    ? readdirSync(inRoot(folder), { recursive: true, encoding: 'utf8' }).filter((path) => pattern.test(path))
    : []

/** A runner that crashed leaves no report, or half of one. */
const readReport = (path: string, read: (path: string) => Counts, result: ProcessResult): Counts => {
  try {
    return judged(read(path), result.code)
  } catch {
    const note = result.timedOut ? 'ended at its deadline' : `the runner ended with code ${result.code} and no report`
    return { ...none, failed: 1, notes: [note] }
  }
}

const withUv = async (): Promise<Record<string, string>> => ({
  PATH: [await ensureUv(), process.env['PATH'] ?? ''].join(delimiter),
})

const unit: Stage = {
  name: 'unit',
  what: 'unit tests (vitest)',
  async run() {
    const path = await freshReport('unit')
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${path}`]
    const result = await tool('node_modules/vitest/vitest.mjs', args, full() ? 1800 : 900, await withUv())
    return readReport(path, readVitestCounts, result)
  },
}

const python: Stage = {
  name: 'python',
  what: 'Python tests (unittest)',
  async run() {
    const folder = inRoot('resources', 'python')
    if (!existsSync(join(folder, 'tests'))) throw new MissingTool('resources/python/tests does not exist.')
    const interpreter = await ensureDataPython()
    // With -v the name of a test is printed before it runs, so one that hangs is known.
    const args = ['-m', 'unittest', 'discover', '-s', 'tests', '-t', '.', '-v']
    const result = await runProcess(interpreter, args, {
      cwd: folder,
      deadlineS: full() ? 900 : 300,
      env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: folder },
    })
    if (result.timedOut) return { ...none, failed: 1, notes: ['python: ended at its deadline'] }
    return judged(countUnittest(result.output), result.code)
  },
}

/** Stories that need a browser or a window. None written yet is a skip, said aloud, and never in CI. */
const stories = (
  name: string,
  what: string,
  pattern: RegExp,
  deadlineS: number,
  prepare: () => Promise<Record<string, string>>,
): Stage => ({
  name,
  what,
  async run() {
    if (filesUnder('e2e', pattern).length === 0) {
      const note = `${name}: there is no story in e2e/ yet`
      return inCi() ? { ...none, failed: 1, notes: [note] } : { ...none, skipped: 1, notes: [note] }
    }
    const env = { ...(await withUv()), ...(await prepare()) }
    const path = await freshReport(name)
    const result = await tool(
      'node_modules/@playwright/test/cli.js',
      ['test', `--project=${name === 'e2e' ? 'chromium' : 'electron'}`, '--reporter=list,json'],
      full() ? deadlineS * 2 : deadlineS,
      { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: path },
    )
    return readReport(path, (file) => countPlaywright(JSON.parse(readFileSync(file, 'utf8'))), result)
  },
})

const electron = stories(
  'electron',
  'the desktop shell (old Electron under Xvfb)',
  /\.electron\.spec\.ts$/,
  600,
  async () => ({
    NODELOOM_TEST_ELECTRON: await ensureTestElectron(),
  }),
)

/** Outside CI a machine that cannot have the test Electron skips its stories, with the reason. */
const electronOrSkip: Stage = {
  ...electron,
  async run() {
    try {
      return await electron.run()
    } catch (error) {
      if (!(error instanceof MissingTool) || inCi()) throw error
      return { ...none, skipped: 1, notes: [`electron: ${error.message}`] }
    }
  },
}

/** In the order in which they run: what is quick and cheap to mend comes first. */
export const stages: readonly Stage[] = [
  staticCheck('types', 'types (tsc)', 'scripts/types.ts'),
  staticCheck('lint', 'lint (oxlint)', 'node_modules/oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']),
  staticCheck('format', 'format (prettier)', 'node_modules/prettier/bin/prettier.cjs', [
    '--check',
    '.',
    '--log-level',
    'warn',
  ]),
  staticCheck('borders', 'borders between the parts, and fixtures that must fail', 'scripts/borders/check.ts'),
  staticCheck('dead', 'dead code (knip)', 'node_modules/knip/bin/knip.js'),
  unit,
  python,
  staticCheck('build', 'build (electron-vite)', 'node_modules/electron-vite/bin/electron-vite.js', [
    'build',
    '--logLevel',
    'warn',
  ]),
  stories('e2e', 'stories in Chromium (playwright)', /(?<!\.electron)\.spec\.ts$/, 1200, async () => ({
    NODELOOM_CHROMIUM: await ensureChromium(),
  })),
  electronOrSkip,
]
