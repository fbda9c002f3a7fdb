/**
 * Which page writes a project: the first that opened it; the others read until it is gone. Two programs
 * are kept apart by the project's lock file, two pages of one host by this.
 */
import type { ProjectId } from '../../src-shared/ids.ts'

export const OTHER_WINDOW = 'Another window of Nodeloom has this project open and writes it; this one reads along.'

export class Writers<Page> {
  readonly #pages = new Map<ProjectId, Page[]>()

  /** Each opening counts. */
  add(projectId: ProjectId, page: Page): void {
    this.#pages.set(projectId, [...(this.#pages.get(projectId) ?? []), page])
  }

  /** Undoes one `add`. Answers the page that writes from now on where it is another one than before. */
  remove(projectId: ProjectId, page: Page): Page | null {
    const pages = this.#pages.get(projectId) ?? []
    const at = pages.indexOf(page)
    if (at < 0) return null
    const rest = pages.toSpliced(at, 1)
    if (rest.length === 0) this.#pages.delete(projectId)
    else this.#pages.set(projectId, rest)
    const [next] = rest
    return next === undefined || next === pages[0] ? null : next
  }

  isWriter(projectId: ProjectId, page: Page): boolean {
    return this.#pages.get(projectId)?.[0] === page
  }
}
