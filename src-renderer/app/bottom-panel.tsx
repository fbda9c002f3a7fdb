/** The lower panel: what nodes made and said, what is wrong, when what ran, what the environment did. */
import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { currentFlow, nodeOf, titleOf } from '../features/document/index.ts'
import { EnvironmentLog, isBusy, useEnvironment } from '../features/environment/index.ts'
import { OutputPanel } from '../features/output/index.ts'
import { countBySeverity, listedProblems, ProblemsPanel, useProblems } from '../features/problems/index.ts'
import { ResultPanel, useShownPort } from '../features/results/index.ts'
import { RunTimeline } from '../features/run/index.ts'
import { IconButton } from '../ui/button.tsx'
import { tabId, tabPanelId, Tabs, type TabItem } from '../ui/tabs.tsx'
import { bottomTabs, changeLayout, useLayout, type BottomTab } from './layout-store.ts'
import { openAt, openProblem } from './open-code.ts'
import { useSelectedNode } from './selected-node.ts'

const isTab = (id: string): id is BottomTab => bottomTabs.some((tab) => tab === id)

export function BottomPanel(): ReactNode {
  const active = useLayout((layout) => layout.bottomTab)
  const selected = useSelectedNode()
  const port = useShownPort(selected.id)
  const problems = useProblems()
  const busy = useEnvironment((state) => isBusy(state.status))
  const { errors, warnings } = countBySeverity(listedProblems(problems))
  const result = selected.id === null ? 'Result' : `Result · ${selected.title}${port === null ? '' : `.${port}`}`
  const items: readonly TabItem[] = [
    { id: 'result', label: result },
    { id: 'output', label: 'Output' },
    { id: 'problems', label: 'Problems', badge: <Count errors={errors} warnings={warnings} /> },
    { id: 'timeline', label: 'Run timeline' },
    {
      id: 'environment',
      label: 'Environment log',
      ...(busy ? { badge: <span className="tab-count">working</span> } : {}),
    },
  ]
  return (
    <div className="bottom-panel">
      <Tabs
        label="Panels"
        items={items}
        active={active}
        onSelect={(id) => (isTab(id) ? changeLayout({ bottomTab: id }) : undefined)}
        tools={
          <IconButton label="Hide the lower panel" onClick={() => changeLayout({ bottomShown: false })}>
            <ChevronDown />
          </IconButton>
        }
      />
      <div className="bottom-body" role="tabpanel" id={tabPanelId(active)} aria-labelledby={tabId(active)}>
        <BottomBody tab={active} />
      </div>
    </div>
  )
}

function Count({ errors, warnings }: { readonly errors: number; readonly warnings: number }): ReactNode {
  if (errors + warnings === 0) return null
  return <span className={`tab-count${errors > 0 ? ' tab-count-error' : ''}`}>{errors + warnings}</span>
}

const onOpen = (file: string, line: number): void => void openAt(file, line)
const nodeTitle = (node: string): string => {
  const flow = currentFlow()
  return flow ? titleOf(node, nodeOf(flow.state.document, node)) : node
}

function BottomBody({ tab }: { readonly tab: BottomTab }): ReactNode {
  const { id, title } = useSelectedNode()
  switch (tab) {
    case 'result':
      return (
        <section aria-label="Result">
          <ResultPanel node={id} title={title} onOpen={onOpen} />
        </section>
      )
    case 'output':
      return (
        <section aria-label="Output">
          <OutputPanel node={id} title={title} />
        </section>
      )
    case 'problems':
      return (
        <section aria-label="Problems">
          <ProblemsPanel onOpen={(problem) => void openProblem(problem)} />
        </section>
      )
    case 'timeline':
      return (
        <section aria-label="Run timeline">
          <RunTimeline titleOf={nodeTitle} />
        </section>
      )
    case 'environment':
      return (
        <section aria-label="Environment log">
          <EnvironmentLog />
        </section>
      )
  }
}
