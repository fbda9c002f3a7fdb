/** The files of a project as its tree shows them, without what tools keep for themselves. */
import type { Dirent, Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { FileEntry } from '../../src-shared/contract/project.ts'
import { isTemporaryName } from '../base/atomic-write.ts'
import { asProjectPath, flowNameOf, isFlowFile } from './text-file.ts'

/** Folders of tools: neither listed, watched, copied nor written from the page. */
const toolFolders = new Set([
  '.venv',
  '.nodeloom',
  '.git',
  '.hg',
  '.svn',
  'node_modules',
  '__pycache__',
  '.mypy_cache',
  '.ruff_cache',
  '.pytest_cache',
])

const MAX_ENTRIES = 20_000

export const isHiddenName = (name: string): boolean =>
  toolFolders.has(name) || isTemporaryName(name) || name.endsWith('.pyc')

/** A path relative to the project of which some part belongs to a tool. */
export const isHiddenPath = (relative: string): boolean => relative.split('/').some(isHiddenName)

export interface FileList {
  readonly files: FileEntry[]
  /** By path of a file: differs when the file was written in between. */
  readonly stamps: Map<string, string>
}

export const stampOf = (stats: Stats): string => `${stats.mtimeMs}-${stats.size}-${stats.ino}`

/**
 * Sorted by path; at most 20,000. Links to files are listed as files, links to folders are not followed,
 * so a link that leads back does no harm. Folders that cannot be read are listed empty.
 */
export async function listFiles(projectDir: string): Promise<FileList> {
  const stamps = new Map<string, string>()
  const entries: FileEntry[] = []
  const waiting = ['']
  for (let folder = waiting.shift(); folder !== undefined && entries.length < MAX_ENTRIES; folder = waiting.shift()) {
    const items = await readdir(path.join(projectDir, folder), { withFileTypes: true }).catch((): Dirent[] => [])
    const visible = items.filter((item) => !isHiddenName(item.name) && !item.name.includes('\\'))
    const found = await Promise.all(visible.map((item) => entryOf(projectDir, folder, item, stamps)))
    for (const entry of found) {
      if (entry === null) continue
      entries.push(entry)
      if (entry.kind === 'folder') waiting.push(entry.path)
    }
  }
  const files = entries.slice(0, MAX_ENTRIES).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return { files, stamps }
}

async function entryOf(
  projectDir: string,
  folder: string,
  item: Dirent,
  stamps: Map<string, string>,
): Promise<FileEntry | null> {
  const relative = asProjectPath(folder === '' ? item.name : `${folder}/${item.name}`)
  if (item.isDirectory()) return { path: relative, kind: 'folder', bytes: 0 }
  if (!item.isFile() && !item.isSymbolicLink()) return null
  const stats = await stat(path.join(projectDir, relative)).catch(() => null)
  if (stats?.isFile() !== true) return null
  stamps.set(relative, stampOf(stats))
  return { path: relative, kind: 'file', bytes: stats.size }
}

/** Names of the flows among `files`: `main` first, then by name. */
export function flowsAmong(files: readonly FileEntry[]): string[] {
  const names = files
    .filter((file) => file.kind === 'file' && isFlowFile(file.path))
    .map((file) => flowNameOf(file.path))
  return names.sort((a, b) => (a === 'main' ? -1 : b === 'main' ? 1 : a < b ? -1 : 1))
}
