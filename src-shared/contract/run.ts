/** What a run says while it goes on and at its end (design §4 "Ends", §5 `--json`). */
import { z } from 'zod'
import { zAddress, zRunId } from '../ids.ts'

export const zNodeStatus = z.enum(['succeeded', 'reused', 'failed', 'timed_out', 'skipped', 'cancelled'])
export type NodeStatus = z.infer<typeof zNodeStatus>

/** While a run goes on a node may also be waiting or running. */
export const zLiveNodeStatus = z.enum(['waiting', 'running', ...zNodeStatus.options])
export type LiveNodeStatus = z.infer<typeof zLiveNodeStatus>

export const zNodeReason = z.enum([
  'ran',
  'reused',
  'pinned',
  'upstream_failed',
  'not_taken',
  'disabled',
  'limit',
  'lost_input',
  'stopped',
])
export type NodeReason = z.infer<typeof zNodeReason>

/** A small picture of a value: at most 64 KB in all. */
export const zPreview = z.object({
  /** Python type as people write it: `int`, `pandas.DataFrame`. */
  type: z.string(),
  /** One or more lines for people, shortened. */
  text: z.string(),
  /** JSON text, only where JSON gives the value back exactly. */
  json: z.string().optional(),
  /** Set where `json` was left out of a last line that would have passed 8 MB. */
  jsonOmitted: z.boolean().optional(),
  /** The most useful thing to say in one line: `7,032 × 21`, `accuracy 0.803`. */
  summary: z.string().optional(),
  /** Family of the value, for port colours and the choice of a view. */
  family: z.enum(['table', 'number', 'text', 'array', 'image', 'object']),
  /** Bytes of the value where that is cheap to know. */
  bytes: z.number().optional(),
  /** A richer view can be asked for with `run.view`. */
  view: z.enum(['table', 'image', 'json', 'text']).optional(),
})
export type Preview = z.infer<typeof zPreview>

export const zNodeError = z.object({
  type: z.string(),
  message: z.string(),
  /** Innermost frame inside the project, relative path; null where there is none. */
  file: z.string().nullable(),
  line: z.number().int().nullable(),
  traceback: z.string(),
  /** What to do next, where we know. */
  hint: z.string().optional(),
})
export type NodeError = z.infer<typeof zNodeError>

export const zNodeResult = z.object({
  status: zNodeStatus,
  reason: zNodeReason,
  /** The reason in words. */
  why: z.string(),
  /** Milliseconds of wall clock (monotonic) in the worker; 0 where nothing ran. */
  durationMs: z.number(),
  cpuMs: z.number().optional(),
  outputs: z.record(z.string(), zPreview),
  error: zNodeError.optional(),
})
export type NodeResult = z.infer<typeof zNodeResult>

export const zRunStatus = z.enum(['succeeded', 'failed', 'cancelled'])

export const zRunSelection = z.object({
  to: z.array(z.string()).optional(),
  from: z.string().optional(),
  only: z.string().optional(),
})
export type RunSelection = z.infer<typeof zRunSelection>

export const zOutputStream = z.enum(['stdout', 'stderr'])

/** Each carries `seq`, which rises by one within a run. The same objects are the lines of `run --json`. */
export const zRunEvent = z.discriminatedUnion('type', [
  z.object({
    seq: z.number().int(),
    type: z.literal('run.started'),
    runId: zRunId,
    /** 1, 2, 3 … within the project. */
    number: z.number().int(),
    flow: z.string(),
    /** Unix milliseconds. */
    startedAt: z.number(),
    /** Addresses of the plan, in an order that respects the edges. */
    nodes: z.array(zAddress),
  }),
  z.object({
    seq: z.number().int(),
    type: z.literal('node.started'),
    node: zAddress,
    atMs: z.number(),
    worker: z.number().int(),
  }),
  z.object({
    seq: z.number().int(),
    type: z.literal('node.output'),
    node: zAddress,
    stream: zOutputStream,
    /** Decoded as UTF-8, bad bytes replaced. */
    text: z.string(),
  }),
  /** Output beyond the event budget of a node: `bytes` were not sent here (they may be in the log). */
  z.object({ seq: z.number().int(), type: z.literal('node.outputDropped'), node: zAddress, bytes: z.number() }),
  z.object({
    seq: z.number().int(),
    type: z.literal('node.progress'),
    node: zAddress,
    fraction: z.number().nullable(),
    text: z.string(),
  }),
  z.object({
    seq: z.number().int(),
    type: z.literal('node.finished'),
    node: zAddress,
    atMs: z.number(),
    result: zNodeResult,
  }),
  z.object({
    seq: z.number().int(),
    type: z.literal('run.finished'),
    status: zRunStatus,
    openMs: z.number(),
    durationMs: z.number(),
    nodes: z.record(z.string(), zNodeResult),
  }),
])
export type RunEvent = z.infer<typeof zRunEvent>

/** State of a run as a page that attaches late needs it: equal to what following all events gives. */
export const zRunSnapshot = z.object({
  runId: zRunId,
  number: z.number().int(),
  flow: z.string(),
  startedAt: z.number(),
  /** Sequence number of the last event that is contained. */
  seq: z.number().int(),
  /** `interrupted`: the host died while it went on. */
  status: z.enum(['queued', 'running', ...zRunStatus.options, 'interrupted']),
  durationMs: z.number(),
  nodes: z.record(
    z.string(),
    z.object({
      status: zLiveNodeStatus,
      startedAtMs: z.number().optional(),
      finishedAtMs: z.number().optional(),
      progress: z.object({ fraction: z.number().nullable(), text: z.string() }).optional(),
      result: zNodeResult.optional(),
      /** Tail of the output, in order of arrival, at most 64 KB. */
      output: z.array(z.object({ stream: zOutputStream, text: z.string() })),
    }),
  ),
})
export type RunSnapshot = z.infer<typeof zRunSnapshot>

/** What a result panel shows for one port. */
export const zValueView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string(), truncated: z.boolean() }),
  z.object({ kind: z.literal('json'), json: z.string(), truncated: z.boolean() }),
  z.object({
    kind: z.literal('table'),
    columns: z.array(z.object({ name: z.string(), type: z.string() })),
    index: z.array(z.string()),
    /** Cells as text for people, row by row; null where the value is missing. At most 1,000 rows. */
    rows: z.array(z.array(z.string().nullable())),
    totalRows: z.number().int(),
    totalColumns: z.number().int(),
  }),
  z.object({
    kind: z.literal('image'),
    mime: z.enum(['image/png', 'image/jpeg']),
    base64: z.string(),
    width: z.number(),
    height: z.number(),
  }),
])
export type ValueView = z.infer<typeof zValueView>
