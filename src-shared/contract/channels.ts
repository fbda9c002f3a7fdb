/**
 * Streams with back-pressure between a client and the host: one table of what opens them and what flows
 * each way. The receiver grants credit in bytes; the sender waits for it.
 */
import { z } from 'zod'
import { zProjectId, zRunId } from '../ids.ts'
import { zOutputStream } from './run.ts'

export const channels = {
  /** The whole kept output of a node, from its first byte, then live until the node ends. */
  'run.output': {
    params: z.object({ projectId: zProjectId, runId: zRunId, node: z.string() }),
    toClient: z.object({ stream: zOutputStream, text: z.string() }),
    toHost: z.never(),
  },
} as const

export type ChannelName = keyof typeof channels
export type ChannelParams<C extends ChannelName> = z.infer<(typeof channels)[C]['params']>
export type ChannelToClient<C extends ChannelName> = z.infer<(typeof channels)[C]['toClient']>
export type ChannelToHost<C extends ChannelName> = z.infer<(typeof channels)[C]['toHost']>
