/** A note: its Markdown as text, edited where it stands. */
import type { ReactNode } from 'react'
import { changeNoteText } from '../document/index.ts'
import { useCanvas, useCanvasState } from './canvas-context.ts'
import { InPlaceText } from './in-place-text.tsx'
import { Markdown } from './markdown.tsx'

export function NoteBox({ id, text }: { readonly id: string; readonly text: string }): ReactNode {
  const { controller } = useCanvas()
  const editing = useCanvasState((state) => state.editing?.node === id && state.editing.what === 'note')
  if (editing) {
    return (
      <InPlaceText
        label="Text of the note"
        text={text}
        multiline
        onEnd={(typed) => {
          controller.endEditing()
          if (typed !== null) changeNoteText(controller.session, id, typed)
        }}
      />
    )
  }
  return (
    <div className="note-text">
      {text.trim() === '' ? <p className="note-empty">Double-click to write a note.</p> : <Markdown text={text} />}
    </div>
  )
}
