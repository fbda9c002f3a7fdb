/**
 * Messages between the host and a worker; the worker's side is nodeloom_runtime/protocol.py. One sample of each
 * is in resources/python/samples/protocol and read by the tests of both sides. Paths are absolute; constants
 * travel as the text they have in the flow.
 */
import { z } from 'zod'
import { zNodeError, zPreview, zValueView } from '../../src-shared/contract/run.ts'
import { zHandle } from '../../src-shared/ids.ts'
import { zJsonText } from '../../src-shared/flow/document.ts'

export const zStoredValue = z.object({
  format: z.enum(['npy', 'pickle5', 'arrow']),
  path: z.string(),
  bytes: z.number(),
})

const zValueSource = z.discriminatedUnion('from', [
  z.object({ from: z.literal('handle'), handle: zHandle }),
  z.object({ from: z.literal('stored'), stored: zStoredValue, keepAs: zHandle }),
  z.object({ from: z.literal('bytes'), base64: z.string(), keepAs: zHandle }),
  z.object({ from: z.literal('constant'), json: zJsonText, where: z.string() }),
])

const zOperation = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('code'),
    file: z.string(),
    entry: z.string(),
    inputs: z.array(
      z.object({ port: z.string(), value: z.union([zValueSource, z.object({ collect: z.array(zValueSource) })]) }),
    ),
    inputData: z
      .union([
        z.null(),
        zValueSource,
        z.object({ bySource: z.array(z.object({ key: z.string(), value: zValueSource })) }),
      ])
      .optional(),
  }),
  z.object({ op: z.literal('value'), json: zJsonText }),
  z.object({ op: z.literal('view'), input: zValueSource }),
])

/** What the host says. */
export const zHostMessage = z.discriminatedUnion('type', [
  /** First, once: where the project is, and the secret that marks in the output begin with. */
  z.object({ type: z.literal('init'), projectDir: z.string(), markToken: z.string() }),
  /** A run begins: where values may be stored, and further variables of the environment. */
  z.object({ type: z.literal('begin'), valuesDir: z.string(), env: z.record(z.string(), z.string()) }),
  z.object({
    type: z.literal('call'),
    callId: z.string(),
    address: z.string(),
    operation: zOperation,
    outputs: z.array(z.object({ port: z.string(), handle: zHandle })),
    dictKeys: z.array(z.string()),
    outputsElse: z.literal('whole').nullable(),
  }),
  z.object({ type: z.literal('store'), requestId: z.number().int(), handle: zHandle }),
  z.object({ type: z.literal('view'), requestId: z.number().int(), handle: zHandle }),
  z.object({ type: z.literal('drop'), handles: z.array(zHandle) }),
  /** The run is over; answered by `idle`. */
  z.object({ type: z.literal('reset') }),
  /** Answer to `pipes`: the host has opened them. */
  z.object({ type: z.literal('opened') }),
  z.object({ type: z.literal('interrupt'), callId: z.string() }),
  z.object({ type: z.literal('shutdown') }),
])
export type HostMessage = z.infer<typeof zHostMessage>

const zTimes = { durationMs: z.number(), cpuMs: z.number() }

const zFinished = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('succeeded'),
    outputs: z.record(z.string(), z.object({ handle: zHandle, preview: zPreview, pickled: z.string().nullable() })),
    ...zTimes,
  }),
  z.object({ status: z.literal('failed'), error: zNodeError, ...zTimes }),
  z.object({ status: z.literal('interrupted'), ...zTimes }),
])

/** What a worker says. */
export const zWorkerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: z.number().int(), pythonVersion: z.string() }),
  z.object({ type: z.literal('started'), callId: z.string() }),
  z.object({ type: z.literal('finished'), callId: z.string(), result: zFinished }),
  z.object({ type: z.literal('stored'), requestId: z.number().int(), stored: zStoredValue }),
  z.object({ type: z.literal('viewed'), requestId: z.number().int(), view: zValueView }),
  /** A store or view that could not be done; one sentence. */
  z.object({ type: z.literal('refused'), requestId: z.number().int(), message: z.string() }),
  /**
   * An ended call left a process; so that it cannot write into the next call's output, that comes through new
   * pipes: descriptors of the worker, to be opened through /proc.
   */
  z.object({ type: z.literal('pipes'), stdout: z.number().int(), stderr: z.number().int() }),
  /** Answer to `reset`. Not reusable when node code left a thread or a process running. */
  z.object({ type: z.literal('idle'), reusable: z.boolean(), why: z.string() }),
])
export type WorkerMessage = z.infer<typeof zWorkerMessage>
export type FinishedResult = z.infer<typeof zFinished>
