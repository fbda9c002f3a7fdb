/**
 * Browser mode's server: the page's files and one WebSocket per page, on the loopback address only.
 *
 * Every request: Host on the list, else 403; a token that is wrong, 403. Files carry no secret and need no
 * token. `/ws` needs the token, and on upgrade the page's own origin. `/api/session` gives the token for a
 * ticket (tickets.ts).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { AppError, toAppError } from '../base/app-error.ts'
import { contentSecurityPolicy, readPageFile, safetyHeaders } from '../base/page-files.ts'
import type { MessagePortLike } from '../../src-shared/rpc/port.ts'
import { createToken, isAllowedHost, isOwnOrigin, isToken, tokenOfRequest, tokenOfUpgrade } from './access.ts'
import { Tickets } from './tickets.ts'
import { webSocketPort } from './web-socket-port.ts'

export interface WebServerOptions {
  /** 0: a free one. */
  readonly port: number
  /** The folder of the built page. */
  readonly pageDir: string
  /** A page has connected; its port closes when it goes. */
  readonly onConnect: (port: MessagePortLike) => void
}

export interface WebServer {
  readonly port: number
  readonly token: string
  /** The address for a person, token in its fragment (a fragment is never sent to a server). */
  readonly url: string
  /** An address that works once, for handing to another program. */
  ticketUrl(): string
  /** Closes every connection. May be called twice. */
  stop(): Promise<void>
}

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024

/** Rejects with AppError `port_in_use`. */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const token = createToken()
  const tickets = new Tickets()
  const http = createServer()
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: () => 'nodeloom',
  })
  const port = await listen(http, options.port)

  http.on('request', (request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const allowed =
      isOwnOrigin(request.headers, port) && pathOf(request) === '/ws' && isToken(tokenOfUpgrade(request.headers), token)
    if (!allowed) return refuseUpgrade(socket)
    sockets.handleUpgrade(request, socket, head, (accepted) => options.onConnect(webSocketPort(accepted)))
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host } = request.headers
    const send = (status: number, headers: Record<string, string>, body: string | Buffer): void => {
      const policy = contentSecurityPolicy(isAllowedHost(host, port) ? `ws://${host}` : null)
      response.writeHead(status, { ...safetyHeaders(policy), ...headers, 'content-length': Buffer.byteLength(body) })
      response.end(request.method === 'HEAD' ? undefined : body)
    }
    const say = (status: number, text: string): void =>
      send(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }, `${text}\n`)

    if (!isAllowedHost(host, port)) return say(403, 'This address does not belong to Nodeloom.')
    const given = tokenOfRequest(request.headers)
    if (given !== null && !isToken(given, token)) return say(403, 'The token is wrong.')
    const path = pathOf(request)
    if (path === '/api/session') {
      const { 'x-nodeloom-ticket': ticket } = request.headers
      if (request.method !== 'POST' || !isOwnOrigin(request.headers, port)) return say(403, 'Not allowed.')
      if (!tickets.redeem(typeof ticket === 'string' ? ticket : null))
        return say(403, 'This link was used already or is too old.')
      return send(200, { 'content-type': 'application/json', 'cache-control': 'no-store' }, JSON.stringify({ token }))
    }
    if (path === '/ws') return given === null ? say(403, 'A token is needed.') : say(426, 'This is a WebSocket.')
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'Only GET is answered here.')
    const file = path === null ? null : await readPageFile(options.pageDir, path)
    if (file === null && path === '/')
      return say(503, 'The page of Nodeloom is not built. Run "npm run build" and load this again.')
    if (file === null) return say(404, 'There is no such file.')
    send(200, file.headers, file.body)
  }

  let stopped: Promise<void> | null = null
  return {
    port,
    token,
    url: `http://127.0.0.1:${port}/#token=${token}`,
    ticketUrl: () => `http://127.0.0.1:${port}/#ticket=${tickets.issue()}`,
    stop: () => (stopped ??= stop(http, sockets)),
  }
}

/** The path as it was sent, percent signs and all: what a URL parser tidies up (`/../`) must be seen here. */
function pathOf(request: IncomingMessage): string | null {
  const path = (request.url ?? '').split('?', 1)[0] ?? ''
  return path.startsWith('/') ? path : null
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return reject(toAppError(error))
      const reason = error.code === 'EACCES' ? 'may not be used by you' : 'is in use by another program'
      const hint = 'Choose another port with --port, or 0 for a free one.'
      reject(new AppError('port_in_use', `Port ${port} ${reason}.`, { hint, cause: error }))
    })
    http.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = http.address()
      if (address === null || typeof address === 'string') reject(new AppError('internal', 'The server has no port.'))
      else resolve(address.port)
    })
  })
}

function refuseUpgrade(socket: Duplex): void {
  const body = 'Not allowed: wrong address, origin or token.\n'
  socket.end(
    `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
}

function stop(http: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate()
  sockets.close()
  return new Promise((resolve) => {
    http.close(() => resolve())
    http.closeAllConnections()
  })
}
