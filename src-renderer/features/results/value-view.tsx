/** One port's value: from its preview where that says all, else the richer picture the host keeps. */
import { useEffect, useState, type ReactNode } from 'react'
import type { Preview, ValueView } from '../../../src-shared/contract/run.ts'
import type { WireError } from '../../../src-shared/contract/errors.ts'
import { host } from '../../host/index.ts'
import { asWireError } from '../../lib/wire-error.ts'
import { formatBytes } from '../../lib/format.ts'
import { Empty } from '../../ui/empty.tsx'
import { useRun } from '../run/index.ts'
import { Caption } from './caption.tsx'
import { ImageView } from './image-view.tsx'
import { JsonTreeView } from './json-tree.tsx'
import { TableView } from './table-view.tsx'

interface PortValueProps {
  readonly node: string
  readonly port: string
  readonly preview: Preview
  readonly label: string
}

/** `of`: the preview it was asked for; an answer about an older value is none. */
type Loaded = { readonly of: Preview } & ({ readonly view: ValueView } | { readonly error: WireError })

export function PortValue({ node, port, preview, label }: PortValueProps): ReactNode {
  const projectId = useRun((state) => state.projectId)
  const runId = useRun((state) => state.run?.runId ?? null)
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  // What the preview holds in full needs no second request.
  const asksHost = preview.view !== undefined && !(preview.view === 'json' && preview.json !== undefined)

  useEffect(() => {
    if (!asksHost || projectId === null || runId === null) return
    let current = true
    host.request('run.view', { projectId, runId, node, port }).then(
      (view) => (current ? setLoaded({ of: preview, view }) : undefined),
      (thrown: unknown) => (current ? setLoaded({ of: preview, error: asWireError(thrown) }) : undefined),
    )
    return () => {
      current = false
    }
  }, [asksHost, projectId, runId, node, port, preview])

  if (!asksHost) {
    if (preview.json !== undefined && /^[[{]/.test(preview.json)) {
      return (
        <Framed preview={preview}>
          <JsonTreeView json={preview.json} label={label} />
        </Framed>
      )
    }
    return (
      <Framed preview={preview}>
        <PlainText text={preview.text} />
      </Framed>
    )
  }
  if (loaded?.of !== preview) {
    return (
      <Framed preview={preview}>
        <Empty>Loading the value …</Empty>
      </Framed>
    )
  }
  if ('error' in loaded) {
    return (
      <Framed preview={preview}>
        <p className="result-note">
          {loaded.error.message} {loaded.error.hint ?? ''}
        </p>
        <PlainText text={preview.text} />
      </Framed>
    )
  }
  const { view } = loaded
  switch (view.kind) {
    case 'table':
      return <TableView table={view} label={label} />
    case 'image':
      return <ImageView image={view} label={label} />
    case 'json':
      return (
        <Framed preview={preview} truncated={view.truncated}>
          <JsonTreeView json={view.json} label={label} />
        </Framed>
      )
    case 'text':
      return (
        <Framed preview={preview} truncated={view.truncated}>
          <PlainText text={view.text} />
        </Framed>
      )
  }
}

function Framed(props: {
  readonly preview: Preview
  readonly truncated?: boolean
  readonly children: ReactNode
}): ReactNode {
  const { preview, truncated = false, children } = props
  return (
    <div className="result-framed">
      <Caption>
        {preview.summary?.startsWith(preview.type) ? null : <span>{preview.type}</span>}
        {preview.summary === undefined ? null : <span>{preview.summary}</span>}
        {preview.bytes === undefined ? null : <span>{formatBytes(preview.bytes)}</span>}
        {truncated ? <span>shortened</span> : null}
      </Caption>
      {children}
    </div>
  )
}

const PlainText = ({ text }: { readonly text: string }): ReactNode => (
  <pre className="result-text" tabIndex={0}>
    {text}
  </pre>
)
