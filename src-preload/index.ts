/** Hands the page a port to the host, and says that it runs in the desktop app; nothing else. */
import { contextBridge, ipcRenderer } from 'electron'
import { bridgeChannels, isPortWish, readPortAnswer, type DesktopInfo } from '../src-shared/contract/desktop-bridge.ts'

// A sandboxed preload has this much of `process`; its type belongs to Node, which the preload has not.
declare const process: { readonly platform: string }

const info: DesktopInfo = { shell: 'desktop', platform: process.platform }
contextBridge.exposeInMainWorld('nodeloom', info)

window.addEventListener('message', (event: MessageEvent<unknown>) => {
  const isOwn = event.source === window && event.origin === window.location.origin
  if (isOwn && isPortWish(event.data)) ipcRenderer.send(bridgeChannels.want)
})

ipcRenderer.on(bridgeChannels.answer, (event, data: unknown) => {
  const answer = readPortAnswer(data)
  if (answer !== null) window.postMessage(answer, window.location.origin, [...event.ports])
})
