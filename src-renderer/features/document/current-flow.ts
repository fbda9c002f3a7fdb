/** The flow that is open in the page, and how components read it. */
import { useSyncExternalStore } from 'react'
import { create } from 'zustand'
import { useStore } from 'zustand/react'
import type { FlowHost } from './flow-host.ts'
import type { FlowProject } from './flow-change.ts'
import { FlowSession } from './flow-session.ts'
import type { FlowState } from './flow-state.ts'
import { clearNodeStatuses } from './node-status.ts'

const useCurrent = create<{ readonly session: FlowSession | null }>(() => ({ session: null }))

export const currentFlow = (): FlowSession | null => useCurrent.getState().session

export const useFlowSession = (): FlowSession | null => useCurrent((state) => state.session)

/** Calls back when another flow is opened, or none is open any more. */
export const onDidChangeFlow = (listener: (session: FlowSession | null) => void): { dispose(): void } => ({
  dispose: useCurrent.subscribe((state) => listener(state.session)),
})

let watching = false

/**
 * Reads a flow of an open project and makes it the page's flow. The one before is saved and let go; rejects
 * when that one cannot be saved, or this one cannot be read.
 */
export async function openFlow(host: FlowHost, project: FlowProject, flow = 'main'): Promise<FlowSession> {
  if (!(await closeFlow())) throw new Error('The open flow has changes that could not be saved.')
  const session = new FlowSession(host, project, flow)
  await session.load()
  useCurrent.setState({ session })
  if (!watching && typeof window !== 'undefined') {
    watching = true
    window.addEventListener('pagehide', () => void currentFlow()?.flush())
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') void currentFlow()?.flush()
    })
  }
  return session
}

/**
 * Saves what is unsaved and lets the flow go. False: it could not be saved, and stays open; `discard`
 * closes it all the same.
 */
export async function closeFlow(options: { readonly discard?: boolean } = {}): Promise<boolean> {
  const session = currentFlow()
  if (!session) return true
  await session.flush()
  if (session.hasUnsaved && options.discard !== true) return false
  session.dispose()
  useCurrent.setState({ session: null })
  clearNodeStatuses()
  return true
}

/** Part of the flow's state; `select` must give the same object while its part did not change. */
export const useFlow = <T>(session: FlowSession, select: (state: FlowState) => T): T => useStore(session.store, select)

const noSubscription = (): (() => void) => () => undefined

/** The same for components that may show without an open flow. */
export function useCurrentFlow<T>(select: (state: FlowState) => T, otherwise: T): T {
  const session = useFlowSession()
  return useSyncExternalStore(session ? session.store.subscribe : noSubscription, () =>
    session ? select(session.state) : otherwise,
  )
}
