/**
 * The open flow: its document, look and selection, every change to them, undo, and saving.
 *
 * One writer at a time: changes of files run one after another through `#serial`, so that a save, an undo
 * that restores a file and a change from outside never interleave.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { emptyFlow, emptyLayout } from '../../../src-shared/flow/document.ts'
import type { EditResult } from '../../../src-shared/flow/edit.ts'
import { parseLayout } from '../../../src-shared/flow/parse-layout.ts'
import type { NodePorts } from '../../../src-shared/flow/ports.ts'
import { printFlow } from '../../../src-shared/flow/print-flow.ts'
import type { ProjectPath } from '../../../src-shared/ids.ts'
import { placeMissing } from './auto-place.ts'
import { asWireError } from '../../lib/wire-error.ts'
import type { FlowHost } from './flow-host.ts'
import type { EditOptions, FlowChange, FlowProject } from './flow-change.ts'
import { FlowDisk, type DiskFile, type PendingFile } from './flow-disk.ts'
import type { FlowConflict, FlowState, Notice } from './flow-state.ts'
import {
  closeGroup,
  dropStep,
  emptyHistory,
  pushStep,
  stepBack,
  stepForward,
  type History,
  type Picture,
  type Step,
} from './history.ts'
import { openedFlow } from './opened-flow.ts'
import { createPortsCache } from './ports-cache.ts'
import { planFiles, type Direction, type FilePlan } from './travel-files.ts'

const SAVE_DELAY_MS = 300
const none: ReadonlySet<string> = new Set()

export class FlowSession {
  readonly store: StoreApi<FlowState>
  readonly #host: FlowHost
  readonly #disk: FlowDisk
  readonly #ports = createPortsCache()
  readonly #subscriptions: { dispose(): void }[] = []
  readonly #willTouch = new Set<(paths: readonly ProjectPath[]) => Promise<void>>()
  #history: History = emptyHistory
  #pending: PendingFile[] = []
  #serial: Promise<unknown> = Promise.resolve()
  #timer: ReturnType<typeof setTimeout> | null = null
  #noticeId = 0
  #readOnly: { project: string | null; flow: string | null }
  #disposed = false

  constructor(host: FlowHost, snapshot: FlowProject, flow: string) {
    this.#host = host
    this.#readOnly = { project: snapshot.readOnly, flow: null }
    this.#disk = new FlowDisk(host, snapshot.projectId, flow)
    this.store = createStore<FlowState>(() => ({
      projectId: snapshot.projectId,
      flow,
      document: emptyFlow(),
      layout: emptyLayout(),
      analyses: snapshot.analyses,
      files: new Set(snapshot.files.map((file) => file.path)),
      flows: snapshot.flows,
      selection: none,
      selectedEdges: none,
      focus: null,
      readOnly: snapshot.readOnly,
      damaged: null,
      conflict: null,
      save: { state: 'saved' },
      undoLabel: null,
      redoLabel: null,
      notice: null,
    }))
  }

  get state(): FlowState {
    return this.store.getState()
  }

  /** Something was changed that is not on disk yet. */
  get hasUnsaved(): boolean {
    return this.state.readOnly === null && this.state.damaged === null && this.#unsaved
  }

  get host(): FlowHost {
    return this.#host
  }

  /** Reads both files and follows what others do to them. Rejects when the host cannot be reached. */
  async load(): Promise<void> {
    const { projectId } = this.state
    const mine =
      <T extends { projectId: string }>(then: (payload: T) => void) =>
      (payload: T) => {
        if (payload.projectId === projectId && !this.#disposed) then(payload)
      }
    this.#subscriptions.push(
      this.#host.onEvent(
        'file.changed',
        mine((event) => void this.#fileChanged(event.path, event.revision, event.text)),
      ),
      this.#host.onEvent(
        'analysis.changed',
        mine((event) => this.#analysisChanged(event.files)),
      ),
      this.#host.onEvent(
        'file.listChanged',
        mine((event) => {
          this.store.setState({ files: new Set(event.files.map((file) => file.path)), flows: event.flows })
        }),
      ),
      this.#host.onEvent(
        'project.changed',
        mine((event) => this.#setReadOnly({ project: event.readOnly })),
      ),
    )
    await this.#inTurn(async () => {
      const [flow, layout] = await Promise.all([
        this.#disk.read(this.#disk.flow.path),
        this.#disk.read(this.#disk.layout.path),
      ])
      this.#disk.layout.text = layout.text
      this.#disk.layout.revision = layout.revision
      this.#adoptFlow(flow.text, flow.revision)
    })
  }

  dispose(): void {
    this.#disposed = true
    if (this.#timer) clearTimeout(this.#timer)
    for (const subscription of this.#subscriptions) subscription.dispose()
    this.#subscriptions.length = 0
  }

  /** The ports of a node by its id; undefined when there is no such node. Same object while nothing changed. */
  readonly portsOf = (id: string): NodePorts | undefined => this.#ports(this.state, id)

  /** Runs before a file that a step made is removed or read to be kept: editors write what they hold. */
  onWillTouchFiles(listener: (paths: readonly ProjectPath[]) => Promise<void>): { dispose(): void } {
    this.#willTouch.add(listener)
    return { dispose: () => this.#willTouch.delete(listener) }
  }

  /** The text of a project file as it is on disk, after editors wrote theirs; null where there is none. */
  async readFile(path: ProjectPath): Promise<string | null> {
    await this.#settleEditors([path])
    return (await this.#disk.read(path)).text
  }

  say(text: string, tone: Notice['tone'] = 'info', hint?: string): void {
    this.store.setState({ notice: { id: ++this.#noticeId, tone, text, hint } })
  }

  select(selection: Iterable<string>, edges: Iterable<string> = []): void {
    this.store.setState({ selection: new Set(selection), selectedEdges: new Set(edges) })
  }

  focus(id: string | null): void {
    if (this.state.focus !== id) this.store.setState({ focus: id })
  }

  /** Applies a change as one undo element. False when nothing may be changed now (it says why). */
  edit(label: string, change: (state: FlowState) => FlowChange, options: EditOptions = {}): boolean {
    const { state } = this
    if (!this.#mayEdit()) return false
    const made = change(state)
    const document = made.document ?? state.document
    const layout = made.layout ?? state.layout
    const files = made.files ?? []
    if (document === state.document && layout === state.layout && files.length === 0) return false
    const after: Picture = { document, layout, selection: made.selection ?? state.selection }
    const step: Step = { label, group: options.group ?? null, before: pictureOf(state), after, files }
    this.#history = pushStep(this.#history, step)
    this.#show(after, made.focus)
    for (const file of files) {
      this.#pending.push({
        step: this.#history.past.at(-1) ?? step,
        path: file.path,
        from: file.before,
        to: file.after,
      })
    }
    if (files.length > 0) void this.flush()
    else this.#saveSoon()
    return true
  }

  /** Applies one of the shared edits; a refusal is said. */
  apply(
    label: string,
    change: (state: FlowState) => EditResult,
    options: EditOptions & Pick<FlowChange, 'selection' | 'focus'> = {},
  ): boolean {
    const result = change(this.state)
    if (!result.ok) {
      this.say(result.reason, 'refused')
      return false
    }
    const { group, ...picked } = options
    return this.edit(
      label,
      () => ({ document: result.document, layout: result.layout, ...picked }),
      group === undefined ? {} : { group },
    )
  }

  /** The next edit of the same group begins an undo element of its own. */
  endGroup(): void {
    this.#history = closeGroup(this.#history)
  }

  undo(): Promise<void> {
    return this.#travel('undo')
  }

  redo(): Promise<void> {
    return this.#travel('redo')
  }

  /** Writes what is unsaved. Resolves when it is written, or when it is clear that it cannot be. */
  flush(): Promise<boolean> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    return this.#inTurn(() => this.#write())
  }

  /** Ends a conflict: `mine` replaces the file, `theirs` is taken over and can be undone. */
  async resolveConflict(keep: 'mine' | 'theirs'): Promise<void> {
    const { conflict } = this.state
    if (!conflict) return
    await this.#inTurn(async () => {
      const file = this.#disk.file(conflict.path)
      if (!file) return
      file.revision = conflict.revision
      file.text = conflict.theirs
      this.store.setState({ conflict: null })
      if (keep === 'theirs') this.#takeDisk(file)
      else await this.#write()
    })
  }

  /** Replaces a damaged or missing flow file: by its last good copy, or by an empty flow. */
  async repair(by: 'lastGood' | 'empty'): Promise<void> {
    const { damaged, projectId } = this.state
    if (!damaged) return
    await this.#inTurn(async () => {
      try {
        const kept =
          by === 'lastGood' ? await this.#host.request('file.lastGood', { projectId, path: damaged.path }) : null
        if (by === 'lastGood' && !kept) {
          this.say('There is no kept copy of this flow.', 'error', 'Mend the file in an editor.')
          return
        }
        const text = kept?.text ?? printFlow(emptyFlow())
        const writes = [{ path: damaged.path, text, base: damaged.revision, replaceDamaged: true }]
        const { revisions } = await this.#host.request('file.write', { projectId, writes })
        this.#adoptFlow(text, revisions[damaged.path] ?? null)
      } catch (thrown) {
        this.#sayError(thrown)
      }
    })
  }

  // ── within

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#serial.then(task)
    this.#serial = turn.catch(() => undefined)
    return turn
  }

  #setReadOnly(change: Partial<{ project: string | null; flow: string | null }>): void {
    this.#readOnly = { ...this.#readOnly, ...change }
    this.store.setState({ readOnly: this.#readOnly.flow ?? this.#readOnly.project })
  }

  #mayEdit(): boolean {
    const { readOnly, damaged, conflict } = this.state
    if (damaged) this.say('This flow cannot be changed until its file can be read.', 'refused')
    else if (readOnly !== null) this.say(`This flow is read-only: ${readOnly}`, 'refused')
    else if (conflict) this.say('The flow changed on disk. Decide first which version to keep.', 'refused')
    else return true
    return false
  }

  #show(picture: Picture, focus?: string | null): void {
    const { state } = this
    const here = (id: string): boolean => Object.hasOwn(picture.document.nodes, id)
    const wanted = focus === undefined ? state.focus : focus
    this.store.setState({
      document: picture.document,
      layout: placeMissing(picture.document, picture.layout),
      selection: new Set([...picture.selection].filter(here)),
      selectedEdges: none,
      focus: wanted !== null && here(wanted) ? wanted : null,
      ...this.#labels(),
    })
  }

  #labels(): Pick<FlowState, 'undoLabel' | 'redoLabel'> {
    return { undoLabel: this.#history.past.at(-1)?.label ?? null, redoLabel: this.#history.future[0]?.label ?? null }
  }

  #travel(direction: Direction): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#mayEdit()) return
      const moved = direction === 'undo' ? stepBack(this.#history) : stepForward(this.#history)
      if (!moved) {
        this.say(`There is nothing to ${direction}.`, 'refused')
        return
      }
      const { step } = moved
      let plan: FilePlan
      try {
        await this.#settleEditors(step.files.map((file) => file.path))
        plan = await planFiles(this.#disk, step, direction)
      } catch (thrown) {
        this.#sayError(thrown)
        return
      }
      this.#history = moved.history
      this.#pending.push(...plan.writes)
      this.#show(direction === 'undo' ? step.before : step.after)
      const done = `${direction === 'undo' ? 'Undone' : 'Redone'}: ${step.label}`
      const { kept } = plan
      this.say(kept.length === 0 ? done : `${done}. ${kept.join(', ')} was changed since and is kept as it is.`)
      if (plan.writes.length > 0) await this.#write()
      else this.#saveSoon()
    })
  }

  #saveSoon(): void {
    this.store.setState({ save: { state: 'unsaved' } })
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), SAVE_DELAY_MS)
  }

  get #unsaved(): boolean {
    const picture = pictureOf(this.state)
    const { flow, layout } = this.#disk
    return this.#pending.length > 0 || this.#disk.differs(flow, picture) || this.#disk.differs(layout, picture)
  }

  #saved(): void {
    this.store.setState({ save: { state: this.#unsaved ? 'unsaved' : 'saved' } })
  }

  async #write(): Promise<boolean> {
    const { readOnly, damaged, conflict } = this.state
    if (readOnly !== null || damaged || conflict) return false
    if (!this.#unsaved) {
      this.#saved()
      return true
    }
    this.store.setState({ save: { state: 'saving' } })
    const pending = this.#pending
    const outcome = await this.#disk.write(pictureOf(this.state), pending)
    switch (outcome.kind) {
      case 'written':
        this.#pending = this.#pending.filter((file) => !pending.includes(file))
        this.#saved()
        return true
      case 'refused':
        this.#refuse(outcome.file, outcome.message, outcome.hint)
        return false
      case 'conflict':
        this.#raiseConflict(outcome.file, outcome.text, outcome.revision)
        return false
      case 'failed':
        this.store.setState({ save: { state: 'failed', message: outcome.message, hint: outcome.hint } })
        return false
    }
  }

  /** Takes the step of a file that could not be written out again. */
  #refuse({ step }: PendingFile, message: string, hint?: string): void {
    this.#revert(step)
    this.say(`${step.label} was not done: ${message}`, 'error', hint)
    if (this.#unsaved) this.#saveSoon()
    else this.#saved()
  }

  #revert(step: Step): void {
    const wasLast = this.#history.past.at(-1) === step
    const wasNext = this.#history.future[0] === step
    this.#history = dropStep(this.#history, step)
    this.#pending = this.#pending.filter((file) => file.step !== step)
    if (wasLast) this.#show(step.before)
    else if (wasNext) this.#show(step.after)
    else this.store.setState(this.#labels())
  }

  #raiseConflict(file: DiskFile, theirs: string | null, revision: string | null): void {
    const mine = this.#disk.printed(file, pictureOf(this.state))
    if (mine === theirs) {
      file.text = theirs
      file.revision = revision
      return
    }
    const conflict: FlowConflict = { path: file.path, mine, theirs, revision }
    this.store.setState({ conflict, save: { state: 'unsaved' } })
  }

  async #fileChanged(path: string, revision: string | null, text: string | null): Promise<void> {
    const file = this.#disk.file(path)
    if (!file) return
    await this.#inTurn(async () => {
      if (revision === file.revision || this.#disposed) return
      // What is announced may be a save of our own that a later one has replaced: what is there now counts.
      const disk = await this.#disk.read(file.path).catch(() => ({ text, revision }))
      if (disk.revision === file.revision) return
      const { conflict, damaged, readOnly } = this.state
      const changed = damaged === null && readOnly === null && this.#disk.differs(file, pictureOf(this.state))
      if (conflict?.path === path || changed) {
        this.#raiseConflict(file, disk.text, disk.revision)
        return
      }
      file.text = disk.text
      file.revision = disk.revision
      this.#takeDisk(file)
    })
  }

  /** Shows what is on disk, as an undo element where there is something to go back to. */
  #takeDisk(file: DiskFile): void {
    const before = pictureOf(this.state)
    const hadDocument = this.state.damaged === null
    if (file === this.#disk.flow) this.#adoptFlow(file.text, file.revision)
    else this.#adoptLayout()
    const after = pictureOf(this.state)
    if (!hadDocument || this.state.damaged || this.state.readOnly !== null) return
    const step: Step = { label: 'Change by another program', group: 'disk', before, after, files: [] }
    this.#history = pushStep(this.#history, step)
    this.store.setState({ ...this.#labels(), save: { state: 'saved' } })
    this.say('The flow changed on disk and was read again.')
  }

  #adoptFlow(text: string | null, revision: string | null): void {
    const file = this.#disk.flow
    file.text = text
    file.revision = revision
    const opened = openedFlow(text, file.path)
    if (opened.document === null) {
      const { kind, problems } = opened
      this.store.setState({ damaged: { kind, path: file.path, problems, revision }, save: { state: 'saved' } })
      return
    }
    file.saved = opened.document
    this.#setReadOnly({ flow: opened.readOnly })
    this.store.setState({ damaged: null, document: opened.document, save: { state: 'saved' } })
    this.#adoptLayout()
  }

  #adoptLayout(): void {
    const file = this.#disk.layout
    const parsed = file.text === null ? null : parseLayout(file.text, file.path)
    const layout = placeMissing(this.state.document, parsed?.document ?? emptyLayout())
    // Places made up here are no change to save; they are written with the next one.
    file.saved = layout
    file.replaceable = parsed !== null && !parsed.newer && parsed.lossy
    if (parsed?.newer)
      this.#setReadOnly({ flow: 'its layout was written by a newer Nodeloom. Update Nodeloom to change it.' })
    else if (parsed?.document === null)
      this.say(
        'The layout of this flow could not be read; its nodes were placed anew.',
        'error',
        'The next change writes a new layout; what is there now is kept as a backup.',
      )
    this.#show({ document: this.state.document, layout, selection: this.state.selection })
  }

  #analysisChanged(files: Readonly<Record<string, FlowState['analyses'][string] | null>>): void {
    const analyses = { ...this.state.analyses }
    for (const [path, analysis] of Object.entries(files)) {
      if (analysis) analyses[path] = analysis
      else delete analyses[path]
    }
    this.store.setState({ analyses })
  }

  async #settleEditors(paths: readonly ProjectPath[]): Promise<void> {
    if (paths.length > 0) await Promise.all([...this.#willTouch].map((listener) => listener(paths)))
  }

  #sayError(thrown: unknown): void {
    const { message, hint } = asWireError(thrown)
    this.say(message, 'error', hint)
  }
}

const pictureOf = (state: FlowState): Picture => ({
  document: state.document,
  layout: state.layout,
  selection: state.selection,
})
