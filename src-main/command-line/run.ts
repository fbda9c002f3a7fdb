/** `nodeloom run`: the same engine as the app, without the page. */
import { realpath } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { z } from 'zod'
import { zProblem } from '../../src-shared/contract/problem.ts'
import type { RunEvent } from '../../src-shared/contract/run.ts'
import type { RunId } from '../../src-shared/ids.ts'
import { flowToRun, readyEnvironment, startRun } from '../api/start-run.ts'
import { AppError, toAppError } from '../base/app-error.ts'
import { createJsonReporter, createPersonReporter, exitCodeOf, readSetOptions, type Reporter } from '../flow/index.ts'
import type { Host } from '../api/host.ts'
import { problemLine } from './check.ts'
import { parseCommand, printError, projectPath, withHost, type Command } from './context.ts'

const usage =
  'nodeloom run [PROJECT] [--flow main] [--to NODE]... [--from NODE] [--only NODE] [--set NODE.INPUT=VALUE]... ' +
  '[--no-reuse] [--explain] [--jobs N] [--install] [--json]'

const options = {
  flow: { type: 'string' },
  to: { type: 'string', multiple: true },
  from: { type: 'string' },
  only: { type: 'string' },
  set: { type: 'string', multiple: true },
  // Nothing is reused yet, so every run is already what this asks for.
  'no-reuse': { type: 'boolean' },
  explain: { type: 'boolean' },
  jobs: { type: 'string' },
  install: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

interface RunArguments {
  readonly project: string
  readonly flow: string
  readonly to: readonly string[]
  readonly from: string | undefined
  readonly only: string | undefined
  readonly set: readonly string[]
  readonly jobs: number | undefined
  readonly explain: boolean
  readonly install: boolean
  readonly json: boolean
}

const MOST_JOBS = 256

function parseRun(args: readonly string[]): RunArguments {
  const { values, positionals } = parseCommand(args, usage, options, 1)
  const wrong = (message: string): AppError => new AppError('usage', message, { hint: `Usage: ${usage}` })
  if (values.only !== undefined && (values.to !== undefined || values.from !== undefined)) {
    throw wrong('--only runs one node alone and does not go with --to or --from.')
  }
  if (values.jobs !== undefined && !(/^[1-9]\d{0,3}$/.test(values.jobs) && Number(values.jobs) <= MOST_JOBS)) {
    throw wrong(`--jobs takes a number from 1 to ${MOST_JOBS}, not "${values.jobs}".`)
  }
  return {
    project: projectPath(positionals[0]),
    flow: values.flow ?? 'main',
    to: values.to ?? [],
    from: values.from,
    only: values.only,
    set: values.set ?? [],
    jobs: values.jobs === undefined ? undefined : Number(values.jobs),
    explain: values.explain === true,
    install: values.install === true,
    json: values.json === true,
  }
}

function reporterFor(json: boolean): Reporter {
  const write = (text: string): void => void process.stdout.write(text)
  if (json) return createJsonReporter({ write })
  const { isTTY } = process.stdout
  return createPersonReporter({ write, isTTY, color: isTTY && process.env['NO_COLOR'] === undefined })
}

/** Ctrl+C once stops cleanly, twice kills. */
function stopOnSignals(stop: (kill: boolean) => void): { dispose(): void } {
  let count = 0
  const onSignal = (): void => {
    count += 1
    stop(count > 1)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  return {
    dispose() {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal)
    },
  }
}

/** Why each node ran, was skipped or stopped, in words, on stderr. */
function explain(events: readonly RunEvent[]): void {
  for (const event of events) {
    if (event.type === 'node.finished') printError(`${event.node}: ${event.result.reason}: ${event.result.why}`)
  }
}

const zRefusal = z.object({ problems: z.array(zProblem) })
const EXIT_STOPPED = 130

async function runFlow(host: Host, order: RunArguments, reporter: Reporter, openingAt: number): Promise<number> {
  // A worker takes as long to start as the project takes to be read: both at once. Of a folder that cannot be
  // opened, opening tells.
  void realpath(order.project).then(
    (dir) => host.runs.warm(dir),
    () => undefined,
  )
  const opened = await host.projects.open(order.project, { live: false })
  const project = host.projects.get(opened.projectId)
  let runId: RunId | null = null
  let stops = 0
  const signals = stopOnSignals((kill) => {
    stops += 1
    if (runId !== null) host.runs.stop(project.dir, runId, { kill })
    // Before the run began there is only the environment's work to end.
    else void host.environments.cancel(project.dir)
  })
  const logging = host.environments.onDidLog(({ text }) => process.stderr.write(text))
  const events = host.runs.onDidEmit((batch) => {
    reporter.onEvents(batch.events)
    if (order.explain) explain(batch.events)
  })
  try {
    const document = flowToRun(project, order.flow)
    await project.analysed()
    const set = readSetOptions(order.set, document, (file) => project.analyses.get(file))
    const { to, from, only, flow, jobs } = order
    const selection = {
      ...(to.length === 0 ? {} : { to: [...to] }),
      ...(from === undefined ? {} : { from }),
      ...(only === undefined ? {} : { only }),
    }
    const wanted = { projectId: opened.projectId, flow, selection, set, jobs, openingAt }
    await readyEnvironment(host, wanted, order.install)
    if (stops > 0) return EXIT_STOPPED
    const started = await startRun(host, wanted)
    runId = started.runId
    for (const warning of started.warnings) printError(problemLine(warning))
    if (stops > 0) host.runs.stop(project.dir, runId)
    const outcome = await started.done
    if (outcome.error !== null) throw outcome.error
    return exitCodeOf(outcome.finished.status)
  } catch (thrown) {
    if (stops > 0) return EXIT_STOPPED
    throw thrown
  } finally {
    signals.dispose()
    logging.dispose()
    events.dispose()
  }
}

export const runCommand: Command = {
  usage,
  summary: 'Run a flow, or a part of it.',
  async run(args) {
    const openingAt = performance.now()
    const order = parseRun(args)
    const reporter = reporterFor(order.json)
    try {
      return await withHost((host) => runFlow(host, order, reporter, openingAt))
    } catch (thrown) {
      const error = toAppError(thrown)
      const refusal = error.code === 'run_refused' ? zRefusal.safeParse(error.detail) : null
      if (refusal?.success) {
        reporter.refused(refusal.data.problems)
        return 2
      }
      if (order.json) reporter.refused([refusedAs(error)])
      throw error
    }
  },
}

/** Programs read `--json`: what kept the run from starting is a problem there too. */
function refusedAs(error: AppError) {
  const code =
    error.code === 'environment_broken'
      ? ('environment-broken' as const)
      : error.code === 'environment_missing'
        ? ('package-missing' as const)
        : error.code === 'interpreter_missing'
          ? ('interpreter-missing' as const)
          : ('not-a-project' as const)
  return {
    code,
    severity: 'error' as const,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    file: null,
    line: null,
    node: null,
    port: null,
    edge: null,
  }
}
