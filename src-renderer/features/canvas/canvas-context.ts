/** What the parts of one canvas share. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand/react'
import type { FlowSession, FlowState } from '../document/index.ts'
import type { CanvasController } from './canvas-controller.ts'
import type { CanvasState } from './canvas-state.ts'

export interface CanvasHooks {
  /** Opens the code of a node beside the canvas. */
  readonly openCode?: ((node: string) => void) | undefined
  /** Lets a person choose an example project. */
  readonly showExamples?: (() => void) | undefined
}

export interface CanvasShared {
  readonly controller: CanvasController
  readonly hooks: CanvasHooks
}

export const CanvasContext = createContext<CanvasShared | null>(null)

export function useCanvas(): CanvasShared {
  const shared = useContext(CanvasContext)
  if (!shared) throw new Error('This component belongs inside a FlowCanvas.')
  return shared
}

export const useSession = (): FlowSession => useCanvas().controller.session

export const useFlowState = <T>(select: (state: FlowState) => T): T => useStore(useSession().store, select)

export const useCanvasState = <T>(select: (state: CanvasState) => T): T =>
  useStore(useCanvas().controller.state, select)
