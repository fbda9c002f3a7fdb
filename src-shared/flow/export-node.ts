/** One node of an exported script: the line that computes it, and when it is computed at all. */
import type { FileAnalysis, FunctionSignature, Parameter } from '../contract/analysis.ts'
import { convertedConstant } from './constant-conversion.ts'
import { pythonText } from './constants.ts'
import type { EdgeEnd, FlowDocument, FlowEdge, FlowNode, JsonText } from './document.ts'
import { printEdgeEnd } from './edge-end.ts'
import type { ExportNames } from './export-names.ts'
import { readJson } from './json-source.ts'
import { own } from './own.ts'
import { INPUT_DATA_PORT, isCollecting, RESULT_PORT, signatureOf, VIEW_PORT } from './ports.ts'

/** What must be true for a value to exist, in the order in which it may be asked. */
export class Conditions {
  readonly all: readonly string[]

  constructor(all: readonly string[] = []) {
    this.all = [...new Set(all)]
  }

  and(other: Conditions): Conditions {
    return new Conditions([...this.all, ...other.all])
  }

  get isEmpty(): boolean {
    return this.all.length === 0
  }

  get text(): string {
    return this.all.join(' and ')
  }
}

const always = new Conditions()

export interface ExportedNode {
  readonly variable: string
  readonly conditions: Conditions
  readonly lines: readonly string[]
}

export interface ExportScope {
  readonly document: FlowDocument
  readonly names: ExportNames
  readonly analysisOf: (file: string) => FileAnalysis | undefined
  edgesInto(id: string): readonly FlowEdge[]
  /** The nodes before this one; a node that is missing here is not taken. */
  readonly exported: ReadonlyMap<string, ExportedNode>
}

/** The source of a value and when it exists. */
interface Value {
  readonly text: string
  readonly conditions: Conditions
}

const MAX_LINE = 100

/** Null when the node is not taken: disabled, or it needs a value that is not taken. */
export function exportNode(id: string, node: FlowNode, scope: ExportScope): ExportedNode | null {
  if (node.settings?.disabled === true) return null
  const variable = scope.names.variable(id)
  const finish = (conditions: Conditions, callee: string | null, parts: readonly string[], wrap: Wrap = unwrapped) => ({
    variable,
    conditions,
    lines: assignment(id, node, variable, conditions, callee, parts, wrap),
  })
  if (node.kind === 'value') {
    const json = node.value
    if (json === undefined) return null
    return finish(always, null, [converted(json, null, scope)])
  }
  if (node.kind === 'view') {
    const [edge] = valueEdges(id, VIEW_PORT, scope)
    const value = edge ? valueOf(edge.from, scope) : constantValue(node, VIEW_PORT, null, scope)
    return value && finish(value.conditions, null, [value.text])
  }
  const signature = signatureOf(node, node.file === undefined ? undefined : scope.analysisOf(node.file))
  if (node.kind !== 'code' || !signature || node.file === undefined) return null
  const call = callOf(id, node, signature, scope.names.module(node.file), scope)
  return (
    call &&
    finish(
      call.conditions,
      `${scope.names.module(node.file)}.${signature.name}`,
      call.parts,
      wrapFor(signature, scope.names),
    )
  )
}

interface Wrap {
  readonly before: string
  readonly after: string
}
const unwrapped: Wrap = { before: '', after: '' }

function wrapFor({ isAsync, isGenerator }: FunctionSignature, names: ExportNames): Wrap {
  if (!isAsync) return isGenerator ? { before: 'list(', after: ')' } : unwrapped
  names.use('asyncio')
  return isGenerator
    ? { before: `asyncio.run(${names.useHelper('_collect')}(`, after: '))' }
    : { before: 'asyncio.run(', after: ')' }
}

function assignment(
  id: string,
  node: FlowNode,
  variable: string,
  conditions: Conditions,
  callee: string | null,
  parts: readonly string[],
  wrap: Wrap,
): string[] {
  const title = node.title?.replace(/\s+/g, ' ').trim() ?? ''
  const comment = title === '' || title === id ? [] : [`# ${title}`]
  const indent = conditions.isEmpty ? '' : '    '
  const oneLine = `${variable} = ${wrap.before}${callee === null ? parts.join('') : `${callee}(${parts.join(', ')})`}${wrap.after}`
  const lines =
    callee === null || parts.length === 0 || indent.length + oneLine.length <= MAX_LINE
      ? [indent + oneLine]
      : [
          `${indent}${variable} = ${wrap.before}${callee}(`,
          ...parts.map((part) => `${indent}    ${part},`),
          `${indent})${wrap.after}`,
        ]
  return [...comment, ...(conditions.isEmpty ? [] : [`if ${conditions.text}:`]), ...lines]
}

