/** The panel beside the activity bar. */
import type { ReactNode } from 'react'
import { useCurrentFlow } from '../features/document/index.ts'
import { openFile, useEditor } from '../features/editor/index.ts'
import { PackagesPanel } from '../features/environment/index.ts'
import { InputsPanel } from '../features/inputs/index.ts'
import { Outline } from '../features/outline/index.ts'
import { NodePalette } from '../features/palette-nodes/index.ts'
import { listedProblems, useProblems } from '../features/problems/index.ts'
import { FileTree, FlowList } from '../features/project/index.ts'
import { changeLayout, useLayout } from './layout-store.ts'
import { openFlowNamed } from './session.ts'

export function SidePanel(): ReactNode {
  const view = useLayout((layout) => layout.sideView)
  return (
    <aside className="side-panel" data-region="side">
      {view === 'project' ? <ProjectView /> : null}
      {view === 'nodes' ? <NodePalette /> : null}
      {view === 'outline' ? <Outline /> : null}
      {view === 'packages' ? <PackagesPanel /> : null}
    </aside>
  )
}

function ProjectView(): ReactNode {
  const flow = useCurrentFlow<string | null>((state) => state.flow, null)
  const nodes = useCurrentFlow((state) => Object.keys(state.document.nodes).length, 0)
  const active = useEditor((state) => state.active)
  const problems = useProblems()
  const counts = new Map<string, number>()
  for (const { file } of listedProblems(problems)) if (file !== null) counts.set(file, (counts.get(file) ?? 0) + 1)
  const open = (path: string, stay: boolean): void => {
    changeLayout({ codeShown: true })
    void openFile(path, { preview: !stay, focus: stay })
  }
  return (
    <section aria-label="Project">
      <h2 className="side-title">Flows</h2>
      <FlowList active={flow} nodes={nodes} onOpen={(name) => void openFlowNamed(name)} />
      <h2 className="side-title">Files</h2>
      <FileTree active={active} problemsOf={(path) => counts.get(path) ?? 0} onOpen={open} />
      <InputsPanel />
    </section>
  )
}
