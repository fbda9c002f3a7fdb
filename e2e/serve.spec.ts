/** Browser mode from its command to its page, and who is kept out. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { storyEnvironment } from './support/environment.ts'
import { expect, test } from './support/test.ts'

const repository = join(import.meta.dirname, '..')

interface Answer {
  readonly status: number
  readonly body: string
}

/** A request as any program could send it; a browser's fetch would not let `Host` be chosen. */
const ask = (port: number, path: string, headers: Record<string, string>): Promise<Answer> =>
  new Promise((done, fail) => {
    const asked = request({ host: '127.0.0.1', port, path, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.once('end', () => done({ status: response.statusCode ?? 0, body }))
    })
    asked.once('error', fail)
    asked.end()
  })

/** The status that an upgrade is answered with; 101 when it was accepted. */
const upgrade = (port: number, token: string, headers: Record<string, string>): Promise<number> =>
  new Promise((done) => {
    const { origin = `http://127.0.0.1:${port}`, ...rest } = headers
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, ['nodeloom', `token.${token}`], { origin, headers: rest })
    socket.once('open', () => {
      socket.close()
      done(101)
    })
    socket.once('unexpected-response', (sent, response) => {
      done(response.statusCode ?? 0)
      sent.destroy()
    })
    socket.on('error', () => undefined)
  })

test('prints its address on a line of its own, and its page answers', async ({ app }) => {
  expect(app.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{32}$/)
  await expect(app.page.getByText('Hello', { exact: true }).first()).toBeVisible()
  // The token does not stay where a person would copy it.
  await expect.poll(() => new URL(app.page.url()).hash).toBe('')
})

test('a foreign Host, a wrong token and a foreign Origin get 403', async ({ app }) => {
  const { port, hash } = new URL(app.url())
  const token = hash.slice('#token='.length)
  const wrong = token.replaceAll(/./g, (digit) => (digit === '0' ? '1' : '0'))
  const at = Number(port)
  expect((await ask(at, '/', {})).status).toBe(200)
  expect((await ask(at, '/', { authorization: `Bearer ${token}` })).status).toBe(200)
  expect((await ask(at, '/', { host: `localhost:${port}` })).status).toBe(200)
  const refused: [string, Record<string, string>][] = [
    ['/', { host: 'evil.example' }],
    ['/', { host: `evil.example:${port}` }],
    ['/', { host: '127.0.0.1' }],
    ['/', { authorization: `Bearer ${wrong}` }],
    ['/', { 'x-nodeloom-token': wrong }],
    ['/api/session', { authorization: 'Bearer' }],
    ['/ws', {}],
  ]
  for (const [path, headers] of refused) {
    const { status, body } = await ask(at, path, headers)
    expect([path, headers, status]).toEqual([path, headers, 403])
    expect(body).not.toContain(token)
  }
  expect(await upgrade(at, token, {})).toBe(101)
  expect(await upgrade(at, wrong, {})).toBe(403)
  expect(await upgrade(at, '', {})).toBe(403)
  expect(await upgrade(at, token, { origin: 'http://evil.example' })).toBe(403)
  expect(await upgrade(at, token, { origin: `http://127.0.0.1:${at + 1}` })).toBe(403)
  expect(await upgrade(at, token, { host: 'evil.example', origin: 'http://evil.example' })).toBe(403)
})

test('a busy port is said in one sentence, with exit code 2', async ({ nodeloom }) => {
  const other = createServer()
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  try {
    const serve = await nodeloom(['serve', '--no-open', '--port', String(port)])
    expect(serve.code).toBe(2)
    expect(serve.stdout).toBe('')
    expect(serve.stderr).toBe(
      `nodeloom: Port ${port} is in use by another program. Choose another port with --port, or 0 for a free one.\n`,
    )
  } finally {
    other.close()
  }
})

test('npm start -- --no-open prints the address and ends when it is asked to', async ({ places }) => {
  const child = spawn('npm', ['start', '--', '--no-open'], {
    cwd: repository,
    env: storyEnvironment(places),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    shell: process.platform === 'win32',
  })
  let output = ''
  const url = new Promise<string>((done, fail) => {
    const take = (chunk: Buffer): void => {
      output += chunk.toString('utf8')
      const found = /^http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{32}$/m.exec(output)?.[0]
      if (found !== undefined) done(found)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('exit', (code) => fail(new Error(`It ended with ${code}.\n${output}`)))
  })
  try {
    const { port } = new URL(await url)
    const { status, body } = await ask(Number(port), '/', {})
    expect(status).toBe(200)
    expect(body).toContain('<title>')
    expect(output).toMatch(/^Build +(up to date|building)/m)
  } finally {
    const exited = once(child, 'exit')
    // Ctrl+C in a terminal goes to the whole group.
    process.kill(-(child.pid ?? 0), 'SIGINT')
    await exited
  }
})
