/** One JSON file in the profile: read fresh each time (several programs share it), written as a whole. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { z } from 'zod'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { makeFolder, renamePath } from '../base/file-changes.ts'
import { Mutex } from './mutex.ts'

export class ProfileFile<T> {
  readonly #file: string
  readonly #schema: z.ZodType<T>
  readonly #empty: () => T
  readonly #mutex = new Mutex()

  constructor(file: string, schema: z.ZodType<T>, empty: () => T) {
    this.#file = file
    this.#schema = schema
    this.#empty = empty
  }

  /** What the file holds. A damaged one is set aside beside it and counts as empty. */
  async read(): Promise<T> {
    let text: string
    try {
      text = await readFile(this.#file, 'utf8')
    } catch {
      return this.#empty()
    }
    try {
      return this.#schema.parse(JSON.parse(text))
    } catch {
      await renamePath(this.#file, `${this.#file}.damaged-${Date.now()}`).catch(() => undefined)
      return this.#empty()
    }
  }

  /** Reads, changes and writes, one change at a time. Answers what was written. */
  change(edit: (value: T) => T): Promise<T> {
    return this.#mutex.run(async () => {
      const value = edit(await this.read())
      await makeFolder(path.dirname(this.#file))
      await writeFileAtomic(this.#file, `${JSON.stringify(value, null, 2)}\n`)
      return value
    })
  }
}
