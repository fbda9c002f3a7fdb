/** Where things are on this machine. Pure: what it depends on is given. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, win32, posix } from 'node:path'

export interface PathsContext {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
}

export const currentContext = (): PathsContext => ({ platform: process.platform, env: process.env, home: homedir() })

/**
 * What Nodeloom keeps of a person between starts (preferences, recent projects, logs). `NODELOOM_HOME`
 * overrules; else where the system wants such data.
 */
export function profileDir(context: PathsContext = currentContext()): string {
  const { platform, env, home } = context
  const path = platform === 'win32' ? win32 : posix
  const chosen = env['NODELOOM_HOME']
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen)
  if (platform === 'win32') return path.join(env['APPDATA'] || path.join(home, 'AppData', 'Roaming'), 'Nodeloom')
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Nodeloom')
  // The XDG rule: a value that is not absolute is to be ignored.
  const config = env['XDG_CONFIG_HOME']
  return path.join(config?.startsWith('/') === true ? config : path.join(home, '.config'), 'nodeloom')
}

/** Where new projects are made unless a person chooses another folder. */
export function projectsDir(context: PathsContext = currentContext()): string {
  const path = context.platform === 'win32' ? win32 : posix
  const chosen = context.env['NODELOOM_PROJECTS']
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen)
  return context.platform === 'linux'
    ? path.join(context.home, 'Nodeloom')
    : path.join(context.home, 'Documents', 'Nodeloom')
}

/**
 * The folder that holds `resources`, `out` and (in a checkout) `node_modules`: the first one above
 * `startDir` with `resources/python` in it. The same from the source tree, from `out/main` and packaged.
 */
export function installDir(startDir: string): string {
  for (let dir = startDir; ; dir = dirname(dir)) {
    if (existsSync(join(dir, 'resources', 'python'))) return dir
    if (dirname(dir) === dir)
      throw new Error(`No folder above ${startDir} has resources/python: the installation is incomplete.`)
  }
}

/** The Node that the product carries, or null where none is found. */
export function carriedNode(install: string, context: PathsContext = currentContext()): string | null {
  const executable = context.platform === 'win32' ? 'node.exe' : 'node'
  const perPlatform = `node-${context.platform === 'win32' ? 'win' : context.platform}-${process.arch}`
  const candidates = [
    join(install, 'node_modules', 'node', 'bin', executable),
    join(install, 'node_modules', perPlatform, 'bin', executable),
    join(install, '..', 'node', 'bin', executable),
  ]
  return candidates.find((path) => existsSync(path)) ?? null
}
