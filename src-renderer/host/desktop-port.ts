/** The desktop's MessagePort as a port. */
import { PortReceiver, type MessagePortLike } from '../../src-shared/rpc/port.ts'

/**
 * A MessagePort in a page tells nobody when its other end goes, so the shell says it: the message `null`
 * is the end, everything else is a message.
 */
export function desktopPort(port: MessagePort): MessagePortLike {
  const receiver = new PortReceiver()
  port.onmessage = (event: MessageEvent<unknown>) => {
    const { data } = event
    if (typeof data === 'string' || data instanceof Uint8Array) receiver.deliver(data)
    else if (data === null) end('The part of Nodeloom that does the work has stopped.')
  }
  const end = (reason: string): void => {
    if (receiver.end(reason)) port.close()
  }
  return {
    post: (message) => {
      if (!receiver.isClosed) port.postMessage(message)
    },
    onMessage: (listener) => receiver.onMessage(listener),
    onClose: (listener) => receiver.onClose(listener),
    close: () => {
      if (receiver.isClosed) return
      port.postMessage(null)
      end('The connection was closed.')
    },
  }
}
