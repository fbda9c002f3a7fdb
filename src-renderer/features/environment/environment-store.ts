/** The environment of the open project: its state, and the log of the last operation. */
import { create } from 'zustand'
import type { EnvironmentStatus } from '../../../src-shared/contract/environment.ts'

interface EnvironmentView {
  readonly status: EnvironmentStatus | null
  /** Tail of the log, at most `LOG_LIMIT` characters. */
  readonly log: string
}

const LOG_LIMIT = 256 * 1024

export const useEnvironment = create<EnvironmentView>(() => ({ status: null, log: '' }))

export const setEnvironment = (status: EnvironmentStatus | null): void => useEnvironment.setState({ status })
export const setEnvironmentLog = (log: string): void => useEnvironment.setState({ log: log.slice(-LOG_LIMIT) })
export const appendEnvironmentLog = (text: string): void =>
  useEnvironment.setState((state) => ({ log: (state.log + text).slice(-LOG_LIMIT) }))

/** Something is being made or installed. */
export const isBusy = (status: EnvironmentStatus | null): boolean =>
  status?.state === 'creating' || status?.state === 'installing'

/** One or two words for the status bar. */
export function stateWord(status: EnvironmentStatus): string {
  switch (status.state) {
    case 'not_started':
      return 'no environment yet'
    case 'creating':
      return 'making the environment'
    case 'installing':
      return 'installing packages'
    case 'ready':
      return status.missing.length === 0
        ? '.venv ready'
        : `${status.missing.length} ${status.missing.length === 1 ? 'package' : 'packages'} to install`
    case 'failed':
      return 'environment failed'
    case 'broken':
      return 'environment broken'
  }
}
