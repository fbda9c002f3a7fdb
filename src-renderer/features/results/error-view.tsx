/** A node's error: what it said, where, and the way there. */
import type { ReactNode } from 'react'
import type { NodeError } from '../../../src-shared/contract/run.ts'

export interface TracebackPart {
  readonly text: string
  /** Set where the part names a place inside the project. */
  readonly place: { readonly file: string; readonly line: number } | null
}

/** Cuts a traceback at its `File "…", line N` places; only relative ones lie in the project. */
export function tracebackParts(traceback: string): TracebackPart[] {
  const parts: TracebackPart[] = []
  let end = 0
  for (const match of traceback.matchAll(/File "([^"]+)", line (\d+)/g)) {
    const [text, file = '', line = '1'] = match
    const inside = !file.startsWith('/') && !file.startsWith('<') && !/^[A-Za-z]:/.test(file)
    parts.push({ text: traceback.slice(end, match.index), place: null })
    parts.push({ text, place: inside ? { file, line: Number(line) } : null })
    end = match.index + text.length
  }
  parts.push({ text: traceback.slice(end), place: null })
  return parts.filter((part) => part.text !== '')
}

interface ErrorViewProps {
  readonly error: NodeError
  readonly onOpen: (file: string, line: number) => void
}

export function ErrorView({ error, onOpen }: ErrorViewProps): ReactNode {
  const { file, line } = error
  return (
    <div className="error-view" tabIndex={0} aria-label="Error">
      <p className="error-head">
        <strong>{error.type}</strong> {error.message}
      </p>
      {error.hint === undefined ? null : <p className="error-hint">{error.hint}</p>}
      {file !== null && line !== null ? (
        <p>
          <button type="button" className="link" onClick={() => onOpen(file, line)}>
            {file}, line {line}
          </button>
        </p>
      ) : null}
      <pre className="result-text">
        {tracebackParts(error.traceback).map(({ text, place }, index) =>
          place === null ? (
            text
          ) : (
            <button type="button" className="link" key={index} onClick={() => onOpen(place.file, place.line)}>
              {text}
            </button>
          ),
        )}
      </pre>
    </div>
  )
}
