/* oxlint-disable react/no-array-index-key -- pieces of output have no identity but their place */
/**
 * What the selected node printed: the tail at once from the run's state, the whole text from the host's
 * log where the tail is not all.
 */
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { host } from '../../host/index.ts'
import { plainOutput } from '../../lib/plain-output.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { showError } from '../../ui/toasts.tsx'
import { asWireError } from '../../lib/wire-error.ts'
import { formatBytes } from '../../lib/format.ts'
import { useRun } from '../run/index.ts'
import './output.css'

interface Piece {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

/** Characters of a whole log that the page keeps; the log file has the rest. */
const WHOLE_LIMIT = 2_000_000

interface OutputPanelProps {
  /** Address of the selected node, or null. */
  readonly node: string | null
  readonly title: string
}

export function OutputPanel({ node, title }: OutputPanelProps): ReactNode {
  const runId = useRun((state) => state.run?.runId ?? null)
  if (node === null) return <Empty>Select a node to see what it printed.</Empty>
  return <NodeOutput key={`${runId} ${node}`} node={node} title={title} />
}

function NodeOutput({ node, title }: OutputPanelProps & { readonly node: string }): ReactNode {
  const tail = useRun((state) => state.run?.nodes[node]?.output)
  const projectId = useRun((state) => state.projectId)
  const runId = useRun((state) => state.run?.runId ?? null)
  const dropped = useRun((state) => state.dropped[node] ?? 0)
  const [whole, setWhole] = useState<readonly Piece[] | null>(null)

  const open = useRef<{ close(): void } | null>(null)

  useEffect(
    () => () => {
      open.current?.close()
      open.current = null
    },
    [],
  )

  const pieces = whole ?? tail ?? []
  if (pieces.length === 0) return <Empty>{title} printed nothing. print() and logging appear here while it runs.</Empty>

  const loadWhole = (): void => {
    if (projectId === null || runId === null) return
    let collected: Piece[] = []
    let characters = 0
    let channel
    try {
      channel = host.openChannel('run.output', { projectId, runId, node })
    } catch (thrown) {
      showError(asWireError(thrown))
      return
    }
    open.current?.close()
    open.current = channel
    channel.onData((piece) => {
      characters += piece.text.length
      collected = [...collected, piece]
      setWhole(collected)
      if (characters > WHOLE_LIMIT) channel.close()
    })
    void channel.closed.then((error) => (error === null ? undefined : showError(asWireError(error))))
  }

  return (
    <div className="output">
      <div className="output-bar">
        <span>{title}</span>
        {dropped > 0 ? (
          <span className="output-dropped">{formatBytes(dropped)} dropped here; the log may have them</span>
        ) : null}
        {whole === null ? (
          <Button look="quiet" onClick={loadWhole}>
            Show all output
          </Button>
        ) : null}
      </div>
      <OutputText pieces={pieces} />
    </div>
  )
}

function OutputText({ pieces }: { readonly pieces: readonly Piece[] }): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  useLayoutEffect(() => {
    if (follows.current) box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [pieces])
  return (
    <div
      ref={box}
      className="output-text"
      role="log"
      aria-label="Output of the node"
      tabIndex={0}
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
        follows.current = scrollHeight - scrollTop - clientHeight < 24
      }}
    >
      {pieces.map((piece, index) => (
        <pre key={index} className={`output-${piece.stream}`}>
          {plainOutput(piece.text)}
        </pre>
      ))}
    </div>
  )
}
