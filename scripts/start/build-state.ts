import { type Stats, statSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inRoot } from '../lib/paths.ts'

const sources = [
  'src-shared',
  'src-main',
  'src-preload',
  'src-renderer',
  'electron.vite.config.ts',
  'package-lock.json',
]

const results = ['out/main/serve.cjs', 'out/main/cli.cjs', 'out/main/electron.cjs', 'out/renderer/index.html']

/** Newest change below a path, folders included so that a deleted file counts. Milliseconds. */
const newest = async (path: string): Promise<number> => {
  const about = await stat(path)
  if (!about.isDirectory()) return about.mtimeMs
  let latest = about.mtimeMs
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.name.includes('.test.')) continue
    latest = Math.max(latest, await newest(join(path, entry.name)))
  }
  return latest
}

const statOf = (path: string): Stats | undefined => statSync(inRoot(path), { throwIfNoEntry: false })

/** Whether out/ is there and no source is newer than it. */
export const buildIsCurrent = async (): Promise<boolean> => {
  const built = results.map(statOf)
  const oldest = Math.min(...built.map((about) => about?.mtimeMs ?? 0))
  if (oldest === 0) return false
  const present = sources.filter((path) => statOf(path) !== undefined)
  const changed = await Promise.all(present.map((path) => newest(inRoot(path))))
  return Math.max(...changed) <= oldest
}
