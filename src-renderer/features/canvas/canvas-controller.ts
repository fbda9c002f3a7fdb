/**
 * Keeps xyflow's store showing the part of the flow that is in view, and does everything that moves the
 * view. The document stays in the session; xyflow gets finished nodes with sizes and handles.
 */
import type { Node, ReactFlowState } from '@xyflow/react'
import { Position } from '@xyflow/react'
import type { StoreApi } from 'zustand/vanilla'
import type { FlowSession } from '../document/index.ts'
import { CanvasModel } from './canvas-model.ts'
import { createCanvasState, type CanvasState, type EditingInNode, type QuickAddRequest } from './canvas-state.ts'
import {
  boundsOf,
  grow,
  HEADER,
  NODE_WIDTH,
  PORT_SIZE,
  portOffset,
  type NodeShape,
  type Point,
  type Rect,
} from './geometry.ts'
import { chooseWindow } from './window.ts'

/** xyflow's own store, as `useStoreApi` gives it. */
export interface FlowStoreApi {
  getState(): ReactFlowState
  subscribe(listener: (state: ReactFlowState) => void): () => void
}

export const MIN_ZOOM = 0.05
export const MAX_ZOOM = 2
/** Below this zoom nodes are drawn as a picture; they come back a little above it. */
const FAR_BELOW = 0.4
const NEAR_ABOVE = 0.42
/** New nodes mounted per frame while the view moves. */
const MOUNT_BUDGET = 3
const FIRST_BUDGET = 200
const FIT_MARGIN = 32

const half = PORT_SIZE / 2

function handlesOf(shape: NodeShape): NonNullable<Node['handles']> {
  return shape.rows.flatMap((row) => {
    const sides: NonNullable<Node['handles']> = []
    const size = { width: PORT_SIZE, height: PORT_SIZE }
    if (row.input) {
      const at = portOffset(shape, 'input', row.input.name)
      sides.push({
        id: `in:${row.input.name}`,
        type: 'target',
        position: Position.Left,
        x: at.x - half,
        y: at.y - half,
        ...size,
      })
    }
    if (row.output) {
      const at = portOffset(shape, 'output', row.output.name)
      sides.push({
        id: `out:${row.output.name}`,
        type: 'source',
        position: Position.Right,
        x: at.x - half,
        y: at.y - half,
        ...size,
      })
    }
    return sides
  })
}

const noData = {}
const nodeStyle = { pointerEvents: 'all' } as const
// xyflow gives its wrapper a role description without a role; the node inside has both.
const plainWrapper = { 'aria-roledescription': undefined } as const

export class CanvasController {
  readonly session: FlowSession
  readonly model: CanvasModel
  readonly state: StoreApi<CanvasState> = createCanvasState()
  #flow: FlowStoreApi | null = null
  #made = new Map<string, { rect: Rect; shape: NodeShape; node: Node }>()
  #mounted: ReadonlySet<string> = new Set()
  #frame: number | null = null
  #releases: (() => void)[] = []
  #fitOnSize = true
  readonly #viewListeners = new Set<() => void>()

  constructor(session: FlowSession) {
    this.session = session
    this.model = new CanvasModel(session)
    this.model.update()
  }

