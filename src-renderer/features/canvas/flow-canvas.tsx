/** The canvas: xyflow's pan and zoom, our nodes, wires, gestures and popups. */
import { ReactFlow, ReactFlowProvider, useStoreApi, ViewportPortal } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useEffect, useMemo, useRef, type DragEvent, type MouseEvent, type ReactNode } from 'react'
import { registerCommands } from '../../app/commands.ts'
import { currentFlow, useFlowSession, type FlowSession } from '../document/index.ts'
import { canvasCommands } from './canvas-commands.ts'
import { CanvasContext, useCanvas, useFlowState, type CanvasHooks } from './canvas-context.ts'
import { CanvasController, MAX_ZOOM, MIN_ZOOM } from './canvas-controller.ts'
import { CanvasPopups } from './canvas-popups.tsx'
import { CanvasTools } from './canvas-tools.tsx'
import { clipboardListeners } from './clipboard-events.ts'
import { showCanvas } from './current-canvas.ts'
import { DamagedFlow, EmptyCanvas } from './empty-canvas.tsx'
import { Gestures } from './gestures.ts'
import { addFromDrop } from './node-drop.ts'
import { NodeBox } from './node-box.tsx'
import { OverviewLayer } from './overview-layer.tsx'
import { BoxSelection, LiveNotice, WireCard } from './canvas-overlays.tsx'
import { LooseWire, WireLayer } from './wire-layer.tsx'
import './canvas.css'
import './node.css'

/** Distance of the dots at zoom 1. */
const GRID = 20

const nodeTypes = { flow: NodeBox }
const quiet = { hideAttribution: true }

/** The canvas of the page's flow; an empty ground while none is open. */
export function FlowCanvas(hooks: CanvasHooks): ReactNode {
  const session = useFlowSession()
  if (!session) return <div className="canvas" />
  return (
    <ReactFlowProvider key={`${session.state.projectId}/${session.state.flow}`}>
      <OpenCanvas session={session} hooks={hooks} />
    </ReactFlowProvider>
  )
}

function OpenCanvas({ session, hooks }: { readonly session: FlowSession; readonly hooks: CanvasHooks }): ReactNode {
  const controller = useMemo(() => new CanvasController(session), [session])
  const { openCode, showExamples } = hooks
  const shared = useMemo(
    () => ({ controller, hooks: { openCode, showExamples } }),
    [controller, openCode, showExamples],
  )
  return (
    <CanvasContext.Provider value={shared}>
      <CanvasSurface />
    </CanvasContext.Provider>
  )
}

function CanvasSurface(): ReactNode {
  const { controller, hooks } = useCanvas()
  const { session } = controller
  const flow = useStoreApi()
  const element = useRef<HTMLElement>(null)
  const damaged = useFlowState((state) => state.damaged)
  const empty = useFlowState((state) => Object.keys(state.document.nodes).length === 0)
  const focusedNone = useFlowState((state) => state.focus === null)

  useEffect(() => controller.attach(flow), [controller, flow])
  useEffect(() => showCanvas(controller), [controller])
  useEffect(() => {
    // The dots go with the nodes, in steps of the grid, so that they never crowd.
    const follow = (): void => {
      const [x, y, zoom] = controller.transform
      const step = GRID * zoom * 2 ** Math.max(0, Math.ceil(-Math.log2(zoom) - 0.5))
      if (!element.current) return
      element.current.style.backgroundSize = `${step}px ${step}px`
      element.current.style.backgroundPosition = `${x}px ${y}px`
    }
    return controller.onDidChangeView(follow)
  }, [controller])
  useEffect(() => (element.current ? new Gestures(controller).attach(element.current) : undefined), [controller])
  useEffect(() => clipboardListeners(controller), [controller])
  useEffect(() => {
    const registered = registerCommands(canvasCommands(controller, hooks, () => currentFlow() === session))
    return () => registered.dispose()
  }, [controller, hooks, session])

  const onDoubleClick = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target : null
    if (!target || target.closest('[data-overlay], input, textarea, select, button')) return
    const node = target.closest<HTMLElement>('[data-node]')?.dataset['node']
    if (node === undefined) {
      controller.openQuickAdd({ x: event.clientX, y: event.clientY })
      return
    }
    const kind = session.state.document.nodes
    const isNote = Object.entries(kind).some(([id, { kind: is }]) => id === node && is === 'note')
    if (isNote) controller.edit({ node, what: 'note' })
    else if (target.closest('[data-title]')) controller.edit({ node, what: 'title' })
    else hooks.openCode?.(node)
  }
  const onContextMenu = (event: MouseEvent): void => {
    const target = event.target instanceof Element ? event.target : null
    if (!target || target.closest('[data-overlay], input, textarea')) return
    event.preventDefault()
    controller.openMenu(
      { x: event.clientX, y: event.clientY },
      target.closest<HTMLElement>('[data-node]')?.dataset['node'] ?? null,
    )
  }
  const onDrop = (event: DragEvent): void => {
    event.preventDefault()
    void addFromDrop(controller, event.dataTransfer, controller.toCanvas({ x: event.clientX, y: event.clientY }))
  }
  return (
    <section
      ref={element}
      className="canvas"
      onDoubleClick={onDoubleClick}
      onContextMenu={onContextMenu}
      onDragOver={(event) => {
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
      }}
      onDrop={onDrop}
    >
      <ReactFlow
        aria-label="Flow canvas"
        // xyflow gives its root the role application; the focused node takes its place in the tab order.
        tabIndex={focusedNone ? 0 : -1}
        nodeTypes={nodeTypes}
        minZoom={MIN_ZOOM}
        maxZoom={MAX_ZOOM}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        proOptions={quiet}
      >
        <ViewportPortal>
          <WireLayer />
          <LooseWire />
          <BoxSelection />
        </ViewportPortal>
        <OverviewLayer />
      </ReactFlow>
      {damaged ? <DamagedFlow damaged={damaged} /> : empty ? <EmptyCanvas /> : null}
      <CanvasTools />
      <CanvasPopups />
      <WireCard />
      <LiveNotice />
    </section>
  )
}
