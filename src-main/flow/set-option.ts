/** `--set NODE.INPUT=VALUE` as the planner takes it. */
import { AppError } from '../base/app-error.ts'
import type { FileAnalysis } from '../../src-shared/contract/analysis.ts'
import { zJsonText, type FlowDocument, type FlowNode, type JsonText } from '../../src-shared/flow/document.ts'
import { parseEdgeEnd } from '../../src-shared/flow/edge-end.ts'
import { own } from '../../src-shared/flow/own.ts'
import { portsOf } from '../../src-shared/flow/ports.ts'

/**
 * VALUE is JSON, or text where it is not JSON; an input annotated `str` takes the text as it is. Throws
 * AppError `usage` for an option without `=`. Unknown nodes and inputs are the planner's to refuse.
 */
export function readSetOptions(
  options: readonly string[],
  document: FlowDocument,
  analysisOf: (file: string) => FileAnalysis | undefined,
): Record<string, JsonText> {
  const set: Record<string, JsonText> = {}
  for (const option of options) {
    const equals = option.indexOf('=')
    if (equals < 0) {
      throw new AppError('usage', `--set ${option}: the value is missing.`, { hint: 'Write --set NODE.INPUT=VALUE.' })
    }
    const [name, value] = [option.slice(0, equals), option.slice(equals + 1)]
    set[name] = takesText(name, document, analysisOf) ? textOf(value) : jsonOrText(value)
  }
  return set
}

function takesText(
  name: string,
  document: FlowDocument,
  analysisOf: (file: string) => FileAnalysis | undefined,
): boolean {
  const { node: id, port } = parseEdgeEnd(name)
  const node = own<FlowNode>(document.nodes, id)
  if (node === undefined) return false
  const ports = portsOf(node, node.file === undefined ? undefined : analysisOf(node.file))
  return ports.inputs.find((input) => input.name === port)?.field.kind === 'text'
}

const textOf = (value: string): JsonText => zJsonText.parse(JSON.stringify(value))

function jsonOrText(value: string): JsonText {
  try {
    JSON.parse(value)
    return zJsonText.parse(value.trim())
  } catch {
    return textOf(value)
  }
}
