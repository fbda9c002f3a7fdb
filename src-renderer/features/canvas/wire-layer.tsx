/**
 * All wires near the view as one path per style, under the nodes. Rebuilt when something on the canvas
 * moved, a node's state changed what its wires carry, or the view left the margin.
 */
import { useEffect, useMemo, useReducer, useState, type ReactNode } from 'react'
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

export function WireLayer(): ReactNode {
  const { controller } = useCanvas()
  const { model, session } = controller
  const drawing = useCanvasState((state) => state.drawing)
  const far = useCanvasState((state) => state.detail === 'far')
  const hovered = useCanvasState((state) => state.hoveredWire)
  const moved = useCanvasState((state) => state.connecting?.moved ?? null)
  const selected = useFlowState((state) => state.selectedEdges)
  const [statuses, statusChanged] = useReducer((count: number) => count + 1, 0)
  const [area, setArea] = useState<Rect | null>(null)

  useEffect(() => {
    let frame: number | null = null
    const dead = new Map<string, boolean>()
    const subscription = onDidChangeNodeStatus((node) => {
      if ((dead.get(node) ?? false) === isDead(node)) return
      dead.set(node, isDead(node))
      frame ??= requestAnimationFrame(() => {
        frame = null
        statusChanged()
      })
    })
    return () => {
      subscription.dispose()
      if (frame !== null) cancelAnimationFrame(frame)
    }
  }, [])

  useEffect(() => {
    const follow = (): void => {
      setArea((known) => {
        const { view } = controller
        if (known && contains(known, view) && known.width < view.width * 3) return known
        return grow(view, Math.max(view.width, view.height) * MARGIN)
      })
    }
    follow()
    return controller.onDidChangeView(follow)
  }, [controller])

  const groups = useMemo(() => {
    const paths = new Map<string, string>()
    if (far || !area) return paths
    for (const wire of model.wires) {
      if (wire.edge === moved || !overlaps(curveBox(wire.curve), area)) continue
      const style = styleOf(wire, session.state.document)
      paths.set(style, (paths.get(style) ?? '') + curvePath(wire.curve))
    }
    return paths
    // `drawing` and `statuses` say that what the model and the status store hold has changed.
  }, [model, session, area, far, moved, drawing, statuses])

  if (far) return null
  const lifted = model.wires.filter((wire) => wire.key === hovered || selected.has(wire.key))
  return (
    <svg className="wires" aria-hidden>
      {[...groups].map(([style, path]) => (
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
