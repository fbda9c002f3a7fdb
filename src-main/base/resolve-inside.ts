/** The only way from a name that came from outside to a path on disk. */
import type { Stats } from 'node:fs'
import { lstat, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative as relativeBetween, sep } from 'node:path'
import { AppError, systemCode, toAppError } from './app-error.ts'

const reservedName = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

/**
 * Why a name cannot be part of a path on every system, in words that continue "NAME …"; null when it can.
 * The rules of Windows hold everywhere, so that a project can move between systems.
 */
export function nameProblem(name: string): string | null {
  if (name === '' || name === '.' || name === '..') return 'is not a name'
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f]/.test(name)) return 'contains a control character'
  if (/[/\\:]/.test(name)) return 'contains a slash, a backslash or a colon'
  if (/[. ]$/.test(name)) return 'ends with a dot or a space'
  if (reservedName.test(name)) return 'is a name that Windows reserves'
  return null
}

/**
 * The absolute real path of `relative` (parts joined by `/`) below the folder `root`. The file, and
 * folders above it, need not exist. Rejects with AppError: `path_outside_project` when the path leaves
 * the folder, also through a symbolic link; `invalid_name` for a name that cannot be a file;
 * `not_found` when `root` does not exist.
 */
export async function resolveInside(root: string, relative: string): Promise<string> {
  const parts = splitRelative(relative)
  const realRoot = await realpath(root).catch((error: unknown) => {
    throw toAppError(error, root)
  })
  let path = realRoot
  for (const [index, part] of parts.entries()) {
    path = join(path, part)
    const entry = await entryAt(path, relative)
    if (entry === null) return join(path, ...parts.slice(index + 1))
    if (!entry.isSymbolicLink()) continue
    path = await realpath(path).catch((error: unknown) => {
      // Writing through a link that leads nowhere would make a file wherever it points.
      if (systemCode(error) === 'ENOENT') throw outside(relative, 'It goes through a symbolic link that leads nowhere.')
      throw toAppError(error, relative)
    })
    if (!isInside(realRoot, path)) throw outside(relative, 'A symbolic link leads out of it.')
  }
  return path
}

/** True when `path` is `root` or below it; both absolute and real. */
export function isInside(root: string, path: string): boolean {
  const way = relativeBetween(root, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

function splitRelative(relative: string): string[] {
  if (relative === '') throw new AppError('invalid_name', 'The path is empty.')
  if (relative.includes('\0')) throw new AppError('invalid_name', 'The path contains a NUL character.')
  if (/^[/\\]/.test(relative) || /^[a-zA-Z]:/.test(relative)) throw outside(relative, 'It is an absolute path.')
  if (relative.includes('\\')) throw outside(relative, 'It contains a backslash.')
  const parts = relative.split('/')
  if (parts.includes('..')) throw outside(relative, 'It contains "..".')
  for (const part of parts) {
    const problem = nameProblem(part)
    if (problem !== null) {
      throw new AppError('invalid_name', `"${part}" in ${relative} ${problem}.`, { hint: 'Choose another name.' })
    }
  }
  return parts
}

/** Null when nothing is there. A part of the way that is a file cannot hold the rest. */
async function entryAt(path: string, shown: string): Promise<Stats | null> {
  try {
    return await lstat(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw toAppError(error, shown)
  }
}

const outside = (relative: string, reason: string): AppError =>
  new AppError('path_outside_project', `${relative} is not a path inside the project. ${reason}`, {
    hint: 'Use a path relative to the project folder, with / between its parts.',
  })
