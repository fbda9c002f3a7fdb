/** What lies over the canvas for a moment: the selection box, and what was just said. */
import { useEffect, useState, type ReactNode } from 'react'
import { showToast } from '../../ui/toasts.tsx'
import type { EdgeEnd } from '../../../src-shared/flow/document.ts'
import { nodeOf, nodeStatus, titleOf } from '../document/index.ts'
import { useCanvas, useCanvasState, useFlowState } from './canvas-context.ts'

/** How long a refusal stays to be read. */
const REFUSAL_MS = 5000

export function BoxSelection(): ReactNode {
  const box = useCanvasState((state) => state.box)
  if (!box) return null
  return (
    <div
      className="canvas-box"
      style={{ transform: `translate(${box.x}px, ${box.y}px)`, width: box.width, height: box.height }}
    />
  )
}

/** Says what was done to assistive technology; what went wrong is shown to everyone. */
export function LiveNotice(): ReactNode {
  const notice = useFlowState((state) => state.notice)
  const barred = useCanvasState((state) => state.looseEnd?.reason ?? null)
  const [read, setRead] = useState(0)
  useEffect(() => {
    if (notice?.tone === 'error') showToast({ kind: 'error', message: notice.text, hint: notice.hint })
    if (notice?.tone !== 'refused') return undefined
    const timer = setTimeout(() => setRead(notice.id), REFUSAL_MS)
    return () => clearTimeout(timer)
  }, [notice])
  const refused = notice?.tone === 'refused' && notice.id > read ? notice.text : null
  const why = barred ?? refused
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite" aria-label="Canvas messages">
        {notice && notice.tone !== 'error' ? notice.text : ''}
      </div>
      {why === null ? null : <div className="canvas-reason">{why}</div>}
    </>
  )
}

/** What the wire under the pointer carries: its ends, the type, and the last value in short. */
export function WireCard(): ReactNode {
  const { controller } = useCanvas()
  const key = useCanvasState((state) => state.hoveredWire)
  const at = useCanvasState((state) => state.hoveredAt)
  const wire = key === null ? undefined : controller.model.wires.find((one) => one.key === key)
  if (!wire || !at) return null
  const { from, to } = wire.edge
  const { document } = controller.session.state
  const output = controller.session.portsOf(from.node)?.outputs.find((port) => port.name === from.port)
  const preview = from.port === null ? undefined : nodeStatus(from.node)?.result?.outputs[from.port]
  const name = (end: EdgeEnd): string =>
    `${titleOf(end.node, nodeOf(document, end.node))}${end.port === null ? '' : ` · ${end.port}`}`
  const { x, y } = controller.toScreen(at)
  return (
    <div className="wire-card" style={{ left: x + 12, top: y + 14 }}>
      <b>{name(from)}</b> → <b>{name(to)}</b>
      <em>{from.port === null ? 'order only' : (preview?.type ?? output?.type ?? '')}</em>
      {wire.broken ? <div className="wire-card-fault">One end names a port that is not there.</div> : null}
      {preview ? (
        <pre>{[preview.summary, preview.text].filter(Boolean).join('\n').split('\n').slice(0, 6).join('\n')}</pre>
      ) : null}
    </div>
  )
}
