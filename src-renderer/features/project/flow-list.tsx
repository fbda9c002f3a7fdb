/** The flows of the project; the one on show is marked. */
import { Workflow } from 'lucide-react'
import type { ReactNode } from 'react'
import { plural } from '../../lib/format.ts'
import { useOpenProject } from './project-store.ts'
import './project.css'

interface FlowListProps {
  readonly active: string | null
  /** Nodes of the flow on show. */
  readonly nodes: number
  readonly onOpen: (flow: string) => void
}

export function FlowList({ active, nodes, onOpen }: FlowListProps): ReactNode {
  const flows = useOpenProject()?.flows ?? []
  return (
    <ul className="side-list" aria-label="Flows">
      {flows.map((flow) => (
        <li key={flow}>
          <button
            type="button"
            className={`side-row${flow === active ? ' side-row-on' : ''}`}
            aria-current={flow === active ? 'true' : undefined}
            onClick={() => onOpen(flow)}
          >
            <Workflow aria-hidden strokeWidth={1.5} />
            <span className="side-row-name">{flow}</span>
            {flow === active ? <small>{plural(nodes, 'node')}</small> : null}
          </button>
        </li>
      ))}
    </ul>
  )
}
