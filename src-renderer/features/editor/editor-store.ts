/** Open files and which one is in front. The texts live in Monaco's models, their lives in TextSessions. */
import { create } from 'zustand'
import type { ProjectPath } from '../../../src-shared/ids.ts'
import type { TextState } from './text-session.ts'

export interface OpenFile {
  readonly path: ProjectPath
  /** Shown in italics and replaced by the next preview; typing or a double click makes it stay. */
  readonly preview: boolean
  readonly readOnly: string | null
  readonly state: TextState
}

/** A file that could not be opened, with the reason. */
export interface RefusedFile {
  readonly path: string
  readonly message: string
  readonly hint: string | undefined
}

interface EditorState {
  readonly files: readonly OpenFile[]
  readonly active: string | null
  readonly refused: RefusedFile | null
  /** 1-based place of the cursor. */
  readonly cursor: { readonly line: number; readonly column: number } | null
}

export const useEditor = create<EditorState>(() => ({ files: [], active: null, refused: null, cursor: null }))

export const changeFile = (path: string, part: Partial<OpenFile>): void =>
  useEditor.setState(({ files }) => ({
    files: files.map((file) => (file.path === path ? { ...file, ...part } : file)),
  }))
