/** The lower panel: what nodes made and said, what is wrong, when what ran, what the environment did. */
import { ChevronDown, PanelLeft, PanelRight } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'
import { Group, Panel, Separator, type PanelImperativeHandle } from 'react-resizable-panels'
import { currentFlow, nodeOf, titleOf } from '../features/document/index.ts'
import { EnvironmentLog, isBusy, useEnvironment } from '../features/environment/index.ts'
import { OutputPanel } from '../features/output/index.ts'
import { countBySeverity, listedProblems, ProblemsPanel, useProblems } from '../features/problems/index.ts'
import { ResultPanel, useShownPort } from '../features/results/index.ts'
import { RunTimeline } from '../features/run/index.ts'
import { IconButton } from '../ui/button.tsx'
import { tabId, tabPanelId, Tabs, type TabItem } from '../ui/tabs.tsx'
import { chordLabel } from './keymap.ts'
import {
  bottomHalf,
  bottomTabs,
  changeLayout,
  moveBottom,
  showBottom,
  useLayout,
  type BottomTab,
} from './layout-store.ts'
import { openAt, openProblem } from './open-code.ts'
import { useSelectedNode } from './selected-node.ts'

const isTab = (id: string): id is BottomTab => bottomTabs.some((tab) => tab === id)

export function BottomPanel(): ReactNode {
  const split = useLayout((layout) => layout.bottomRight.length > 0)
  const [share] = useState(() => useLayout.getState().bottomRightShare)
  const right = useRef<PanelImperativeHandle>(null)
  const remember = (_layout: unknown, { isUserInteraction }: { readonly isUserInteraction: boolean }): void => {
    const percent = right.current?.getSize().asPercentage
    if (isUserInteraction && percent !== undefined) changeLayout({ bottomRightShare: Math.round(percent) })
  }
  return (
    <div className="bottom-panel">
      <Group className="workbench-group" onLayoutChanged={remember}>
        <Panel id="bottom-left" minSize={220}>
          <Half half="left" />
        </Panel>
        {split ? (
          <>
            <Separator className="splitter splitter-upright" aria-label="Width of the lower panels" />
            <Panel id="bottom-right" panelRef={right} defaultSize={`${share}%`} minSize={220}>
              <Half half="right" />
            </Panel>
          </>
        ) : null}
      </Group>
    </div>
  )
}

function useTabItems(): Readonly<Record<BottomTab, TabItem>> {
  const selected = useSelectedNode()
  const port = useShownPort(selected.id)
  const problems = useProblems()
  const busy = useEnvironment((state) => isBusy(state.status))
  const { errors, warnings } = countBySeverity(listedProblems(problems))
  const result = selected.id === null ? 'Result' : `Result · ${selected.title}${port === null ? '' : `.${port}`}`
  return {
    result: { id: 'result', label: result },
    output: { id: 'output', label: 'Output' },
    problems: { id: 'problems', label: 'Problems', badge: <Count errors={errors} warnings={warnings} /> },
    timeline: { id: 'timeline', label: 'Run timeline' },
    environment: {
      id: 'environment',
      label: 'Environment log',
      ...(busy ? { badge: <span className="tab-count">working</span> } : {}),
    },
  }
}

function Half({ half }: { readonly half: 'left' | 'right' }): ReactNode {
  const layout = useLayout()
  const items = useTabItems()
  const { tabs, active } = bottomHalf(layout, half)
  if (active === null) return null
  const isLeft = half === 'left'
  return (
    <div className="bottom-half">
      <Tabs
        label={isLeft ? 'Panels' : 'Right half'}
        items={tabs.map((tab) => items[tab])}
        active={active}
        onSelect={(id) => (isTab(id) ? showBottom(id) : undefined)}
        tools={
          <>
            {isLeft && tabs.length < 2 ? null : (
              <IconButton
                label={isLeft ? 'Move this tab to the right half' : 'Move this tab to the left half'}
                onClick={() => moveBottom(active)}
              >
                {isLeft ? <PanelRight /> : <PanelLeft />}
              </IconButton>
            )}
            {isLeft && layout.bottomRight.length > 0 ? null : (
              <IconButton
                label="Hide the lower panel"
                keys={chordLabel('Ctrl+J')}
                onClick={() => changeLayout({ bottomShown: false })}
              >
                <ChevronDown />
              </IconButton>
            )}
          </>
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
