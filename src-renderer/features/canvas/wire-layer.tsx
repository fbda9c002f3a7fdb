/**
 * All wires near the view as one path per style, under the nodes. Rebuilt when something on the canvas
 * moved, a node's state changed what its wires carry, or the view left the margin.
 */
import { useEffect, useState, type ReactNode } from 'react'
import { nodeOf, nodeStatus, onDidChangeNodeStatus } from '../document/index.ts'
import type { Wire } from './canvas-model.ts'
import { useCanvas, useCanvasState, useFlowState } from './canvas-context.ts'
import { curveBox, curvePath, grow, overlaps, wireCurve, type Rect } from './geometry.ts'

const MARGIN = 0.4

/** A wire that will not bring a value: its source failed, was skipped or stopped. */
const isDead = (node: string): boolean => {
  const status = nodeStatus(node)?.status
  return status === 'failed' || status === 'skipped' || status === 'timed_out' || status === 'cancelled'
}

const contains = (outer: Rect, inner: Rect): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height

/** Paths by their classes, followed as they change. */
function useWirePaths(): ReadonlyMap<string, string> {
  const { controller } = useCanvas()
  const [paths, setPaths] = useState<ReadonlyMap<string, string>>(new Map())
  useEffect(() => {
    const { model, session, state } = controller
    let area: Rect | null = null
    let frame: number | null = null
    const dead = new Map<string, boolean>()
    const draw = (): void => {
      const { detail, connecting } = state.getState()
      const found = new Map<string, string>()
      const { view } = controller
      area = grow(view, Math.max(view.width, view.height) * MARGIN)
      for (const wire of detail === 'far' ? [] : model.wires) {
        if (wire.edge === connecting?.moved || !overlaps(curveBox(wire.curve), area)) continue
        const style = styleOf(wire, session.state.document)
        found.set(style, (found.get(style) ?? '') + curvePath(wire.curve))
      }
      setPaths(found)
    }
    const stopView = controller.onDidChangeView(() => {
      const { view } = controller
      if (!area || !contains(area, view) || area.width > view.width * 3) draw()
    })
    const stopState = state.subscribe((now, before) => {
      if (now.drawing !== before.drawing || now.detail !== before.detail || now.connecting !== before.connecting) draw()
    })
    const status = onDidChangeNodeStatus((node) => {
      if ((dead.get(node) ?? false) === isDead(node)) return
      dead.set(node, isDead(node))
      frame ??= requestAnimationFrame(() => {
        frame = null
        draw()
      })
    })
    draw()
    return () => {
      stopView()
      stopState()
      status.dispose()
      if (frame !== null) cancelAnimationFrame(frame)
    }
  }, [controller])
  return paths
}

export function WireLayer(): ReactNode {
  const { controller } = useCanvas()
  const { model, session } = controller
  const paths = useWirePaths()
  const far = useCanvasState((state) => state.detail === 'far')
  const hovered = useCanvasState((state) => state.hoveredWire)
  const selected = useFlowState((state) => state.selectedEdges)
  if (far) return null
  const lifted =
    hovered === null && selected.size === 0
      ? []
      : model.wires.filter((wire) => wire.key === hovered || selected.has(wire.key))
  return (
    <svg className="wires" aria-hidden>
      {[...paths].map(([style, path]) => (
        <path key={style} className={style} d={path} />
      ))}
      {lifted.map((wire) => (
        <path
          key={wire.key}
          className={`${styleOf(wire, session.state.document)} wire-lifted${selected.has(wire.key) ? ' wire-selected' : ''}`}
          d={curvePath(wire.curve)}
        />
      ))}
    </svg>
  )
}

function styleOf(wire: Wire, document: Parameters<typeof nodeOf>[0]): string {
  const { from, to } = wire.edge
  if (wire.broken) return 'wire wire-broken'
  const off = nodeOf(document, from.node)?.settings?.disabled || nodeOf(document, to.node)?.settings?.disabled
  const dashed = off || isDead(from.node) ? ' wire-dead' : ''
  if (from.port === null) return `wire wire-order${dashed}`
  return `wire family-${wire.family}${dashed}`
}

/** The wire that is being drawn, over the nodes. */
export function LooseWire(): ReactNode {
  const { controller } = useCanvas()
  const connecting = useCanvasState((state) => state.connecting)
  const loose = useCanvasState((state) => state.looseEnd)
  if (!connecting || !loose) return null
  const start = controller.model.portPoint(connecting.end.node, connecting.side, connecting.end.port)
  if (!start) return null
  const there = loose.target
    ? controller.model.portPoint(
        loose.target.node,
        connecting.side === 'output' ? 'input' : 'output',
        loose.target.port,
      )
    : null
  const end = there ?? loose.at
  const curve = connecting.side === 'output' ? wireCurve(start, end) : wireCurve(end, start)
  return (
    <svg className="wires wires-loose" aria-hidden>
      <path className={`wire wire-loose${loose.reason === null ? '' : ' wire-broken'}`} d={curvePath(curve)} />
    </svg>
  )
}
