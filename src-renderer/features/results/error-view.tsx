/* oxlint-disable react/no-array-index-key -- parts of a text have no identity but their place */
/** A node's error: what it said, where, and the way there. */
import type { ReactNode } from 'react'
import type { NodeError } from '../../../src-shared/contract/run.ts'
import { useOpenProject } from '../project/index.ts'
import { tracebackParts } from './traceback-parts.ts'

interface ErrorViewProps {
  readonly error: NodeError
  readonly onOpen: (file: string, line: number) => void
}

export function ErrorView({ error, onOpen }: ErrorViewProps): ReactNode {
  const { file, line } = error
  const root = useOpenProject()?.path ?? null
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
        {tracebackParts(error.traceback, root).map(({ text, place }, index) =>
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
