/**
 * A write of several files that a crash cut short is completed when the project is opened next: the
 * intended texts stand in `.nodeloom/transaction.json` while the files are replaced one by one.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { zProjectPath } from '../../src-shared/ids.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { makeFolder, removeFile } from '../base/file-changes.ts'
import { resolveInside } from '../base/resolve-inside.ts'
import { isHiddenPath } from './file-list.ts'
import { readFileOnDisk } from './text-file.ts'

const zJournal = z.array(
  z.object({
    path: zProjectPath,
    text: z.string().nullable(),
    base: z.string().nullable(),
    revision: z.string().nullable(),
  }),
)
export type JournalEntry = z.infer<typeof zJournal>[number]

const journalFile = (stateDir: string): string => path.join(stateDir, 'transaction.json')

export async function beginJournal(stateDir: string, entries: readonly JournalEntry[]): Promise<void> {
  await makeFolder(stateDir)
  await writeFileAtomic(journalFile(stateDir), JSON.stringify(entries))
}

export const endJournal = (stateDir: string): Promise<void> => removeFile(journalFile(stateDir))

/** Only the holder of the project's lock may call this. A file that changed since then is left alone. */
export async function completeJournal(projectDir: string, stateDir: string): Promise<void> {
  const text = await readFile(journalFile(stateDir), 'utf8').catch(() => null)
  if (text === null) return
  try {
    for (const entry of zJournal.parse(JSON.parse(text))) {
      if (isHiddenPath(entry.path)) continue
      const absolute = await resolveInside(projectDir, entry.path)
      const current = await readFileOnDisk(absolute, entry.path)
      if ((current?.revision ?? null) !== entry.base) continue
      if (entry.text === null) await removeFile(absolute)
      else {
        await makeFolder(path.dirname(absolute))
        await writeFileAtomic(absolute, entry.text)
      }
    }
  } catch {
    // A journal that cannot be read or applied must not keep the project from opening; each file is whole.
  }
  await endJournal(stateDir)
}
