/**
 * Everything the pointer does on the canvas but panning and zooming, which stay xyflow's: a press is
 * looked at in the capture phase, and what is ours is kept from it.
 */
import type { EdgeEnd, FlowEdge } from '../../../src-shared/flow/document.ts'
import { moveNodes } from '../../../src-shared/flow/edit.ts'
import { ancestors, descendants, flowGraph } from '../../../src-shared/flow/graph.ts'
import { drawWire, mayConnect, moveBy, nodeOf, removeWires } from '../document/index.ts'
import type { CanvasController } from './canvas-controller.ts'
import type { LooseEnd } from './canvas-state.ts'
import { overlaps, PORT_HIT, type Point, type Rect, type Side } from './geometry.ts'
import { hitWire } from './hit-test.ts'

/** Pixels the pointer may move before a press is a drag. */
const CLICK_SLOP = 3
const WIRE_REACH = 6
/** Of nodes whose size people change: notes and views. */
const MIN_SIZE = { width: 120, height: 48 } as const
const EDGE_PAN = 28
const EDGE_PAN_STEP = 12

type Gesture = {
  readonly move: (at: Point, event: PointerEvent) => void
  readonly end: (event: PointerEvent) => void
  readonly cancel: () => void
}

interface PortAt {
  readonly end: EdgeEnd
  readonly side: Side
}

const asElement = (target: EventTarget | null): Element | null => (target instanceof Element ? target : null)

function portAt(target: Element | null): PortAt | null {
  const port = target?.closest<HTMLElement>('[data-port]')
  const node = port?.closest<HTMLElement>('[data-node]')?.dataset['node']
  const name = port?.dataset['port']
  if (!port || node === undefined || name === undefined) return null
  return { end: { node, port: name }, side: port.dataset['side'] === 'output' ? 'output' : 'input' }
}

const nodeAt = (target: Element | null): string | null =>
  target?.closest<HTMLElement>('[data-node]')?.dataset['node'] ?? null

const isField = (target: Element | null): boolean =>
  (target?.closest('input, textarea, select, button, a') ?? null) !== null

/** Nodes that cannot be the other end of a wire from here: the node itself, notes, what would close a cycle. */
export function barredFrom(controller: CanvasController, end: EdgeEnd, side: Side): Set<string> {
  const { document } = controller.session.state
  const graph = flowGraph(document)
  const barred = side === 'output' ? ancestors(graph, [end.node]) : descendants(graph, [end.node])
  const all = new Set([end.node, ...barred])
  for (const id of Object.keys(document.nodes)) if (nodeOf(document, id)?.kind === 'note') all.add(id)
  return all
}

/** Where a wire dropped on a node's body goes: its first free input of the same family, else its first free one. */
function portForBody(controller: CanvasController, node: string, from: PortAt): EdgeEnd | null {
  const { model } = controller
  const rows = model.shape(node)?.rows ?? []
  const family = model.shape(from.end.node)?.rows.find((row) => row[from.side]?.name === from.end.port)?.[
    from.side
  ]?.family
  if (from.side === 'input') {
    const outputs = rows.flatMap((row) => row.output ?? [])
    const best = outputs.find((port) => port.family === family) ?? outputs[0]
    return best ? { node, port: best.name } : null
  }
  const free = rows.flatMap((row) => (row.input && !row.input.wired && !row.input.ghost ? [row.input] : []))
  const best =
    free.find((port) => !port.field && port.family === family) ??
    free.find((port) => !port.field) ??
    free.find((port) => port.family === family) ??
    free[0]
  return best ? { node, port: best.name } : null
}

export class Gestures {
  readonly #controller: CanvasController
  #gesture: Gesture | null = null
  #pointer = -1
  #owned = false

  constructor(controller: CanvasController) {
    this.#controller = controller
  }

