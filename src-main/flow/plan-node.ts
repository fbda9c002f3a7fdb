/** The plan of one node: where each of its inputs comes from. Adds to `found` what keeps it from running. */
import { DEFAULT_TIMEOUT_S, zJsonText, type FlowNode, type JsonText } from '../../src-shared/flow/document.ts'
import { printEdgeEnd } from '../../src-shared/flow/edge-end.ts'
import { own } from '../../src-shared/flow/own.ts'
import { DEFAULT_ENTRY, ERROR_PORT, INPUT_DATA_PORT, portsOf, type NodePorts } from '../../src-shared/flow/ports.ts'
import type { Address } from '../../src-shared/ids.ts'
import { checkNode } from './plan-checks.ts'
import { collects, type NodePlanning, type PortWires, type Wire } from './plan-context.ts'
import { flowProblem, notKeptProblem } from './plan-problems.ts'
import type { PlanInput, PlanInputData, PlanNode, PlanOperation, PlanSource } from './plan.ts'

const nullText = zJsonText.parse('null')

export function planNode(planning: NodePlanning, number: number): PlanNode {
  const id = planning.ids[number] ?? ''
  const node = planning.flowNodes[number] ?? { kind: '' }
  const disabled = node.settings?.disabled === true
  const ports = knownPorts(planning, node)
  const wires = wiresInto(planning, number)
  if (!disabled) checkNode(planning, id, node, ports, wires.byPort)
  const outputs: string[] = []
  for (const { name } of ports.outputs) if (name !== ERROR_PORT) outputs.push(name)
  return {
    // The address of a node of the flow itself is its id.
    address: id as Address,
    operation: operationOf(node),
    inputs: disabled ? [] : inputsOf(planning, id, node, ports, wires.byPort),
    inputData: disabled || !ports.takesInputData ? null : inputDataOf(planning, id, node, wires.byPort),
    after: planning.selection.only === undefined ? wires.after : [],
    outputs,
    dictKeys: node.outputs ?? [],
    outputsElse: node.outputsElse ?? null,
    timeoutS: node.settings?.timeoutS ?? DEFAULT_TIMEOUT_S,
    disabled,
    settings: node.settings,
  }
}

/** Nodes that share a function and add no outputs of their own have the same ports. */
function knownPorts(planning: NodePlanning, node: FlowNode): NodePorts {
  const analysis = node.file === undefined ? undefined : planning.analysisOf(node.file)
  if (node.outputs !== undefined) return portsOf(node, analysis)
  const key = `${node.kind}\n${node.file ?? ''}\n${node.entry ?? ''}`
  const known = planning.ports.get(key)
  if (known !== undefined) return known
  const ports = portsOf(node, analysis)
  planning.ports.set(key, ports)
  return ports
}

function operationOf(node: FlowNode): PlanOperation {
  if (node.kind === 'value') return { op: 'value', json: node.value ?? nullText }
  if (node.kind === 'view') return { op: 'view' }
  return { op: 'code', file: node.file ?? '', entry: node.entry ?? DEFAULT_ENTRY }
}

function wiresInto({ graph, edges, document, indexOf }: NodePlanning, number: number) {
  const byPort: PortWires[] = []
  const after: number[] = []
  const end = graph.inStart[number + 1] ?? 0
  for (let at = graph.inStart[number] ?? 0; at < end; at += 1) {
    const edgeNumber = graph.incoming[at] ?? 0
    const edge = document.edges[edges[edgeNumber] ?? 0]
    if (edge === undefined) continue
    const source = graph.from[edgeNumber] ?? 0
    const { port } = edge.to
    if (port === null || edge.from.port === null) {
      const index = indexOf[source] ?? -1
      if (index >= 0 && !after.includes(index)) after.push(index)
      continue
    }
    const known = byPort.find((wires) => wires.port === port)
    if (known === undefined) byPort.push({ port, wires: [{ edge, source }] })
    else known.wires.push({ edge, source })
  }
  for (const wires of byPort) if (wires.wires.length > 1) wires.wires = onceEach(wires.wires)
  return { byPort, after }
}

/** The same edge twice is one. */
function onceEach(wires: readonly Wire[]): Wire[] {
  const seen = new Set<string>()
  return wires.filter(({ edge }) => {
    const key = printEdgeEnd(edge.from)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

const noWires: readonly Wire[] = []
const wiresOf = (byPort: readonly PortWires[], port: string): readonly Wire[] =>
  byPort.find((wires) => wires.port === port)?.wires ?? noWires

function sourceOf(planning: NodePlanning, { edge, source }: Wire): PlanSource {
  const { node } = edge.from
  const port = edge.from.port ?? ''
  if (planning.selection.only === undefined) return { from: 'node', index: planning.indexOf[source] ?? -1, port }
  const isDisabled = planning.flowNodes[source]?.settings?.disabled === true
  const state = isDisabled ? 'not_taken' : (planning.kept?.(node, port) ?? 'missing')
  if (state === 'not_taken') return { from: 'not_taken', node, port }
  if (state === 'missing') {
    planning.found.push(notKeptProblem({ node, port }, { node: edge.to.node, port: edge.to.port ?? '' }))
  }
  return { from: 'kept', node, port }
}

function constantOf(planning: NodePlanning, id: string, node: FlowNode, port: string): PlanSource | null {
  const json = planning.set.get(id)?.get(port) ?? own<JsonText>(node.inputs, port)
  return json === undefined ? null : { from: 'constant', json, where: `${id}.${port}` }
}

function inputsOf(
  planning: NodePlanning,
  id: string,
  node: FlowNode,
  ports: NodePorts,
  byPort: readonly PortWires[],
): PlanInput[] {
  const inputs: PlanInput[] = []
  for (const port of ports.inputs) {
    if (ports.takesInputData && port.name === INPUT_DATA_PORT) continue
    const wires = wiresOf(byPort, port.name)
    if (wires.length > 0) {
      const sources = wires.map((wire) => sourceOf(planning, wire))
      inputs.push({ port: port.name, collects: collects(node, port, wires.length), optional: port.optional, sources })
      continue
    }
    const constant = constantOf(planning, id, node, port.name)
    if (constant !== null) {
      inputs.push({ port: port.name, collects: false, optional: port.optional, sources: [constant] })
    } else if (!port.optional && port.collects !== 'always') {
      planning.found.push(
        flowProblem('missing-input', `${id}.${port.name} has no value: no edge reaches it and no constant is set.`, {
          node: id,
          port: port.name,
          hint: `Connect it, fill it in, or give it with --set ${id}.${port.name}=VALUE.`,
        }),
      )
    }
  }
  return inputs
}

/** A dict by source id where several edges come, by `node.port` for a source that repeats. */
function inputDataOf(planning: NodePlanning, id: string, node: FlowNode, byPort: readonly PortWires[]): PlanInputData {
  const wires = wiresOf(byPort, INPUT_DATA_PORT)
  const times = new Map<number, number>()
  for (const { source } of wires) times.set(source, (times.get(source) ?? 0) + 1)
  const sources = wires.map((wire) => ({
    key: times.get(wire.source) === 1 ? wire.edge.from.node : printEdgeEnd(wire.edge.from),
    source: sourceOf(planning, wire),
  }))
  if (sources.length > 0) return { several: sources.length > 1, sources }
  const constant = constantOf(planning, id, node, INPUT_DATA_PORT)
  return { several: false, sources: constant === null ? [] : [{ key: id, source: constant }] }
}
