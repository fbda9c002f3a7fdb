/** `app://nodeloom/…`: the built page, under its policy, read from disk without a server. */
import { protocol } from 'electron'
import { contentSecurityPolicy, readPageFile, safetyHeaders } from '../base/page-files.ts'
import { APP_SCHEME, isOwnUrl } from './policy.ts'

/** Must be called before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
}

async function answer(pageDir: string, method: string, url: string): Promise<Answer> {
  const file = isOwnUrl(url) && method === 'GET' ? await readPageFile(pageDir, new URL(url).pathname) : null
  const safety = safetyHeaders(contentSecurityPolicy(null))
  if (file !== null) return { status: 200, headers: { ...safety, ...file.headers }, body: file.body }
  return {
    status: 404,
    headers: { ...safety, 'content-type': 'text/plain; charset=utf-8' },
    body: Buffer.from('There is no such file.\n'),
  }
}

/** Call when the app is ready. Electron before 25 has only the older way. */
export function serveApp(pageDir: string): void {
  if (typeof protocol.handle === 'function') {
    protocol.handle(APP_SCHEME, async ({ method, url }) => {
      const { status, headers, body } = await answer(pageDir, method, url)
      return new Response(new Uint8Array(body), { status, headers })
    })
    return
  }
  protocol.registerBufferProtocol(APP_SCHEME, ({ method, url }, callback) => {
    void answer(pageDir, method, url).then(({ status, headers, body }) =>
      callback({
        statusCode: status,
        headers,
        mimeType: (headers['content-type'] ?? '').split(';', 1)[0] ?? '',
        data: body,
      }),
    )
  })
}
