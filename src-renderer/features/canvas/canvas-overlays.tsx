/** What lies over the canvas for a moment: the selection box, and what was just said. */
import { useEffect, useState, type ReactNode } from 'react'
import { showToast } from '../../ui/toasts.tsx'
import { useCanvasState, useFlowState } from './canvas-context.ts'

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
  const [refused, setRefused] = useState<string | null>(null)
  useEffect(() => {
    if (notice?.tone === 'error') showToast({ kind: 'error', message: notice.text, hint: notice.hint })
    if (notice?.tone !== 'refused') {
      setRefused(null)
      return undefined
    }
    setRefused(notice.text)
    const timer = setTimeout(() => setRefused(null), REFUSAL_MS)
    return () => clearTimeout(timer)
  }, [notice])
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
