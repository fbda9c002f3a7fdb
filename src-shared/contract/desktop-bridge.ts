/**
 * What crosses between the desktop's preload and the page, and between the preload and main; nothing else
 * does. Read by hand instead of by schemas: the preload is loaded before every page and stays tiny.
 */

/** `window.nodeloom`; absent in a browser. */
export interface DesktopInfo {
  readonly shell: 'desktop'
  /** As Node names it: `linux`, `darwin`, `win32`. */
  readonly platform: string
}

/** The page posts this to its own window when it can take a port. */
export const portWish = { type: 'nodeloom:want-port' } as const

/** The answer, posted to the page's window: with a MessagePort, or why there is none. */
export type PortAnswer =
  { readonly type: 'nodeloom:port' } | { readonly type: 'nodeloom:no-port'; readonly reason: string }

/** Names on Electron's IPC; `answer` carries a PortAnswer and, with the first kind, one port. */
export const bridgeChannels = { want: 'nodeloom:want-port', answer: 'nodeloom:port' } as const

/** Null for anything else. */
export function readDesktopInfo(value: unknown): DesktopInfo | null {
  if (!isObject(value) || value['shell'] !== 'desktop' || typeof value['platform'] !== 'string') return null
  return { shell: 'desktop', platform: value['platform'] }
}

export const isPortWish = (value: unknown): boolean => isObject(value) && value['type'] === portWish.type

/** Null for anything else. */
export function readPortAnswer(value: unknown): PortAnswer | null {
  if (!isObject(value)) return null
  if (value['type'] === 'nodeloom:port') return { type: 'nodeloom:port' }
  if (value['type'] !== 'nodeloom:no-port' || typeof value['reason'] !== 'string') return null
  return { type: 'nodeloom:no-port', reason: value['reason'] }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
