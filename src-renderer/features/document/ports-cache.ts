/** Ports by node, worked out again only when the node or the analysis of its file changed. */
import type { FileAnalysis } from '../../../src-shared/contract/analysis.ts'
import type { FlowDocument, FlowNode } from '../../../src-shared/flow/document.ts'
import { own } from '../../../src-shared/flow/own.ts'
import { portsOf, type NodePorts } from '../../../src-shared/flow/ports.ts'
import type { FlowState } from './flow-state.ts'

export const nodeOf = (document: FlowDocument, id: string): FlowNode | undefined => own<FlowNode>(document.nodes, id)

export const analysisOf = (state: Pick<FlowState, 'analyses'>, node: FlowNode): FileAnalysis | undefined =>
  node.file === undefined ? undefined : own<FileAnalysis>(state.analyses, node.file)

export function createPortsCache(): (
  state: Pick<FlowState, 'document' | 'analyses'>,
  id: string,
) => NodePorts | undefined {
  const cache = new WeakMap<FlowNode, { analysis: FileAnalysis | undefined; ports: NodePorts }>()
  return (state, id) => {
    const node = nodeOf(state.document, id)
    if (!node) return undefined
    const analysis = analysisOf(state, node)
    const known = cache.get(node)
    if (known && known.analysis === analysis) return known.ports
    const ports = portsOf(node, analysis)
    cache.set(node, { analysis, ports })
    return ports
  }
}
