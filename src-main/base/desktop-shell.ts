/** The desktop as the host sees it: what it cannot do itself it asks of the shell over the control port. */
import { shellContract, type ShellContract } from '../../src-shared/contract/shell.ts'
import { createRpcClient, type RpcClient } from '../../src-shared/rpc/client.ts'
import type { MessagePortLike } from '../../src-shared/rpc/port.ts'
import { toAppError } from './app-error.ts'
import type { Shell } from './shell.ts'

export const CONTROL_PORT = 'control'
const PAGE_PORT = /^page:(\d{1,9})$/

/** The label of a window's port. */
export const pagePortLabel = (windowId: number): string => `page:${windowId}`

/** The window a port belongs to, null for a port that is no page's. */
export function windowOfLabel(label: string): number | null {
  const match = PAGE_PORT.exec(label)
  return match === null ? null : Number(match[1])
}

export const connectShell = (port: MessagePortLike): RpcClient<ShellContract> =>
  createRpcClient(port, { contract: shellContract })

/** The shell for one window; 0 where no window asked. Everything rejects with AppError. */
export function desktopShell(client: RpcClient<ShellContract>, windowId: number): Shell {
  const translate = (error: unknown): never => {
    throw toAppError(error)
  }
  return {
    kind: 'desktop',
    pickFolder: (title) => client.request('shell.pickFolder', { windowId, title }).then(({ path }) => path, translate),
    openExternal: (url) => client.request('shell.openExternal', { windowId, url }).then(() => undefined, translate),
    trash: (path) => client.request('shell.trash', { path }).then(() => undefined, translate),
  }
}
