/** Tells which files of a project folder may have changed, in batches. What changed is for the reader to find out. */
import path from 'node:path'
import { watch, type FSWatcher } from 'chokidar'
import { isHiddenPath } from './file-list.ts'

/** Long enough for an editor that empties a file before it writes it. */
const QUIET_MS = 60
/** A program that never pauses must not keep the news back. */
const LONGEST_MS = 500

export class ProjectWatcher {
  readonly #root: string
  readonly #watcher: FSWatcher
  readonly #onBatch: (paths: readonly string[]) => void
  readonly #pending = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #since = 0
  #closed = false
  readonly ready: Promise<void>

  /** `onBatch` gets relative paths of files; it is also called for every file that is there at the start. */
  constructor(root: string, onBatch: (paths: readonly string[]) => void, onError: (error: unknown) => void) {
    this.#root = root
    this.#onBatch = onBatch
    this.#watcher = watch(root, {
      followSymlinks: false,
      ignored: (item) => item !== root && isHiddenPath(this.#relative(item)),
      ignorePermissionErrors: true,
    })
    this.#watcher.on('all', (_, item) => this.#note(item))
    this.#watcher.on('error', onError)
    this.ready = new Promise((resolve) => this.#watcher.once('ready', () => resolve()))
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#watcher.close()
  }

  #relative(item: string): string {
    return path.relative(this.#root, item).split(path.sep).join('/')
  }

  #note(item: string): void {
    const relative = this.#relative(item)
    if (this.#closed || relative === '' || relative.startsWith('..')) return
    if (this.#pending.size === 0) this.#since = Date.now()
    this.#pending.add(relative)
    clearTimeout(this.#timer)
    const wait = Math.max(0, Math.min(QUIET_MS, this.#since + LONGEST_MS - Date.now()))
    this.#timer = setTimeout(() => {
      const paths = [...this.#pending]
      this.#pending.clear()
      this.#onBatch(paths)
    }, wait)
    this.#timer.unref()
  }
}
