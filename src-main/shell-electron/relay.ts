/** Joins the port of a page with its port on the pipe. Messages pass through unread. */
import { ipcMain, MessageChannelMain, type IpcMainEvent, type MessagePortMain, type WebContents } from 'electron'
import { bridgeChannels, type PortAnswer } from '../../src-shared/contract/desktop-bridge.ts'
import type { MessagePortLike } from '../../src-shared/rpc/port.ts'
import { isOwnUrl } from './policy.ts'

/** Answers a port to the host for the window, or rejects with an Error in user words. */
export type OpenPort = (windowId: number) => Promise<MessagePortLike>

/**
 * Gives each page that asks a port; a page that asks again (it was reloaded, or the host was started
 * anew) loses the one before. `windowOf` is null for what is not one of the app's windows.
 */
export function relayPages(windowOf: (contents: WebContents) => number | null, open: OpenPort): void {
  const ports = new Map<number, MessagePortLike>()
  ipcMain.on(bridgeChannels.want, (event) => {
    const windowId = isMainFrameOfApp(event) ? windowOf(event.sender) : null
    if (windowId === null) return
    const { sender } = event
    const reply = (answer: PortAnswer, transfer: MessagePortMain[]): void => {
      if (!sender.isDestroyed()) sender.postMessage(bridgeChannels.answer, answer, transfer)
    }
    open(windowId).then(
      (port) => {
        ports.get(windowId)?.close()
        ports.set(windowId, port)
        const { port1, port2 } = new MessageChannelMain()
        join(port1, port)
        reply({ type: 'nodeloom:port' }, [port2])
      },
      (error: unknown) =>
        reply({ type: 'nodeloom:no-port', reason: error instanceof Error ? error.message : String(error) }, []),
    )
  })
}

/** The message `null` means the end, each way: a port alone does not tell the page that it was closed. */
function join(page: MessagePortMain, host: MessagePortLike): void {
  page.on('message', ({ data }: { data: unknown }) => {
    if (typeof data === 'string' || data instanceof Uint8Array) host.post(data)
    else host.close()
  })
  page.on('close', () => host.close())
  host.onMessage((message) => page.postMessage(message))
  host.onClose(() => {
    page.postMessage(null)
    page.close()
  })
  page.start()
}

function isMainFrameOfApp(event: IpcMainEvent): boolean {
  const { senderFrame: frame, sender } = event
  if (!frame || !isOwnUrl(frame.url)) return false
  return frame.routingId === sender.mainFrame.routingId && frame.processId === sender.mainFrame.processId
}
