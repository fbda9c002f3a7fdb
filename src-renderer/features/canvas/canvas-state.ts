/** What goes on at the canvas between two changes of the document: drags, popups, hovering, editing in place. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { EdgeEnd, FlowEdge } from '../../../src-shared/flow/document.ts'
import type { Point, Rect, Side } from './geometry.ts'

/** A wire that is being drawn from one end. */
export interface Connecting {
  readonly end: EdgeEnd
  /** The side that `end` is on. */
  readonly side: Side
  /** The wire that was taken off its input; it goes when it is dropped on nothing. */
  readonly moved: FlowEdge | null
  /** Nodes that cannot be the other end. */
  readonly barred: ReadonlySet<string>
}

/** Where the loose end is, and what it would join. */
export interface LooseEnd {
  readonly at: Point
  readonly target: EdgeEnd | null
  /** Why the target cannot take it, or null. */
  readonly reason: string | null
}

export interface QuickAddRequest {
  /** Where the top left corner of the node goes, in canvas pixels. */
  readonly at: Point
  /** Where the popup opens, in pixels of the canvas element. */
  readonly screen: Point
  /** The new node is joined to this end. */
  readonly from: { readonly end: EdgeEnd; readonly side: Side } | null
}

export interface MenuRequest {
  readonly screen: Point
  readonly at: Point
  readonly on: { readonly node: string } | { readonly wire: string } | null
}

/** What is being edited inside a node. */
export interface EditingInNode {
  readonly node: string
  readonly what: 'title' | 'note' | { readonly input: string } | 'value'
}

/** Steps of connecting by keyboard. */
export type ConnectStep =
  { readonly step: 'output'; readonly node: string } | { readonly step: 'target'; readonly from: EdgeEnd }

export interface CanvasState {
  readonly hoveredWire: string | null
  /** Where the pointer came to it, in canvas pixels. */
  readonly hoveredAt: Point | null
  readonly connecting: Connecting | null
  readonly looseEnd: LooseEnd | null
  /** Box selection, in canvas pixels. */
  readonly box: Rect | null
  readonly dragging: boolean
  readonly quickAdd: QuickAddRequest | null
  readonly menu: MenuRequest | null
  readonly connectStep: ConnectStep | null
  readonly editing: EditingInNode | null
  /** How much a node shows: everything, or drawn as a picture. */
  readonly detail: 'full' | 'far'
  readonly zoom: number
  /** Rises whenever wires or nodes changed their place. */
  readonly drawing: number
}

export const createCanvasState = (): StoreApi<CanvasState> =>
  createStore<CanvasState>(() => ({
    hoveredWire: null,
    hoveredAt: null,
    connecting: null,
    looseEnd: null,
    box: null,
    dragging: false,
    quickAdd: null,
    menu: null,
    connectStep: null,
    editing: null,
    detail: 'full',
    zoom: 1,
    drawing: 0,
  }))
