/** A WebSocket of a page as a port. */
import type { RawData, WebSocket } from 'ws'
import { PortReceiver, type MessagePortLike } from '../../src-shared/rpc/port.ts'

/** A page that reads nothing for so long is cut off; it connects again and takes the state anew. */
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024

export function webSocketPort(socket: WebSocket): MessagePortLike {
  const receiver = new PortReceiver()
  socket.on('message', (data: RawData, isBinary: boolean) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data
    receiver.deliver(isBinary ? new Uint8Array(bytes) : bytes.toString('utf8'))
  })
  socket.on('close', () => receiver.end('The page is gone.'))
  // `close` follows; without a listener the error would end the host.
  socket.on('error', () => socket.terminate())
  return {
    post: (message) => {
      if (receiver.isClosed || socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > MAX_BACKLOG_BYTES) return socket.terminate()
      socket.send(message)
    },
    onMessage: (listener) => receiver.onMessage(listener),
    onClose: (listener) => receiver.onClose(listener),
    close: () => {
      receiver.end('The connection was closed.')
      socket.close()
    },
  }
}