  /** Begins to follow the session and the view; call the result to stop. */
  attach(flow: FlowStoreApi): () => void {
    this.#flow = flow
    let seen = flow.getState()
    this.#releases.push(
      this.session.store.subscribe(() => this.#documentChanged()),
      flow.subscribe((now) => {
        if (now.transform !== seen.transform || now.width !== seen.width || now.height !== seen.height)
          this.#viewChanged()
        seen = now
      }),
    )
    this.model.update()
    this.#viewChanged()
    return () => {
      for (const release of this.#releases) release()
      this.#releases = []
      if (this.#frame !== null) cancelAnimationFrame(this.#frame)
      this.#frame = null
      this.#flow = null
      this.#mounted = new Set()
      this.#made.clear()
    }
  }

  get transform(): readonly [number, number, number] {
    return this.#flow?.getState().transform ?? [0, 0, 1]
  }

  get size(): { readonly width: number; readonly height: number } {
    const state = this.#flow?.getState()
    return { width: state?.width ?? 0, height: state?.height ?? 0 }
  }

  /** The part of the canvas that is in view, in canvas pixels. */
  get view(): Rect {
    const [x, y, zoom] = this.transform
    const { width, height } = this.size
    return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom }
  }

  /** From the client's pixels (an event's) to canvas pixels. */
  toCanvas(client: Point): Point {
    const box = this.#flow?.getState().domNode?.getBoundingClientRect()
    const [x, y, zoom] = this.transform
    return { x: (client.x - (box?.left ?? 0) - x) / zoom, y: (client.y - (box?.top ?? 0) - y) / zoom }
  }

  get element(): HTMLElement | null {
    return this.#flow?.getState().domNode ?? null
  }

  /** Opens the quick add at a place given in the client's pixels; the new node is joined to `from` and stands at `spot`. */
  openQuickAdd(client: Point, from: QuickAddRequest['from'] = null, spot: Point | null = null): void {
    if (this.session.state.readOnly !== null || this.session.state.damaged) {
      this.session.say('This flow cannot be changed now.', 'refused')
      return
    }
    const box = this.element?.getBoundingClientRect()
    const screen = { x: client.x - (box?.left ?? 0), y: client.y - (box?.top ?? 0) }
    const { x, y } = this.toCanvas(client)
    // Under the pointer comes the middle of the head; a wire ends at the left edge.
    const at = spot ?? (from ? { x, y } : { x: x - NODE_WIDTH / 2, y: y - HEADER / 2 })
    this.state.setState({ quickAdd: { at, screen, from }, menu: null })
  }

  /** Opens the context menu at a place given in the client's pixels. */
  openMenu(client: Point, node: string | null): void {
    const box = this.element?.getBoundingClientRect()
    const screen = { x: client.x - (box?.left ?? 0), y: client.y - (box?.top ?? 0) }
    const { hoveredWire } = this.state.getState()
    if (node !== null && !this.session.state.selection.has(node)) this.session.select([node])
    if (node !== null) this.session.focus(node)
    else if (hoveredWire !== null) this.session.select([], [hoveredWire])
    const on = node !== null ? { node } : hoveredWire !== null ? { wire: hoveredWire } : null
    this.state.setState({ menu: { screen, at: this.toCanvas(client), on }, quickAdd: null })
  }

  /** The same by keyboard: at the focused node, else in the middle. */
  openMenuAtFocus(): void {
    const { focus } = this.session.state
    const rect = focus === null ? null : this.model.rect(focus)
    const box = this.element?.getBoundingClientRect()
    const at = this.toScreen(rect ? { x: rect.x + 24, y: rect.y + 24 } : this.middle)
    this.openMenu({ x: at.x + (box?.left ?? 0), y: at.y + (box?.top ?? 0) }, rect ? focus : null)
  }

  /** From canvas pixels to pixels of the canvas element. */
  toScreen(at: Point): Point {
    const [x, y, zoom] = this.transform
    return { x: at.x * zoom + x, y: at.y * zoom + y }
  }

  get middle(): Point {
    const { x, y, width, height } = this.view
    return { x: x + width / 2, y: y + height / 2 }
  }

  /** The place nearest below `at` where a new node covers no other. */
  freeSpot(at: Point = { x: this.middle.x - NODE_WIDTH / 2, y: this.middle.y - 40 }): Point {
    const spot = { ...at }
    while (this.model.index.query(grow({ ...spot, width: NODE_WIDTH, height: 80 }, 12)).size > 0) spot.y += 24
    return spot
  }

  setView(x: number, y: number, zoom: number): void {
    void this.#flow?.getState().panZoom?.setViewport({ x, y, zoom })
  }

  panBy(dx: number, dy: number): void {
    const [x, y, zoom] = this.transform
    this.setView(x + dx, y + dy, zoom)
  }

  /** Zooms about the middle of the view. */
  zoomTo(wanted: number): void {
    const zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, wanted))
    const { width, height } = this.size
    const { x, y } = this.middle
    this.setView(width / 2 - x * zoom, height / 2 - y * zoom, zoom)
  }

  /** Shows these nodes, or the whole flow; never larger than life. */
  fit(ids?: Iterable<string>): void {
    const rects = ids
      ? [...ids].flatMap((id) => this.model.rect(id) ?? [])
      : [...this.model.index.entries()].map(([, rect]) => rect)
    const box = boundsOf(rects)
    const { width, height } = this.size
    if (!box || width === 0) return
    const area = grow(box, FIT_MARGIN)
    const zoom = Math.min(1, MAX_ZOOM, Math.max(MIN_ZOOM, Math.min(width / area.width, height / area.height)))
    this.setView(width / 2 - (box.x + box.width / 2) * zoom, height / 2 - (box.y + box.height / 2) * zoom, zoom)
  }

  /** Moves the view as little as needed to have the node in it. */
  reveal(id: string): void {
    const rect = this.model.rect(id)
    if (!rect) return
    const [x, y, zoom] = this.transform
    const { width, height } = this.size
    const at = this.toScreen(rect)
    const margin = 24
    const shift = (start: number, length: number, room: number): number => {
      if (start < margin) return margin - start
      if (start + length > room - margin) return Math.max(margin - start, room - margin - start - length)
      return 0
    }
    const dx = shift(at.x, rect.width * zoom, width)
    const dy = shift(at.y, rect.height * zoom, height)
    if (dx !== 0 || dy !== 0) this.setView(x + dx, y + dy, zoom)
  }

  /** Selects one node, gives it the focus and shows it. */
  goTo(id: string): void {
    this.#show(id)
    this.focusElement()
  }

  #show(id: string): void {
    this.session.select([id])
    this.session.focus(id)
    if (this.transform[2] < FAR_BELOW) {
      const rect = this.model.rect(id)
      const { width, height } = this.size
      if (rect) this.setView(width / 2 - rect.x - rect.width / 2, height / 2 - rect.y - rect.height / 2, 1)
    }
    this.reveal(id)
  }

  /** The DOM focus follows the focused node, or the canvas itself. */
  focusElement(): void {
    const { focus } = this.session.state
    requestAnimationFrame(() => {
      const root = this.#flow?.getState().domNode
      const node = focus === null ? null : root?.querySelector<HTMLElement>(`[data-node="${focus}"]`)
      const target = node ?? root
      target?.focus({ preventScroll: true })
    })
  }

  /** Begins editing inside a node, which is selected, focused and shown for it. */
  edit(editing: EditingInNode): void {
    if (this.session.state.readOnly !== null) {
      this.session.say(`This flow is read-only: ${this.session.state.readOnly}`, 'refused')
      return
    }
    // Not the DOM focus: that belongs to the field that opens.
    this.#show(editing.node)
    this.state.setState({ editing })
    this.#mount(MOUNT_BUDGET)
  }

  /** Goes on with the next field of the node, or ends after the last. */
  editNextInput(node: string, input: string, by: 1 | -1): void {
    const fields = (this.model.shape(node)?.rows ?? []).flatMap((row) => (row.input?.field ? [row.input.name] : []))
    const next = fields[fields.indexOf(input) + by]
    if (next === undefined) this.endEditing()
    else this.state.setState({ editing: { node, what: { input: next } } })
  }

  /** Ends it, and gives the focus back to the node. */
  endEditing(): void {
    if (!this.state.getState().editing) return
    this.state.setState({ editing: null })
    this.session.endGroup()
    this.focusElement()
  }

  /** Calls back after each move of the view; call the result to stop. */
  onDidChangeView(listener: () => void): () => void {
    this.#viewListeners.add(listener)
    return () => this.#viewListeners.delete(listener)
  }

  /** Calls back when wires or nodes changed their place or form; call the result to stop. */
  onDidDraw(listener: () => void): () => void {
    return this.state.subscribe((now, before) => {
      if (now.drawing !== before.drawing) listener()
    })
  }

  /** Redraws after nodes moved without the document changing. */
  redraw(): void {
    this.#mount(MOUNT_BUDGET)
    this.state.setState({ drawing: this.state.getState().drawing + 1 })
  }

  #documentChanged(): void {
    if (!this.model.update()) {
      // The focused node is kept mounted.
      const { focus } = this.session.state
      if (focus !== null && !this.#mounted.has(focus)) this.#schedule()
      return
    }
    const { element } = this
    const held = element !== null && element.contains(document.activeElement)
    this.#holdFocus()
    this.#mount(FIRST_BUDGET)
    this.state.setState({ drawing: this.state.getState().drawing + 1 })
    this.#fitFirst()
    // A focused node that goes takes the keyboard with it, unless the canvas holds on to it.
    if (held) requestAnimationFrame(() => (document.activeElement === document.body ? this.focusElement() : undefined))
  }

  /** Keys that follow at once would be lost with a node that goes while it has the focus. */
  #holdFocus(): void {
    const node = document.activeElement?.closest<HTMLElement>('[data-node]')?.dataset['node']
    if (node === undefined || Object.hasOwn(this.session.state.document.nodes, node)) return
    this.#flow?.getState().domNode?.focus({ preventScroll: true })
  }

  #viewChanged(): void {
    const zoom = this.transform[2]
    const { detail } = this.state.getState()
    const far = detail === 'far' ? zoom < NEAR_ABOVE : zoom < FAR_BELOW
    if (zoom !== this.state.getState().zoom || far !== (detail === 'far')) {
      this.state.setState({ zoom, detail: far ? 'far' : 'full' })
    }
    for (const listener of [...this.#viewListeners]) listener()
    this.#fitFirst()
    if (this.#mounted.size === 0) this.#mount(FIRST_BUDGET)
    else this.#schedule()
  }

  /** The first time there is a size, the flow is fitted into it; the first node of an empty flow stays where it is put. */
  #fitFirst(): void {
    if (!this.#fitOnSize || this.size.width === 0 || this.session.state.damaged !== null) return
    if (!this.#flow?.getState().panZoom) return
    this.#fitOnSize = false
    if (this.model.index.size > 0) this.fit()
  }

  #schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      this.#mount(MOUNT_BUDGET)
    })
  }

  #mount(budget: number): void {
    const flow = this.#flow?.getState()
    if (!flow) return
    const { detail, editing } = this.state.getState()
    if (detail === 'far') {
      if (this.#mounted.size > 0) flow.setNodes([])
      this.#mounted = new Set()
      return
    }
    const { focus } = this.session.state
    const pinned = [...(focus === null ? [] : [focus]), ...(editing ? [editing.node] : [])]
    const choice = chooseWindow(this.model.index, this.view, this.#mounted, pinned, budget)
    const nodes = [...choice.mounted].flatMap((id) => this.#nodeFor(id) ?? [])
    const before = flow.nodes
    if (nodes.length !== before.length || nodes.some((node, index) => node !== before[index])) flow.setNodes(nodes)
    this.#mounted = choice.mounted
    for (const id of [...this.#made.keys()]) if (!choice.mounted.has(id)) this.#made.delete(id)
    if (choice.more) this.#schedule()
  }

  #nodeFor(id: string): Node | null {
    const rect = this.model.rect(id)
    const shape = this.model.shape(id)
    if (!rect || !shape) return null
    const made = this.#made.get(id)
    if (made && made.rect === rect && made.shape === shape) return made.node
    const { width, height } = rect
    const node: Node = {
      id,
      type: 'flow',
      position: { x: rect.x, y: rect.y },
      data: noData,
      width,
      height,
      measured: { width, height },
      handles: handlesOf(shape),
      className: 'nopan',
      style: nodeStyle,
      domAttributes: plainWrapper,
    }
    this.#made.set(id, { rect, shape, node })
    return node
  }
}