  /** Listens on the canvas element; call the result to stop. */
  attach(element: HTMLElement): () => void {
    const stop = new AbortController()
    const { signal } = stop
    element.addEventListener('pointerdown', this.#down, { capture: true, signal })
    // xyflow pans on mouse events, which follow the pointer's.
    element.addEventListener('mousedown', this.#keep, { capture: true, signal })
    element.addEventListener('pointermove', this.#hover, { signal })
    element.addEventListener('pointerleave', () => this.#setHovered(null), { signal })
    window.addEventListener('pointermove', this.#move, { signal })
    window.addEventListener('pointerup', this.#up, { signal })
    window.addEventListener('pointercancel', () => this.cancel(), { signal })
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape' || !this.#gesture) return
        event.stopPropagation()
        this.cancel()
      },
      { capture: true, signal },
    )
    return () => {
      this.cancel()
      stop.abort()
    }
  }

  /** Ends what goes on without doing it. */
  cancel(): void {
    this.#gesture?.cancel()
    this.#gesture = null
  }

  /** Draws a wire with the pointer, from a port. */
  #beginWire(from: PortAt, at: Point): Gesture {
    const { session, state, model } = this.#controller
    const { document } = session.state
    // Taking hold of a wired input takes its last wire off, held at its source.
    const held: FlowEdge | undefined =
      from.side === 'input' && !session.state.readOnly
        ? document.edges.reduce<FlowEdge | undefined>(
            (last, edge) => (edge.to.node === from.end.node && edge.to.port === from.end.port ? edge : last),
            undefined,
          )
        : undefined
    const start: PortAt = held ? { end: held.from, side: 'output' } : from
    const barred = barredFrom(this.#controller, start.end, start.side)
    if (held) barred.delete(held.to.node)
    let begun = false
    const begin = (): void => {
      begun = true
      state.setState({ connecting: { ...start, moved: held ?? null, barred }, hoveredWire: null })
    }
    const ends = (target: EdgeEnd): [EdgeEnd, EdgeEnd] =>
      start.side === 'output' ? [start.end, target] : [target, start.end]
    const aim = (spot: Point, event: PointerEvent): LooseEnd => {
      const under = asElement(globalThis.document.elementFromPoint(event.clientX, event.clientY))
      const direct = portAt(under) ?? this.#nearPort(spot, start.side === 'output' ? 'input' : 'output')
      const body = nodeAt(under)
      const target =
        direct && direct.side !== start.side
          ? direct.end
          : body !== null && body !== start.end.node && model.shape(body)
            ? portForBody(this.#controller, body, start)
            : null
      if (!target) return { at: spot, target: null, reason: null }
      if (held && target.node === held.to.node && target.port === held.to.port)
        return { at: spot, target, reason: null }
      const check = mayConnect(session, ...ends(target), held ?? null)
      return { at: spot, target, reason: check.ok ? null : check.reason }
    }
    const finish = (): void => state.setState({ connecting: null, looseEnd: null })
    return {
      move: (spot, event) => {
        if (!begun && Math.hypot(spot.x - at.x, spot.y - at.y) * this.#controller.transform[2] < CLICK_SLOP) return
        if (!begun) begin()
        state.setState({ looseEnd: aim(spot, event) })
      },
      end: (event) => {
        if (!begun) return
        const spot = this.#controller.toCanvas({ x: event.clientX, y: event.clientY })
        const loose = aim(spot, event)
        finish()
        if (loose.target) {
          const same = held && loose.target.node === held.to.node && loose.target.port === held.to.port
          if (!same) drawWire(session, ...ends(loose.target), held ?? null)
        } else if (held) removeWires(session, [held])
        else if (this.#isPane(event)) this.#controller.openQuickAdd({ x: event.clientX, y: event.clientY }, start)
      },
      cancel: finish,
    }
  }

  /** A port whose hit area holds the spot, although something else is on top. */
  #nearPort(spot: Point, side: Side): PortAt | null {
    const { model } = this.#controller
    const half = PORT_HIT / 2
    const around = model.index.query({ x: spot.x - half, y: spot.y - half, width: PORT_HIT, height: PORT_HIT })
    for (const node of around) {
      for (const row of model.shape(node)?.rows ?? []) {
        const port = row[side]
        const at = port ? model.portPoint(node, side, port.name) : null
        if (port && at && Math.abs(at.x - spot.x) <= half && Math.abs(at.y - spot.y) <= half) {
          return { end: { node, port: port.name }, side }
        }
      }
    }
    return null
  }

  #beginDrag(node: string, start: Point, event: PointerEvent): Gesture {
    const { session, state, model } = this.#controller
    const additive = event.shiftKey || event.ctrlKey || event.metaKey
    const was = session.state.selection
    if (!was.has(node)) session.select(additive ? [...was, node] : [node])
    session.focus(node)
    const ids = session.state.selection
    const mayMove = session.state.readOnly === null && session.state.damaged === null
    let dragged = false
    let last = { dx: 0, dy: 0 }
    const rest = (): void => {
      model.setShift(null)
      state.setState({ dragging: false })
      this.#controller.redraw()
    }
    return {
      move: (spot, moveEvent) => {
        const { x: dx, y: dy } = { x: spot.x - start.x, y: spot.y - start.y }
        if (!dragged && Math.hypot(dx, dy) * this.#controller.transform[2] < CLICK_SLOP) return
        if (!mayMove) return
        if (!dragged) state.setState({ dragging: true, hoveredWire: null })
        dragged = true
        last = { dx: Math.round(dx), dy: Math.round(dy) }
        model.setShift({ ids, ...last })
        this.#controller.redraw()
        this.#panAtEdge(moveEvent)
      },
      end: () => {
        if (dragged) {
          model.setShift(null)
          state.setState({ dragging: false })
          if (!moveBy(session, ids, last.dx, last.dy)) this.#controller.redraw()
          return
        }
        if (additive && was.has(node)) session.select([...was].filter((id) => id !== node))
        else if (!additive && was.size > 1) session.select([node])
      },
      cancel: rest,
    }
  }

  #beginResize(node: string, start: Point): Gesture {
    const { session, model } = this.#controller
    const from = model.rect(node)
    const group = `resize ${node} ${Date.now()}`
    session.select([node])
    return {
      move: (spot) => {
        if (!from) return
        const width = Math.max(MIN_SIZE.width, Math.round(from.width + spot.x - start.x))
        const height = Math.max(MIN_SIZE.height, Math.round(from.height + spot.y - start.y))
        session.apply('Resize', (state) => moveNodes(state, { [node]: { width, height } }), { group })
      },
      end: () => session.endGroup(),
      cancel: () => session.endGroup(),
    }
  }

  #panAtEdge(event: PointerEvent): void {
    const box = this.#controller.element?.getBoundingClientRect()
    if (!box) return
    const step = (at: number, low: number, high: number): number =>
      at < low + EDGE_PAN ? EDGE_PAN_STEP : at > high - EDGE_PAN ? -EDGE_PAN_STEP : 0
    const dx = step(event.clientX, box.left, box.right)
    const dy = step(event.clientY, box.top, box.bottom)
    if (dx !== 0 || dy !== 0) this.#controller.panBy(dx, dy)
  }

  #beginBox(start: Point, event: PointerEvent): Gesture {
    const { session, state, model } = this.#controller
    const kept = event.ctrlKey || event.metaKey ? session.state.selection : new Set<string>()
    const boxTo = (at: Point): Rect => ({
      x: Math.min(start.x, at.x),
      y: Math.min(start.y, at.y),
      width: Math.abs(at.x - start.x),
      height: Math.abs(at.y - start.y),
    })
    return {
      move: (at) => {
        const box = boxTo(at)
        state.setState({ box })
        const inside = [...model.index.query(box)].filter((id) => {
          const rect = model.rect(id)
          return rect && overlaps(rect, box)
        })
        session.select([...kept, ...inside])
      },
      end: () => state.setState({ box: null }),
      cancel: () => state.setState({ box: null }),
    }
  }

  readonly #down = (event: PointerEvent): void => {
    this.#owned = false
    const target = asElement(event.target)
    if (!target || target.closest('[data-overlay]')) return
    this.#controller.state.setState({ menu: null })
    if (event.button !== 0 || this.#gesture) return
    const at = this.#controller.toCanvas({ x: event.clientX, y: event.clientY })
    const gesture = this.#gestureFor(target, at, event)
    if (!gesture) return
    this.#owned = true
    this.#gesture = gesture
    this.#pointer = event.pointerId
  }

  #gestureFor(target: Element, at: Point, event: PointerEvent): Gesture | null {
    const { session, model, state } = this.#controller
    if (state.getState().detail === 'far') {
      const [hit] = model.index.query({ ...at, width: 0, height: 0 })
      if (hit !== undefined && !event.shiftKey) return this.#beginDrag(hit, at, event)
    }
    const port = portAt(target)
    if (port && session.state.readOnly === null && !session.state.damaged) return this.#beginWire(port, at)
    const node = nodeAt(target)
    if (node !== null && target.closest('[data-resize]')) return this.#beginResize(node, at)
    if (node !== null) {
      if (isField(target)) {
        if (!session.state.selection.has(node)) session.select([node])
        session.focus(node)
        return null
      }
      return this.#beginDrag(node, at, event)
    }
    const wire = hitWire(model.wires, at, WIRE_REACH / this.#controller.transform[2])
    if (wire) {
      const additive = event.shiftKey || event.ctrlKey || event.metaKey
      const { selection, selectedEdges } = session.state
      if (additive) session.select(selection, [...selectedEdges, wire.key])
      else session.select([], [wire.key])
      return { move: () => undefined, end: () => undefined, cancel: () => undefined }
    }
    if (event.shiftKey) return this.#beginBox(at, event)
    this.#beginPress()
    return null
  }

  /** A press on nothing: xyflow pans with it; a click clears the selection. */
  #beginPress(): void {
    const { session } = this.#controller
    const from = { x: this.#controller.transform[0], y: this.#controller.transform[1] }
    const onUp = (): void => {
      const [x, y] = this.#controller.transform
      const still = Math.hypot(x - from.x, y - from.y) < CLICK_SLOP
      if (still && (session.state.selection.size > 0 || session.state.selectedEdges.size > 0)) session.select([])
    }
    window.addEventListener('pointerup', onUp, { once: true })
  }

  readonly #keep = (event: MouseEvent): void => {
    if (this.#owned) event.stopPropagation()
  }

  readonly #move = (event: PointerEvent): void => {
    if (!this.#gesture || event.pointerId !== this.#pointer) return
    this.#gesture.move(this.#controller.toCanvas({ x: event.clientX, y: event.clientY }), event)
  }

  readonly #up = (event: PointerEvent): void => {
    if (!this.#gesture || event.pointerId !== this.#pointer) return
    const gesture = this.#gesture
    this.#gesture = null
    gesture.end(event)
  }

  readonly #hover = (event: PointerEvent): void => {
    if (this.#gesture || event.buttons !== 0) return
    const target = asElement(event.target)
    if (!target || nodeAt(target) !== null || target.closest('[data-overlay]')) {
      this.#setHovered(null)
      return
    }
    const at = this.#controller.toCanvas({ x: event.clientX, y: event.clientY })
    const hit = hitWire(this.#controller.model.wires, at, WIRE_REACH / this.#controller.transform[2])
    this.#setHovered(hit?.key ?? null, at)
  }

  #setHovered(key: string | null, at: Point | null = null): void {
    const { state } = this.#controller
    if (state.getState().hoveredWire !== key) state.setState({ hoveredWire: key, hoveredAt: at })
  }

  #isPane(event: MouseEvent): boolean {
    const target = asElement(globalThis.document.elementFromPoint(event.clientX, event.clientY))
    return (target?.closest('.react-flow') ?? null) !== null && nodeAt(target) === null
  }
}
