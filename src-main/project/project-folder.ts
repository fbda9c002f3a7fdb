/** Folders as projects: made, copied, renamed, put away. Whatever fails leaves no half project. */
import { randomBytes } from 'node:crypto'
import { lstat, readdir, readFile, realpath, rmdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { emptyFlow, emptyLayout } from '../../src-shared/flow/document.ts'
import { printFlow, printLayout } from '../../src-shared/flow/print-flow.ts'
import { AppError, toAppError } from '../base/app-error.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { copyFolder, makeFolder, removeFile, removeFolder, renamePath } from '../base/file-changes.ts'
import { nameProblem } from '../base/resolve-inside.ts'
import { codeOf } from './error-code.ts'
import { EXAMPLE_FILE } from './examples.ts'
import { isHiddenName } from './file-list.ts'
import { newProjectFile, PROJECT_FILE, withProjectName } from './project-file.ts'

/** Refuses names that some system could not keep, so that a project travels. */
export function checkProjectName(name: string): void {
  const problem =
    name.trim() === ''
      ? 'is empty'
      : (nameProblem(name) ??
        (/[*?"<>|]/.test(name)
          ? 'contains a character that file names cannot have everywhere'
          : name.startsWith(' ')
            ? 'begins with a space'
            : Buffer.byteLength(name) > 240
              ? 'is too long'
              : null))
  if (problem === null) return
  throw new AppError('invalid_name', `"${name.slice(0, 80)}" cannot be the name of a project: it ${problem}.`, {
    hint: 'Choose another name.',
  })
}

/** An absolute path as people give it, checked. */
export function checkedPath(target: string): string {
  if (target === '' || target.includes('\0') || !path.isAbsolute(target)) {
    throw new AppError('invalid_name', `"${target.replaceAll('\0', '')}" is not a full path of a folder.`, {
      hint: 'Give the folder from the root of the disk on.',
    })
  }
  return path.resolve(target)
}

/** Makes `target` with what `fill` puts into it; the folder appears whole or not at all. */
async function appear(target: string, fill: (dir: string) => Promise<void>): Promise<string> {
  checkProjectName(path.basename(target))
  await refuseTaken(target)
  const parent = path.dirname(target)
  const made = await firstMissing(parent)
  const draft = path.join(parent, `.nodeloom-new-${randomBytes(6).toString('hex')}`)
  try {
    await makeFolder(parent)
    await fill(draft)
    // An empty folder of that name may be there; a rename does not replace it everywhere.
    await rmdir(target).catch(() => undefined)
    await renamePath(draft, target)
    return await realpath(target)
  } catch (error) {
    await removeFolder(draft).catch(() => undefined)
    if (made !== null) await removeEmpty(parent, made)
    throw toAppError(error, target)
  }
}

async function refuseTaken(target: string): Promise<void> {
  let stats
  try {
    stats = await stat(target)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' && (await lstat(target).catch(() => null)) === null) return
    if (code === 'ENOTDIR') {
      throw new AppError('invalid_name', `A part of ${path.dirname(target)} is a file, not a folder.`, {
        hint: 'Choose another place.',
      })
    }
    if (code === 'ENOENT') {
      throw new AppError('already_exists', `${target} is a link that leads nowhere.`, {
        hint: 'Choose another name or remove it.',
      })
    }
    throw toAppError(error, target)
  }
  if (!stats.isDirectory())
    throw new AppError('already_exists', `${target} is a file.`, { hint: 'Choose another name.' })
  if ((await readdir(target)).length > 0) {
    throw new AppError('already_exists', `The folder ${target} is not empty.`, {
      hint: 'Choose a new or an empty folder.',
    })
  }
}

/** The topmost folder that does not exist yet, or null. */
async function firstMissing(folder: string): Promise<string | null> {
  let missing: string | null = null
  for (let at = folder; ; at = path.dirname(at)) {
    if ((await lstat(at).catch(() => null)) !== null) return missing
    missing = at
    if (path.dirname(at) === at) return missing
  }
}

async function removeEmpty(from: string, upTo: string): Promise<void> {
  for (let at = from; ; at = path.dirname(at)) {
    await rmdir(at).catch(() => undefined)
    if (at === upTo || path.dirname(at) === at) return
  }
}

/** Answers the real path. `exampleDir` null: an empty flow. */
export function createProject(target: string, exampleDir: string | null): Promise<string> {
  const name = path.basename(target)
  return appear(target, async (dir) => {
    if (exampleDir !== null) {
      await copyProject(exampleDir, dir, name)
      // What tells of the example in the gallery is no part of the project made from it.
      await removeFile(path.join(dir, EXAMPLE_FILE))
      return
    }
    await makeFolder(path.join(dir, 'flows'))
    await makeFolder(path.join(dir, 'nodes'))
    await Promise.all([
      writeFileAtomic(path.join(dir, PROJECT_FILE), newProjectFile(name)),
      writeFileAtomic(path.join(dir, 'flows', 'main.json'), printFlow(emptyFlow())),
      writeFileAtomic(path.join(dir, 'flows', 'main.layout.json'), printLayout(emptyLayout())),
      writeFileAtomic(path.join(dir, '.gitignore'), '.venv/\n.nodeloom/\n__pycache__/\n'),
    ])
  })
}

export const duplicateProject = (source: string, target: string): Promise<string> =>
  appear(target, (dir) => copyProject(source, dir, path.basename(target)))

async function copyProject(source: string, dir: string, name: string): Promise<void> {
  await copyFolder(source, dir, (item) => item === source || !isHiddenName(path.basename(item)))
  const file = path.join(dir, PROJECT_FILE)
  const renamed = withProjectName(await readFile(file, 'utf8'), name)
  if (renamed !== null) await writeFileAtomic(file, renamed)
  const ignore = path.join(dir, '.gitignore')
  if ((await lstat(ignore).catch(() => null)) === null)
    await writeFileAtomic(ignore, '.venv/\n.nodeloom/\n__pycache__/\n')
  // Git keeps no empty folders; a project has these two.
  await makeFolder(path.join(dir, 'flows'))
  await makeFolder(path.join(dir, 'nodes'))
}

/** Gives the folder and the project in it another name. Answers the new real path. */
export async function renameProject(dir: string, name: string): Promise<string> {
  checkProjectName(name)
  const target = path.join(path.dirname(dir), name)
  const file = path.join(dir, PROJECT_FILE)
  const text = await readFile(file, 'utf8')
  const renamed = withProjectName(text, name)
  if (target !== dir) await renamePath(dir, target)
  try {
    if (renamed !== null) await writeFileAtomic(path.join(target, PROJECT_FILE), renamed)
  } catch (error) {
    if (target !== dir) await renamePath(target, dir).catch(() => undefined)
    throw error
  }
  return realpath(target)
}

/** Moves the folder to the trash of a desktop, or beside itself where there is none. Answers where it is now. */
export async function putAway(dir: string): Promise<string> {
  const trashed = await moveToTrash(dir)
  if (trashed !== null) return trashed
  const stamp = new Date().toISOString().slice(0, 10)
  for (let count = 1; ; count++) {
    const beside = `${dir}.deleted-${stamp}${count === 1 ? '' : `-${count}`}`
    try {
      await renamePath(dir, beside)
      return beside
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'already_exists') throw error
    }
  }
}

/** Null where there is no trash, or it is on another disk. */
async function moveToTrash(dir: string): Promise<string | null> {
  const home = homedir()
  const dataHome = process.env['XDG_DATA_HOME'] ?? path.join(home, '.local', 'share')
  const trash =
    process.platform === 'darwin'
      ? path.join(home, '.Trash')
      : process.platform === 'linux'
        ? path.join(dataHome, 'Trash', 'files')
        : null
  if (trash === null || !(await stat(trash).catch(() => null))?.isDirectory()) return null
  const name = `${path.basename(dir)}-${randomBytes(4).toString('hex')}`
  const target = path.join(trash, name)
  try {
    await renamePath(dir, target)
  } catch {
    return null
  }
  if (process.platform === 'linux') {
    const encoded = dir.split('/').map(encodeURIComponent).join('/')
    const info = `[Trash Info]\nPath=${encoded}\nDeletionDate=${new Date().toISOString().slice(0, 19)}\n`
    await makeFolder(path.join(dataHome, 'Trash', 'info')).catch(() => undefined)
    await writeFileAtomic(path.join(dataHome, 'Trash', 'info', `${name}.trashinfo`), info).catch(() => undefined)
  }
  return target
}
