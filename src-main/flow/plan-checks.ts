/** What keeps a node from running, as far as the document and its signature tell. */
import { reservedKinds, runnableKinds, type FlowNode } from '../../src-shared/flow/document.ts'
import { printEdgeEnd } from '../../src-shared/flow/edge-end.ts'
import { DEFAULT_ENTRY, ERROR_PORT, type NodePorts } from '../../src-shared/flow/ports.ts'
import { collects, type NodePlanning, type PortWires } from './plan-context.ts'
import { flowProblem } from './plan-problems.ts'

const runnable: readonly string[] = runnableKinds
const reserved: readonly string[] = reservedKinds

export function checkNode(
  planning: NodePlanning,
  id: string,
  node: FlowNode,
  ports: NodePorts,
  byPort: readonly PortWires[],
): void {
  const { found } = planning
  if (!runnable.includes(node.kind)) {
    const code = reserved.includes(node.kind) ? 'reserved-kind' : 'unknown-kind'
    found.push(
      flowProblem(code, `${id} is of kind "${node.kind}", which this version cannot run.`, {
        node: id,
        hint: `Disable or remove ${id}, or run only a part without it.`,
      }),
    )
    return
  }
  if (node.kind === 'code' && node.file === undefined) {
    found.push(flowProblem('file-missing', `${id} names no file.`, { node: id, hint: 'Give the node a file.' }))
    return
  }
  if (!ports.known) {
    const entry = node.entry ?? DEFAULT_ENTRY
    found.push(
      flowProblem('entry-missing', `${id}: ${node.file ?? ''} has no function "${entry}" that can be read.`, {
        node: id,
        hint: `Write def ${entry}(…) in ${node.file ?? 'its file'}.`,
      }),
    )
    return
  }
  checkEdges(planning, id, node, ports, byPort)
  for (const port of planning.set.get(id)?.keys() ?? []) {
    if (ports.inputs.some(({ name }) => name === port)) continue
    found.push(
      flowProblem('unknown-input', `--set ${id}.${port}: ${id} has no such input.`, {
        node: id,
        port,
        hint: `Its inputs: ${ports.inputs.map(({ name }) => name).join(', ') || 'none'}.`,
      }),
    )
  }
}

function checkEdges(
  planning: NodePlanning,
  id: string,
  node: FlowNode,
  ports: NodePorts,
  byPort: readonly PortWires[],
): void {
  for (const { port: name, wires } of byPort) {
    const place = { node: id, port: name }
    const port = ports.inputs.find((input) => input.name === name)
    if (port === undefined) {
      planning.found.push(
        flowProblem('unknown-port', `${id}.${name}: ${id} has no such input.`, {
          ...place,
          hint: 'Remove the edge or add the parameter.',
        }),
      )
    } else if (wires.length > 1 && !collects(node, port, wires.length)) {
      const sources = wires.map(({ edge }) => printEdgeEnd(edge.from)).join(', ')
      planning.found.push(
        flowProblem('several-edges', `${id}.${name} takes one value, and several edges reach it: ${sources}.`, {
          ...place,
          hint: 'Keep one edge, or make the parameter a list.',
        }),
      )
    }
    for (const { edge } of wires) {
      const { from, to } = edge
      if (from.port !== ERROR_PORT) continue
      planning.found.push(
        flowProblem(
          'unknown-port',
          `${printEdgeEnd(from)} → ${printEdgeEnd(to)}: this version cannot pass a failure on.`,
          {
            ...place,
            hint: 'Remove the edge.',
          },
        ),
      )
    }
  }
}
