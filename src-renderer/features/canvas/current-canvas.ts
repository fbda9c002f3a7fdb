/** The canvas on show, for other parts of the page: go to a node, find a free spot. */
import type { CanvasController } from './canvas-controller.ts'

let shown: CanvasController | null = null

export const canvasController = (): CanvasController | null => shown

/** Call the result when the canvas goes. */
export function showCanvas(controller: CanvasController): () => void {
  shown = controller
  return () => {
    if (shown === controller) shown = null
  }
}

/** Selects a node, gives it the focus and brings it into view; false when there is no such node. */
export function revealNode(id: string): boolean {
  if (!shown?.model.rect(id)) return false
  shown.goTo(id)
  return true
}
