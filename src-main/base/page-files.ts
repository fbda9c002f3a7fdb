/** The files of the page (out/renderer) as both shells serve them: path, type, headers, policy. */
import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { resolveInside } from './resolve-inside.ts'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** `socket` is the WebSocket origin the page talks to; null where it has a port instead. */
export function contentSecurityPolicy(socket: string | null): string {
  return [
    "default-src 'none'",
    // The editor's grammars are WebAssembly.
    "script-src 'self' 'wasm-unsafe-eval'",
    // The editor and the canvas place their elements by style attributes.
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    `connect-src 'self' data:${socket === null ? '' : ` ${socket}`}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Headers of every answer, whatever it holds. */
export const safetyHeaders = (policy: string): Record<string, string> => ({
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
})

export interface PageFile {
  readonly body: Buffer
  readonly headers: Record<string, string>
}

/**
 * The file that a URL's path means, null when there is none or the path is not one of the page. `pathname`
 * is percent-encoded as in the URL; it is decoded once.
 */
export async function readPageFile(root: string, pathname: string): Promise<PageFile | null> {
  const relative = relativePath(pathname)
  if (relative === null) return null
  try {
    const path = await resolveInside(root, relative)
    const body = await readFile(path)
    return { body, headers: fileHeaders(relative) }
  } catch {
    return null
  }
}

/** Null for what cannot be a file of the page. `resolveInside` is the second lock behind it. */
function relativePath(pathname: string): string | null {
  if (!pathname.startsWith('/')) return null
  try {
    const decoded = decodeURIComponent(pathname.slice(1))
    return decoded === '' ? 'index.html' : decoded
  } catch {
    return null
  }
}

function fileHeaders(relative: string): Record<string, string> {
  // The bundler puts a hash of the content into the names of assets, so such a file never changes.
  const hashed = /^assets\/.+-[\w-]{8}\.\w+$/.test(relative)
  return {
    'content-type': types[extname(relative).toLowerCase()] ?? 'application/octet-stream',
    'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
}
