/** Whether this process may write a project: the lock, or the sentence that says why not. */
import { access, constants } from 'node:fs/promises'
import { toAppError } from '../base/app-error.ts'
import { makeStateFolder } from '../base/state-folder.ts'
import { hostId } from './process-identity.ts'
import { acquireLock, lockedSentence, type ProjectLock } from './project-lock.ts'

const RETRY_MS = 3_000

export class WriteAccess {
  readonly #projectDir: string
  readonly #stateDir: string
  readonly #onFree: () => void
  #lock: ProjectLock | null = null
  #refused: string | null = null
  #timer: NodeJS.Timeout | undefined
  #released = false

  /** `onFree` is called now and then while another holds the lock: it may be free now, `take` again. */
  constructor(projectDir: string, stateDir: string, onFree: () => void) {
    this.#projectDir = projectDir
    this.#stateDir = stateDir
    this.#onFree = onFree
  }

  get held(): boolean {
    return this.#lock !== null && this.#refused === null
  }

  /** Why nothing can be written, or null. */
  get readOnly(): string | null {
    return this.#refused
  }

  /** From now on nothing is written, for this reason. */
  refuse(reason: string): void {
    this.#refused = reason
  }

  /** Tries once, without waiting. Answers true when the lock was free and is held from now on. */
  async take(): Promise<boolean> {
    if (this.#released || this.held) return false
    if (!(await isWritable(this.#projectDir))) {
      this.#refused = 'This folder may not be written, so the project is read-only.'
      return false
    }
    try {
      const attempt = await acquireLock(this.#stateDir)
      if ('held' in attempt) {
        this.#lock = attempt.held
        this.#refused = null
        await makeStateFolder(this.#projectDir)
        return true
      }
      this.#refused = lockedSentence(attempt.owner, await hostId())
      this.#timer = setTimeout(this.#onFree, RETRY_MS)
      this.#timer.unref()
    } catch (error) {
      this.#refused = `This project is read-only: ${toAppError(error).message}`
    }
    return false
  }

  async release(): Promise<void> {
    this.#released = true
    clearTimeout(this.#timer)
    await this.#lock?.release()
  }
}

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
