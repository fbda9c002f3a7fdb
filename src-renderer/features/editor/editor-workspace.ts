/**
 * Everything of the editor that outlives a render: Monaco's one editor, a model and a TextSession per open
 * file. Loaded together with Monaco, after the first paint.
 */
import type { editor as MonacoEditor, IDisposable } from 'monaco-editor'
import type { Problem } from '../../../src-shared/contract/problem.ts'
import { zProjectPath, type ProjectId } from '../../../src-shared/ids.ts'
import { host } from '../../host/index.ts'
import { asWireError } from '../../lib/wire-error.ts'
import type { EditorTheme } from './editor-theme.ts'
import { changeFile, useEditor } from './editor-store.ts'
import { monaco, setEditorTheme, startMonaco } from './monaco.ts'
import { TextSession, type TextHost } from './text-session.ts'

interface Entry {
  readonly session: TextSession
  readonly model: MonacoEditor.ITextModel
  readonly listeners: IDisposable[]
  view: MonacoEditor.ICodeEditorViewState | null
}

/** An error of a run, shown below its line until the line is edited or the next run starts. */
export interface LineError {
  readonly path: string
  readonly line: number
  readonly text: string
}

const textHost: TextHost = {
  async write(projectId, path, text, base) {
    const { revisions } = await host.request('file.write', { projectId, writes: [{ path, text, base }] })
    const revision = revisions[path]
    if (revision == null) throw new Error(`${path} was written without a revision.`)
    return revision
  },
  async draft(projectId, path, text) {
    await host.request('file.draft', { projectId, path, text })
  },
}

const languageOf = (path: string): string =>
  path.endsWith('.py') || path.endsWith('.pyi') ? 'python' : path.endsWith('.json') ? 'json' : 'plaintext'

let models = 0

/**
 * Not `file:`: the editor would then ask its own file system, which has none of our files, whenever a feature
 * looks a model up. Counted, because a closed file's model lives on until its last save is done.
 */
const modelUri = (projectId: ProjectId, path: string): monaco.Uri =>
  monaco.Uri.from({ scheme: 'inmemory', path: `/${projectId}/${path}`, query: String(++models) })

export class EditorWorkspace {
  readonly #entries = new Map<string, Entry>()
  readonly #opening = new Map<string, Promise<boolean>>()
  #editor: MonacoEditor.IStandaloneCodeEditor | null = null
  #shown: string | null = null
  #projectId: ProjectId | null = null
  #problems: readonly Problem[] = []
  #lineErrors: readonly LineError[] = []
  #zones: string[] = []
  #decorations: MonacoEditor.IEditorDecorationsCollection | null = null

  static async start(theme: EditorTheme): Promise<EditorWorkspace> {
    await startMonaco(theme)
    return new EditorWorkspace()
  }

  setTheme(theme: EditorTheme): void {
    void setEditorTheme(theme)
  }

  /** Puts the editor into the page; dispose the result when its place goes. */
  mount(element: HTMLElement): { dispose(): void } {
    const editor = monaco.editor.create(element, {
      model: null,
      automaticLayout: true,
      ariaLabel: 'Code editor',
      glyphMargin: false,
      lineNumbersMinChars: 3,
      lineDecorationsWidth: 4,
    })
    this.#editor = editor
    this.#decorations = editor.createDecorationsCollection()
    editor.onDidChangeCursorPosition(({ position }) => {
      useEditor.setState({ cursor: { line: position.lineNumber, column: position.column } })
    })
    editor.onDidBlurEditorWidget(() => void this.saveAll())
    this.#show(useEditor.getState().active)
    return {
      dispose: () => {
        this.#keepView()
        editor.dispose()
        this.#editor = null
        this.#shown = null
        this.#zones = []
      },
    }
  }

