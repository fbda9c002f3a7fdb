/** What the selected node made: a tab per port, or its error, or why there is nothing yet. */
import { useState, type ReactNode } from 'react'
import { Empty } from '../../ui/empty.tsx'
import { Tabs, tabId, tabPanelId } from '../../ui/tabs.tsx'
import { useNodeStatus } from '../document/index.ts'
import { ErrorView } from './error-view.tsx'
import { PortValue } from './value-view.tsx'
import './results.css'

interface ResultPanelProps {
  /** Address of the selected node, or null. */
  readonly node: string | null
  readonly title: string
  readonly onOpen: (file: string, line: number) => void
}

export function ResultPanel({ node, title, onOpen }: ResultPanelProps): ReactNode {
  return node === null ? (
    <Empty>Select a node to see what it made.</Empty>
  ) : (
    <NodeResultView key={node} node={node} title={title} onOpen={onOpen} />
  )
}

function NodeResultView({ node, title, onOpen }: { readonly node: string } & Omit<ResultPanelProps, 'node'>): ReactNode {
  const state = useNodeStatus(node)
  const [chosen, setChosen] = useState<string | null>(null)
  if (state === null) return <Empty>{title} has not run yet. Press Run flow to see its result here.</Empty>
  const { result } = state
  if (result === undefined) {
    return <Empty>{state.status === 'running' ? `${title} is running …` : `${title} waits for its inputs.`}</Empty>
  }
  if (result.error !== undefined) return <ErrorView error={result.error} onOpen={onOpen} />
  const ports = Object.keys(result.outputs)
  const active = chosen !== null && ports.includes(chosen) ? chosen : (ports[0] ?? null)
  const preview = active === null ? undefined : result.outputs[active]
  if (active === null || preview === undefined) return <Empty>{result.why || `${title} made nothing.`}</Empty>
  const tab = `port-${active}`
  return (
    <div className="result">
      {ports.length > 1 ? (
        <Tabs
          label={`Ports of ${title}`}
          items={ports.map((port) => ({ id: `port-${port}`, label: port }))}
          active={tab}
          onSelect={(id) => setChosen(id.slice('port-'.length))}
        />
      ) : null}
      <div className="result-body" {...(ports.length > 1 ? { role: 'tabpanel', id: tabPanelId(tab), 'aria-labelledby': tabId(tab) } : {})}>
        <PortValue key={active} node={node} port={active} preview={preview} label={`${title}, ${active}`} />
      </div>
    </div>
  )
}
