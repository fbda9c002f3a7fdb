/**
 * The environments of projects: `.venv` in the project's folder, made and filled by uv.
 *
 *                    create                      add, sync, remove
 *   not_started ───────────────▶ creating ──┐   ┌────────────────── ready ◀─┐
 *        ▲                          │       ├──▶│                     ▲     │
 *        │ cancel (none before)     │       │   ▼                     │     │
 *        └──────────────────────────┤       │ installing ─────────────┘     │
 *                                   ▼       │   │        cancel: as before  │
 *                                failed ◀───┼───┘                           │
 *                                           └───────────────────────────────┘
 *   ready ── found damaged ──▶ broken ── repair, recreate ──▶ creating
 *
 * One operation at a time per project, in the order asked. An operation that fails or is cancelled leaves
 * pyproject.toml, uv.lock and (for recreate) the old environment as they were.
 */
import path from 'node:path'
import type { EnvironmentStatus } from '../../src-shared/contract/environment.ts'
import { AppError, toAppError } from '../base/app-error.ts'
import { refuseReadOnly } from '../base/atomic-write.ts'
import { Emitter } from '../base/event.ts'
import { Mutex, PROJECT_FILE, readProjectFile } from '../project/index.ts'
import { EnvironmentLog } from './environment-log.ts'
import { readEnvironment, readInterpreter, statusOf, type Work } from './environment-status.ts'
import { Interpreters } from './interpreters.ts'
import { keepProjectFiles } from './kept-files.ts'
import { makeVenv, replaceVenv } from './make-venv.ts'
import { checkedNames, checkedPackages } from './requirement.ts'
import { runTool, toolEnvironment } from './run-tool.ts'
import type { Task } from './task.ts'
import { Uv } from './uv.ts'
import { uvError, UvProgressReader } from './uv-output.ts'
import { venvDir } from './venv.ts'

const PIP_MS = 60_000
const INSTALL_MS = 30 * 60_000

export interface EnvironmentServiceOptions {
  readonly profileDir: string
  /** Absolute path of resources/python/nodeloom_runtime/supervise.py. */
  readonly supervisorScript: string
  /** Where the app carries programs such as uv; absent in a source tree. */
  readonly carriedBin?: string
  readonly env?: Readonly<Record<string, string | undefined>>
}

interface ProjectEnvironment {
  readonly mutex: Mutex
  readonly log: EnvironmentLog
  work: Work | null
  failure: AppError | null
  /** Cancels what runs and what waits. */
  abort: AbortController
  fingerprint: string | null
}

export class EnvironmentService {
  readonly interpreters: Interpreters
  readonly #uv: Uv
  readonly #supervisorScript: string
  readonly #projects = new Map<string, ProjectEnvironment>()
  readonly #didChange = new Emitter<{ projectDir: string; status: EnvironmentStatus }>()
  readonly #didLog = new Emitter<{ projectDir: string; text: string }>()
  readonly #didChangePackages = new Emitter<string>()
  readonly onDidChange = this.#didChange.event
  readonly onDidLog = this.#didLog.event
  /** The folder of a project whose interpreter or packages are others now: its workers are to be discarded. */
  readonly onDidChangePackages = this.#didChangePackages.event

