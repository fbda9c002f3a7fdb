/** What planning knows: given by its caller, and gathered on the way. */
import type { FileAnalysis } from '../../src-shared/contract/analysis.ts'
import type { Problem } from '../../src-shared/contract/problem.ts'
import type { RunSelection } from '../../src-shared/contract/run.ts'
import type { FlowDocument, FlowEdge, FlowNode, JsonText } from '../../src-shared/flow/document.ts'
import type { InputPort, NodePorts } from '../../src-shared/flow/ports.ts'
import type { PlanGraph } from './plan-graph.ts'

export type KeptState = 'kept' | 'not_taken' | 'missing'

export interface PlanInputs {
  readonly document: FlowDocument
  /** Undefined for a file that was not analysed. */
  readonly analysisOf: (file: string) => FileAnalysis | undefined
  /** What is already known to be wrong with the project, its files and this graph. */
  readonly problems: readonly Problem[]
  /** `only` beats `to` and `from`; `to` and `from` together mean both. Empty: the whole flow. */
  readonly selection: RunSelection
  /** `NODE.INPUT` → JSON text. */
  readonly set: Readonly<Record<string, JsonText>>
  /** What earlier runs kept of a port, for `only`. Absent: nothing. */
  readonly kept?: ((node: string, port: string) => KeptState) | undefined
}

export interface NodePlanning extends Omit<PlanInputs, 'set'> {
  readonly ids: readonly string[]
  /** By node number, as `ids`. */
  readonly flowNodes: readonly FlowNode[]
  /** Place in the plan by node number; -1 for what does not run. */
  readonly indexOf: Int32Array
  readonly set: ReadonlyMap<string, ReadonlyMap<string, JsonText>>
  readonly graph: PlanGraph
  /** Place in the document by edge number. */
  readonly edges: Int32Array
  /** Ports already worked out, by kind, file and entry. */
  readonly ports: Map<string, NodePorts>
  readonly found: Problem[]
}

/** Two edges into a port that may collect are enough, also where the node does not list it yet. */
export const collects = (node: FlowNode, port: InputPort, edges: number): boolean =>
  port.collects === 'always' || (port.collects === 'may' && (edges > 1 || (node.collect ?? []).includes(port.name)))

/** An edge that brings a value, with the number of its source. */
export interface Wire {
  readonly edge: FlowEdge
  readonly source: number
}

/** The edges into one input, in file order, each source once. */
export interface PortWires {
  readonly port: string
  wires: Wire[]
}
