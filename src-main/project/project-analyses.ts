/**
 * The analyses of the Python files that a project's flows name or that lie in `nodes/`: kept, and made
 * anew when such a file, its draft, or a file its result depends on changes.
 */
import { isDeepStrictEqual } from 'node:util'
import type { FileAnalysis } from '../../src-shared/contract/analysis.ts'
import { isPythonFile } from './text-file.ts'

/** What this needs of the analysis service. */
export interface Analyser {
  /** `text` null: the overlay if there is one, else the file on disk. */
  analyse(root: string, file: string, text: string | null): Promise<FileAnalysis>
  /** Unsaved text that stands in for the file, also where others import it; null forgets it. */
  overlay(root: string, file: string, text: string | null): Promise<void> | void
  forget(root: string): Promise<void> | void
}

export class ProjectAnalyses {
  readonly #analyser: Analyser
  readonly #root: string
  readonly #onChange: (files: Record<string, FileAnalysis | null>) => void
  readonly #results = new Map<string, FileAnalysis>()
  #wanted = new Set<string>()
  #stale = new Set<string>()
  #gone = new Set<string>()
  #working: Promise<void> | null = null
  #closed = false

  constructor(analyser: Analyser, root: string, onChange: (files: Record<string, FileAnalysis | null>) => void) {
    this.#analyser = analyser
    this.#root = root
    this.#onChange = onChange
  }

  get results(): ReadonlyMap<string, FileAnalysis> {
    return this.#results
  }

  /** The files to keep analyses of. New ones are analysed, others forgotten. */
  want(files: Iterable<string>): void {
    const wanted = new Set([...files].filter(isPythonFile))
    for (const file of this.#wanted) if (!wanted.has(file)) this.#gone.add(file)
    for (const file of wanted) {
      this.#gone.delete(file)
      if (!this.#wanted.has(file)) this.#stale.add(file)
    }
    this.#wanted = wanted
    this.#work()
  }

  /** These files changed, on disk or as drafts. */
  changed(files: Iterable<string>): void {
    const changed = new Set(files)
    for (const file of this.#wanted) {
      if (changed.has(file) || this.#results.get(file)?.dependsOn.some((other) => changed.has(other)) === true)
        this.#stale.add(file)
    }
    this.#work()
  }

  async draft(file: string, text: string | null): Promise<void> {
    await this.#analyser.overlay(this.#root, file, text)
    this.changed([file])
  }

  /** Resolves when every result is up to date. */
  async settled(): Promise<void> {
    while (this.#working !== null) await this.#working
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.settled()
    await this.#analyser.forget(this.#root)
  }

  #work(): void {
    if (this.#closed || this.#working !== null || (this.#stale.size === 0 && this.#gone.size === 0)) return
    this.#working = this.#workOnce().finally(() => {
      this.#working = null
      this.#work()
    })
  }

  async #workOnce(): Promise<void> {
    const stale = [...this.#stale]
    const gone = [...this.#gone]
    this.#stale = new Set()
    this.#gone = new Set()
    const results = await Promise.all(stale.map(async (file) => [file, await this.#analyse(file)] as const))
    const changes: Record<string, FileAnalysis | null> = {}
    for (const file of gone) if (this.#results.delete(file)) changes[file] = null
    for (const [file, result] of results) {
      if (!this.#wanted.has(file) || isDeepStrictEqual(this.#results.get(file), result)) continue
      this.#results.set(file, result)
      changes[file] = result
    }
    if (!this.#closed && Object.keys(changes).length > 0) this.#onChange(changes)
  }

  /** An analysis that cannot be had (no Python on this machine) is a result too. */
  async #analyse(file: string): Promise<FileAnalysis> {
    try {
      return await this.#analyser.analyse(this.#root, file, null)
    } catch (error) {
      const before = this.#results.get(file)
      return {
        status: 'unreadable',
        message: error instanceof Error ? error.message : String(error),
        line: null,
        column: null,
        functions: before?.functions ?? {},
        stale: true,
        imports: before?.imports ?? [],
        dependsOn: before?.dependsOn ?? [],
      }
    }
  }
}
