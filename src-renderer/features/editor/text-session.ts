/**
 * The life of one open file's text, without an editor: what is on disk, what the person typed, when it is
 * sent for analysis, when it is saved, and what happens when another program writes the file.
 *
 *   clean ──type──▶ changed ──save──▶ saving ──ok──▶ clean
 *     ▲               ▲                  │
 *     │ outside text  │ typed meanwhile  ├─ disk differs ─▶ conflict ── keep mine / take theirs ─▶ …
 *     └───────────────┘                  └─ refused ──────▶ changed, with the reason; tried again on the next change
 */
import { zConflictDetail, type TextFile } from '../../../src-shared/contract/project.ts'
import type { WireError } from '../../../src-shared/contract/errors.ts'
import type { ProjectId, ProjectPath } from '../../../src-shared/ids.ts'
import { asWireError } from '../../lib/wire-error.ts'

const DRAFT_AFTER_MS = 120
const SAVE_AFTER_MS = 400

export interface TextHost {
  /** Answers the new revision. `base` null: the file must not exist. */
  write(projectId: ProjectId, path: ProjectPath, text: string, base: string | null): Promise<string>
  draft(projectId: ProjectId, path: ProjectPath, text: string | null): Promise<void>
}

/** The surface the person types on. */
export interface TextSurface {
  getText(): string
  /** Replaces the text as one edit that the person can undo. */
  setText(text: string): void
}

export interface TextConflict {
  /** Null: the file is gone. */
  readonly text: string | null
  readonly revision: string | null
}

export interface TextState {
  readonly changed: boolean
  readonly saving: boolean
  readonly conflict: TextConflict | null
  /** Why the last save failed; the text is kept and tried again. */
  readonly error: WireError | null
}

export class TextSession {
  readonly projectId: ProjectId
  readonly path: ProjectPath
  readonly readOnly: string | null
  readonly #host: TextHost
  readonly #surface: TextSurface
  readonly #onChange: (state: TextState) => void
  readonly #onGone: () => void
  #disk: { text: string; revision: string | null }
  #state: TextState = { changed: false, saving: false, conflict: null, error: null }
  #draftTimer: ReturnType<typeof setTimeout> | undefined
  #saveTimer: ReturnType<typeof setTimeout> | undefined
  #saving: Promise<void> | null = null
  #disposed = false

  constructor(
    projectId: ProjectId,
    file: TextFile,
    surface: TextSurface,
    host: TextHost,
    onChange: (state: TextState) => void,
    onGone: () => void,
  ) {
    this.projectId = projectId
    this.path = file.path
    this.readOnly = file.readOnly
    this.#disk = { text: file.text, revision: file.revision }
    this.#surface = surface
    this.#host = host
    this.#onChange = onChange
    this.#onGone = onGone
  }

  get state(): TextState {
    return this.#state
  }

  /** The person typed: ports follow soon, the disk a little later. */
  typed(): void {
    if (this.#disposed || this.readOnly !== null) return
    const changed = this.#surface.getText() !== this.#disk.text
    this.#set({ changed })
    clearTimeout(this.#draftTimer)
    clearTimeout(this.#saveTimer)
    if (!changed) {
      void this.#host.draft(this.projectId, this.path, null).catch(() => undefined)
      return
    }
    this.#draftTimer = setTimeout(() => {
      // A draft that does not arrive costs live ports only; the save that follows carries the same text.
      void this.#host.draft(this.projectId, this.path, this.#surface.getText()).catch(() => undefined)
    }, DRAFT_AFTER_MS)
    if (this.#state.conflict === null) this.#saveTimer = setTimeout(() => void this.#saveInPassing(), SAVE_AFTER_MS)
  }

  /** While someone types on, the next save waits its time again instead of following at once. */
  async #saveInPassing(): Promise<void> {
    clearTimeout(this.#saveTimer)
    await this.#writeOnce()
    const { changed, conflict, error } = this.#state
    if (!changed || conflict !== null || error !== null || this.#disposed) return
    clearTimeout(this.#saveTimer)
    this.#saveTimer = setTimeout(() => void this.#saveInPassing(), SAVE_AFTER_MS)
  }

  /** Writes what is not on disk yet; resolves when it is, or when it cannot be (see `state`). */
  async save(): Promise<void> {
    clearTimeout(this.#saveTimer)
    await this.#writeOnce()
    if (this.#state.changed && this.#state.error === null && this.#state.conflict === null) await this.save()
  }

  async #writeOnce(): Promise<void> {
    while (this.#saving !== null) await this.#saving
    if (!this.#state.changed || this.#state.conflict !== null || this.readOnly !== null) return
    this.#saving = this.#write().finally(() => {
      this.#saving = null
    })
    await this.#saving
  }

  async #write(): Promise<void> {
    const text = this.#surface.getText()
    this.#set({ saving: true })
    try {
      const revision = await this.#host.write(this.projectId, this.path, text, this.#disk.revision)
      this.#disk = { text, revision }
      this.#set({ saving: false, error: null, changed: this.#surface.getText() !== text })
    } catch (thrown) {
      const error = asWireError(thrown)
      const detail = error.code === 'conflict' ? zConflictDetail.safeParse(error.detail) : null
      if (detail?.success)
        this.#set({ saving: false, conflict: { text: detail.data.text, revision: detail.data.revision } })
      else this.#set({ saving: false, error })
    }
  }

  /**
   * The file on disk is now this, whoever wrote it; null: it is gone. A file that is gone with nothing of its
   * text unsaved calls `onGone`: it is the owner's to close.
   */
  changedOnDisk(text: string | null, revision: string | null): void {
    if (revision === this.#disk.revision || this.#disposed) return
    // The answer to our own write may still be under way when its event arrives.
    if (this.#saving !== null) {
      void this.#saving.then(() => this.changedOnDisk(text, revision))
      return
    }
    if (text === null && !this.#state.changed) {
      this.#onGone()
      return
    }
    if (this.#state.changed || text === null || revision === null) {
      if (text !== null && revision !== null && text === this.#surface.getText()) this.#accept(text, revision)
      else this.#set({ conflict: { text, revision } })
      return
    }
    this.#accept(text, revision)
  }

  #accept(text: string, revision: string): void {
    this.#disk = { text, revision }
    if (this.#surface.getText() !== text) this.#surface.setText(text)
    this.#set({ changed: false, conflict: null, error: null })
  }

  /**
   * Ends a conflict. Keeping mine writes it over what is there (or makes the file again); taking theirs can
   * be undone in the editor. Theirs being "gone" is the owner's to act on: it closes the file.
   */
  async resolve(keep: 'mine' | 'theirs'): Promise<void> {
    const { conflict } = this.#state
    if (conflict === null) return
    if (keep === 'theirs' && conflict.text !== null && conflict.revision !== null) {
      this.#accept(conflict.text, conflict.revision)
      return
    }
    this.#disk = { text: conflict.text ?? '', revision: conflict.revision }
    this.#set({ conflict: null, changed: true })
    await this.save()
  }

  /** Stops timers; what is unsaved must have been saved before. */
  dispose(): void {
    this.#disposed = true
    clearTimeout(this.#draftTimer)
    clearTimeout(this.#saveTimer)
  }

  #set(part: Partial<TextState>): void {
    this.#state = { ...this.#state, ...part }
    this.#onChange(this.#state)
  }
}
