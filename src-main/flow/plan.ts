/** What a run is going to do, decided before anything starts. Indexes are places in `Plan.nodes`. */
import type { FlowNode, JsonText } from '../../src-shared/flow/document.ts'
import type { Address } from '../../src-shared/ids.ts'

export type PlanSource =
  | { readonly from: 'node'; readonly index: number; readonly port: string }
  /** `where` names the place in messages: `clean.table`. */
  | { readonly from: 'constant'; readonly json: JsonText; readonly where: string }
  /** A value that an earlier run kept (`--only`). */
  | { readonly from: 'kept'; readonly node: string; readonly port: string }
  /** An earlier run, or the disabled node, left this port without a value. */
  | { readonly from: 'not_taken'; readonly node: string; readonly port: string }

export interface PlanInput {
  readonly port: string
  /** The sources come as a list, in this order. Otherwise there is exactly one. */
  readonly collects: boolean
  /** The parameter has a default, so that a value that is not taken may be left out. */
  readonly optional: boolean
  readonly sources: readonly PlanSource[]
}

export interface PlanInputData {
  /** More than one edge reaches the node: it gets a dict, also where only one of them brings a value. */
  readonly several: boolean
  readonly sources: readonly { readonly key: string; readonly source: PlanSource }[]
}

export type PlanOperation =
  | { readonly op: 'code'; readonly file: string; readonly entry: string }
  | { readonly op: 'value'; readonly json: JsonText }
  | { readonly op: 'view' }

export interface PlanNode {
  readonly address: Address
  readonly operation: PlanOperation
  /** Inputs that have a source; the others use their default. */
  readonly inputs: readonly PlanInput[]
  /** Set only where the function takes `input_data`. */
  readonly inputData: PlanInputData | null
  /** Nodes that must have ended before, without giving a value. */
  readonly after: readonly number[]
  readonly outputs: readonly string[]
  /** Ports that are keys of a returned dict. */
  readonly dictKeys: readonly string[]
  readonly outputsElse: 'whole' | null
  /** Seconds; 0 means no limit. */
  readonly timeoutS: number
  readonly disabled: boolean
  /** As the file has them; `retries`, `isolation`, `cache`, `pinned` and `slots` are not looked at yet. */
  readonly settings: FlowNode['settings']
}

export interface Plan {
  /** Every node after the ones it needs. */
  readonly nodes: readonly PlanNode[]
}

/** Calls `visit` with each source of a node, in the order of its inputs. */
export function eachSource(node: PlanNode, visit: (source: PlanSource) => void): void {
  for (const input of node.inputs) for (const source of input.sources) visit(source)
  if (node.inputData) for (const { source } of node.inputData.sources) visit(source)
}
