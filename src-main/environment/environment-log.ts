/** The log of the last operation on an environment: at most 256 KB, in `.nodeloom/logs/environment.log`. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { makeStateFolder, STATE_FOLDER } from '../base/state-folder.ts'

const MAX_CHARS = 256 * 1024

export class EnvironmentLog {
  readonly #projectDir: string
  readonly #file: string
  #text: string | null = null

  constructor(projectDir: string) {
    this.#projectDir = projectDir
    this.#file = path.join(projectDir, STATE_FOLDER, 'logs', 'environment.log')
  }

  begin(): void {
    this.#text = ''
  }

  append(text: string): void {
    const all = (this.#text ?? '') + text
    this.#text = all.length > MAX_CHARS ? all.slice(-MAX_CHARS) : all
  }

  async read(): Promise<string> {
    if (this.#text !== null) return this.#text
    const text = await readFile(this.#file, 'utf8').catch(() => '')
    return text.slice(-MAX_CHARS)
  }

  /** A log that cannot be written does not fail the work it tells of. */
  async save(): Promise<void> {
    try {
      await makeStateFolder(this.#projectDir, 'logs')
      await writeFileAtomic(this.#file, this.#text ?? '')
    } catch {
      // Read-only or full: the text is still in memory.
    }
  }
}
