/** Two ports joined in memory, for tests and for clients in the same process. */
import { PortReceiver, type MessagePortLike } from './port.ts'

/** Messages arrive in order in later microtasks, as they would over a wire. */
export function createMemoryPair(): [MessagePortLike, MessagePortLike] {
  const left = new PortReceiver()
  const right = new PortReceiver()
  const end = (own: PortReceiver, other: PortReceiver): MessagePortLike => ({
    post: (message) => {
      if (!own.isClosed) queueMicrotask(() => other.deliver(message))
    },
    onMessage: (listener) => own.onMessage(listener),
    onClose: (listener) => own.onClose(listener),
    close: () => {
      own.end('The connection was closed.')
      queueMicrotask(() => other.end('The connection was closed.'))
    },
  })
  return [end(left, right), end(right, left)]
}
