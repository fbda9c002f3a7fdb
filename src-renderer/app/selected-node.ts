/** The one node that panels speak of: the only selected one. */
import { useCurrentFlow, currentFlow, nodeOf, titleOf } from '../features/document/index.ts'

export interface SelectedNode {
  readonly id: string | null
  readonly title: string
}

export function selectedNode(): string | null {
  const { selection } = currentFlow()?.state ?? { selection: new Set<string>() }
  return selection.size === 1 ? ([...selection][0] ?? null) : null
}

export function useSelectedNode(): SelectedNode {
  const id = useCurrentFlow(({ selection }) => (selection.size === 1 ? ([...selection][0] ?? null) : null), null)
  const title = useCurrentFlow(({ document }) => (id === null ? '' : titleOf(id, nodeOf(document, id))), '')
  return { id, title }
}
