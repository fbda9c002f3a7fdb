/** The host's rpc as a page uses it, without a page. */
import { WebSocket } from 'ws'
import { hostContract, type HostContract } from '../../src-shared/contract/host-contract.ts'
import { createRpcClient, type RpcClient } from '../../src-shared/rpc/client.ts'
import { webSocketPort } from '../../src-main/shell-web/web-socket-port.ts'

/** Connects to a serving host by the address it printed. */
export const connectRpc = async (url: string): Promise<RpcClient<HostContract>> => {
  const { host, origin, hash } = new URL(url)
  const token = hash.slice('#token='.length)
  const socket = new WebSocket(`ws://${host}/ws`, ['nodeloom', `token.${token}`], { origin })
  await new Promise((done, fail) => {
    socket.once('open', done)
    socket.once('error', fail)
  })
  return createRpcClient(webSocketPort(socket), { contract: hostContract })
}