  constructor(options: EnvironmentServiceOptions) {
    const env = options.env ?? process.env
    this.interpreters = new Interpreters(options.profileDir, env)
    this.#supervisorScript = options.supervisorScript
    this.#uv = new Uv(
      {
        toolsDir: path.join(options.profileDir, 'tools'),
        supervisorScript: options.supervisorScript,
        env,
        ...(options.carriedBin === undefined ? {} : { carriedBin: options.carriedBin }),
      },
      this.interpreters,
    )
  }

  /** Absolute path of a Python for the analysis and supervisors. Rejects with `interpreter_missing`. */
  async baseInterpreter(): Promise<string> {
    return (await this.interpreters.base()).executable
  }

  /** Where uv is, or null; installs nothing. For `doctor`. */
  findUv(): Promise<string | null> {
    return this.#uv.find()
  }

  /** Reads files only. Announces when the packages changed since the last look. */
  async status(projectDir: string): Promise<EnvironmentStatus> {
    const project = this.#project(projectDir)
    const facts = await readEnvironment(projectDir)
    this.#notice(projectDir, facts.fingerprint)
    return statusOf(facts, project.work, project.failure, this.#uv.failure === null)
  }

  /** Looks anew and announces, for instance because pyproject.toml changed. */
  async refresh(projectDir: string): Promise<void> {
    await this.#announce(projectDir)
  }

  /** While an operation runs, packages come and go; only its end counts. */
  #notice(projectDir: string, fingerprint: string): void {
    const project = this.#project(projectDir)
    if (project.work !== null || project.fingerprint === fingerprint) return
    const isFirst = project.fingerprint === null
    project.fingerprint = fingerprint
    if (!isFirst) this.#didChangePackages.fire(projectDir)
  }

  /**
   * The interpreter of a project's environment; announces first when its packages changed since the last
   * look. Rejects with `environment_missing` or
   * `environment_broken`; never answers another Python.
   */
  async interpreterOf(projectDir: string): Promise<string> {
    const { venv, fingerprint } = await readInterpreter(projectDir)
    this.#notice(projectDir, fingerprint)
    if (venv.kind === 'ok') return venv.python
    if (venv.kind === 'missing') {
      throw new AppError('environment_missing', 'The project has no environment (.venv).', {
        hint: `Make it: nodeloom env ${projectDir} create`,
      })
    }
    throw new AppError('environment_broken', `The environment of the project is broken: ${venv.reason}.`, {
      hint: `Repair it: nodeloom env ${projectDir} repair`,
    })
  }

  /** Makes `.venv` where there is none; one that is there and whole is left as it is. Installs nothing. */
  create(projectDir: string): Promise<EnvironmentStatus> {
    return this.#operate(projectDir, 'creating', 'Making the environment', async (task) => {
      const { venv } = await readInterpreter(task.dir)
      if (venv.kind === 'broken') await this.interpreterOf(task.dir)
      if (venv.kind === 'missing') await makeVenv(task, this.interpreters)
    })
  }

  /** Makes `.venv` anew, without its packages. */
  recreate(projectDir: string): Promise<EnvironmentStatus> {
    return this.#operate(projectDir, 'creating', 'Making the environment anew', (task) =>
      replaceVenv(task, this.interpreters, () => Promise.resolve()),
    )
  }

  /** Makes the environment anew where it is broken or missing, and installs what the project names. */
  repair(projectDir: string): Promise<EnvironmentStatus> {
    return this.#operate(projectDir, 'creating', 'Repairing the environment', async (task) => {
      const { venv } = await readInterpreter(task.dir)
      const project = await readProjectFile(task.dir)
      const install = async (): Promise<void> => {
        if (project.dependencies.length > 0) await this.#uvRun(task, 'Installing packages', ['sync', '--inexact'])
      }
      if (venv.kind === 'ok') await install()
      else await replaceVenv(task, this.interpreters, install)
    })
  }

  /** Installs what pyproject.toml and uv.lock name; makes the environment first where there is none. */
  sync(projectDir: string): Promise<EnvironmentStatus> {
    return this.#operate(projectDir, 'installing', 'Installing packages', async (task) => {
      await this.#ensureVenv(task)
      await this.#uvRun(task, 'Installing packages', ['sync', '--inexact'])
      await this.#addPip(task)
    })
  }

  /** Adds requirements to pyproject.toml (its comments stay) and installs them. */
  add(projectDir: string, packages: readonly string[]): Promise<EnvironmentStatus> {
    const checked = checkedPackages(packages)
    return this.#operate(projectDir, 'installing', `Adding ${checked.join(', ')}`, async (task) => {
      // uv would replace the file, read-only or not.
      await refuseReadOnly(path.join(task.dir, PROJECT_FILE))
      await this.#ensureVenv(task)
      await this.#uvRun(task, `Adding ${checked.join(', ')}`, ['add', '--', ...checked])
      await this.#addPip(task)
    })
  }

  /** Takes requirements out of pyproject.toml and uninstalls them. */
  remove(projectDir: string, packages: readonly string[]): Promise<EnvironmentStatus> {
    const names = checkedNames(packages)
    return this.#operate(projectDir, 'installing', `Removing ${names.join(', ')}`, async (task) => {
      // uv would replace the file, read-only or not.
      await refuseReadOnly(path.join(task.dir, PROJECT_FILE))
      await this.#ensureVenv(task)
      await this.#uvRun(task, `Removing ${names.join(', ')}`, ['remove', '--', ...names])
      await this.#addPip(task)
    })
  }

  /** Ends what runs and what waits; resolves when it has ended. The state is then as it was before. */
  async cancel(projectDir: string): Promise<void> {
    const project = this.#project(projectDir)
    project.abort.abort()
    project.abort = new AbortController()
    await project.mutex.idle()
  }

  /** The log of the last operation. */
  readLog(projectDir: string): Promise<string> {
    return this.#project(projectDir).log.read()
  }

  /** Ends all work. May be called twice. */
  async stop(): Promise<void> {
    await Promise.all([...this.#projects.keys()].map((dir) => this.cancel(dir)))
  }

  #project(projectDir: string): ProjectEnvironment {
    let project = this.#projects.get(projectDir)
    if (!project) {
      project = {
        mutex: new Mutex(),
        log: new EnvironmentLog(projectDir),
        work: null,
        failure: null,
        abort: new AbortController(),
        fingerprint: null,
      }
      this.#projects.set(projectDir, project)
    }
    return project
  }

  #operate(
    dir: string,
    state: Work['state'],
    what: string,
    work: (task: Task) => Promise<void>,
  ): Promise<EnvironmentStatus> {
    const project = this.#project(dir)
    const { signal } = project.abort
    return project.mutex.run(async () => {
      if (signal.aborted) throw new AppError('cancelled', `${what} was cancelled.`)
      await refuseWhereNotWritable(dir)
      project.fingerprint ??= (await readInterpreter(dir)).fingerprint
      const kept = await keepProjectFiles(dir)
      const say = (text: string): void => {
        project.log.append(text)
        this.#didLog.fire({ projectDir: dir, text })
      }
      const step: Task['step'] = (next, text, fraction = null) => {
        project.work = { state: next, progress: { fraction, text } }
        void this.#announce(dir)
      }
      project.log.begin()
      project.failure = null
      say(`${what} …\n`)
      step(state, what)
      try {
        await work({ dir, signal, say, step })
        say('Done.\n')
      } catch (error) {
        await kept.restore()
        const failure = toAppError(error)
        say(`${failure.message}\n`)
        project.failure = failure.code === 'cancelled' ? null : failure
        throw failure
      } finally {
        project.work = null
        await project.log.save()
        await this.#announce(dir)
      }
      return this.status(dir)
    })
  }

  async #announce(dir: string): Promise<void> {
    const status = await this.status(dir).catch(() => null)
    if (status !== null) this.#didChange.fire({ projectDir: dir, status })
  }

  async #ensureVenv(task: Task): Promise<void> {
    const { venv } = await readInterpreter(task.dir)
    if (venv.kind === 'missing') await makeVenv(task, this.interpreters)
    else if (venv.kind === 'broken') await this.interpreterOf(task.dir)
  }

  async #uvRun(task: Task, what: string, args: readonly string[]): Promise<void> {
    task.step('installing', what)
    const uv = await this.#uv.get(task.say)
    const base = await this.baseInterpreter()
    const python = await this.interpreterOf(task.dir)
    const reader = new UvProgressReader()
    const [command = '', ...rest] = args
    const { code, stderr } = await runTool(uv, [command, '--python', python, '--directory', task.dir, ...rest], {
      cwd: task.dir,
      env: uvEnvironment(task.dir),
      deadlineMs: INSTALL_MS,
      signal: task.signal,
      supervisor: { interpreter: base, scriptPath: this.#supervisorScript },
      onText: (text) => {
        task.say(text)
        const progress = reader.push(text)
        if (progress) task.step('installing', progress.text, progress.fraction)
      },
    })
    if (code !== 0) throw uvError(what, stderr)
  }

  /** People expect a pip in their environment. One that cannot be had is no failure. */
  async #addPip(task: Task): Promise<void> {
    const { venv, installed } = await readEnvironment(task.dir)
    const uv = await this.#uv.find()
    if (uv === null || venv.kind !== 'ok' || installed.some((one) => one.name === 'pip')) return
    await runTool(uv, ['pip', 'install', '--quiet', '--python', venv.python, '--', 'pip'], {
      cwd: task.dir,
      env: uvEnvironment(task.dir),
      deadlineMs: PIP_MS,
      signal: task.signal,
    }).catch((error: unknown) => {
      if (toAppError(error).code === 'cancelled') throw error
    })
  }
}

const uvEnvironment = (dir: string): Record<string, string> =>
  toolEnvironment({
    UV_PROJECT_ENVIRONMENT: venvDir(dir),
    // Never another Python than the one that was chosen.
    UV_PYTHON_DOWNLOADS: 'never',
    UV_NO_PROGRESS: '1',
    NO_COLOR: '1',
  })

async function refuseWhereNotWritable(dir: string): Promise<void> {
  const { newer, problems } = await readProjectFile(dir)
  const problem = problems[0]
  if (problem === undefined) return
  throw new AppError(
    newer ? 'document_newer' : 'document_damaged',
    problem.message,
    problem.hint === undefined ? {} : { hint: problem.hint },
  )
}
