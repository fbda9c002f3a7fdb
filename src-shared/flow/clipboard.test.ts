import { describe, expect, it } from 'vitest'
import { copyNodes, parseClipboard, pasteNodes, type PasteOptions } from './clipboard.ts'
import { emptyFlow, emptyLayout, zJsonText, type FlowNode } from './document.ts'
import { parseEdgeEnd } from './edge-end.ts'
import type { FlowState } from './edit.ts'

const edge = (from: string, to: string) => ({ from: parseEdgeEnd(from), to: parseEdgeEnd(to) })
const load: FlowNode = { kind: 'code', file: 'nodes/load.py', inputs: { n: zJsonText.parse('3.0') } }
const clean: FlowNode = { kind: 'code', file: 'nodes/shared.py', entry: 'clean' }
const tidy: FlowNode = { kind: 'code', file: 'nodes/shared.py', entry: 'tidy' }
const all: Record<string, FlowNode> = { load, clean, tidy }
const state: FlowState = {
  document: {
    format: 1,
    nodes: all,
    edges: [edge('load.result', 'clean.x'), edge('clean.result', 'tidy.x'), edge('load', 'tidy')],
  },
  layout: {
    format: 1,
    nodes: { load: { x: 0, y: 10 }, clean: { x: 100, y: 30 }, tidy: { x: 200, y: 20, color: 'red' } },
  },
}
const files = { 'nodes/load.py': 'L', 'nodes/shared.py': 'S', 'nodes/other.py': 'O' }
const takenFiles = new Set(Object.keys(files))
const here: PasteOptions = { at: { x: 50, y: 60 }, takenFiles, files: 'copy' }

function paste(into: FlowState, ids: string[], options: PasteOptions) {
  const clipboard = parseClipboard(copyNodes(state.document, state.layout, ids, files))
  if (!clipboard) throw new Error('not readable')
  return pasteNodes(into, clipboard, options)
}

describe('copy and paste', () => {
  it('duplicates nodes with inner edges, under fresh ids, at a place, on files of their own', () => {
    expect(paste(state, ['clean', 'tidy'], here)).toEqual({
      ok: true,
      document: {
        format: 1,
        nodes: {
          load,
          clean,
          tidy,
          clean_2: { ...clean, file: 'nodes/shared_2.py' },
          tidy_2: { ...tidy, file: 'nodes/shared_2.py' },
        },
        edges: [...state.document.edges, edge('clean_2.result', 'tidy_2.x')],
      },
      layout: {
        format: 1,
        nodes: { ...state.layout.nodes, clean_2: { x: 50, y: 70 }, tidy_2: { x: 150, y: 60, color: 'red' } },
      },
      ids: ['clean_2', 'tidy_2'],
      newFiles: [{ path: 'nodes/shared_2.py', text: 'S' }],
    })
  })

  it('can stay on the same file', () => {
    const result = paste(state, ['load'], { ...here, files: 'share' })
    expect(result.ok && [result.document.nodes, result.newFiles]).toEqual([{ load, clean, tidy, load_2: load }, []])
  })

  it('brings nodes, numbers and files to another project', () => {
    const empty: FlowState = { document: emptyFlow(), layout: emptyLayout() }
    const result = paste(empty, ['load', 'clean'], { ...here, takenFiles: new Set(), files: 'share' })
    expect(result.ok && [result.document, result.newFiles]).toEqual([
      { format: 1, nodes: { load, clean }, edges: [edge('load.result', 'clean.x')] },
      [
        { path: 'nodes/shared.py', text: 'S' },
        { path: 'nodes/load.py', text: 'L' },
      ],
    ])
  })

  it('makes modules only, inside the project only', () => {
    const foreign = (file: string) => {
      const nodes = { a: { kind: 'code', file } }
      const clipboard = parseClipboard(
        copyNodes({ format: 1, nodes, edges: [] }, emptyLayout(), ['a'], { [file]: 'X' }),
      )
      const result = clipboard && pasteNodes(state, clipboard, here)
      return result?.ok ? result.newFiles.map((one) => one.path) : result?.reason
    }
    expect(['.git/hooks/pre-commit', 'pyproject.toml', 'nodes/ok.py', '../x.py'].map(foreign)).toEqual([
      ['nodes/pre_commit.py'],
      ['nodes/pyproject_toml.py'],
      ['nodes/ok.py'],
      'The file of a is outside the project.',
    ])
  })

  it('reads nothing else', () => {
    const copied = copyNodes(state.document, state.layout, ['load'], files)
    const texts = ['', 'hello', '{}', 'nodeloom-nodes', copied.slice(1), copied.replace('format', 'formal\\')]
    expect(texts.map(parseClipboard)).toEqual(texts.map(() => null))
    const nothing = parseClipboard(copyNodes(state.document, state.layout, [], files))
    expect(nothing && pasteNodes(state, nothing, here)).toEqual({ ok: false, reason: 'There are no nodes to paste.' })
  })
})
