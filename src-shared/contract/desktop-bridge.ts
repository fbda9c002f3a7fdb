/** What the preload hands to the page under the desktop; nothing else crosses. */
import { z } from 'zod'

/**
 * Posted to the page's own window with a MessagePort: first at load, and again each time the host was
 * started anew.
 */
export const zPortOffer = z.object({ type: z.literal('nodeloom:port') })

/** `window.nodeloom`; absent in a browser. */
export const zDesktopInfo = z.object({
  shell: z.literal('desktop'),
  platform: z.string(),
})
export type DesktopInfo = z.infer<typeof zDesktopInfo>

/** What the page says over `window.postMessage` to the preload when it can take a port. */
export const zPortWish = z.object({ type: z.literal('nodeloom:want-port') })

/** Names on Electron's IPC between preload and main. */
export const bridgeChannels = { want: 'nodeloom:want-port', port: 'nodeloom:port' } as const
