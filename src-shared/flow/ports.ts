/** The ports of a node: what can be wired and filled in, from its kind, its file's analysis and its fields. */
import type { FieldSpec, FileAnalysis, FunctionSignature, Parameter } from '../contract/analysis.ts'
import type { FlowNode } from './document.ts'
import { own } from './own.ts'

export { shortType, typeFamily } from './type-label.ts'

export const DEFAULT_ENTRY = 'main'
/** The whole of what a node returns. */
export const RESULT_PORT = 'result'
/** Carries a failure instead of the other ports, when it is wired. */
export const ERROR_PORT = '$error'
/** The input of a function that takes whatever reaches it, by this parameter name. */
export const INPUT_DATA_PORT = 'input_data'
/** The input of a `view` node. */
export const VIEW_PORT = 'value'

export interface InputPort {
  readonly name: string
  /** Source text of the annotation, null where there is none. */
  readonly type: string | null
  readonly optional: boolean
  readonly field: FieldSpec
  readonly nullable: boolean
  /**
   * Several edges: `never`, `may` (see `isCollecting`), `always` (`*args`, and `input_data`, which takes any
   * number of edges).
   */
  readonly collects: 'never' | 'may' | 'always'
  /** JSON text of the default where it is a plain literal. */
  readonly defaultJson: string | null
  /** Source text of the default. */
  readonly defaultText: string | null
  /** 1-based line in the node's file, null where the port is not written there. */
  readonly line: number | null
}

export interface OutputPortInfo {
  readonly name: string
  readonly type: string | null
  /** False where the key may be absent, which makes the port "not taken". */
  readonly required: boolean
  /** Shown only when asked for or wired: `$error`. */
  readonly hidden: boolean
}

export interface NodePorts {
  readonly inputs: readonly InputPort[]
  readonly outputs: readonly OutputPortInfo[]
  /** Its input `input_data`, the first of `inputs`, takes what comes: nothing, one value, a dict of several. */
  readonly takesInputData: boolean
  /** False where the signature is not known at all, so that no port can be called wrong. */
  readonly known: boolean
}

const errorPort: OutputPortInfo = { name: ERROR_PORT, type: null, required: false, hidden: true }
const output = (name: string, type: string | null = null, required = true): OutputPortInfo => ({
  name,
  type,
  required,
  hidden: false,
})

const plainInput = (name: string, line: number | null): InputPort => ({
  name,
  type: null,
  optional: false,
  field: { kind: 'json' },
  nullable: true,
  collects: 'never',
  defaultJson: null,
  defaultText: null,
  line,
})

const inputFrom = (parameter: Parameter): InputPort => ({
  name: parameter.name,
  type: parameter.annotation,
  optional: parameter.optional,
  field: parameter.field,
  nullable: parameter.nullable,
  collects: parameter.collects,
  defaultJson: parameter.defaultJson,
  defaultText: parameter.default,
  line: parameter.line,
})

/** The function a code node runs, as far as it is known; the last known one while its file cannot be parsed. */
export const signatureOf = (node: FlowNode, analysis: FileAnalysis | undefined): FunctionSignature | undefined =>
  own(analysis?.functions, node.entry ?? DEFAULT_ENTRY)

function codePorts(node: FlowNode, analysis: FileAnalysis | undefined): NodePorts {
  const signature = signatureOf(node, analysis)
  const inputs = signature?.parameters.map(inputFrom) ?? []
  if (signature?.takesInputData) {
    inputs.unshift({ ...plainInput(INPUT_DATA_PORT, signature.line), optional: true, collects: 'always' })
  }
  const outputs = (signature?.outputs ?? []).map((port) => output(port.name, port.type, port.required))
  if (!signature) outputs.push(output(RESULT_PORT))
  const names = new Set(outputs.map((port) => port.name))
  for (const key of node.outputs ?? []) {
    if (names.has(key)) continue
    names.add(key)
    outputs.push(output(key, null, node.outputsElse === 'whole'))
  }
  return {
    inputs,
    outputs: [...outputs, errorPort],
    takesInputData: signature?.takesInputData ?? false,
    known: signature !== undefined,
  }
}

/**
 * The ports of `node`; `analysis` is that of its file (undefined: not analysed yet, or no code node).
 * A kind that this version does not run has no known ports; a note has none.
 */
export function portsOf(node: FlowNode, analysis: FileAnalysis | undefined): NodePorts {
  switch (node.kind) {
    case 'code':
      return codePorts(node, analysis)
    case 'value':
      return { inputs: [], outputs: [output(RESULT_PORT), errorPort], takesInputData: false, known: true }
    case 'view':
      return {
        inputs: [plainInput(VIEW_PORT, null)],
        outputs: [output(RESULT_PORT), errorPort],
        takesInputData: false,
        known: true,
      }
    case 'note':
      return { inputs: [], outputs: [], takesInputData: false, known: true }
    default:
      return { inputs: [], outputs: [], takesInputData: false, known: false }
  }
}

/**
 * Whether the values of `edges` edges into a port come as a list: always, because the node's `collect`
 * names the port, or because there are two or more. A port that never collects takes one edge.
 */
export const isCollecting = (node: FlowNode, port: Pick<InputPort, 'name' | 'collects'>, edges: number): boolean =>
  port.collects === 'always' || (port.collects === 'may' && (edges > 1 || (node.collect ?? []).includes(port.name)))
