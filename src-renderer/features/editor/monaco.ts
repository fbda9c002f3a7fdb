/**
 * Starts the code editor's services, once per page, and hands out its API. This module and everything it
 * imports is loaded after the first paint (`import('./monaco.ts')`), never statically.
 *
 * The services come from monaco-languageclient so that language servers can join the same set-up without
 * changing it; highlighting is TextMate's, the grammar is the one VS Code ships for Python.
 */
import '@codingame/monaco-vscode-python-default-extension'
import '@codingame/monaco-vscode-theme-defaults-default-extension'
import { LogLevel } from '@codingame/monaco-vscode-api'
import { updateUserConfiguration } from '@codingame/monaco-vscode-configuration-service-override'
import editorWorkerUrl from 'monaco-editor/esm/vs/editor/editor.worker.js?worker&url'
import textMateWorkerUrl from '@codingame/monaco-vscode-textmate-service-override/worker?worker&url'
import * as monaco from 'monaco-editor'
import { MonacoVscodeApiWrapper } from 'monaco-languageclient/vscodeApiWrapper'
import { useWorkerFactory, Worker as WorkerDescription } from 'monaco-languageclient/workerFactory'
import { themeExtension, themeNames, type EditorTheme } from './editor-theme.ts'

export { monaco }

const settings = (theme: EditorTheme): string =>
  JSON.stringify({
    'workbench.colorTheme': themeNames[theme],
    'editor.fontFamily': '"JetBrains Mono", "Cascadia Code", "SF Mono", "DejaVu Sans Mono", monospace',
    'editor.fontSize': 12.5,
    'editor.lineHeight': 20,
    'editor.fontLigatures': false,
    'editor.minimap.enabled': false,
    'editor.scrollBeyondLastLine': false,
    'editor.renderLineHighlight': 'line',
    'editor.smoothScrolling': false,
    'editor.tabSize': 4,
    'editor.insertSpaces': true,
    'editor.detectIndentation': true,
    'editor.wordBasedSuggestions': 'matchingDocuments',
    'editor.lightbulb.enabled': 'off',
    'editor.stickyScroll.enabled': false,
    'editor.bracketPairColorization.enabled': false,
    'editor.guides.indentation': true,
    'editor.overviewRulerBorder': false,
    'editor.padding.top': 8,
    'editor.padding.bottom': 8,
    'editor.accessibilitySupport': 'auto',
    'editor.unicodeHighlight.ambiguousCharacters': false,
  })

// Workers start from the page's own origin; the policy of the page allows no other.
const workerAt = (url: string): WorkerDescription =>
  new WorkerDescription(new URL(url, location.href), { type: 'module' })

const workers = (): void =>
  // A plain function of the library, no React hook.
  // oxlint-disable-next-line react/rules-of-hooks
  useWorkerFactory({
    workerLoaders: {
      editorWorkerService: () => workerAt(editorWorkerUrl),
      TextMateWorker: () => workerAt(textMateWorkerUrl),
    },
  })

let started: Promise<typeof monaco> | null = null

/** The editor's API, its services running. Later calls give the same. */
export function startMonaco(theme: EditorTheme): Promise<typeof monaco> {
  started ??= start(theme)
  return started
}

async function start(theme: EditorTheme): Promise<typeof monaco> {
  const wrapper = new MonacoVscodeApiWrapper({
    $type: 'extended',
    logLevel: LogLevel.Off,
    viewsConfig: { $type: 'EditorService' },
    userConfiguration: { json: settings(theme) },
    monacoWorkerFactory: workers,
    extensions: [themeExtension()],
  })
  await wrapper.start()
  return monaco
}

/** Follows a change of the page's theme. */
export async function setEditorTheme(theme: EditorTheme): Promise<void> {
  if (started === null) return
  await started
  await updateUserConfiguration(settings(theme))
}
