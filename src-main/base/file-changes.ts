/** Changes to the tree of files other than their content; with atomic-write.ts the only writers. */
import { cp, lstat, mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError, toAppError } from './app-error.ts'
import { renamePatiently, syncFolder } from './atomic-write.ts'

/** Makes the folder and its parents; one that exists is fine. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    throw toAppError(error, path)
  }
}

/** Removes one file or link; one that is gone is fine. */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true })
    await syncFolder(dirname(path)).catch(() => undefined)
  } catch (error) {
    throw toAppError(error, path)
  }
}

/** Removes a folder with all it holds; links in it are removed, not followed. One that is gone is fine. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  } catch (error) {
    throw toAppError(error, path)
  }
}

/** Gives a file or folder another name on the same disk. Refuses a name that is taken. */
export async function renamePath(from: string, to: string): Promise<void> {
  await refuseTaken(to)
  try {
    await renamePatiently(from, to)
    await syncFolder(dirname(to)).catch(() => undefined)
  } catch (error) {
    throw toAppError(error, from)
  }
}

/**
 * Copies a folder to a name that is free. `wants` sees each path and may leave it (and what is below) out.
 * Links are copied as links. When it fails, what was copied is removed again.
 */
export async function copyFolder(
  from: string,
  to: string,
  wants: (path: string) => boolean = () => true,
): Promise<void> {
  await refuseTaken(to)
  try {
    await cp(from, to, {
      recursive: true,
      errorOnExist: true,
      force: false,
      verbatimSymlinks: true,
      filter: (source) => wants(source),
    })
  } catch (error) {
    await rm(to, { recursive: true, force: true }).catch(() => undefined)
    throw toAppError(error, to)
  }
}

async function refuseTaken(path: string): Promise<void> {
  const taken = await lstat(path).then(
    () => true,
    () => false,
  )
  if (taken) throw new AppError('already_exists', `${path} already exists.`, { hint: 'Choose another name.' })
}
