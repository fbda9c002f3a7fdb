/** The state of a project's `.venv` as its files tell it. Runs nothing, so it is safe for untrusted projects. */
import { access, constants, lstat, readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { satisfies } from './python-version.ts'

export type VenvState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'broken'; readonly reason: string; readonly pythonVersion: string | null }
  | {
      readonly kind: 'ok'
      /** Absolute path of the environment's interpreter. */
      readonly python: string
      readonly pythonVersion: string
      readonly sitePackages: string
    }

export const venvDir = (projectDir: string): string => path.join(projectDir, '.venv')

export const venvPython = (dir: string): string =>
  process.platform === 'win32' ? path.join(dir, 'Scripts', 'python.exe') : path.join(dir, 'bin', 'python')

export async function inspectVenv(projectDir: string, requiresPython: string | null): Promise<VenvState> {
  const dir = venvDir(projectDir)
  const entry = await lstat(dir).catch(() => null)
  if (entry === null) return { kind: 'missing' }
  const broken = (reason: string, pythonVersion: string | null = null): VenvState => ({
    kind: 'broken',
    reason,
    pythonVersion,
  })
  if (!(await stat(dir).catch(() => null))?.isDirectory()) return broken('.venv is not a folder')

  const config = await readFile(path.join(dir, 'pyvenv.cfg'), 'utf8').catch(() => null)
  if (config === null) return broken('.venv has no pyvenv.cfg')
  const value = (key: string): string | undefined => new RegExp(`^${key}\\s*=\\s*(.+?)\\s*$`, 'm').exec(config)?.[1]
  const home = value('home')
  const version = /^\d+\.\d+(?:\.\d+)?/.exec(value('version_info') ?? value('version') ?? '')?.[0]
  if (home === undefined || version === undefined) return broken('its pyvenv.cfg cannot be read')

  const python = venvPython(dir)
  const real = await realpath(python).catch(() => null)
  if (real === null) {
    const isLink = (await lstat(python).catch(() => null)) !== null
    return broken(isLink ? `the Python it was made from is gone (${home})` : 'its Python is gone', version)
  }
  const runnable = await access(real, constants.X_OK).then(
    () => true,
    () => false,
  )
  if (!runnable || !(await stat(real)).isFile()) return broken('its Python cannot be run', version)
  if ((await stat(home).catch(() => null)) === null)
    return broken(`the Python it was made from is gone (${home})`, version)

  const minor = version.split('.').slice(0, 2).join('.')
  // An upgrade of the system's Python moves the link; the packages would be another version's.
  const named = /^python(\d+\.\d+)/.exec(path.basename(real))?.[1]
  if (named !== undefined && named !== minor)
    return broken(`its Python is now ${named}, but it was made with ${minor}`, version)
  const sitePackages =
    process.platform === 'win32'
      ? path.join(dir, 'Lib', 'site-packages')
      : path.join(dir, 'lib', `python${minor}`, 'site-packages')
  if (!(await stat(sitePackages).catch(() => null))?.isDirectory())
    return broken('its folder of packages is gone', version)
  if (requiresPython !== null && !satisfies(version, requiresPython)) {
    return broken(`it has Python ${version}, but the project asks for ${requiresPython}`, version)
  }
  return { kind: 'ok', python, pythonVersion: version, sitePackages }
}
