/** How the page reaches the host: a MessagePort from the preload on the desktop, else a WebSocket. */
import { z } from 'zod'
import {
  portWish,
  readDesktopInfo,
  readPortAnswer,
  type DesktopInfo,
} from '../../src-shared/contract/desktop-bridge.ts'
import type { MessagePortLike } from '../../src-shared/rpc/port.ts'
import { desktopPort } from './desktop-port.ts'
import { webSocketPort } from './web-socket-port.ts'

/** Tries once. Rejects with an Error in user words; resolves when messages can flow. */
export type Connect = () => Promise<MessagePortLike>

/** What the preload said, or null in a browser. */
export const desktopInfo = (): DesktopInfo | null => readDesktopInfo((globalThis as { nodeloom?: unknown }).nodeloom)

export const chooseConnect = (): Connect => (desktopInfo() === null ? connectSocket : connectDesktop)

/** The preload answers each wish once, when the host is up or is given up. */
const connectDesktop: Connect = () =>
  new Promise((resolve, reject) => {
    const onAnswer = (event: MessageEvent<unknown>): void => {
      const answer = readPortAnswer(event.data)
      if (event.source !== window || answer === null) return
      window.removeEventListener('message', onAnswer)
      const [port] = event.ports
      if (port !== undefined) resolve(desktopPort(port))
      else reject(new Error(answer.type === 'nodeloom:no-port' ? answer.reason : 'There is no connection to Nodeloom.'))
    }
    window.addEventListener('message', onAnswer)
    window.postMessage(portWish, window.location.origin)
  })

const TOKEN_KEY = 'nodeloom.token'

/**
 * The token of `#token=…`, or the one that `#ticket=…` is exchanged for; kept for reloads of this tab and
 * taken out of the address bar, so that it is in no screenshot and no copied address. Null: none known.
 */
export async function takeToken(): Promise<string | null> {
  const given = new URLSearchParams(window.location.hash.slice(1))
  const ticket = given.get('ticket')
  const token = ticket === null ? given.get('token') : await redeem(ticket)
  if (token === null) return sessionStorage.getItem(TOKEN_KEY)
  sessionStorage.setItem(TOKEN_KEY, token)
  window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
  return token
}

/** Null when the ticket was used already, for instance by this very tab before a reload. */
async function redeem(ticket: string): Promise<string | null> {
  const answer = await fetch('/api/session', { method: 'POST', headers: { 'x-nodeloom-ticket': ticket } })
  if (!answer.ok) return null
  const parsed = zSession.safeParse(await answer.json())
  return parsed.success ? parsed.data.token : null
}

const zSession = z.object({ token: z.string() })

const connectSocket: Connect = async () => {
  const token = await takeToken()
  if (token === null) {
    throw new Error('This address has no valid token. Open the address that Nodeloom printed when it started.')
  }
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
  const socket = new WebSocket(`${scheme}://${window.location.host}/ws`, ['nodeloom', `token.${token}`])
  const port = webSocketPort(socket)
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(port), { once: true })
    port.onClose(() =>
      reject(new Error('Nodeloom does not answer. It may have been stopped, or this address is an old one.')),
    )
  })
}
