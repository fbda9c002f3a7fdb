/** Folders for the page's own Open dialog. */
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import type { FolderListing } from '../../src-shared/contract/project.ts'
import { toAppError } from '../base/app-error.ts'
import { readProjectFile } from './project-file.ts'
import { checkedPath } from './project-folder.ts'

/** Hidden folders are left out. `folder` null: the person's home. */
export async function browse(folder: string | null): Promise<FolderListing> {
  const here = folder === null ? homedir() : checkedPath(folder)
  let items: Dirent[]
  try {
    items = await readdir(here, { withFileTypes: true })
  } catch (error) {
    throw toAppError(error, here)
  }
  const folders = await Promise.all(
    items
      .filter((item) => !item.name.startsWith('.') && (item.isDirectory() || item.isSymbolicLink()))
      .map(async (item) => {
        const at = path.join(here, item.name)
        const isFolder =
          item.isDirectory() ||
          (await stat(at).then(
            (stats) => stats.isDirectory(),
            () => false,
          ))
        return isFolder ? { name: item.name, path: at, isProject: await isProject(at) } : null
      }),
  )
  const parent = path.dirname(here)
  return {
    path: here,
    parent: parent === here ? null : parent,
    folders: folders.filter((one) => one !== null).sort((a, b) => a.name.localeCompare(b.name)),
  }
}

export const isProject = (dir: string): Promise<boolean> =>
  readProjectFile(dir).then(
    () => true,
    () => false,
  )
