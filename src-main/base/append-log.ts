/** A file that grows by whole pieces while something runs, such as a node's output. */
import { open, type FileHandle } from 'node:fs/promises'
import type { AppError } from './app-error.ts'
import { toAppError } from './app-error.ts'

/**
 * Appends in order without making the caller wait. What is not written yet is held in memory, so the
 * caller bounds how much it appends. The file is made by the first piece. After a failure (a full disk)
 * nothing more is written and `failure` says why.
 */
export class AppendLog {
  readonly #path: string
  #pending: Uint8Array[] = []
  #file: FileHandle | null = null
  #work: Promise<void> | null = null
  #failure: AppError | null = null

  constructor(path: string) {
    this.#path = path
  }

  get failure(): AppError | null {
    return this.#failure
  }

  append(bytes: Uint8Array): void {
    if (this.#failure !== null || bytes.length === 0) return
    this.#pending.push(bytes)
    this.#work ??= this.#drain()
  }

  /** Resolves when everything appended so far can be read from the file, or could not be written. */
  async flush(): Promise<void> {
    while (this.#work !== null) await this.#work
  }

  /** Flushes and closes; nothing may be appended afterwards. May be called twice. */
  async close(): Promise<void> {
    await this.flush()
    const file = this.#file
    this.#file = null
    await file?.close()
  }

  async #drain(): Promise<void> {
    try {
      this.#file ??= await open(this.#path, 'a')
      while (this.#pending.length > 0) {
        const pieces = this.#pending
        this.#pending = []
        await this.#file.appendFile(Buffer.concat(pieces))
      }
    } catch (error) {
      this.#failure = toAppError(error)
      this.#pending = []
    } finally {
      this.#work = null
    }
  }
}