const valueEdges = (id: string, port: string, scope: ExportScope): FlowEdge[] =>
  scope.edgesInto(id).filter((edge) => edge.to.port === port && edge.from.port !== null)

/** The value at an output; null when its node is not taken, or for `$error`, which a script never takes. */
function valueOf(end: EdgeEnd, scope: ExportScope): Value | null {
  const source = scope.exported.get(end.node)
  const node = own<FlowNode>(scope.document.nodes, end.node)
  if (!source || !node || end.port === null) return null
  const { variable, conditions } = source
  const whole: Value = { text: variable, conditions }
  if (node.kind !== 'code') return whole
  const signature = signatureOf(node, node.file === undefined ? undefined : scope.analysisOf(node.file))
  const key = pythonText(end.port)
  const keyed = `${variable}[${key}]`
  const when = (condition: string): Value => ({ text: keyed, conditions: conditions.and(new Conditions([condition])) })
  if ((node.outputs ?? []).includes(end.port)) {
    const has = `${scope.names.useHelper('_has')}(${variable}, ${key})`
    return node.outputsElse === 'whole' ? { text: `(${keyed} if ${has} else ${variable})`, conditions } : when(has)
  }
  const port = signature?.outputs.find((output) => output.name === end.port)
  // The whole has the type that the function returns; a field of that name has its own.
  const isWhole = end.port === RESULT_PORT && (signature?.outputShape === 'whole' || port?.type === signature?.returns)
  if (!port || isWhole) return whole
  if (signature?.outputShape === 'named_tuple') return { text: `${variable}.${end.port}`, conditions }
  return port.required ? { text: keyed, conditions } : when(`${key} in ${variable}`)
}

function converted(
  json: JsonText,
  target: { parameter: Parameter; module: string } | null,
  scope: ExportScope,
): string {
  const { annotation: type, field } = target?.parameter ?? { annotation: null, field: { kind: 'json' } as const }
  return convertedConstant(json, { type, field, module: target?.module ?? '' }, (module) => scope.names.use(module))
}

function constantValue(
  node: FlowNode,
  port: string,
  target: { parameter: Parameter; module: string } | null,
  scope: ExportScope,
): Value | null {
  const json = own<JsonText>(node.inputs, port)
  return json === undefined ? null : { text: converted(json, target, scope), conditions: always }
}

/** Items of a list display: those that may be missing are spread from a list of one or none. */
const listItem = ({ text, conditions }: Value): string =>
  conditions.isEmpty ? text : `*([${text}] if ${conditions.text} else [])`

/** What a parameter is given; null where nothing reaches it, so that its default counts. */
function parameterValue(
  id: string,
  node: FlowNode,
  parameter: Parameter,
  module: string,
  scope: ExportScope,
): Value | null | 'not_taken' {
  const edges = valueEdges(id, parameter.name, scope)
  if (edges.length === 0) return constantValue(node, parameter.name, { parameter, module }, scope)
  const values = edges.map((edge) => valueOf(edge.from, scope)).filter((value) => value !== null)
  if (isCollecting(node, parameter, edges.length)) {
    return { text: `[${values.map(listItem).join(', ')}]`, conditions: always }
  }
  return values[0] ?? (parameter.optional ? null : 'not_taken')
}

