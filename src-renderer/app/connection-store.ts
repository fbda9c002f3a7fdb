/** What the page knows of the host itself: whether it answers, and what it said of this installation. */
import { create } from 'zustand'
import type { AppInfo } from '../../src-shared/contract/project.ts'

interface ConnectionState {
  /** `starting` until the first answer; `lost` with the reason while there is no connection. */
  readonly phase: 'starting' | 'connected' | 'lost'
  readonly reason: string
  readonly info: AppInfo | null
}

export const useConnection = create<ConnectionState>(() => ({ phase: 'starting', reason: '', info: null }))
