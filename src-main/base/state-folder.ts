/** `.nodeloom` in a project: caches, runs, backups, logs. It may be deleted at any time and ignores itself in git. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileAtomic } from './atomic-write.ts'
import { makeFolder } from './file-changes.ts'

export const STATE_FOLDER = '.nodeloom'

/** Makes the state folder of a project and, where `parts` are given, a folder in it. Answers its path. */
export async function makeStateFolder(projectDir: string, ...parts: readonly string[]): Promise<string> {
  const state = join(projectDir, STATE_FOLDER)
  const folder = join(state, ...parts)
  await makeFolder(folder)
  const ignore = join(state, '.gitignore')
  const there = await access(ignore).then(
    () => true,
    () => false,
  )
  if (!there) await writeFileAtomic(ignore, '*\n')
  return folder
}
