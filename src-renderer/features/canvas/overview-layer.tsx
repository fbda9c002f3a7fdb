/**
 * The flow from afar, drawn as one picture: titles and state colours, and below 15 % plain boxes. Larger
 * than the view, so that small pans only move it.
 */
import { useEffect, useRef, type ReactNode } from 'react'
import { nodeOf, nodeStatus, onDidChangeNodeStatus, titleOf } from '../document/index.ts'
import { useCanvas, useCanvasState } from './canvas-context.ts'
import type { CanvasController } from './canvas-controller.ts'
import { curveBox, overlaps, type Rect } from './geometry.ts'

const TITLES_ABOVE = 0.15
/** How much larger than the view, in each direction. */
const SPARE = 0.25
/** The picture is stretched between these before it is drawn again. */
const SHRINK = 0.67
const STRETCH = 1.5

interface Drawn {
  readonly area: Rect
  readonly zoom: number
}

export function OverviewLayer(): ReactNode {
  const far = useCanvasState((state) => state.detail === 'far')
  return far ? <Overview /> : null
}

function Overview(): ReactNode {
  const { controller } = useCanvas()
  const canvas = useRef<HTMLCanvasElement>(null)

  useEffect(() => {
    let drawn: Drawn | null = null
    let frame: number | null = null
    let stale = true
    const paint = (): void => {
      frame = null
      const element = canvas.current
      if (!element) return
      const { view } = controller
      const zoom = controller.transform[2]
      const stretch = drawn ? zoom / drawn.zoom : 0
      if (stale || !drawn || stretch < SHRINK || stretch > STRETCH || !covers(drawn.area, view)) {
        drawn = draw(element, controller)
        stale = false
      }
      const at = controller.toScreen(drawn.area)
      element.style.transform = `translate(${at.x}px, ${at.y}px) scale(${zoom / drawn.zoom})`
    }
    const soon = (): void => {
      frame ??= requestAnimationFrame(paint)
    }
    const again = (): void => {
      stale = true
      soon()
    }
    paint()
    const stopView = controller.onDidChangeView(soon)
    const stopDrawing = controller.onDidDraw(again)
    const stopSelection = controller.session.store.subscribe((now, before) => {
      if (now.selection !== before.selection || now.focus !== before.focus) again()
    })
    const status = onDidChangeNodeStatus(again)
    const theme = new MutationObserver(again)
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      stopView()
      stopDrawing()
      stopSelection()
      status.dispose()
      theme.disconnect()
      if (frame !== null) cancelAnimationFrame(frame)
    }
  }, [controller])

  return <canvas ref={canvas} className="canvas-overview" aria-hidden />
}

const covers = (area: Rect, view: Rect): boolean =>
  area.x <= view.x &&
  area.y <= view.y &&
  area.x + area.width >= view.x + view.width &&
  area.y + area.height >= view.y + view.height

const stateColour: Readonly<Record<string, string>> = {
  running: '--running',
  succeeded: '--ok',
  reused: '--reused',
  failed: '--error',
  timed_out: '--error',
}

function draw(canvas: HTMLCanvasElement, controller: CanvasController): Drawn {
  const { view, model, session } = controller
  const zoom = controller.transform[2]
  const area: Rect = {
    x: view.x - view.width * SPARE,
    y: view.y - view.height * SPARE,
    width: view.width * (1 + 2 * SPARE),
    height: view.height * (1 + 2 * SPARE),
  }
  const ratio = Math.min(2, window.devicePixelRatio)
  canvas.width = Math.ceil(area.width * zoom * ratio)
  canvas.height = Math.ceil(area.height * zoom * ratio)
  canvas.style.width = `${area.width * zoom}px`
  canvas.style.height = `${area.height * zoom}px`
  const pen = canvas.getContext('2d')
  if (!pen) return { area, zoom }
  const style = getComputedStyle(canvas)
  const colours = new Map<string, string>()
  const colour = (name: string): string => {
    const known = colours.get(name) ?? style.getPropertyValue(name).trim()
    colours.set(name, known)
    return known
  }
  pen.setTransform(zoom * ratio, 0, 0, zoom * ratio, -area.x * zoom * ratio, -area.y * zoom * ratio)

  // One path per colour: strokes are what costs.
  const paths = new Map<string, Path2D>()
  for (const wire of model.wires) {
    if (!overlaps(curveBox(wire.curve), area)) continue
    const name = wire.broken ? '--error' : `--t-${wire.family}`
    const path = paths.get(name) ?? new Path2D()
    paths.set(name, path)
    const { from, c1, c2, to } = wire.curve
    path.moveTo(from.x, from.y)
    path.bezierCurveTo(c1.x, c1.y, c2.x, c2.y, to.x, to.y)
  }
  pen.lineWidth = Math.max(1.8, 1 / zoom)
  pen.globalAlpha = 0.8
  for (const [name, path] of paths) {
    pen.strokeStyle = colour(name)
    pen.stroke(path)
  }
  pen.globalAlpha = 1

  const titles = zoom >= TITLES_ABOVE
  const size = Math.min(36, 10.5 / zoom)
  pen.font = `600 ${size}px ${colour('--font-ui')}`
  pen.textBaseline = 'middle'
  const { selection, focus, document } = session.state
  for (const id of model.index.query(area)) {
    const rect = model.rect(id)
    if (!rect) continue
    const tone = stateColour[nodeStatus(id)?.status ?? '']
    const { x, y, width, height } = rect
    pen.fillStyle = colour('--raised')
    pen.fillRect(x, y, width, height)
    pen.strokeStyle = colour('--line')
    pen.lineWidth = 1 / zoom
    pen.strokeRect(x, y, width, height)
    if (tone !== undefined) {
      pen.fillStyle = colour(tone)
      pen.fillRect(x, y, Math.max(8, 4 / zoom), height)
    }
    if (selection.has(id) || id === focus) {
      pen.strokeStyle = colour('--accent')
      pen.lineWidth = 2 / zoom
      pen.strokeRect(x - 2 / zoom, y - 2 / zoom, width + 4 / zoom, height + 4 / zoom)
    }
    if (!titles) continue
    pen.save()
    pen.beginPath()
    pen.rect(x, y, width - 6, height)
    pen.clip()
    pen.fillStyle = colour('--text')
    pen.fillText(titleOf(id, nodeOf(document, id)), x + 18, y + height / 2)
    pen.restore()
  }
  return { area, zoom }
}
