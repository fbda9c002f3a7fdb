/** Finds uv, or puts it into the profile's tools folder from the package index on first need. */
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import path from 'node:path'
import { AppError, toAppError } from '../base/app-error.ts'
import { makeFolder, removeFolder, renamePath } from '../base/file-changes.ts'
import type { Interpreters } from './interpreters.ts'
import { runTool, toolEnvironment } from './run-tool.ts'

const INSTALL_MS = 180_000
const CHECK_MS = 10_000

export interface UvOptions {
  /** Where an installed uv is kept. */
  readonly toolsDir: string
  /** Where the app carries programs; absent in a source tree. */
  readonly carriedBin?: string
  /** Absolute path of supervise.py. */
  readonly supervisorScript: string
  readonly env?: Readonly<Record<string, string | undefined>>
}

export class Uv {
  readonly #options: UvOptions
  readonly #interpreters: Interpreters
  readonly #env: Readonly<Record<string, string | undefined>>
  #found: string | null = null
  #installing: Promise<string> | null = null
  #failure: AppError | null = null

  constructor(options: UvOptions, interpreters: Interpreters) {
    this.#options = options
    this.#interpreters = interpreters
    this.#env = options.env ?? process.env
  }

  /** Why it cannot be had, as last tried; null while that is not known. */
  get failure(): AppError | null {
    return this.#failure
  }

  /** The program if it is on this machine, else null. Installs nothing. */
  async find(): Promise<string | null> {
    if (this.#found !== null && (await isProgram(this.#found))) return this.#found
    this.#found = null
    for (const candidate of this.#candidates()) {
      if (!(await isProgram(candidate)) || !(await answers(candidate))) continue
      this.#found = candidate
      this.#failure = null
      return candidate
    }
    return null
  }

  /**
   * The program, installed first where it is missing (a download of about 20 MB). Rejects with
   * `tool_missing`; everyone who asks meanwhile shares the one attempt.
   */
  async get(onText?: (text: string) => void): Promise<string> {
    const found = await this.find()
    if (found !== null) return found
    this.#installing ??= this.#install(onText).finally(() => {
      this.#installing = null
    })
    return this.#installing
  }

  #candidates(): string[] {
    const name = process.platform === 'win32' ? 'uv.exe' : 'uv'
    const named = this.#env['NODELOOM_UV']
    const onPath = (this.#env['PATH'] ?? this.#env['Path'] ?? '')
      .split(path.delimiter)
      .filter((folder) => path.isAbsolute(folder))
    return [
      ...(named === undefined || named === '' ? [] : [named]),
      ...onPath.map((folder) => path.join(folder, name)),
      ...(this.#options.carriedBin === undefined ? [] : [path.join(this.#options.carriedBin, name)]),
      path.join(this.#options.toolsDir, 'uv', 'bin', name),
    ]
  }

  async #install(onText?: (text: string) => void): Promise<string> {
    const target = path.join(this.#options.toolsDir, 'uv')
    const draft = `${target}-${process.pid}-${Date.now()}`
    onText?.('Installing uv, which installs packages …\n')
    try {
      await makeFolder(this.#options.toolsDir)
      await this.#pipInstall(draft, onText)
      await removeFolder(target)
      await renamePath(draft, target)
      const found = await this.find()
      if (found === null) throw new AppError('tool_missing', 'uv was installed but does not run on this machine.')
      return found
    } catch (error) {
      await removeFolder(draft).catch(() => undefined)
      const cause = toAppError(error)
      this.#failure = new AppError(
        'tool_missing',
        'Packages cannot be installed: uv is not on this machine and could not be fetched.',
        {
          hint: 'Check the network and try again, or install uv and put it on PATH (or name it in NODELOOM_UV).',
          cause,
        },
      )
      onText?.(`${cause.message}\n`)
      throw this.#failure
    }
  }

  /** Some Pythons come without pip: the next one is tried. */
  async #pipInstall(target: string, onText?: (text: string) => void): Promise<void> {
    const base = await this.#interpreters.base()
    const others = await this.#interpreters.all()
    const pythons = [base, ...others.filter((one) => one.executable !== base.executable)]
    const env = toolEnvironment({
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_NO_INPUT: '1',
      PIP_ROOT_USER_ACTION: 'ignore',
    })
    for (const { executable } of pythons) {
      const hasPip = await runTool(executable, ['-I', '-m', 'pip', '--version'], { env, deadlineMs: CHECK_MS }).catch(
        () => null,
      )
      if (hasPip?.code !== 0) continue
      const args = [
        '-I',
        '-m',
        'pip',
        'install',
        '--quiet',
        '--no-deps',
        '--only-binary=:all:',
        '--target',
        target,
        'uv',
      ]
      const { code, stderr } = await runTool(executable, args, {
        env,
        deadlineMs: INSTALL_MS,
        supervisor: { interpreter: base.executable, scriptPath: this.#options.supervisorScript },
        ...(onText ? { onText } : {}),
      })
      if (code === 0) return
      throw new AppError('package_failed', stderr.trim().split('\n').at(-1) ?? 'pip failed.')
    }
    throw new AppError('tool_missing', 'No Python with pip was found to fetch uv with.')
  }
}

const isProgram = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )

const answers = (program: string): Promise<boolean> =>
  runTool(program, ['--version'], { env: toolEnvironment(), deadlineMs: CHECK_MS }).then(
    ({ code }) => code === 0,
    () => false,
  )
