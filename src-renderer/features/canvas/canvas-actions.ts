/** Actions that need both the flow and the view: pasting code, tidying. */
import { addCodeNode, nodeOf, pasteText, placeMissing } from '../document/index.ts'
import type { CanvasController } from './canvas-controller.ts'
import { NODE_WIDTH } from './geometry.ts'

const ROOM_BETWEEN = 32

/** A code node from a text; its title and entry come from the first function. */
export function pasteCode(controller: CanvasController, text: string): void {
  const name = /^\s*(?:async\s+)?def\s+(\w+)/m.exec(text)?.[1] ?? 'pasted'
  const words = (name === 'main' ? 'pasted code' : name).replaceAll('_', ' ').trim()
  const title = words.charAt(0).toUpperCase() + words.slice(1)
  const code = text.endsWith('\n') ? text : `${text}\n`
  const hasMain = /^(?:async\s+)?def\s+main\s*\(/m.test(text)
  const entry = hasMain || name === 'pasted' ? {} : { entry: name }
  addCodeNode(controller.session, controller.freeSpot(), { title, text: code, ...entry })
  controller.focusElement()
}

/** Nodes or code from the clipboard, where the browser lets the page read it. */
export async function pasteFromClipboard(controller: CanvasController): Promise<void> {
  const { session, middle } = controller
  let text: string
  try {
    text = await navigator.clipboard.readText()
  } catch {
    session.say('The clipboard could not be read.', 'error', 'Click the canvas and press Ctrl V instead.')
    return
  }
  if (text.trim() === '') session.say('The clipboard holds no text. Copy a Python function first.', 'refused')
  else if (!pasteText(session, text, { x: middle.x - NODE_WIDTH / 2, y: middle.y })) pasteCode(controller, text)
}

/** Places all nodes in columns, sources at the left; notes stay. */
export function tidy(controller: CanvasController): void {
  const { session, model } = controller
  const { document, layout } = session.state
  const tallest = Math.max(...Object.keys(document.nodes).map((id) => model.rect(id)?.height ?? 0), 60)
  const placed = placeMissing(document, { ...layout, nodes: {} }, tallest + ROOM_BETWEEN)
  const nodes = Object.fromEntries(
    Object.entries(layout.nodes).map(([id, old]) => {
      const place = nodeOf(document, id)?.kind === 'note' ? undefined : placed.nodes[id]
      return [id, place ? { ...old, x: place.x, y: place.y } : old]
    }),
  )
  if (session.edit('Tidy', () => ({ layout: { ...layout, nodes } }))) controller.fit()
}
