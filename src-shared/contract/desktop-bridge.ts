/** What crosses between the desktop's preload and the page, and between the preload and main; nothing else does. */
import { z } from 'zod'

/** `window.nodeloom`; absent in a browser. */
export const zDesktopInfo = z.object({
  shell: z.literal('desktop'),
  /** As Node names it: `linux`, `darwin`, `win32`. */
  platform: z.string(),
})
export type DesktopInfo = z.infer<typeof zDesktopInfo>

/** The page posts this to its own window when it can take a port. */
export const zPortWish = z.object({ type: z.literal('nodeloom:want-port') })

/** The answer, posted to the page's window: with a MessagePort, or why there is none. */
export const zPortAnswer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('nodeloom:port') }),
  z.object({ type: z.literal('nodeloom:no-port'), reason: z.string() }),
])
export type PortAnswer = z.infer<typeof zPortAnswer>

/** Names on Electron's IPC; `answer` carries a PortAnswer and, with the first kind, one port. */
export const bridgeChannels = { want: 'nodeloom:want-port', answer: 'nodeloom:port' } as const
