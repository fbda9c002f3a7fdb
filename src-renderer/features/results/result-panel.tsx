/** What the selected node made: a tab per port, or its error, or why there is nothing yet. */
import { useMemo, type ReactNode } from 'react'
import { create } from 'zustand'
import type { NodeResult, Preview } from '../../../src-shared/contract/run.ts'
import { Empty } from '../../ui/empty.tsx'
import { Tabs, tabId, tabPanelId } from '../../ui/tabs.tsx'
import { useFlowSession, useNodeStatus } from '../document/index.ts'
import { CaptionStart } from './caption.tsx'
import { ErrorView } from './error-view.tsx'
import { ResultOverview } from './result-overview.tsx'
import { PortValue } from './value-view.tsx'
import './results.css'

/** The port that a person chose to see, by node. */
const useChosen = create<Readonly<Record<string, string>>>(() => ({}))

/** The port on show for a node that has several, or null. */
export function useShownPort(node: string | null): string | null {
  const chosen = useChosen((all) => (node === null ? undefined : all[node]))
  const ports = Object.keys(useNodeStatus(node ?? '')?.result?.outputs ?? {})
  if (ports.length < 2) return null
  return chosen !== undefined && ports.includes(chosen) ? chosen : (ports[0] ?? null)
}

interface ResultPanelProps {
  /** Address of the selected node, or null. */
  readonly node: string | null
  readonly title: string
  readonly onOpen: (file: string, line: number) => void
}

export function ResultPanel({ node, title, onOpen }: ResultPanelProps): ReactNode {
  return node === null ? <NothingSelected /> : <NodeResultView key={node} node={node} title={title} onOpen={onOpen} />
}

function NothingSelected(): ReactNode {
  const session = useFlowSession()
  return session ? <ResultOverview session={session} /> : <Empty>Select a node to see what it made.</Empty>
}

function NodeResultView({
  node,
  title,
  onOpen,
}: { readonly node: string } & Omit<ResultPanelProps, 'node'>): ReactNode {
  const state = useNodeStatus(node)
  const shown = useShownPort(node)
  if (state === null) return <Empty>{title} has not run yet. Press Run flow to see its result here.</Empty>
  const { result } = state
  if (result === undefined) {
    return <Empty>{state.status === 'running' ? `${title} is running …` : `${title} waits for its inputs.`}</Empty>
  }
  if (result.error !== undefined) return <ErrorView error={result.error} onOpen={onOpen} />
  const active = shown ?? Object.keys(result.outputs)[0] ?? null
  const preview = active === null ? undefined : result.outputs[active]
  if (active === null || preview === undefined) return <Empty>{result.why || `${title} made nothing.`}</Empty>
  if (Object.keys(result.outputs).length === 1) {
    return (
      <div className="result">
        <PortValue key={active} node={node} port={active} preview={preview} label={`${title}, ${active}`} />
      </div>
    )
  }
  return <PortResult node={node} title={title} outputs={result.outputs} active={active} preview={preview} />
}

interface PortResultProps {
  readonly node: string
  readonly title: string
  readonly outputs: NodeResult['outputs']
  readonly active: string
  readonly preview: Preview
}

/** One port of several, with the choice among them. */
function PortResult({ node, title, outputs, active, preview }: PortResultProps): ReactNode {
  const tab = `port-${active}`
  const choice = useMemo(
    () => (
      <Tabs
        small
        label={`Ports of ${title}`}
        items={Object.keys(outputs).map((port) => ({ id: `port-${port}`, label: port }))}
        active={`port-${active}`}
        onSelect={(id) => useChosen.setState({ [node]: id.slice('port-'.length) })}
      />
    ),
    [node, title, outputs, active],
  )
  return (
    <CaptionStart.Provider value={choice}>
      <div className="result" role="tabpanel" id={tabPanelId(tab)} aria-labelledby={tabId(tab)}>
        <PortValue key={active} node={node} port={active} preview={preview} label={`${title}, ${active}`} />
      </div>
    </CaptionStart.Provider>
  )
}
