/** Every action of the canvas as a named command; nothing here needs a pointer. */
import type { Command } from '../../app/commands.ts'
import {
  deleteNodes,
  moveBy,
  nodeOf,
  nodesAsText,
  removeWires,
  selectedWires,
  toggleDisabled,
} from '../document/index.ts'
import { pasteFromClipboard, tidy } from './canvas-actions.ts'
import type { CanvasHooks } from './canvas-context.ts'
import type { CanvasController } from './canvas-controller.ts'
import { duplicateSelection } from './clipboard-events.ts'
import { neighbour, readingOrder, type Direction } from './neighbour.ts'

const NUDGE = 10
const ZOOM_STEP = 1.25

/** `isOpen` says whether this canvas is the one on show. */
export function canvasCommands(controller: CanvasController, hooks: CanvasHooks, isOpen: () => boolean): Command[] {
  const { session, model, state } = controller
  const category = 'Canvas'
  const mayEdit = (): boolean => isOpen() && session.state.readOnly === null && !session.state.damaged
  const focused = (): string | null => {
    const { focus, selection } = session.state
    return focus ?? (selection.size === 1 ? ([...selection][0] ?? null) : null)
  }
  const selected = (): readonly string[] => {
    const { selection, focus } = session.state
    return selection.size > 0 ? [...selection] : focus === null ? [] : [focus]
  }
  /** A switch or button inside a node has the focus, and Enter and Space are its own. */
  const onControl = (): boolean => document.activeElement?.matches('button, select') === true
  const withFocus = (): boolean => isOpen() && focused() !== null
  const editFocus = (): boolean => mayEdit() && focused() !== null
  const onFocused = (then: (node: string) => void) => () => {
    const node = focused()
    if (node !== null) then(node)
  }

  const step = (direction: Direction) => (): void => {
    const from = session.state.focus
    const rect = from === null ? null : model.rect(from)
    const next =
      from === null || !rect
        ? readingOrder(model.index.entries())[0]
        : neighbour(model.index.entries(), { id: from, rect }, direction)
    if (next !== null && next !== undefined) controller.goTo(next)
  }
  const along = (by: 1 | -1) => (): void => {
    const order = readingOrder(model.index.entries())
    const at = session.state.focus === null ? -1 : order.indexOf(session.state.focus)
    const next = order[(at + by + order.length) % order.length]
    if (next !== undefined) controller.goTo(next)
  }
  const nudge = (dx: number, dy: number) => (): void => {
    const ids = selected()
    moveBy(session, ids, dx, dy, `nudge ${[...ids].sort().join(' ')}`)
    const { focus } = session.state
    if (focus !== null) controller.reveal(focus)
  }
  const pan = (dx: number, dy: number) => (): void => controller.panBy(dx, dy)
  const deleteSelection = async (): Promise<void> => {
    const wires = selectedWires(session)
    const next = session.state.focus
    const rect = next === null ? null : model.rect(next)
    if (session.state.selection.size > 0) {
      const gone = new Set(session.state.selection)
      const rest = [...model.index.entries()].filter(([id]) => !gone.has(id))
      if (!(await deleteNodes(session, gone))) return
      // The keyboard goes on from what is nearest to where it was.
      const near = rect
        ? rest.sort(
            ([, a], [, b]) => Math.hypot(a.x - rect.x, a.y - rect.y) - Math.hypot(b.x - rect.x, b.y - rect.y),
          )[0]
        : undefined
      session.focus(near?.[0] ?? null)
      controller.focusElement()
    } else if (wires.length > 0) removeWires(session, wires)
    else if (next !== null) await deleteNodes(session, [next])
  }
  const editFirstInput = (node: string): void => {
    const kind = nodeOf(session.state.document, node)?.kind
    if (kind === 'value') controller.edit({ node, what: 'value' })
    else if (kind === 'note') controller.edit({ node, what: 'note' })
    else {
      const input = model.shape(node)?.rows.find((row) => row.input?.field === true && !row.input.ghost)?.input
      if (input) controller.edit({ node, what: { input: input.name } })
      else session.say('This node has no input to fill in.')
    }
  }
  const openQuickAdd = (): void => {
    const box = controller.element?.getBoundingClientRect()
    const near = session.state.focus === null ? null : model.rect(session.state.focus)
    const spot = controller.freeSpot(near ? { x: near.x + near.width + 56, y: near.y } : undefined)
    const at = controller.toScreen(spot)
    controller.openQuickAdd({ x: at.x + (box?.left ?? 0), y: at.y + (box?.top ?? 0) }, null, spot)
  }
  const copySelection = async (): Promise<void> => {
    await navigator.clipboard.writeText(await nodesAsText(session, selected()))
    session.say(`Copied ${selected().length === 1 ? '1 node' : `${selected().length} nodes`}.`)
  }

  const list: (Omit<Command, 'category' | 'scope'> & Partial<Pick<Command, 'scope'>>)[] = [
    { id: 'canvas.undo', title: 'Undo', keys: ['Ctrl+Z'], when: isOpen, run: () => session.undo() },
    { id: 'canvas.redo', title: 'Redo', keys: ['Ctrl+Y', 'Ctrl+Shift+Z'], when: isOpen, run: () => session.redo() },
    { id: 'canvas.add', title: 'Add a node', keys: ['A', 'Insert'], when: mayEdit, run: openQuickAdd },
    {
      id: 'canvas.connect',
      title: 'Connect from this node',
      keys: ['C'],
      when: editFocus,
      run: onFocused((node) => state.setState({ connectStep: { step: 'output', node } })),
    },
    {
      id: 'canvas.openCode',
      title: 'Open the code of the node',
      keys: ['Enter'],
      when: () => withFocus() && !onControl(),
      run: onFocused((node) => {
        const kind = nodeOf(session.state.document, node)?.kind
        if (kind === 'code') hooks.openCode?.(node)
        else editFirstInput(node)
      }),
    },
    {
      id: 'canvas.editInputs',
      title: 'Fill in the inputs of the node',
      keys: ['I'],
      when: editFocus,
      run: onFocused(editFirstInput),
    },
    {
      id: 'canvas.rename',
      title: 'Rename the node',
      keys: ['F2'],
      when: editFocus,
      run: onFocused((node) =>
        controller.edit({ node, what: nodeOf(session.state.document, node)?.kind === 'note' ? 'note' : 'title' }),
      ),
    },
    {
      id: 'canvas.toggleDisabled',
      title: 'Disable or enable the selected nodes',
      keys: ['Shift+D'],
      when: editFocus,
      run: () => void toggleDisabled(session, selected()),
    },
    {
      id: 'canvas.delete',
      title: 'Delete the selection',
      keys: ['Delete', 'Backspace'],
      when: mayEdit,
      run: deleteSelection,
    },
    {
      id: 'canvas.duplicate',
      title: 'Duplicate the selected nodes',
      keys: ['Ctrl+D'],
      when: () => mayEdit() && selected().length > 0,
      run: async () => {
        if (session.state.selection.size === 0) session.select(selected())
        await duplicateSelection(controller)
        controller.focusElement()
      },
    },
    {
      id: 'canvas.copy',
      title: 'Copy the selected nodes',
      when: () => isOpen() && selected().length > 0,
      run: copySelection,
    },
    {
      id: 'canvas.pasteCode',
      title: 'Paste code as a new node',
      when: mayEdit,
      run: () => pasteFromClipboard(controller),
    },
    {
      id: 'canvas.selectAll',
      title: 'Select all nodes',
      keys: ['Ctrl+A'],
      when: isOpen,
      run: () => session.select(Object.keys(session.state.document.nodes)),
    },
    {
      id: 'canvas.selectNone',
      title: 'Clear the selection',
      keys: ['Escape'],
      when: isOpen,
      run: () => session.select([]),
    },
    {
      id: 'canvas.toggleSelected',
      title: 'Select or unselect the focused node',
      keys: ['Space'],
      when: () => withFocus() && !onControl(),
      run: onFocused((node) => {
        const { selection } = session.state
        session.select(selection.has(node) ? [...selection].filter((id) => id !== node) : [...selection, node])
      }),
    },
    { id: 'canvas.left', title: 'Go to the node at the left', keys: ['ArrowLeft'], when: isOpen, run: step('left') },
    {
      id: 'canvas.right',
      title: 'Go to the node at the right',
      keys: ['ArrowRight'],
      when: isOpen,
      run: step('right'),
    },
    { id: 'canvas.up', title: 'Go to the node above', keys: ['ArrowUp'], when: isOpen, run: step('up') },
    { id: 'canvas.down', title: 'Go to the node below', keys: ['ArrowDown'], when: isOpen, run: step('down') },
    { id: 'canvas.next', title: 'Go to the next node', keys: ['N'], when: isOpen, run: along(1) },
    { id: 'canvas.previous', title: 'Go to the previous node', keys: ['P'], when: isOpen, run: along(-1) },
    { id: 'canvas.nudgeLeft', title: 'Move left', keys: ['Alt+ArrowLeft'], when: editFocus, run: nudge(-NUDGE, 0) },
    { id: 'canvas.nudgeRight', title: 'Move right', keys: ['Alt+ArrowRight'], when: editFocus, run: nudge(NUDGE, 0) },
    { id: 'canvas.nudgeUp', title: 'Move up', keys: ['Alt+ArrowUp'], when: editFocus, run: nudge(0, -NUDGE) },
    { id: 'canvas.nudgeDown', title: 'Move down', keys: ['Alt+ArrowDown'], when: editFocus, run: nudge(0, NUDGE) },
    { id: 'canvas.panLeft', title: 'Scroll left', keys: ['Ctrl+ArrowLeft'], when: isOpen, run: pan(80, 0) },
    { id: 'canvas.panRight', title: 'Scroll right', keys: ['Ctrl+ArrowRight'], when: isOpen, run: pan(-80, 0) },
    { id: 'canvas.panUp', title: 'Scroll up', keys: ['Ctrl+ArrowUp'], when: isOpen, run: pan(0, 80) },
    { id: 'canvas.panDown', title: 'Scroll down', keys: ['Ctrl+ArrowDown'], when: isOpen, run: pan(0, -80) },
    {
      id: 'canvas.zoomIn',
      title: 'Zoom in',
      keys: ['+', '='],
      when: isOpen,
      run: () => controller.zoomTo(controller.transform[2] * ZOOM_STEP),
    },
    {
      id: 'canvas.zoomOut',
      title: 'Zoom out',
      keys: ['-'],
      when: isOpen,
      run: () => controller.zoomTo(controller.transform[2] / ZOOM_STEP),
    },
    { id: 'canvas.zoomReset', title: 'Zoom to 100 %', keys: ['0'], when: isOpen, run: () => controller.zoomTo(1) },
    { id: 'canvas.fit', title: 'Fit the flow in view', keys: ['1'], when: isOpen, run: () => controller.fit() },
    {
      id: 'canvas.fitSelection',
      title: 'Fit the selection in view',
      keys: ['2'],
      when: withFocus,
      run: () => controller.fit(selected()),
    },
    { id: 'canvas.tidy', title: 'Tidy: place the nodes in columns', when: mayEdit, run: () => tidy(controller) },
    {
      id: 'canvas.menu',
      title: 'Open the menu of the node',
      keys: ['Shift+F10', 'ContextMenu'],
      when: isOpen,
      run: () => controller.openMenuAtFocus(),
    },
    {
      id: 'canvas.focus',
      title: 'Focus the canvas',
      keys: ['Ctrl+Shift+F2'],
      scope: 'global',
      when: isOpen,
      run: () => controller.focusElement(),
    },
  ]
  return list.map((command) => ({ scope: 'canvas', ...command, category }))
}
