/** For tests: a project in a temp folder, run with real workers. */
import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AnalysisService } from '../analysis/index.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { makeFolder, removeFolder } from '../base/file-changes.ts'
import { createLogger } from '../base/logger.ts'
import { spawnProcess } from '../base/spawn.ts'
import { createWorkerPool, type WorkerPool } from '../python/index.ts'
import type { FileAnalysis } from '../../src-shared/contract/analysis.ts'
import type { NodeResult, RunEvent, RunSelection } from '../../src-shared/contract/run.ts'
import { zJsonText } from '../../src-shared/flow/document.ts'
import { parseFlow } from '../../src-shared/flow/parse-flow.ts'
import { graphProblems } from '../../src-shared/flow/problems.ts'
import type { RunOutcome } from './run.ts'
import { RunService, type RunRequest, type StartedRun } from './run-service.ts'

const runtimeDir = join(dirname(fileURLToPath(import.meta.url)), '../../resources/python')

/** The real interpreter behind `python3`, which may be a version manager's shim. */
function basePython(): Promise<string> {
  const child = spawnProcess('python3', ['-c', 'import sys; print(sys.executable, end="")'])
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve(text))
  })
}

export interface ProjectText {
  /** Python source by node id: `nodes/ID.py`; each is a code node of the flow. */
  readonly code?: Readonly<Record<string, string>>
  /** Further fields of those nodes, and other nodes. */
  readonly nodes?: Readonly<Record<string, object>>
  /** `a.result -> b.x` */
  readonly edges?: readonly string[]
}

export interface RunChoice {
  readonly selection?: RunSelection
  readonly set?: Readonly<Record<string, string>>
  readonly jobs?: number
}

export interface Ran extends RunOutcome {
  readonly events: readonly RunEvent[]
  /** `status reason` by node. */
  readonly ends: Readonly<Record<string, string>>
  /** JSON of `result`, or the text of its preview, by node that succeeded. */
  readonly values: Readonly<Record<string, string>>
}

/** Shared by the tests of a file: starting Python is the slow part. */
export class RunFixture {
  readonly pool: WorkerPool
  readonly dir: string
  readonly #analysis: AnalysisService
  readonly #python: string
  #projects = 0

  private constructor(dir: string, python: string) {
    this.dir = dir
    this.#python = python
    this.pool = createWorkerPool({ runtimeDir })
    const scriptPath = join(runtimeDir, 'nodeloom_analysis', '__main__.py')
    this.#analysis = new AnalysisService({ interpreter: () => Promise.resolve(python), scriptPath })
  }

  static async create(): Promise<RunFixture> {
    const dir = await realpath(await mkdtemp(join(tmpdir(), 'nodeloom-runs-')))
    return new RunFixture(dir, await basePython())
  }

  async dispose(): Promise<void> {
    await Promise.all([this.pool.stop(), this.#analysis.stop()])
    await removeFolder(this.dir)
  }

  /** A service as one host has it; hosts of one fixture share the profile. */
  service(): RunService {
    return new RunService({
      pool: this.pool,
      environment: () => Promise.resolve({ interpreter: this.#python, supervisorInterpreter: this.#python, env: {} }),
      profileDir: join(this.dir, 'profile'),
      logger: createLogger({ level: 'error' }),
    })
  }

  async project(text: ProjectText): Promise<TestProject> {
    this.#projects += 1
    const dir = join(this.dir, `project-${this.#projects}`)
    const project = new TestProject(dir, this.service(), this.#analysis)
    await project.write(text)
    return project
  }
}

export class TestProject {
  readonly dir: string
  service: RunService
  readonly #analysis: AnalysisService
  #request: Pick<RunRequest, 'document' | 'analysisOf' | 'problems'> | null = null

  constructor(dir: string, service: RunService, analysis: AnalysisService) {
    this.dir = dir
    this.service = service
    this.#analysis = analysis
  }

  async write({ code = {}, nodes = {}, edges = [] }: ProjectText): Promise<void> {
    await makeFolder(join(this.dir, 'nodes'))
    const all: Record<string, object> = { ...nodes }
    const analyses = new Map<string, FileAnalysis>()
    for (const [id, source] of Object.entries(code)) {
      const file = `nodes/${id}.py`
      all[id] = { kind: 'code', file, ...nodes[id] }
      await writeFileAtomic(join(this.dir, file), source)
    }
    for (const id of Object.keys(code)) {
      const file = `nodes/${id}.py`
      analyses.set(file, await this.#analysis.analyse(this.dir, file, null))
    }
    const ends = edges.map((edge) => {
      const [from, to] = edge.split(' -> ')
      return { from, to }
    })
    const parsed = parseFlow(JSON.stringify({ format: 1, nodes: all, edges: ends }), 'flows/main.json')
    if (parsed.document === null) throw new Error('the flow of this test cannot be read')
    const analysisOf = (file: string): FileAnalysis | undefined => analyses.get(file)
    const found = graphProblems(parsed.document, 'flows/main.json', parsed.positions, analysisOf)
    this.#request = { document: parsed.document, analysisOf, problems: [...parsed.problems, ...found] }
  }

  start({ selection = {}, set = {}, jobs = 2 }: RunChoice = {}): Promise<StartedRun> {
    if (this.#request === null) throw new Error('nothing was written')
    const json = Object.fromEntries(Object.entries(set).map(([name, text]) => [name, zJsonText.parse(text)]))
    return this.service.start({
      projectDir: this.dir,
      projectId: null,
      flow: 'main',
      ...this.#request,
      selection,
      set: json,
      jobs,
    })
  }

  /** `onEvent` sees each event as it is said. */
  async run(
    choice: RunChoice = {},
    onEvent: (event: RunEvent, run: TestProject) => void = () => undefined,
  ): Promise<Ran> {
    const events: RunEvent[] = []
    const listening = this.service.onDidEmit((batch) => {
      if (batch.projectDir !== this.dir) return
      events.push(...batch.events)
      for (const event of batch.events) onEvent(event, this)
    })
    const started = await this.start(choice)
    const outcome = await started.done
    listening.dispose()
    return { ...outcome, events, ends: endsOf(outcome), values: valuesOf(outcome) }
  }
}

const endsOf = ({ finished }: RunOutcome): Record<string, string> =>
  Object.fromEntries(Object.entries(finished.nodes).map(([node, { status, reason }]) => [node, `${status} ${reason}`]))

const textOf = ({ outputs }: NodeResult): string | undefined => outputs['result']?.json ?? outputs['result']?.text

function valuesOf({ finished }: RunOutcome): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [node, result] of Object.entries(finished.nodes)) {
    const text = textOf(result)
    if (text !== undefined) values[node] = text
  }
  return values
}
