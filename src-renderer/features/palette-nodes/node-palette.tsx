/* oxlint-disable jsx-a11y/no-noninteractive-element-interactions -- arrow keys that move between the buttons inside */
/** The Nodes panel: what can be dragged into the flow, or added by Enter and double-click. */
import { useMemo, useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react'
import { FileCode } from 'lucide-react'
import {
  addFromSource,
  canvasController,
  KindIcon,
  NODE_DRAG_TYPE,
  nodeFiles,
  nodeKinds,
  type NodeSource,
} from '../canvas/index.ts'
import { useCurrentFlow, useFlowSession } from '../document/index.ts'
import './node-palette.css'

interface Entry {
  readonly key: string
  readonly title: string
  readonly hint: string
  readonly source: NodeSource
  readonly icon: ReactNode
}

const noFiles: ReadonlySet<string> = new Set()

export function NodePalette(): ReactNode {
  const session = useFlowSession()
  const files = useCurrentFlow((state) => state.files, noFiles)
  const locked = useCurrentFlow((state) => state.readOnly !== null || state.damaged !== null, true)
  const [query, setQuery] = useState('')
  const groups = useMemo(() => {
    const wanted = query.trim().toLowerCase()
    const kinds = nodeKinds.map(({ kind, title, hint }): Entry => ({
      key: kind,
      title,
      hint,
      source: { kind },
      icon: <KindIcon kind={kind} />,
    }))
    const onFiles = nodeFiles(files).map((file): Entry => ({
      key: file,
      title: file.replace(/^nodes\//, ''),
      hint: `A node on ${file}`,
      source: { kind: 'file', file },
      icon: <FileCode aria-hidden strokeWidth={1.5} />,
    }))
    const found = (entries: readonly Entry[]): Entry[] =>
      entries.filter((entry) => `${entry.title} ${entry.hint}`.toLowerCase().includes(wanted))
    return [
      { title: 'Kinds', entries: found(kinds) },
      { title: 'Files of this project', entries: found(onFiles) },
    ]
  }, [files, query])

  const add = (entry: Entry): void => {
    const controller = canvasController()
    if (!session || !controller || locked) return
    addFromSource(session, entry.source, controller.freeSpot())
    controller.focusElement()
  }
  const onDragStart =
    (entry: Entry) =>
    (event: DragEvent): void => {
      event.dataTransfer.setData(NODE_DRAG_TYPE, JSON.stringify(entry.source))
      event.dataTransfer.effectAllowed = 'copy'
    }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.node-palette-row')]
    const at = rows.findIndex((row) => row === document.activeElement)
    rows[(at + step + rows.length) % rows.length]?.focus()
    event.preventDefault()
  }
  return (
    <section className="node-palette" aria-label="Nodes" onKeyDown={onKeyDown}>
      <input
        className="node-palette-search"
        type="search"
        aria-label="Search nodes"
        placeholder="Search nodes"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      {groups.map(({ title, entries }) =>
        entries.length === 0 ? null : (
          <div key={title} role="group" aria-label={title}>
            <h2 className="node-palette-title">{title}</h2>
            {entries.map((entry) => (
              <button
                key={entry.key}
                type="button"
                className="node-palette-row"
                draggable={!locked}
                aria-disabled={locked}
                title={`${entry.hint}. Drag it into the flow, or press Enter.`}
                onDragStart={onDragStart(entry)}
                onDoubleClick={() => add(entry)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter') add(entry)
                }}
              >
                {entry.icon}
                {entry.title}
                <small>{entry.source.kind === 'file' ? '' : entry.hint}</small>
              </button>
            ))}
          </div>
        ),
      )}
      {groups.every(({ entries }) => entries.length === 0) ? (
        <p className="node-palette-none">Nothing matches.</p>
      ) : null}
    </section>
  )
}
