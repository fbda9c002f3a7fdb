/** Copies of what uv edits, to put back when it is stopped halfway. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { removeFile } from '../base/file-changes.ts'
import { PROJECT_FILE } from '../project/index.ts'

export interface KeptFiles {
  /** Puts back what differs by now. */
  restore(): Promise<void>
}

export async function keepProjectFiles(projectDir: string): Promise<KeptFiles> {
  const files = [path.join(projectDir, PROJECT_FILE), path.join(projectDir, 'uv.lock')]
  const read = (file: string): Promise<Buffer | null> => readFile(file).catch(() => null)
  const before = await Promise.all(files.map(read))
  return {
    async restore() {
      for (const [index, file] of files.entries()) {
        const bytes = before[index] ?? null
        const now = await read(file)
        if (bytes === null) {
          if (now !== null) await removeFile(file)
        } else if (now?.equals(bytes) !== true) await writeFileAtomic(file, bytes)
      }
    },
  }
}
