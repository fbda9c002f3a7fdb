/** The editor's two themes, made from the page's tokens so that code and panels are of one piece. */
import type { ExtensionConfig } from 'monaco-languageclient/vscodeApiWrapper'

export type EditorTheme = 'dark' | 'light'

export const themeNames: Record<EditorTheme, string> = { dark: 'Nodeloom Dark', light: 'Nodeloom Light' }

interface Palette {
  readonly panel: string
  readonly raised: string
  readonly hover: string
  readonly line: string
  readonly text: string
  readonly text2: string
  readonly text3: string
  readonly accent: string
  readonly accentGround: string
  readonly error: string
  readonly warn: string
  readonly number: string
  readonly keyword: string
  readonly string: string
  readonly name: string
  readonly type: string
  readonly comment: string
}

// The values of app/tokens.css: the editor's theme is data for its own engine and cannot read variables.
const palettes: Record<EditorTheme, Palette> = {
  dark: {
    panel: '#1b1e23',
    raised: '#23272e',
    hover: '#2b3038',
    line: '#31363f',
    text: '#dfe3ea',
    text2: '#a3acb9',
    text3: '#8b94a2',
    accent: '#6aa8ff',
    accentGround: '#1d3557',
    error: '#f27878',
    warn: '#e2b04f',
    number: '#dcb66e',
    keyword: '#c99bf0',
    string: '#b5cc82',
    name: '#80b3ff',
    type: '#4fbfae',
    comment: '#8b94a2',
  },
  light: {
    panel: '#ffffff',
    raised: '#ffffff',
    hover: '#eceff3',
    line: '#d5dae1',
    text: '#1c2128',
    text2: '#4f5968',
    text3: '#5c6677',
    accent: '#1a66d6',
    accentGround: '#dbe9fd',
    error: '#c5302f',
    warn: '#95620a',
    number: '#8c6210',
    keyword: '#7d48bd',
    string: '#4c6f14',
    name: '#2a69c4',
    type: '#0b7466',
    comment: '#5c6677',
  },
}

const themeFile = (theme: EditorTheme): string => {
  const p = palettes[theme]
  const token = (scope: string[], foreground: string, fontStyle?: string): object => ({
    scope,
    settings: fontStyle === undefined ? { foreground } : { foreground, fontStyle },
  })
  return JSON.stringify({
    name: themeNames[theme],
    type: theme,
    semanticHighlighting: true,
    colors: {
      'editor.background': p.panel,
      'editor.foreground': p.text,
      'editorLineNumber.foreground': p.text3,
      'editorLineNumber.activeForeground': p.text,
      'editor.lineHighlightBackground': `${p.hover}80`,
      'editor.lineHighlightBorder': '#00000000',
      'editor.selectionBackground': p.accentGround,
      'editor.inactiveSelectionBackground': `${p.accentGround}90`,
      'editor.findMatchBackground': `${p.warn}60`,
      'editor.findMatchHighlightBackground': `${p.warn}30`,
      'editor.wordHighlightBackground': p.hover,
      'editorCursor.foreground': p.accent,
      'editorIndentGuide.background1': p.line,
      'editorIndentGuide.activeBackground1': p.text3,
      'editorBracketMatch.border': p.text3,
      'editorBracketMatch.background': '#00000000',
      'editorError.foreground': p.error,
      'editorWarning.foreground': p.warn,
      'editorInfo.foreground': p.accent,
      'editorWidget.background': p.raised,
      'editorWidget.border': p.line,
      'editorHoverWidget.background': p.raised,
      'editorHoverWidget.border': p.line,
      'editorSuggestWidget.background': p.raised,
      'editorSuggestWidget.border': p.line,
      'editorSuggestWidget.selectedBackground': p.accentGround,
      'editorSuggestWidget.highlightForeground': p.accent,
      'editorGutter.background': p.panel,
      'diffEditor.insertedTextBackground': `${p.type}30`,
      'diffEditor.removedTextBackground': `${p.error}30`,
      'scrollbarSlider.background': `${p.text3}40`,
      'scrollbarSlider.hoverBackground': `${p.text3}60`,
      'scrollbarSlider.activeBackground': `${p.text3}80`,
      'scrollbar.shadow': '#00000000',
      'input.background': p.panel,
      'input.border': p.line,
      'list.activeSelectionBackground': p.accentGround,
      'list.hoverBackground': p.hover,
      focusBorder: p.accent,
      foreground: p.text,
    },
    tokenColors: [
      token(['comment', 'punctuation.definition.comment'], p.comment, 'italic'),
      token(['string', 'string.quoted.docstring'], p.string),
      token(['constant.numeric', 'constant.character.escape'], p.number),
      token(['constant.language', 'keyword', 'storage', 'keyword.operator.logical.python'], p.keyword),
      token(['keyword.operator', 'punctuation'], p.text2),
      token(['entity.name.function', 'support.function', 'meta.function-call.generic'], p.name),
      token(['entity.name.type', 'entity.name.class', 'support.type', 'support.class'], p.type),
      token(['entity.name.function.decorator', 'punctuation.definition.decorator'], p.type),
      token(['variable.parameter', 'variable'], p.text),
      token(['variable.language.special.self'], p.keyword),
      token(['invalid'], p.error),
    ],
    semanticTokenColors: { class: p.type, function: p.name, method: p.name, parameter: p.text, decorator: p.type },
  })
}

/** The extension that contributes both themes. */
export function themeExtension(): ExtensionConfig {
  const entry = (theme: EditorTheme): object => ({
    id: themeNames[theme],
    label: themeNames[theme],
    uiTheme: theme === 'dark' ? 'vs-dark' : 'vs',
    path: `./${theme}.json`,
  })
  return {
    config: {
      name: 'nodeloom-themes',
      publisher: 'nodeloom',
      version: '1.0.0',
      engines: { vscode: '*' },
      // The library types a manifest more narrowly than it reads one; a contribution of themes is plain data.
      contributes: { themes: [entry('dark'), entry('light')] as never[] },
    },
    filesOrContents: new Map([
      ['/dark.json', themeFile('dark')],
      ['/light.json', themeFile('light')],
    ]),
  }
}