  setProject(projectId: ProjectId | null): void {
    for (const path of [...this.#entries.keys()]) this.#drop(path)
    this.#projectId = projectId
    this.#lineErrors = []
    useEditor.setState({ files: [], active: null, refused: null, cursor: null })
    this.#show(null)
  }

  /** Opens a file (relative to the project) and brings it to the front. Says whether it could. */
  async open(path: string, options: { preview?: boolean; line?: number; focus?: boolean } = {}): Promise<boolean> {
    const running = this.#opening.get(path)
    const opening = running ?? this.#load(path, options.preview ?? false).finally(() => this.#opening.delete(path))
    if (!running) this.#opening.set(path, opening)
    if (!(await opening)) return false
    if (options.preview !== true) changeFile(path, { preview: false })
    this.activate(path)
    if (options.line !== undefined) this.reveal(options.line)
    if (options.focus === true) this.#editor?.focus()
    return true
  }

  async #load(text: string, preview: boolean): Promise<boolean> {
    if (this.#entries.has(text)) return true
    const projectId = this.#projectId
    const path = zProjectPath.safeParse(text)
    if (projectId === null || !path.success) return false
    try {
      const file = await host.request('file.read', { projectId, path: path.data })
      if (this.#projectId !== projectId) return false
      const model = monaco.editor.createModel(file.text, languageOf(text), modelUri(projectId, text))
      const surface = {
        getText: () => model.getValue(),
        setText: (next: string) => {
          model.pushEditOperations([], [{ range: model.getFullModelRange(), text: next }], () => null)
        },
      }
      const session = new TextSession(
        projectId,
        file,
        surface,
        textHost,
        (state) => changeFile(text, { state }),
        () => this.close(text),
      )
      const listeners = [
        model.onDidChangeContent(() => {
          if (!this.#accepting) changeFile(text, { preview: false })
          this.#forgetErrors(text)
          session.typed()
        }),
      ]
      this.#entries.set(text, { session, model, listeners, view: null })
      this.#markProblems()
      this.#replacePreview(preview)
      useEditor.setState(({ files }) => ({
        refused: null,
        files: [...files, { path: path.data, preview, readOnly: file.readOnly, state: session.state }],
      }))
      return true
    } catch (thrown) {
      const { message, hint } = asWireError(thrown)
      useEditor.setState({ refused: { path: text, message, hint } })
      return false
    }
  }

  #accepting = false

  /** A new preview takes the place of the one before, unless that one was typed in. */
  #replacePreview(preview: boolean): void {
    if (!preview) return
    const old = useEditor.getState().files.find((file) => file.preview && !file.state.changed)
    if (old) this.close(old.path)
  }

  activate(path: string): void {
    useEditor.setState({ active: path, refused: null })
    this.#show(path)
  }

  close(path: string): void {
    const entry = this.#entries.get(path)
    if (!entry) return
    void entry.session.save().finally(() => undefined)
    const { files, active } = useEditor.getState()
    const at = files.findIndex((file) => file.path === path)
    const rest = files.filter((file) => file.path !== path)
    const next = active === path ? (rest[Math.min(at, rest.length - 1)]?.path ?? null) : active
    useEditor.setState({ files: rest, active: next })
    this.#show(next)
    this.#drop(path)
  }

  reveal(line: number): void {
    this.#editor?.revealLineInCenter(line)
    this.#editor?.setPosition({ lineNumber: line, column: 1 })
  }

  focus(): void {
    this.#editor?.focus()
  }

  get hasFocus(): boolean {
    return this.#editor?.hasTextFocus() ?? false
  }

  /** Writes everything typed; resolves when it is on disk or its reason is shown. */
  async saveAll(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(async ({ session }) => session.save()))
  }

  async resolve(path: string, keep: 'mine' | 'theirs'): Promise<void> {
    const entry = this.#entries.get(path)
    if (!entry) return
    if (keep === 'theirs' && entry.session.state.conflict?.text === null) {
      this.close(path)
      return
    }
    await entry.session.resolve(keep)
  }

  /** Replaces a file's text as typing would: one step of undo, saved soon. */
  replaceText(path: string, text: string): void {
    const model = this.#entries.get(path)?.model
    if (!model || model.getValue() === text) return
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null)
  }

  textOf(path: string): string {
    return this.#entries.get(path)?.model.getValue() ?? ''
  }

  changedOnDisk(path: string, text: string | null, revision: string | null): void {
    const entry = this.#entries.get(path)
    if (!entry) return
    this.#accepting = true
    entry.session.changedOnDisk(text, revision)
    this.#accepting = false
  }

  setProblems(problems: readonly Problem[]): void {
    this.#problems = problems
    this.#markProblems()
  }

  #markProblems(): void {
    for (const [path, { model }] of this.#entries) {
      const markers = this.#problems
        .filter((problem) => problem.file === path && problem.line !== null)
        .map((problem) => {
          const line = Math.min(model.getLineCount(), Math.max(1, problem.line ?? 1))
          return {
            startLineNumber: line,
            endLineNumber: line,
            startColumn: model.getLineFirstNonWhitespaceColumn(line) || 1,
            endColumn: model.getLineMaxColumn(line),
            message: problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`,
            severity: problem.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
          }
        })
      monaco.editor.setModelMarkers(model, 'nodeloom', markers)
    }
  }

  setLineErrors(errors: readonly LineError[]): void {
    this.#lineErrors = errors
    this.#drawErrors()
  }

  #forgetErrors(path: string): void {
    if (!this.#lineErrors.some((error) => error.path === path)) return
    this.#lineErrors = this.#lineErrors.filter((error) => error.path !== path)
    this.#drawErrors()
  }

  #drawErrors(): void {
    const editor = this.#editor
    const model = editor?.getModel()
    if (!editor || !model) return
    const errors = this.#lineErrors.filter((error) => error.path === this.#shown && error.line <= model.getLineCount())
    this.#decorations?.set(
      errors.map((error) => ({
        range: new monaco.Range(error.line, 1, error.line, 1),
        options: { isWholeLine: true, className: 'editor-error-line', lineNumberClassName: 'editor-error-number' },
      })),
    )
    editor.changeViewZones((zones) => {
      for (const zone of this.#zones) zones.removeZone(zone)
      this.#zones = errors.map((error) => {
        const node = document.createElement('div')
        node.className = 'editor-error-text'
        node.textContent = error.text
        const indent = model.getLineFirstNonWhitespaceColumn(error.line)
        node.style.paddingLeft = `${Math.max(0, indent - 1) * 7.5}px`
        return zones.addZone({ afterLineNumber: error.line, heightInLines: 1, domNode: node })
      })
    })
  }

  #keepView(): void {
    const entry = this.#shown === null ? undefined : this.#entries.get(this.#shown)
    if (entry && this.#editor) entry.view = this.#editor.saveViewState()
  }

  #show(path: string | null): void {
    const editor = this.#editor
    if (!editor || this.#shown === path) return
    this.#keepView()
    this.#shown = path
    const entry = path === null ? undefined : this.#entries.get(path)
    editor.setModel(entry?.model ?? null)
    this.#zones = []
    if (!entry) return
    editor.updateOptions({ readOnly: entry.session.readOnly !== null })
    if (entry.view) editor.restoreViewState(entry.view)
    const at = editor.getPosition()
    useEditor.setState({ cursor: at === null ? null : { line: at.lineNumber, column: at.column } })
    this.#drawErrors()
  }

  #drop(path: string): void {
    const entry = this.#entries.get(path)
    if (!entry) return
    this.#entries.delete(path)
    for (const listener of entry.listeners) listener.dispose()
    // The last save reads the model; it has its text by now, or nothing was changed.
    void entry.session.save().finally(() => {
      entry.session.dispose()
      // The highlighting worker may still answer about this model; as plain text it has no tokenizer to answer to.
      monaco.editor.setModelLanguage(entry.model, 'plaintext')
      entry.model.dispose()
    })
  }
}
