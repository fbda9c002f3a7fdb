/** The workbench: bars, and between them panels whose borders can be dragged. Sizes are kept in pixels. */
import { Group, Panel, Separator, type PanelImperativeHandle } from 'react-resizable-panels'
import { useRef, useState, type ReactNode } from 'react'
import { FlowCanvas } from '../features/canvas/index.ts'
import type { OpenProject } from '../features/project/index.ts'
import { ActivityBar } from './activity-bar.tsx'
import { ProjectBanners } from './banners.tsx'
import { BottomPanel } from './bottom-panel.tsx'
import { CodeArea } from './code-area.tsx'
import { changeLayout, useLayout } from './layout-store.ts'
import { openCode } from './open-code.ts'
import { showExamples } from './show-examples.ts'
import { SidePanel } from './side-panel.tsx'
import { StatusBar } from './status-bar.tsx'
import { TitleBar } from './title-bar.tsx'
import './workbench.css'

type Size = 'sideWidth' | 'codeWidth' | 'bottomHeight'

/** A panel's remembered size, read once: what a person drags is stored, not fed back. */
function useRemembered(size: Size): {
  readonly start: number
  readonly panel: React.RefObject<PanelImperativeHandle | null>
  readonly remember: (layout: unknown, meta: { readonly isUserInteraction: boolean }) => void
} {
  const [start] = useState(() => useLayout.getState()[size])
  const panel = useRef<PanelImperativeHandle>(null)
  return {
    start,
    panel,
    remember: (_layout, { isUserInteraction }) => {
      const pixels = panel.current?.getSize().inPixels
      if (isUserInteraction && pixels !== undefined && pixels > 0) changeLayout({ [size]: Math.round(pixels) })
    },
  }
}

const onOpenCode = (node: string): void => void openCode(node)

export function Workbench({ project }: { readonly project: OpenProject }): ReactNode {
  const sideShown = useLayout((layout) => layout.sideShown)
  const codeShown = useLayout((layout) => layout.codeShown)
  const bottomShown = useLayout((layout) => layout.bottomShown)
  const side = useRemembered('sideWidth')
  const code = useRemembered('codeWidth')
  const bottom = useRemembered('bottomHeight')
  return (
    <div className="workbench">
      <TitleBar project={project} />
      <ProjectBanners project={project} />
      <div className="workbench-body">
        <ActivityBar />
        <Group className="workbench-group" onLayoutChanged={side.remember}>
          {sideShown ? (
            <>
              <Panel
                id="side"
                panelRef={side.panel}
                defaultSize={side.start}
                minSize={160}
                maxSize={520}
                groupResizeBehavior="preserve-pixel-size"
              >
                <SidePanel />
              </Panel>
              <Separator className="splitter splitter-upright" aria-label="Width of the side panel" />
            </>
          ) : null}
          <Panel id="main" minSize={320}>
            <Group orientation="vertical" className="workbench-group" onLayoutChanged={bottom.remember}>
              <Panel id="upper" minSize={120}>
                <Group className="workbench-group" onLayoutChanged={code.remember}>
                  <Panel id="canvas" minSize={200}>
                    <FlowCanvas openCode={onOpenCode} showExamples={showExamples} />
                  </Panel>
                  {codeShown ? (
                    <>
                      <Separator className="splitter splitter-upright" aria-label="Width of the code" />
                      <Panel
                        id="code"
                        panelRef={code.panel}
                        defaultSize={code.start}
                        minSize={220}
                        groupResizeBehavior="preserve-pixel-size"
                      >
                        <CodeArea />
                      </Panel>
                    </>
                  ) : null}
                </Group>
              </Panel>
              {bottomShown ? (
                <>
                  <Separator className="splitter splitter-level" aria-label="Height of the lower panel" />
                  <Panel
                    id="bottom"
                    panelRef={bottom.panel}
                    defaultSize={bottom.start}
                    minSize={80}
                    groupResizeBehavior="preserve-pixel-size"
                  >
                    <BottomPanel />
                  </Panel>
                </>
              ) : null}
            </Group>
          </Panel>
        </Group>
      </div>
      <StatusBar />
    </div>
  )
}
