/** Who may talk to the server: pure decisions on a request's headers. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** 128 random bits as text for a URL fragment or a header. */
export const createToken = (): string => randomBytes(16).toString('hex')

/** The names under which a person's own browser reaches a loopback server on `port`. */
export const allowedHosts = (port: number): readonly string[] => [
  `127.0.0.1:${port}`,
  `localhost:${port}`,
  `[::1]:${port}`,
]

/**
 * A page from elsewhere whose name was made to point to 127.0.0.1 still sends its own name as Host: that
 * is how it is told apart.
 */
export const isAllowedHost = (host: string | undefined, port: number): boolean =>
  host !== undefined && allowedHosts(port).includes(host.toLowerCase())

/** An upgrade carries its page's origin: only pages this server served may connect. */
export function isOwnOrigin(headers: IncomingHttpHeaders, port: number): boolean {
  const { origin, host } = headers
  return origin !== undefined && isAllowedHost(host, port) && origin.toLowerCase() === `http://${host?.toLowerCase()}`
}

/** Compares without telling by its duration how much was right. */
export function isToken(given: string | null, token: string): boolean {
  if (given === null) return false
  const left = Buffer.from(given)
  const right = Buffer.from(token)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** The token of a plain request: `Authorization: Bearer …` or `X-Nodeloom-Token`. Null when it carries none. */
export function tokenOfRequest(headers: IncomingHttpHeaders): string | null {
  const own = headers['x-nodeloom-token']
  if (own !== undefined) return typeof own === 'string' ? own : ''
  const { authorization } = headers
  if (authorization === undefined) return null
  return /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
}

/** The token of an upgrade: a page can set no header there, so it comes as a subprotocol `token.…`. */
export function tokenOfUpgrade(headers: IncomingHttpHeaders): string | null {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  return offered.find((name) => name.startsWith('token.'))?.slice('token.'.length) ?? tokenOfRequest(headers)
}
