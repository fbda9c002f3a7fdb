/**
 * The flow document in memory: what `flows/NAME.json` and `flows/NAME.layout.json` hold (design §3).
 *
 * Constants keep the text they have in the file: a `JsonText` is the source text of one JSON value, so
 * that `3.0` stays `3.0` and an integer past 2^53 is not rounded. Fields that this version does not know
 * are kept the same way in `extra` and survive a save.
 */
import { z } from 'zod'
import { zNodeId } from '../ids.ts'

/** The source text of one JSON value, exactly as it stands in a file (or would). Valid JSON by construction. */
export const zJsonText = z.string().min(1).brand<'JsonText'>()
export type JsonText = z.infer<typeof zJsonText>

export const FLOW_FORMAT = 1
export const LAYOUT_FORMAT = 1

const zExtra = z.record(z.string(), zJsonText)

/** Kinds that this version runs. */
export const runnableKinds = ['code', 'value', 'view'] as const
/** Kinds that the format reserves; they open and are kept, but are refused at run until they are built. */
export const reservedKinds = ['function', 'flow', 'input', 'output', 'choice', 'map', 'loop'] as const

export const zIsolation = z.enum(['shared', 'process', 'fresh'])
export const zCacheSetting = z.enum(['auto', 'always', 'never'])

export const zNodeSettings = z.object({
  /** Seconds until the node is stopped as timed out; 0 means no limit. Absent: 30. */
  timeoutS: z.number().min(0).optional(),
  /** Further tries after a failure. Absent: 0. */
  retries: z.number().int().min(0).optional(),
  isolation: zIsolation.optional(),
  cache: zCacheSetting.optional(),
  disabled: z.boolean().optional(),
  /** Ports whose value is pinned. */
  pinned: z.array(z.string()).optional(),
  /** Scheduler slots that the node takes while it runs. Absent: 1. */
  slots: z.number().int().min(1).optional(),
  extra: zExtra.optional(),
})
export type NodeSettings = z.infer<typeof zNodeSettings>

export const DEFAULT_TIMEOUT_S = 30

export const zFlowNode = z.object({
  /** `code`, `value`, `view`, `note`, a reserved kind, or any text: unknown kinds stay, inert. */
  kind: z.string(),
  /** Kind `code` (and later `flow`, `map`, `loop`): the file, relative to the project. */
  file: z.string().optional(),
  /** The function in the file; absent means `main`. */
  entry: z.string().optional(),
  /** Kind `function`, later: `package.module:name`. */
  target: z.string().optional(),
  /** What people see; absent means the id. Titles may repeat. */
  title: z.string().optional(),
  /** Kind `value`: the constant. */
  value: zJsonText.optional(),
  /** Kind `note`: Markdown. */
  text: z.string().optional(),
  /** Constants by input port. */
  inputs: z.record(z.string(), zJsonText).optional(),
  /** Inputs that collect the values of several edges into a list. */
  collect: z.array(z.string()).optional(),
  /** Keys of a returned dict to take as output ports; any text. */
  outputs: z.array(z.string()).optional(),
  outputsElse: z.literal('whole').optional(),
  settings: zNodeSettings.optional(),
  /** Fields unknown to this version, by key. */
  extra: zExtra.optional(),
})
export type FlowNode = z.infer<typeof zFlowNode>

/**
 * One end of an edge. `port` is null for an order edge, which joins two nodes without carrying a value.
 * The text form is `node` or `node.port`, split at the first dot; the port may be any text.
 */
export const zEdgeEnd = z.object({ node: z.string().min(1), port: z.string().nullable() })
export type EdgeEnd = z.infer<typeof zEdgeEnd>

export const zFlowEdge = z.object({ from: zEdgeEnd, to: zEdgeEnd, extra: zExtra.optional() })
export type FlowEdge = z.infer<typeof zFlowEdge>

export const zFlowDocument = z.object({
  format: z.number(),
  nodes: z.record(zNodeId, zFlowNode),
  /** In file order; within one input port the order is the order of collected values. */
  edges: z.array(zFlowEdge),
  extra: zExtra.optional(),
})
export type FlowDocument = z.infer<typeof zFlowDocument>

/** Where a node stands on the canvas, in canvas pixels at zoom 1; (x, y) is its top left corner. */
export const zNodeLayout = z.object({
  x: z.number(),
  y: z.number(),
  /** Only where a person changed the size. */
  width: z.number().positive().optional(),
  height: z.number().positive().optional(),
  color: z.string().optional(),
  extra: zExtra.optional(),
})
export type NodeLayout = z.infer<typeof zNodeLayout>

/** `flows/NAME.layout.json`. Losing it loses no meaning. */
export const zLayoutDocument = z.object({
  format: z.number(),
  nodes: z.record(z.string(), zNodeLayout),
  extra: zExtra.optional(),
})
export type LayoutDocument = z.infer<typeof zLayoutDocument>

export const emptyFlow = (): FlowDocument => ({ format: FLOW_FORMAT, nodes: {}, edges: [] })
export const emptyLayout = (): LayoutDocument => ({ format: LAYOUT_FORMAT, nodes: {} })
