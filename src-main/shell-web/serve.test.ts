import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { spawnProcess, type ChildProcessWithoutNullStreams } from '../base/spawn.ts'
import { browserCommand } from './open-browser.ts'
import { parseServeArguments } from './serve-arguments.ts'
import { Tickets } from './tickets.ts'

const program = `
import { serve } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'serve.ts')).href)}
process.exit(await serve(process.argv.slice(2), async ({ openPath }) => ({
  serveClient: () => ({ dispose() {} }),
  stop: async () => process.stderr.write('stopped ' + openPath + '\\n'),
})))
`

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nodeloom-serve-'))
  await writeFile(join(dir, 'serve.mjs'), program)
})
afterEach(() => rm(dir, { recursive: true, force: true }))

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

function start(args: string[]): {
  child: ChildProcessWithoutNullStreams
  line: Promise<string>
  ended: Promise<Ended>
} {
  const child = spawnProcess(process.execPath, [join(dir, 'serve.mjs'), ...args], {
    cwd: dir,
    env: { ...process.env, NODELOOM_HOME: join(dir, 'home') },
  })
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
  const line = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8')
      if (stdout.includes('\n')) resolve(stdout)
    })
  })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
  return { child, line, ended }
}

it.each(['SIGINT', 'SIGTERM'] as const)(
  'prints the address on a line of its own and stops cleanly at %s',
  async (signal) => {
    const { child, line, ended } = start(['.', '--no-open'])
    expect(await line).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{32}\n$/)
    child.kill(signal)
    const { code, stderr } = await ended
    expect(code).toBe(0)
    expect(stderr).toContain(`stopped ${dir}\n`)
  },
)

it('ends with 2 and one sentence when the port is busy', async () => {
  const busy = createServer()
  const port = await new Promise<number>((resolve) =>
    busy.listen(0, '127.0.0.1', () => {
      const address = busy.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    }),
  )
  const { code, stdout, stderr } = await start(['--no-open', '--port', String(port)]).ended
  busy.close()
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(
    `nodeloom: Port ${port} is in use by another program. Choose another port with --port, or 0 for a free one.\n`,
  )
})

it.each([
  [['none-such', '--no-open'], /none-such does not exist\. Name the folder/],
  [['serve.mjs', '--no-open'], /serve\.mjs is not a folder\. Name the folder/],
  [['a', 'b'], /serve takes one project\. Usage: nodeloom serve/],
  [['--port', '70000'], /"70000" is not a port/],
  [['--port=-1'], /"-1" is not a port/],
  [['--what'], /--what/],
])('ends with 2 at %j', async (args, message) => {
  const { code, stderr } = await start(args).ended
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})

it('reads its arguments', () => {
  expect([parseServeArguments([]), parseServeArguments(['p', '--port', '8080', '--no-open'])]).toEqual([
    { project: null, port: 0, open: true },
    { project: 'p', port: 8080, open: false },
  ])
})

it('opens a browser only where there is a screen, never through a shell', () => {
  expect([
    browserCommand('u', 'linux', {}),
    browserCommand('u', 'linux', { DISPLAY: ':0' }),
    browserCommand('u', 'linux', { WAYLAND_DISPLAY: 'w' }),
    browserCommand('u', 'darwin', {}),
    browserCommand('u', 'win32', {}),
  ]).toEqual([
    null,
    { command: 'xdg-open', args: ['u'] },
    { command: 'xdg-open', args: ['u'] },
    { command: 'open', args: ['u'] },
    { command: 'rundll32', args: ['url.dll,FileProtocolHandler', 'u'] },
  ])
})

it('redeems a ticket once and not too late', () => {
  let now = 0
  const tickets = new Tickets(() => now)
  const [first, second] = [tickets.issue(), tickets.issue()]
  expect([tickets.redeem(first), tickets.redeem(first), tickets.redeem(null), tickets.redeem('x')]).toEqual([
    true,
    false,
    false,
    false,
  ])
  now = 120_001
  expect(tickets.redeem(second)).toBe(false)
})
