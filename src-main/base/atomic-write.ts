/**
 * Every write to a file goes through here. A file is replaced as a whole: temp file in the same folder,
 * fsync, rename, fsync folder. Whoever reads sees the old content or the new, also after a power cut.
 */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, lstat, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError, systemCode, toAppError } from './app-error.ts'

const temporaryName = /^\.nodeloom-[0-9a-f]{16}\.tmp$/

/** A temp file of an unfinished write; lists and watchers leave it out. */
export const isTemporaryName = (name: string): boolean => temporaryName.test(name)

/**
 * Replaces the content of `path`, or makes it. The mode of an existing file is kept; a symbolic link
 * stays and its target is replaced. Rejects with AppError; then the old content is intact and no temp
 * file is left.
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  let temporary: string | null = null
  try {
    const target = await followLink(path)
    const mode = await writableMode(target, path)
    temporary = join(dirname(target), `.nodeloom-${randomBytes(8).toString('hex')}.tmp`)
    const file = await open(temporary, 'wx', 0o666)
    try {
      if (mode !== null) await file.chmod(mode)
      await file.writeFile(data)
      await file.sync()
    } finally {
      await file.close()
    }
    await renamePatiently(temporary, target)
    temporary = null
    await syncFolder(dirname(target))
  } catch (error) {
    if (temporary !== null) await rm(temporary, { force: true }).catch(() => undefined)
    throw toAppError(error, path)
  }
}

/** Rejects as `writeFileAtomic` would where the file may not be written; for what another program is about to write. */
export async function refuseReadOnly(path: string): Promise<void> {
  try {
    await writableMode(await followLink(path), path)
  } catch (error) {
    throw toAppError(error, path)
  }
}

/** Removes what writes left in `folder` when their process was killed. Not recursive. */
export async function removeTemporaryFiles(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  await Promise.all(names.filter(isTemporaryName).map((name) => rm(join(folder, name), { force: true })))
}

/** Makes names in `folder` durable. Windows cannot open a folder for this and does without. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // Some network file systems refuse fsync on a folder; the file itself is safe by then.
    const code = systemCode(error)
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EPERM') throw error
  } finally {
    await handle.close()
  }
}

async function followLink(path: string): Promise<string> {
  const entry = await lstat(path).catch(() => null)
  return entry?.isSymbolicLink() === true ? realpath(path) : path
}

/** The mode to keep, null for a new file. Replacing by rename would ignore that a file is read-only, so ask first. */
async function writableMode(target: string, shown: string): Promise<number | null> {
  const existing = await stat(target).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null
    throw error
  })
  if (existing === null) return null
  if (existing.isDirectory())
    throw new AppError('already_exists', `${shown} is a folder.`, { hint: 'Choose another name.' })
  const allowed =
    (existing.mode & 0o222) !== 0 &&
    (await access(target, constants.W_OK).then(
      () => true,
      () => false,
    ))
  if (!allowed) {
    throw new AppError('read_only', `${basename(shown)} is read-only and was not changed.`, {
      hint: 'Make the file writable and try again.',
    })
  }
  return existing.mode & 0o7777
}

/** On Windows a virus scanner or an indexer may hold the target for a moment. */
export async function renamePatiently(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await rename(from, to)
    } catch (error) {
      const code = systemCode(error)
      const passing = code === 'EPERM' || code === 'EACCES' || code === 'EBUSY'
      if (process.platform !== 'win32' || !passing || attempt >= 8) throw error
      await wait(10 * 2 ** attempt)
    }
  }
}
