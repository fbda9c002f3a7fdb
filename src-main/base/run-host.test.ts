import { createServer, connect, type Socket } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { shellContract } from '../../src-shared/contract/shell.ts'
import { createRpcServer } from '../../src-shared/rpc/server.ts'
import { toWireError } from './app-error.ts'
import { CONTROL_PORT, pagePortLabel } from './desktop-shell.ts'
import { createLogger } from './logger.ts'
import { PortMultiplexer } from './port-multiplexer.ts'
import { runHost } from './run-host.ts'
import type { CreateServices, Services } from './services.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nodeloom-host-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** A real socket pair, as the pipe between shell and host is one. */
async function socketPair(): Promise<[Socket, Socket]> {
  const path = join(dir, 'pipe')
  const server = createServer()
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const left = connect(path)
  const right = await accepted
  server.close()
  return [left, right]
}

const options = (): Parameters<typeof runHost>[2] => ({
  resourcesDir: '/resources',
  profileDir: '/profile',
  openPath: null,
  logger: createLogger({ level: 'error', write: null }),
})

function shellOn(pipe: Socket) {
  const multiplexer = new PortMultiplexer(pipe, { side: 'shell', onOpen: () => undefined, onEnd: () => undefined })
  const control = createRpcServer(multiplexer.open(CONTROL_PORT), {
    contract: shellContract,
    client: null,
    channels: {},
    toWireError,
    handlers: {
      'shell.pickFolder': ({ windowId, title }) => ({ path: `${title} of ${windowId}` }),
      'shell.openExternal': () => ({}),
      'shell.trash': () => {
        throw new Error('no trash')
      },
    },
  })
  return { multiplexer, control }
}

it('serves each window with its own shell, passes paths on, and stops when the pipe closes', async () => {
  const [left, right] = await socketPair()
  const { multiplexer, control } = shellOn(left)
  // Opened before the services are ready: it waits.
  const page = multiplexer.open(pagePortLabel(7))
  const log: string[] = []
  let pathCame: () => void = () => undefined
  const path = new Promise<void>((resolve) => (pathCame = resolve))
  const createServices: CreateServices = async ({ shell }) => {
    await expect(shell.trash?.('/x')).rejects.toMatchObject({ name: 'AppError', message: 'no trash' })
    return {
      serveClient: (port, own) => {
        void own.pickFolder?.('Folder').then((picked) => port.post(String(picked)))
        return { dispose: () => undefined }
      },
      openPath: (asked) => {
        log.push(asked)
        pathCame()
      },
      stop: async () => void log.push('stopped'),
    } satisfies Services
  }
  const done = runHost(right, createServices, options())
  expect(await new Promise((resolve) => page.onMessage(resolve))).toBe('Folder of 7')
  control.emit('shell.openPath', { path: '/project' })
  await path
  multiplexer.end()
  await done
  expect(log).toEqual(['/project', 'stopped'])
})

it('ends when the shell goes before the services are ready, and stops them when they are', async () => {
  const [left, right] = await socketPair()
  const { multiplexer } = shellOn(left)
  const log: string[] = []
  let asked: () => void = () => undefined
  let give: (services: Services) => void = () => undefined
  const starting = new Promise<void>((resolve) => (asked = resolve))
  const services = new Promise<Services>((resolve) => (give = resolve))
  const done = runHost(
    right,
    () => {
      asked()
      return services
    },
    options(),
  )
  await starting
  multiplexer.end()
  give({ serveClient: () => ({ dispose: () => undefined }), stop: async () => void log.push('stopped') })
  await done
  expect(log).toEqual(['stopped'])
})

it('fails when the services cannot start', async () => {
  const [left, right] = await socketPair()
  shellOn(left)
  await expect(runHost(right, () => Promise.reject(new Error('broken')), options())).rejects.toThrow('broken')
})
