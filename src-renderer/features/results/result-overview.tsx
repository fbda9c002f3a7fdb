/** With nothing selected: the last result of every node that nothing else reads, one line each. */
import type { ReactNode } from 'react'
import { nodeOf, nodeStatus, titleOf, useFlow, type FlowSession } from '../document/index.ts'
import { useRun } from '../run/index.ts'
import { Empty } from '../../ui/empty.tsx'

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

/** Ids of nodes whose results are the flow's: no edge carries them on. */
export function finalNodes(nodes: readonly string[], sources: ReadonlySet<string>): string[] {
  return nodes.filter((id) => !sources.has(id))
}

export function ResultOverview({ session }: { readonly session: FlowSession }): ReactNode {
  const document = useFlow(session, (state) => state.document)
  // The line of a node follows its state; a run changes it with every batch of events.
  useRun((state) => state.run)
  const sources = new Set(document.edges.map(({ from }) => from.node))
  const rows = finalNodes(Object.keys(document.nodes), sources).flatMap((id) => {
    const result = nodeStatus(id)?.result
    return result ? [{ id, result }] : []
  })
  if (rows.length === 0) return <Empty>Select a node to see what it made.</Empty>
  return (
    <ul className="result-overview" aria-label="Results of the flow">
      {rows.map(({ id, result }) => (
        <li key={id}>
          <button type="button" onClick={() => session.select([id])}>
            <span>{titleOf(id, nodeOf(document, id))}</span>
            <code className={result.error ? 'result-overview-error' : undefined}>
              {result.error
                ? `${result.error.type}: ${firstLine(result.error.message)}`
                : Object.values(result.outputs)
                    .map((preview) => preview.summary ?? firstLine(preview.text))
                    .join(' · ') || result.why}
            </code>
          </button>
        </li>
      ))}
    </ul>
  )
}
