/** The two files of a flow as they are on disk, as far as the page knows, and writing them. */
import { zConflictDetail, type FileWrite } from '../../../src-shared/contract/project.ts'
import type { FlowDocument, LayoutDocument } from '../../../src-shared/flow/document.ts'
import { printFlow, printLayout } from '../../../src-shared/flow/print-flow.ts'
import { zProjectPath, type ProjectId, type ProjectPath } from '../../../src-shared/ids.ts'
import { asWireError } from '../../lib/wire-error.ts'
import type { FlowHost } from './flow-host.ts'
import type { Picture, Step } from './history.ts'

export interface DiskFile {
  readonly path: ProjectPath
  text: string | null
  revision: string | null
  /** The object that `text` was made from or printed to: equal means nothing to save. */
  saved: FlowDocument | LayoutDocument | null
  /** What is there cannot be read, and may be replaced (a backup is kept). */
  replaceable: boolean
}

/** A change of another file that goes with the flow's next save, or not at all. */
export interface PendingFile {
  readonly step: Step
  readonly path: ProjectPath
  /** What it must hold now; null: it must not be there. */
  readonly from: string | null
  readonly to: string | null
}

export type WriteOutcome =
  | { readonly kind: 'written' }
  /** Nothing was written, because of one of the pending files. */
  | {
      readonly kind: 'refused'
      readonly file: PendingFile
      readonly message: string
      readonly hint: string | undefined
    }
  /** Nothing was written, because the flow's own file is another by now. */
  | {
      readonly kind: 'conflict'
      readonly file: DiskFile
      readonly text: string | null
      readonly revision: string | null
    }
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | undefined }

export class FlowDisk {
  readonly flow: DiskFile
  readonly layout: DiskFile
  readonly #host: FlowHost
  readonly #projectId: ProjectId

  constructor(host: FlowHost, projectId: ProjectId, flow: string) {
    this.#host = host
    this.#projectId = projectId
    const unread = { text: null, revision: null, saved: null, replaceable: false }
    this.flow = { path: zProjectPath.parse(`flows/${flow}.json`), ...unread }
    this.layout = { path: zProjectPath.parse(`flows/${flow}.layout.json`), ...unread }
  }

  file(path: string): DiskFile | undefined {
    return [this.flow, this.layout].find((file) => file.path === path)
  }

  /** What a save would write of this file now. */
  printed(file: DiskFile, picture: Picture): string {
    return file === this.flow ? printFlow(picture.document) : printLayout(picture.layout)
  }

  /** Whether the file on disk is not what is shown. */
  differs(file: DiskFile, picture: Picture): boolean {
    const shown = file === this.flow ? picture.document : picture.layout
    return shown !== file.saved && this.printed(file, picture) !== file.text
  }

  /** Null for both where there is no such file. */
  async read(path: ProjectPath): Promise<{ readonly text: string | null; readonly revision: string | null }> {
    try {
      const { text, revision } = await this.#host.request('file.read', { projectId: this.#projectId, path })
      return { text, revision }
    } catch (thrown) {
      if (asWireError(thrown).code === 'not_found') return { text: null, revision: null }
      throw thrown
    }
  }

  /** Writes what differs, and the pending files, as one. */
  async write(picture: Picture, pending: readonly PendingFile[]): Promise<WriteOutcome> {
    const changed = [this.flow, this.layout]
      .filter((file) => this.differs(file, picture))
      .map((file) => ({ file, text: this.printed(file, picture) }))
    try {
      const writes: FileWrite[] = changed.map(({ file, text }) => ({
        path: file.path,
        text,
        base: file.revision,
        ...(file.replaceable ? { replaceDamaged: true } : {}),
      }))
      for (const file of joinPending(pending)) {
        const now = file.from === null ? { text: null, revision: null } : await this.read(file.path)
        if (now.text !== file.from) {
          return { kind: 'refused', file, message: `${file.path} was changed by another program.`, hint: undefined }
        }
        writes.push({ path: file.path, text: file.to, base: now.revision })
      }
      if (writes.length === 0) return { kind: 'written' }
      const { revisions } = await this.#host.request('file.write', { projectId: this.#projectId, writes })
      for (const { file, text } of changed) {
        file.text = text
        file.saved = file === this.flow ? picture.document : picture.layout
        file.revision = revisions[file.path] ?? file.revision
        file.replaceable = false
      }
      return { kind: 'written' }
    } catch (thrown) {
      return this.#failure(thrown, pending)
    }
  }

  #failure(thrown: unknown, pending: readonly PendingFile[]): WriteOutcome {
    const { code, message, hint, detail } = asWireError(thrown)
    const found = code === 'conflict' || code === 'already_exists' ? zConflictDetail.safeParse(detail).data : undefined
    const refused = pending.find((file) => file.path === found?.path)
    if (refused) return { kind: 'refused', file: refused, message, hint }
    const own = found ? this.file(found.path) : undefined
    if (own && found) return { kind: 'conflict', file: own, text: found.text, revision: found.revision }
    return { kind: 'failed', message, hint }
  }
}

/** Two changes of one file become one, from the first one's start to the last one's end. */
function joinPending(pending: readonly PendingFile[]): PendingFile[] {
  const byPath = new Map<string, PendingFile>()
  for (const file of pending) {
    const earlier = byPath.get(file.path)
    byPath.set(file.path, earlier ? { ...file, from: earlier.from } : file)
  }
  return [...byPath.values()].filter(({ from, to }) => from !== to)
}