/** The arguments of a call and when it happens; null when a needed value is not taken. */
function callOf(
  id: string,
  node: FlowNode,
  signature: FunctionSignature,
  module: string,
  scope: ExportScope,
): { parts: string[]; conditions: Conditions } | null {
  let conditions = always
  const spread = spreadItems(id, node, signature, scope)
  const positional: { parameter: Parameter | null; value: Value | null }[] = []
  const keywords: string[] = []
  if (signature.takesInputData) {
    const data = inputData(id, node, scope)
    if (data === null) return null
    conditions = data.conditions
    positional.push({ parameter: null, value: { text: data.text, conditions: always } })
  }
  for (const parameter of signature.parameters) {
    if (parameter.kind === 'var_positional') continue
    const value = parameterValue(id, node, parameter, module, scope)
    if (value === 'not_taken') return null
    const mustBePositional =
      parameter.kind === 'positional_only' || (parameter.kind === 'positional_or_keyword' && spread.length > 0)
    // A value that a needed parameter waits for decides whether the node runs at all.
    const decides = value !== null && !value.conditions.isEmpty && !parameter.optional
    if (decides) conditions = conditions.and(value.conditions)
    const certain = decides ? { text: value.text, conditions: always } : value
    if (mustBePositional) positional.push({ parameter, value: certain })
    else if (certain?.conditions.isEmpty) keywords.push(`${parameter.name}=${certain.text}`)
    else if (certain) {
      keywords.push(`**({${pythonText(parameter.name)}: ${certain.text}} if ${certain.conditions.text} else {})`)
    }
  }
  if (spread.length === 0) while (positional.at(-1)?.value === null) positional.pop()
  const callee = `${module}.${signature.name}`
  const parts = positional.map(({ parameter, value }) => {
    if (value?.conditions.isEmpty) return value.text
    const fallback = parameter === null ? 'None' : defaultOf(parameter, signature, callee)
    return value === null ? fallback : `${value.text} if ${value.conditions.text} else ${fallback}`
  })
  return { parts: [...parts, ...spread, ...keywords], conditions }
}

/** A default that has to be named because a later argument is given by position. */
function defaultOf(parameter: Parameter, signature: FunctionSignature, callee: string): string {
  const withDefault = signature.parameters.filter((one) => one.optional && one.kind.startsWith('positional'))
  return `${callee}.__defaults__[${withDefault.indexOf(parameter)}]`
}

/** What `*args` is given, as the items of the call. */
function spreadItems(id: string, node: FlowNode, signature: FunctionSignature, scope: ExportScope): string[] {
  const parameter = signature.parameters.find((one) => one.kind === 'var_positional')
  if (!parameter) return []
  const edges = valueEdges(id, parameter.name, scope)
  if (edges.length > 0) {
    return edges.flatMap((edge) => {
      const value = valueOf(edge.from, scope)
      return value === null ? [] : [listItem(value)]
    })
  }
  const json = own<JsonText>(node.inputs, parameter.name)
  if (json === undefined) return []
  const target = { parameter, module: scope.names.module(node.file ?? '') }
  const read = readJson(json)
  if (!read.ok || read.source.root.type !== 'array') return [converted(json, target, scope)]
  const { source } = read
  return (source.root.children ?? []).map((child) => converted(source.textOf(child), target, scope))
}

/**
 * Nothing → None, one wire → its value, several → a dict by source id, or `node.port` where a source
 * repeats. Null when there are wires and none of them brings a value.
 */
function inputData(id: string, node: FlowNode, scope: ExportScope): Value | null {
  const edges = valueEdges(id, INPUT_DATA_PORT, scope)
  if (edges.length === 0) {
    return constantValue(node, INPUT_DATA_PORT, null, scope) ?? { text: 'None', conditions: always }
  }
  const taken = edges.flatMap((edge) => {
    const value = valueOf(edge.from, scope)
    return value === null ? [] : [{ edge, value }]
  })
  const [first] = taken
  if (first === undefined || edges.length === 1) return first?.value ?? null
  const repeats = (source: string): boolean => edges.filter((edge) => edge.from.node === source).length > 1
  const entries = taken.map(({ edge, value }) => {
    const key = repeats(edge.from.node) ? printEdgeEnd(edge.from) : edge.from.node
    const entry = `${pythonText(key)}: ${value.text}`
    return value.conditions.isEmpty ? entry : `**({${entry}} if ${value.conditions.text} else {})`
  })
  return { text: `{${entries.join(', ')}}`, conditions: anyOf(taken.map(({ value }) => value.conditions)) }
}

/** Met when one of several is. */
function anyOf(several: readonly Conditions[]): Conditions {
  if (several.some((one) => one.isEmpty)) return always
  const [only, ...others] = new Set(several.map((one) => one.text))
  if (only === undefined) return always
  return new Conditions([others.length === 0 ? only : `(${[only, ...others].map((text) => `(${text})`).join(' or ')})`])
}
