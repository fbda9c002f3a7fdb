/**
 * What each node's last or present run says of it. A store of its own with listeners by node, so that one
 * change re-renders one node: thousands of changes a second pass through here during a run.
 */
import { useCallback, useSyncExternalStore } from 'react'
import type { LiveNodeStatus, NodeResult } from '../../../src-shared/contract/run.ts'

export interface NodeRunState {
  readonly status: LiveNodeStatus
  /** Milliseconds since the run began. */
  readonly startedAtMs?: number | undefined
  readonly finishedAtMs?: number | undefined
  readonly progress?: { readonly fraction: number | null; readonly text: string } | undefined
  readonly result?: NodeResult | undefined
}

type Listener = () => void

const states = new Map<string, NodeRunState>()
const byNode = new Map<string, Set<Listener>>()
const everywhere = new Set<(node: string) => void>()

function announce(node: string): void {
  for (const listener of [...(byNode.get(node) ?? [])]) listener()
  for (const listener of [...everywhere]) listener(node)
}

export const nodeStatus = (node: string): NodeRunState | null => states.get(node) ?? null

/** `node` is an address; null: nothing is known of it. */
export function setNodeStatus(node: string, state: NodeRunState | null): void {
  if ((states.get(node) ?? null) === state) return
  if (state) states.set(node, state)
  else states.delete(node)
  announce(node)
}

/** Replaces everything, for instance when a page attaches to a run that goes on. */
export function replaceNodeStatuses(all: Readonly<Record<string, NodeRunState>>): void {
  for (const node of [...states.keys()]) if (!Object.hasOwn(all, node)) setNodeStatus(node, null)
  for (const [node, state] of Object.entries(all)) setNodeStatus(node, state)
}

export const clearNodeStatuses = (): void => replaceNodeStatuses({})

/** Calls back with the node after each change of any of them. */
export function onDidChangeNodeStatus(listener: (node: string) => void): { dispose(): void } {
  everywhere.add(listener)
  return { dispose: () => everywhere.delete(listener) }
}

export function subscribeNodeStatus(node: string, listener: Listener): () => void {
  const listeners = byNode.get(node) ?? new Set()
  byNode.set(node, listeners)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) byNode.delete(node)
  }
}

export function useNodeStatus(node: string): NodeRunState | null {
  const subscribe = useCallback((listener: Listener) => subscribeNodeStatus(node, listener), [node])
  return useSyncExternalStore(subscribe, () => nodeStatus(node))
}
