import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createRpcClient } from '../../src-shared/rpc/client.ts'
import { createRpcServer } from '../../src-shared/rpc/server.ts'
import { toWireError } from '../base/app-error.ts'
import { shellContract } from '../../src-shared/contract/shell.ts'
import { startWebServer, type WebServer } from './web-server.ts'
import { webSocketPort } from './web-socket-port.ts'

let dir: string
let server: WebServer
let asked: string[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nodeloom-web-'))
  const page = join(dir, 'page')
  await mkdir(join(page, 'assets'), { recursive: true })
  await writeFile(join(page, 'index.html'), '<!doctype html><title>Nodeloom</title>')
  await writeFile(join(page, 'assets/main-AbCd1234.js'), 'export {}')
  await writeFile(join(page, 'assets/wasm-AbCd1234.wasm'), '')
  await writeFile(join(page, 'plain.css'), 'a{}')
  await writeFile(join(dir, 'secret.txt'), 'canary')
  await symlink(join(dir, 'secret.txt'), join(page, 'link.txt'))
  server = await startWebServer({
    port: 0,
    pageDir: page,
    onConnect: (port) => {
      createRpcServer(port, {
        contract: shellContract,
        client: null,
        toWireError,
        channels: {},
        handlers: {
          'shell.pickFolder': ({ title }) => ({ path: title }),
          'shell.openExternal': ({ url }) => {
            asked.push(url)
            return {}
          },
          'shell.trash': () => ({}),
        },
      })
    },
  })
})

afterAll(async () => {
  await server.stop()
  await rm(dir, { recursive: true, force: true })
})

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** A request with the path sent exactly as given: `fetch` would tidy it up. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => (body += text))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    request.on('error', reject)
    request.end()
  })
}

const own = (): string => `127.0.0.1:${server.port}`

describe('Host', () => {
  it.each([
    ['127.0.0.1', 200],
    ['localhost', 200],
    ['LOCALHOST', 200],
    ['[::1]', 200],
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['0.0.0.0', 403],
  ])('%s is answered with %i', async (name, status) => {
    expect((await ask('/', { host: `${name}:${server.port}` })).status).toBe(status)
  })

  it('refuses another port and a Host without one', async () => {
    expect((await ask('/', { host: '127.0.0.1:1' })).status).toBe(403)
    expect((await ask('/', { host: '127.0.0.1' })).status).toBe(403)
  })

  it('refuses a request without Host', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'))
      let text = ''
      socket.on('data', (chunk) => (text += chunk.toString('utf8')))
      socket.on('end', () => resolve(text))
      socket.on('error', reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
  })
})

describe('token of a request', () => {
  it.each([
    ['/', { authorization: 'Bearer wrong' }, 403],
    ['/', { 'x-nodeloom-token': 'wrong' }, 403],
    ['/', { 'x-nodeloom-token': '' }, 403],
    ['/', { authorization: 'Basic eDp5' }, 403],
    ['/ws', {}, 403],
    ['/ws', { authorization: 'Bearer wrong' }, 403],
  ])('%s with %o gives %i', async (path, headers, status) => {
    expect((await ask(path, headers)).status).toBe(status)
  })

  it('is accepted in a header and never in the query', async () => {
    expect((await ask('/', { authorization: `Bearer ${server.token}` })).status).toBe(200)
    expect((await ask('/ws', { 'x-nodeloom-token': server.token })).status).toBe(426)
    expect((await ask(`/ws?token=${server.token}`)).status).toBe(403)
  })

  it('has 128 bits and stands in the fragment of the address', () => {
    expect(server.url).toBe(`http://${own()}/#token=${server.token}`)
    expect(server.token).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is given for a ticket once, to the own page only', async () => {
    const ticket = new URL(server.ticketUrl()).hash.slice('#ticket='.length)
    const headers = { origin: `http://${own()}`, 'x-nodeloom-ticket': ticket }
    expect((await ask('/api/session', { ...headers, origin: 'http://evil.example' }, 'POST')).status).toBe(403)
    expect((await ask('/api/session', headers)).status).toBe(403)
    const first = await ask('/api/session', headers, 'POST')
    expect({ status: first.status, body: JSON.parse(first.body) as unknown }).toEqual({
      status: 200,
      body: { token: server.token },
    })
    expect((await ask('/api/session', headers, 'POST')).status).toBe(403)
    expect((await ask('/api/session', { ...headers, 'x-nodeloom-ticket': 'x' }, 'POST')).status).toBe(403)
  })
})

