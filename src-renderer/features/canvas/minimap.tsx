/** The whole flow in small, with what is in view; a click or drag goes there. */
import { useEffect, useRef, type PointerEvent, type ReactNode } from 'react'
import { nodeStatus, onDidChangeNodeStatus } from '../document/index.ts'
import { useCanvas } from './canvas-context.ts'
import { boundsOf, type Rect } from './geometry.ts'

const WIDTH = 132
const HEIGHT = 76
const PAD = 8

interface Scale {
  readonly box: Rect
  readonly by: number
}

export function Minimap(): ReactNode {
  const { controller } = useCanvas()
  const canvas = useRef<HTMLCanvasElement>(null)
  const scale = useRef<Scale | null>(null)

  useEffect(() => {
    let frame: number | null = null
    const paint = (): void => {
      frame = null
      if (canvas.current) scale.current = draw(canvas.current, controller)
    }
    const soon = (): void => {
      frame ??= requestAnimationFrame(paint)
    }
    soon()
    const stopView = controller.onDidChangeView(soon)
    const stopDrawing = controller.onDidDraw(soon)
    const status = onDidChangeNodeStatus(soon)
    const theme = new MutationObserver(soon)
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      stopView()
      stopDrawing()
      status.dispose()
      theme.disconnect()
      if (frame !== null) cancelAnimationFrame(frame)
    }
  }, [controller])

  const goTo = (event: PointerEvent): void => {
    const known = scale.current
    if (!known || event.buttons !== 1) return
    const at = event.currentTarget.getBoundingClientRect()
    const x = (event.clientX - at.left - PAD) / known.by + known.box.x
    const y = (event.clientY - at.top - PAD) / known.by + known.box.y
    const [, , zoom] = controller.transform
    const { width, height } = controller.size
    controller.setView(width / 2 - x * zoom, height / 2 - y * zoom, zoom)
  }
  return (
    <canvas
      ref={canvas}
      className="canvas-minimap"
      role="img"
      aria-label="Overview of the flow"
      style={{ width: WIDTH, height: HEIGHT }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        goTo(event)
      }}
      onPointerMove={goTo}
    />
  )
}

function draw(canvas: HTMLCanvasElement, controller: ReturnType<typeof useCanvas>['controller']): Scale | null {
  const ratio = window.devicePixelRatio
  canvas.width = WIDTH * ratio
  canvas.height = HEIGHT * ratio
  const pen = canvas.getContext('2d')
  const { view } = controller
  const nodes = [...controller.model.index.entries()]
  const box = boundsOf([...nodes.map(([, rect]) => rect), ...(view.width > 0 ? [view] : [])])
  if (!pen || !box) return null
  const style = getComputedStyle(canvas)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  const by = Math.min((WIDTH - 2 * PAD) / box.width, (HEIGHT - 2 * PAD) / box.height)
  pen.scale(ratio, ratio)
  pen.clearRect(0, 0, WIDTH, HEIGHT)
  const place = (rect: Rect): [number, number, number, number] => [
    (rect.x - box.x) * by + PAD,
    (rect.y - box.y) * by + PAD,
    Math.max(2, rect.width * by),
    Math.max(2, rect.height * by),
  ]
  const plain = colour('--text-3')
  for (const [id, rect] of nodes) {
    const status = nodeStatus(id)?.status
    const failed = status === 'failed' || status === 'timed_out'
    pen.globalAlpha = failed || status === 'running' ? 1 : 0.6
    pen.fillStyle = failed ? colour('--error') : status === 'running' ? colour('--running') : plain
    pen.fillRect(...place(rect))
  }
  pen.globalAlpha = 1
  pen.strokeStyle = colour('--accent')
  pen.lineWidth = 1
  const [x, y, width, height] = place(view)
  pen.strokeRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(width) - 1, Math.round(height) - 1)
  return { box, by }
}
