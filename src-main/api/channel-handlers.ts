/** What answers each channel of the contract. */
import type { HostContract } from '../../src-shared/contract/host-contract.ts'
import type { ChannelHandlers } from '../../src-shared/rpc/server.ts'
import type { Client } from './host.ts'

export const channelHandlers: ChannelHandlers<HostContract, Client> = {
  async 'run.output'({ projectId, runId, node }, channel, { client, signal }) {
    const { projects, runs } = client.host
    for await (const piece of runs.readOutput(projects.dirOf(projectId), runId, node)) {
      if (signal.aborted) return
      await channel.send(piece)
    }
  },
}