describe('files', () => {
  it('serves the page with its policy', async () => {
    const { status, headers, body } = await ask('/')
    expect({ status, body, type: headers['content-type'], cache: headers['cache-control'] }).toEqual({
      status: 200,
      body: '<!doctype html><title>Nodeloom</title>',
      type: 'text/html; charset=utf-8',
      cache: 'no-cache',
    })
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).toMatch(/^default-src 'none'; /)
    expect(policy).toContain(`connect-src 'self' data: ws://${own()};`)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain("'unsafe-eval'")
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it.each([
    ['/assets/main-AbCd1234.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/wasm-AbCd1234.wasm', 'application/wasm', 'public, max-age=31536000, immutable'],
    ['/plain.css', 'text/css; charset=utf-8', 'no-cache'],
  ])('%s is %s', async (path, type, cache) => {
    const { status, headers } = await ask(path)
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, type, cache])
  })

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/..\\secret.txt',
    '/%252e%252e/secret.txt',
    '/link.txt',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/C:/Windows/win.ini',
    '/C:%5cWindows%5cwin.ini',
    '/index.html%00.js',
    '/%',
    '/assets',
    '/nul',
    '/none.js',
  ])('%s is no file of the page', async (path) => {
    const { status, body } = await ask(path)
    expect(status).toBe(404)
    expect(body).not.toContain('canary')
  })

  it('answers only GET and HEAD', async () => {
    expect((await ask('/', {}, 'POST')).status).toBe(405)
    const head = await ask('/', {}, 'HEAD')
    expect([head.status, head.body]).toEqual([200, ''])
  })
})

describe('WebSocket', () => {
  interface Upgrade {
    path?: string
    token?: string | null
    origin?: string
    host?: string
  }

  /** 101, or the status of the refusal. */
  const upgrade = ({
    path = '/ws',
    token = server.token,
    origin = `http://${own()}`,
    host = own(),
  }: Upgrade): Promise<number> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(
        `ws://${own()}${path}`,
        token === null ? ['nodeloom'] : ['nodeloom', `token.${token}`],
        {
          headers: { host, ...(origin === '' ? {} : { origin }) },
        },
      )
      socket.on('open', () => {
        socket.close()
        resolve(101)
      })
      socket.on('unexpected-response', (_, response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      socket.on('error', reject)
    })

  it('opens for the own page with the token', async () => {
    expect(await upgrade({})).toBe(101)
    const local = `localhost:${server.port}`
    expect(await upgrade({ host: local, origin: `http://${local}` })).toBe(101)
  })

  it.each<[string, Upgrade]>([
    ['a wrong token', { token: 'f'.repeat(32) }],
    ['a shorter token', { token: 'f' }],
    ['no token', { token: null }],
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['the origin null', { origin: 'null' }],
    ['no origin', { origin: '' }],
    ['a foreign host', { host: 'evil.example' }],
    ['a foreign host with its own origin', { host: 'evil.example', origin: 'http://evil.example' }],
    ['another path', { path: '/other' }],
    ['a token in the query', { token: null, path: '/ws?token=x' }],
  ])('refuses %s', async (_, wrong) => {
    expect(await upgrade(wrong)).toBe(403)
  })

  it('carries rpc of several pages at the same time and tells each of the end', async () => {
    asked = []
    const open = (): Promise<WebSocket> =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://${own()}/ws`, ['nodeloom', `token.${server.token}`], {
          headers: { origin: `http://${own()}` },
        })
        socket.on('open', () => resolve(socket))
        socket.on('error', reject)
      })
    const sockets = await Promise.all([open(), open()])
    const clients = sockets.map((socket) => createRpcClient(webSocketPort(socket), { contract: shellContract }))
    const answers = clients.map((client, index) =>
      client.request('shell.pickFolder', { windowId: 1, title: `é${index}` }),
    )
    expect(await Promise.all(answers)).toEqual([{ path: 'é0' }, { path: 'é1' }])
    const ended = clients.map((client) => new Promise((resolve) => client.onClose(resolve)))
    for (const socket of sockets) socket.close()
    await Promise.all(ended)
    await expect(clients[0]?.request('shell.trash', { path: '/x' })).rejects.toMatchObject({ code: 'connection_lost' })
  })
})

it('says in one sentence that a port is busy', async () => {
  const busy = startWebServer({ port: server.port, pageDir: dir, onConnect: () => undefined })
  await expect(busy).rejects.toMatchObject({
    code: 'port_in_use',
    message: `Port ${server.port} is in use by another program.`,
    hint: 'Choose another port with --port, or 0 for a free one.',
  })
})

it('says that the page is not built', async () => {
  const empty = await startWebServer({ port: 0, pageDir: join(dir, 'none'), onConnect: () => undefined })
  try {
    const answer = await fetch(`http://127.0.0.1:${empty.port}/`)
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('npm run build')])
  } finally {
    await empty.stop()
  }
})
