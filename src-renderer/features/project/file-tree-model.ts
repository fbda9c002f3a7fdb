/** The files of a project as the rows of a tree, folders first. */
import type { FileEntry } from '../../../src-shared/contract/project.ts'

export interface FileRow {
  readonly path: string
  readonly name: string
  readonly depth: number
  readonly folder: boolean
  readonly open: boolean
  readonly bytes: number
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** `isOpen` says which folders show what they hold. Folders that only a file's path names are there too. */
export function fileRows(files: readonly FileEntry[], isOpen: (folder: string) => boolean): FileRow[] {
  const children = new Map<string, Map<string, { folder: boolean; bytes: number }>>()
  const add = (path: string, folder: boolean, bytes: number): void => {
    const parent = parentOf(path)
    const siblings = children.get(parent) ?? new Map<string, { folder: boolean; bytes: number }>()
    if (!children.has(parent)) {
      children.set(parent, siblings)
      if (parent !== '') add(parent, true, 0)
    }
    if (!siblings.has(path)) siblings.set(path, { folder, bytes })
  }
  for (const file of files) add(file.path, file.kind === 'folder', file.bytes)

  const rows: FileRow[] = []
  const listed = (parent: string): string[] => {
    const siblings = [...(children.get(parent) ?? [])]
    siblings.sort(([a, one], [b, other]) =>
      one.folder === other.folder ? nameOf(a).localeCompare(nameOf(b)) : one.folder ? -1 : 1,
    )
    return siblings.map(([path]) => path)
  }
  const waiting = listed('').reverse()
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entry = children.get(parentOf(path))?.get(path)
    if (!entry) continue
    const open = entry.folder && isOpen(path)
    const depth = path.split('/').length - 1
    rows.push({ path, name: nameOf(path), depth, folder: entry.folder, open, bytes: entry.bytes })
    if (open) waiting.push(...listed(path).reverse())
  }
  return rows
}
