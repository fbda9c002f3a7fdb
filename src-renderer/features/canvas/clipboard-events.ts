/** Copy, cut and paste of nodes as text, through the page's clipboard events. */
import { deleteNodes, duplicateNodes, nodesAsText, pasteText } from '../document/index.ts'
import { pasteCode } from './canvas-actions.ts'
import type { CanvasController } from './canvas-controller.ts'

const PASTE_STEP = 24

const onCanvas = (): boolean => {
  const active = document.activeElement
  if (!(active instanceof HTMLElement) || active.matches('input, textarea, select')) return false
  return active.closest('[role=application]') !== null
}

/** A person who marked text in the page copies that text. */
const hasTextSelection = (): boolean => (document.getSelection()?.toString() ?? '') !== ''

/** Texts of the selected nodes' files must be at hand when the event comes: it cannot wait for the host. */
export function clipboardListeners(controller: CanvasController): () => void {
  const { session } = controller
  let ready: { readonly selection: ReadonlySet<string>; readonly document: object; readonly text: string } | null = null
  let asked = 0

  const prepare = async (): Promise<string | null> => {
    const { selection, document: flow } = session.state
    if (selection.size === 0) return null
    const turn = ++asked
    const text = await nodesAsText(session, selection)
    if (turn === asked) ready = { selection, document: flow, text }
    return text
  }
  let pasted = 0
  const copy = (event: ClipboardEvent): boolean => {
    const { selection, document: flow } = session.state
    if (!onCanvas() || hasTextSelection() || selection.size === 0) return false
    event.preventDefault()
    pasted = 0
    if (ready?.selection === selection && ready.document === flow)
      event.clipboardData?.setData('text/plain', ready.text)
    // Written a moment later: copied sooner than the files' texts arrived.
    else void prepare().then((text) => (text === null ? undefined : navigator.clipboard.writeText(text)))
    session.say(selection.size === 1 ? 'Copied 1 node.' : `Copied ${selection.size} nodes.`)
    return true
  }
  const onCopy = (event: ClipboardEvent): void => void copy(event)
  const onCut = (event: ClipboardEvent): void => {
    const { selection } = session.state
    if (copy(event)) void deleteNodes(session, selection)
  }
  const onPaste = (event: ClipboardEvent): void => {
    if (!onCanvas()) return
    const text = event.clipboardData?.getData('text/plain') ?? ''
    const { middle } = controller
    pasted++
    const at = { x: middle.x - 92 + pasted * PASTE_STEP, y: middle.y - 40 + pasted * PASTE_STEP }
    if (pasteText(session, text, at)) {
      event.preventDefault()
      controller.focusElement()
    } else if (/^\s*(?:async\s+)?def\s+\w+\s*\(|^\s*(?:import|from)\s+\w/m.test(text)) {
      event.preventDefault()
      pasteCode(controller, text)
    } else session.say('The clipboard holds no nodes and no Python code.', 'refused')
  }

  // Ready before the keys are pressed: the selection changes long before.
  let timer: ReturnType<typeof setTimeout> | null = null
  const unsubscribe = session.store.subscribe((state, before) => {
    if (state.selection === before.selection && state.document === before.document) return
    if (timer) clearTimeout(timer)
    timer = setTimeout(() => void prepare().catch(() => undefined), 150)
  })
  document.addEventListener('copy', onCopy)
  document.addEventListener('cut', onCut)
  document.addEventListener('paste', onPaste)
  return () => {
    if (timer) clearTimeout(timer)
    unsubscribe()
    document.removeEventListener('copy', onCopy)
    document.removeEventListener('cut', onCut)
    document.removeEventListener('paste', onPaste)
  }
}

export const duplicateSelection = (controller: CanvasController): Promise<boolean> =>
  duplicateNodes(controller.session, controller.session.state.selection)
