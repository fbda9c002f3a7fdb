/** Which side panel is shown: icon and word. Clicking the one on show hides it. */
import { Box, Folder, ListTree, Package } from 'lucide-react'
import type { ReactNode } from 'react'
import { useEnvironment } from '../features/environment/index.ts'
import { toggleSide, useLayout, type SideView } from './layout-store.ts'

const items: readonly { readonly view: SideView; readonly word: string; readonly icon: ReactNode }[] = [
  { view: 'project', word: 'Project', icon: <Folder aria-hidden strokeWidth={1.5} /> },
  { view: 'nodes', word: 'Nodes', icon: <Box aria-hidden strokeWidth={1.5} /> },
  { view: 'outline', word: 'Outline', icon: <ListTree aria-hidden strokeWidth={1.5} /> },
  { view: 'packages', word: 'Packages', icon: <Package aria-hidden strokeWidth={1.5} /> },
]

export function ActivityBar(): ReactNode {
  const shown = useLayout((layout) => (layout.sideShown ? layout.sideView : null))
  const status = useEnvironment((state) => state.status)
  const wants = status !== null && (status.missing.length > 0 || status.state === 'broken' || status.state === 'failed')
  return (
    <nav className="activity-bar" aria-label="Side panels">
      {items.map(({ view, word, icon }) => (
        <button
          key={view}
          type="button"
          className="activity-item"
          aria-pressed={shown === view}
          onClick={() => toggleSide(view)}
        >
          {icon}
          {word}
          {view === 'packages' && wants ? <span className="activity-dot" title="Needs attention" /> : null}
        </button>
      ))}
    </nav>
  )
}
