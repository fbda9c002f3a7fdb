/** A WebSocket as a port. */
import { PortReceiver, type MessagePortLike } from '../../src-shared/rpc/port.ts'

/** The socket must not be open yet, or no message may have come; binary messages arrive as Uint8Array. */
export function webSocketPort(socket: WebSocket): MessagePortLike {
  const receiver = new PortReceiver()
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', (event: MessageEvent<string | ArrayBuffer>) =>
    receiver.deliver(typeof event.data === 'string' ? event.data : new Uint8Array(event.data)),
  )
  socket.addEventListener('close', () => receiver.end('The connection to Nodeloom was lost.'))
  return {
    post: (message) => {
      if (socket.readyState !== WebSocket.OPEN) return
      // What is posted is never over shared memory.
      socket.send(typeof message === 'string' ? message : (message as Uint8Array<ArrayBuffer>))
    },
    onMessage: (listener) => receiver.onMessage(listener),
    onClose: (listener) => receiver.onClose(listener),
    close: () => {
      receiver.end('The connection was closed.')
      socket.close()
    },
  }
}
