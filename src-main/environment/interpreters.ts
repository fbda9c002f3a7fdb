/** The Pythons of this machine from which environments can be made. */
import { readdir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { ProfileFile } from '../project/index.ts'
import { compareVersions, satisfies } from './python-version.ts'
import { runTool, toolEnvironment } from './run-tool.ts'

/** The oldest Python that the runtime and the analysis support. */
export const OLDEST_PYTHON = '3.9'
const PROBE_MS = 10_000

export interface Interpreter {
  /** Absolute path of the real executable, never a version manager's shim. */
  readonly executable: string
  /** `3.11.7` */
  readonly version: string
}

const zProbe = z.object({ version: z.string(), executable: z.string(), implementation: z.string() })
const zCached = z.object({ stamp: z.string(), version: z.string(), executable: z.string() })
const zCache = z.record(z.string(), zCached)

// Runs before `site` is imported, so nothing of the user's is run; a venv's Python names its base.
const probe =
  'import json,sys;print(json.dumps({"version":"%d.%d.%d"%sys.version_info[:3],"executable":getattr(sys,"_base_executable",None) or sys.executable,"implementation":sys.implementation.name}))'

export class Interpreters {
  readonly #cache: ProfileFile<z.infer<typeof zCache>>
  readonly #env: Readonly<Record<string, string | undefined>>
  #base: Promise<Interpreter> | null = null

  constructor(profileDir: string, env: Readonly<Record<string, string | undefined>> = process.env) {
    this.#cache = new ProfileFile(path.join(profileDir, 'interpreters.json'), zCache, () => ({}))
    this.#env = env
  }

  /** For the analysis, supervisors and new environments: the first that is new enough, looked up once. */
  base(): Promise<Interpreter> {
    this.#base ??= this.first(null)
    this.#base.catch(() => (this.#base = null))
    return this.#base
  }

  /** The first that fits `requires-python`. Rejects with `interpreter_missing`, naming what was found. */
  async first(requiresPython: string | null): Promise<Interpreter> {
    const refused: string[] = []
    for await (const interpreter of this.#each()) {
      const reason = refusal(interpreter, requiresPython)
      if (reason === null) return interpreter
      refused.push(`${interpreter.executable} (${reason})`)
    }
    const wanted = requiresPython === null ? `${OLDEST_PYTHON} or newer` : requiresPython
    throw new AppError('interpreter_missing', `No Python was found that fits ${wanted}.`, {
      hint:
        refused.length === 0
          ? `Install Python ${OLDEST_PYTHON} or newer, or name one in NODELOOM_PYTHON.`
          : `Install one that fits. Found: ${refused.slice(0, 8).join('; ')}.`,
    })
  }

  /** All that can be run, in the order of choice, each real executable once. */
  async all(): Promise<Interpreter[]> {
    const found: Interpreter[] = []
    for await (const interpreter of this.#each()) found.push(interpreter)
    return found
  }

  async *#each(): AsyncGenerator<Interpreter> {
    const seen = new Set<string>()
    for await (const candidate of candidates(this.#env)) {
      const interpreter = await this.#probe(candidate)
      if (interpreter === null) continue
      const real = await realpath(interpreter.executable).catch(() => interpreter.executable)
      if (seen.has(real)) continue
      seen.add(real)
      yield interpreter
    }
  }

  async #probe(candidate: string): Promise<Interpreter | null> {
    const stamp = await this.#stamp(candidate)
    if (stamp === null) return null
    const cached = (await this.#cache.read())[candidate]
    if (cached?.stamp === stamp && (await stat(cached.executable).catch(() => null)) !== null) return cached
    try {
      const { code, stdout } = await runTool(candidate, ['-I', '-S', '-c', probe], {
        env: toolEnvironment({ PYTHONIOENCODING: 'utf-8' }),
        deadlineMs: PROBE_MS,
      })
      if (code !== 0) return null
      const { version, executable, implementation } = zProbe.parse(JSON.parse(stdout))
      if (implementation !== 'cpython') return null
      const found = { stamp, version, executable }
      await this.#cache.change((cache) => ({ ...cache, [candidate]: found })).catch(() => undefined)
      return found
    } catch {
      return null
    }
  }

  /** Changes when the file does; for a version manager's shim also when its choice does. Null: no such file. */
  async #stamp(candidate: string): Promise<string | null> {
    const stats = await stat(candidate).catch(() => null)
    if (!stats?.isFile()) return null
    const parts: unknown[] = [stats.mtimeMs, stats.size, stats.ino]
    if (candidate.split(path.sep).includes('shims')) {
      const chosen = await stat(path.join(path.dirname(path.dirname(candidate)), 'version')).catch(() => null)
      parts.push(chosen?.mtimeMs, this.#env['PYENV_VERSION'])
    }
    return parts.join()
  }
}

function refusal(interpreter: Interpreter, requiresPython: string | null): string | null {
  if ((compareVersions(interpreter.version, OLDEST_PYTHON) ?? -1) < 0)
    return `${interpreter.version} is older than ${OLDEST_PYTHON}`
  if (requiresPython !== null && !satisfies(interpreter.version, requiresPython))
    return `${interpreter.version} does not fit ${requiresPython}`
  return null
}

/** Paths that may be a Python, in the order of choice. */
async function* candidates(env: Readonly<Record<string, string | undefined>>): AsyncGenerator<string> {
  const named = env['NODELOOM_PYTHON']
  if (named !== undefined && named !== '') yield named
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder))
  const windows = process.platform === 'win32'
  for (const folder of folders) {
    // The store's placeholder opens a shop window instead of running.
    if (windows && folder.includes('WindowsApps')) continue
    for (const name of windows ? ['python.exe'] : ['python3', 'python']) yield path.join(folder, name)
  }
  for (const folder of folders) yield* matching(folder, windows ? /^python3\.\d+\.exe$/ : /^python3\.\d+$/)
  const home = homedir()
  const bin = windows ? 'python.exe' : path.join('bin', 'python3')
  const data = windows
    ? (env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'))
    : (env['XDG_DATA_HOME'] ?? path.join(home, '.local', 'share'))
  yield* versions(path.join(data, 'uv', windows ? 'data/python' : 'python'), bin)
  yield* versions(path.join(env['PYENV_ROOT'] ?? path.join(home, '.pyenv'), 'versions'), bin)
  if (windows) {
    const local = env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local')
    yield* versions(path.join(local, 'Programs', 'Python'), bin)
    for (const root of [env['ProgramFiles'], 'C:\\'])
      if (root !== undefined) yield* versions(root, bin, /^Python3\d+$/i)
    yield* fromLauncher()
  } else {
    for (const folder of ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'])
      yield* matching(folder, /^python3(?:\.\d+)?$/)
    yield* versions('/Library/Frameworks/Python.framework/Versions', bin)
  }
}

async function* matching(folder: string, pattern: RegExp): AsyncGenerator<string> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((one) => pattern.test(one)).sort(newestFirst)) yield path.join(folder, name)
}

async function* versions(folder: string, bin: string, pattern = /./): AsyncGenerator<string> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((one) => pattern.test(one)).sort(newestFirst)) yield path.join(folder, name, bin)
}

/** What the `py` launcher of Windows knows. */
async function* fromLauncher(): AsyncGenerator<string> {
  try {
    const { stdout } = await runTool('py', ['-0p'], { env: toolEnvironment(), deadlineMs: PROBE_MS })
    for (const match of stdout.matchAll(/[A-Za-z]:\\[^\r\n*]*python\.exe/gi)) yield match[0]
  } catch {
    // No launcher on this machine.
  }
}

const newestFirst = (a: string, b: string): number => b.localeCompare(a, 'en', { numeric: true })
