/**
 * The host under the desktop: services on one end of the pipe, one rpc server per window.
 *
 *     pipe opens ──control port──▶ services start ──▶ pages are served ──pipe closes──▶ everything stops
 *
 * Pages that come before the services are ready wait. It ends when the pipe closes, which is also what
 * happens when the shell dies.
 */
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { MessagePortLike } from '../../src-shared/rpc/port.ts'
import { withDeadline } from './deadline.ts'
import { connectShell, CONTROL_PORT, desktopShell, windowOfLabel } from './desktop-shell.ts'
import { PortMultiplexer } from './port-multiplexer.ts'
import type { CreateServices, Services, ServicesOptions } from './services.ts'
import type { Shell } from './shell.ts'

const STOP_DEADLINE_MS = 5_000

/** The pipe that the shell gives its host as descriptor 3. */
export const shellPipe = (): Duplex => new Socket({ fd: 3, readable: true, writable: true })

/** Resolves when the pipe has closed and the services have stopped. */
export async function runHost(
  pipe: Duplex,
  createServices: CreateServices,
  options: Omit<ServicesOptions, 'shell'>,
): Promise<void> {
  const { logger } = options
  let controlArrived: (port: MessagePortLike) => void = () => undefined
  let pipeEnded: (reason: string) => void = () => undefined
  const control = new Promise<MessagePortLike>((resolve) => (controlArrived = resolve))
  const ended = new Promise<string>((resolve) => (pipeEnded = resolve))
  const pages: { port: MessagePortLike; windowId: number }[] = []
  let serve: ((port: MessagePortLike, windowId: number) => void) | null = null

  const multiplexer = new PortMultiplexer(pipe, {
    side: 'host',
    onEnd: (reason) => pipeEnded(reason),
    onOpen: (label, port) => {
      const windowId = windowOfLabel(label)
      if (label === CONTROL_PORT) controlArrived(port)
      else if (windowId === null) port.close()
      else if (serve === null) pages.push({ port, windowId })
      else serve(port, windowId)
    },
  })

  const start = async (): Promise<Services> => {
    const client = connectShell(await control)
    const shellFor = (windowId: number): Shell => desktopShell(client, windowId)
    const services = await createServices({ ...options, shell: shellFor(0) })
    client.onEvent('shell.openPath', ({ path }) => services.openPath?.(path))
    serve = (port, windowId) => void services.serveClient(port, shellFor(windowId))
    for (const { port, windowId } of pages.splice(0)) serve(port, windowId)
    return services
  }

  const starting = start()
  try {
    // A start that fails ends the host; a start that is slow must not keep a lost host alive.
    await Promise.race([starting.then(() => ended), ended])
    logger.info('the shell is gone, stopping')
  } finally {
    multiplexer.end()
    const stopping = starting.then(
      (services) => services.stop(),
      () => undefined,
    )
    await withDeadline(stopping, STOP_DEADLINE_MS, () => logger.warn('stopping took too long'))
  }
}
