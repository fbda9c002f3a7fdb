/** The Outline: every node of the flow in the order in which they can run, also those far out of view. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { flowGraph, topologicalOrder } from '../../../src-shared/flow/graph.ts'
import type { FlowNode } from '../../../src-shared/flow/document.ts'
import { headWords, KindIcon, nodeProblem, revealNode, spokenName, StateIcon } from '../canvas/index.ts'
import {
  analysisOf,
  nodeOf,
  titleOf,
  useFlow,
  useFlowSession,
  useNodeStatus,
  type FlowSession,
} from '../document/index.ts'
import './outline.css'

const ROW = 24

export function Outline(): ReactNode {
  const session = useFlowSession()
  return session ? <FlowOutline session={session} /> : null
}

function FlowOutline({ session }: { readonly session: FlowSession }): ReactNode {
  const document = useFlow(session, (state) => state.document)
  const selection = useFlow(session, (state) => state.selection)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const scroller = useRef<HTMLDivElement>(null)

  const ids = useMemo(() => {
    const { order } = topologicalOrder(flowGraph(document))
    const ordered = new Set(order.filter((id) => nodeOf(document, id)?.kind !== 'note'))
    // Notes and what lies on a cycle come last.
    const rest = Object.keys(document.nodes).filter((id) => !ordered.has(id))
    const wanted = query.trim().toLowerCase()
    return [...ordered, ...rest].filter((id) =>
      `${titleOf(id, nodeOf(document, id))} ${id}`.toLowerCase().includes(wanted),
    )
  }, [document, query])
  const current = Math.min(at, Math.max(0, ids.length - 1))
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  })

  const move = (to: number): void => {
    const next = Math.max(0, Math.min(ids.length - 1, to))
    setAt(next)
    rows.scrollToIndex(next)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.floor((scroller.current?.clientHeight ?? ROW) / ROW)
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -ids.length,
      End: ids.length,
    }
    const step = steps[event.key]
    const id = ids[current]
    if (step !== undefined) move(current + step)
    else if (event.key === 'Enter' && id !== undefined) revealNode(id)
    else return
    event.preventDefault()
  }
  const active = ids[current]
  return (
    <section className="outline" aria-label="Outline of the flow">
      <input
        className="outline-search"
        type="search"
        aria-label="Find a node"
        placeholder="Find a node"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <div
        ref={scroller}
        className="outline-rows"
        role="tree"
        aria-label="Outline"
        aria-activedescendant={active === undefined ? undefined : `outline-${active}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div style={{ height: rows.getTotalSize() }} role="presentation">
          {rows.getVirtualItems().map(({ index, start }) => {
            const id = ids[index]
            const node = id === undefined ? undefined : nodeOf(document, id)
            if (id === undefined || !node) return null
            return (
              <OutlineRow
                key={id}
                id={id}
                node={node}
                session={session}
                top={start}
                selected={selection.has(id)}
                current={index === current}
                onPick={() => {
                  setAt(index)
                  revealNode(id)
                }}
              />
            )
          })}
        </div>
      </div>
      {ids.length === 0 ? (
        <p className="outline-none">{query === '' ? 'This flow has no nodes yet.' : 'No node has that name.'}</p>
      ) : null}
    </section>
  )
}

interface OutlineRowProps {
  readonly id: string
  readonly node: FlowNode
  readonly session: FlowSession
  readonly top: number
  readonly selected: boolean
  readonly current: boolean
  readonly onPick: () => void
}

function OutlineRow({ id, node, session, top, selected, current, onPick }: OutlineRowProps): ReactNode {
  const analysis = useFlow(session, (state) => analysisOf(state, node))
  const head = headWords(node, useNodeStatus(id), nodeProblem(node, analysis))
  const title = titleOf(id, node)
  const classes = ['outline-row', `outline-${head.tone}`]
  if (selected) classes.push('outline-selected')
  if (current) classes.push('outline-current')
  return (
    // The tree has the focus and the keys for all of its rows.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={`outline-${id}`}
      role="treeitem"
      aria-level={1}
      aria-selected={selected}
      aria-label={spokenName(title, node, head)}
      tabIndex={-1}
      className={classes.join(' ')}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onPick}
    >
      <KindIcon kind={node.kind} />
      <span className="outline-title">{title}</span>
      <span className="outline-state">
        <StateIcon tone={head.tone} />
        {head.text}
      </span>
    </div>
  )
}
