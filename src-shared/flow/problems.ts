/** What is wrong with a flow as a whole: its nodes against their files, its edges against the ports. */
import type { FileAnalysis } from '../contract/analysis.ts'
import type { Problem, ProblemCode } from '../contract/problem.ts'
import { checkConstant, constantFault } from './constants.ts'
import {
  reservedKinds,
  runnableKinds,
  type EdgeEnd,
  type FlowDocument,
  type FlowEdge,
  type FlowNode,
} from './document.ts'
import { edgeTexts, printEdgeEnd } from './edge-end.ts'
import { cycles, flowGraph } from './graph.ts'
import { nearest } from './nearest.ts'
import { own } from './own.ts'
import type { FlowPositions } from './parse-flow.ts'
import {
  DEFAULT_ENTRY,
  ERROR_PORT,
  isCollecting,
  portsOf,
  signatureOf,
  VIEW_PORT,
  type InputPort,
  type NodePorts,
} from './ports.ts'

interface Details {
  readonly hint?: string
  readonly severity?: Problem['severity']
  /** Default: the flow file. */
  readonly file?: string
  readonly line?: number | null
  readonly node?: string
  readonly port?: string | null
  readonly edge?: FlowEdge
}

/** A path that may lead out of the project folder. Symbolic links are judged where files are opened. */
export const leavesProject = (path: string): boolean =>
  path === '' || /^(?:[\\/]|[A-Za-z]:)/.test(path) || path.includes('\0') || path.split(/[\\/]/).includes('..')

const hintFor = (name: string, names: Iterable<string>): { hint?: string } => {
  const near = nearest(name, names)
  return near === null ? {} : { hint: `Did you mean ${near}?` }
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '))

/**
 * Every problem of the flow, in the order of its nodes and edges. Severity `error` refuses a run that the
 * node is part of; the rest are remarks. `analysisOf` gives undefined for a file not analysed yet, of
 * which nothing is said. What a disabled node lacks is a warning: it does not run.
 */
export function graphProblems(
  document: FlowDocument,
  file: string,
  positions: FlowPositions,
  analysisOf: (file: string) => FileAnalysis | undefined,
): Problem[] {
  const problems: Problem[] = []
  /** Of another file the line is known to the caller only. */
  const lineOf = (details: Details, edge: Problem['edge']): number | null => {
    if (details.line !== undefined || details.file !== undefined) return details.line ?? null
    if (edge) return positions.edge(edge.from, edge.to)
    return details.node === undefined ? null : positions.node(details.node)
  }
  const report: Report = (code, message, details) => {
    const edge = details.edge ? edgeTexts(details.edge) : null
    problems.push({
      code,
      severity: details.severity ?? 'error',
      message,
      ...(details.hint === undefined ? {} : { hint: details.hint }),
      file: details.file ?? file,
      line: lineOf(details, edge),
      node: details.node ?? null,
      port: details.port ?? null,
      edge,
    })
  }

  const ports = new Map<string, NodePorts>()
  for (const [id, node] of Object.entries<FlowNode>(document.nodes)) {
    ports.set(id, portsOf(node, node.file === undefined ? undefined : analysisOf(node.file)))
  }
  const into = edgesByTarget(document)

  for (const [id, node] of Object.entries<FlowNode>(document.nodes)) {
    const reportHere: Report =
      node.settings?.disabled === true
        ? (code, message, details) => report(code, message, { ...details, severity: 'warning' })
        : report
    nodeProblems(id, node, analysisOf, reportHere)
    const itsPorts = ports.get(id)
    if (itsPorts) inputProblems(id, node, itsPorts, into.get(id) ?? [], positions, reportHere)
  }
  for (const edge of document.edges) edgeProblems(document, edge, ports, report)
  for (const { path } of cycles(flowGraph(document))) {
    if (path.length <= 2) continue
    report('cycle', `These nodes wait for each other: ${path.join(' → ')}.`, {
      node: path[0] ?? '',
      hint: 'Remove one of the wires between them.',
    })
  }
  return problems
}

type Report = (code: ProblemCode, message: string, details: Details) => void

/** Edges by target node, in file order. */
export function edgesByTarget(document: FlowDocument): Map<string, FlowEdge[]> {
  const into = new Map<string, FlowEdge[]>()
  for (const edge of document.edges) {
    const list = into.get(edge.to.node)
    if (list) list.push(edge)
    else into.set(edge.to.node, [edge])
  }
  return into
}

const runnable: readonly string[] = [...runnableKinds, 'note']
const reserved: readonly string[] = reservedKinds

function nodeProblems(
  id: string,
  node: FlowNode,
  analysisOf: (file: string) => FileAnalysis | undefined,
  report: Report,
): void {
  if (reserved.includes(node.kind)) {
    report('reserved-kind', `${id} is of kind "${node.kind}", which this version cannot run.`, {
      node: id,
      hint: 'It is kept as it is. Remove it, or disable what depends on it.',
    })
  } else if (!runnable.includes(node.kind)) {
    report('unknown-kind', `${id} is of the unknown kind "${node.kind}".`, {
      node: id,
      hint: `Known kinds are ${runnable.join(', ')}. Remove ${id}, or run only a part without it.`,
      ...hintFor(node.kind, [...runnable, ...reserved]),
    })
  }
  if (node.file !== undefined && leavesProject(node.file)) {
    report('path-outside-project', `The file of ${id} is outside the project: ${node.file}`, {
      node: id,
      hint: 'Use a path relative to the project folder, such as nodes/clean.py.',
    })
    return
  }
  if (node.kind === 'value') {
    if (node.value === undefined) {
      report('missing-input', `${id} has no value.`, { node: id, hint: 'Give it one, or remove the node.' })
    } else {
      const fault = constantFault(node.value)
      if (fault !== null) report('invalid-constant', `The value of ${id} cannot be used: ${fault}.`, { node: id })
    }
  }
  if (node.kind === 'code') codeProblems(id, node, analysisOf, report)
}

function codeProblems(
  id: string,
  node: FlowNode,
  analysisOf: (file: string) => FileAnalysis | undefined,
  report: Report,
): void {
  if (node.file === undefined) {
    report('file-missing', `${id} names no file.`, { node: id, hint: 'Give it a Python file, such as nodes/clean.py.' })
    return
  }
  const analysis = analysisOf(node.file)
  if (!analysis) return
  const why = analysis.message ?? ''
  if (analysis.status === 'missing') {
    report('file-missing', `The file of ${id} does not exist: ${node.file}`, {
      node: id,
      hint: 'Create or restore the file, or choose another one for the node.',
    })
  } else if (analysis.status === 'unreadable') {
    report('file-unreadable', `${node.file} (node ${id}) cannot be read${why === '' ? '.' : `: ${why}`}`, {
      node: id,
      file: node.file,
    })
  } else if (analysis.status === 'syntax_error') {
    report('syntax-error', `${node.file} (node ${id}) has a syntax error${why === '' ? '.' : `: ${why}`}`, {
      node: id,
      file: node.file,
      line: analysis.line,
    })
  } else if (!signatureOf(node, analysis)) {
    const entry = node.entry ?? DEFAULT_ENTRY
    const functions = Object.keys(analysis.functions)
    report('entry-missing', `${node.file} (node ${id}) has no function ${entry}.`, {
      node: id,
      file: node.file,
      line: 1,
      hint:
        hintFor(entry, functions).hint ??
        `Write "def ${entry}(…):" at the top level. Functions there: ${listed(functions)}.`,
    })
  }
}

function inputProblems(
  id: string,
  node: FlowNode,
  ports: NodePorts,
  into: readonly FlowEdge[],
  positions: FlowPositions,
  report: Report,
): void {
  const names = ports.inputs.map((port) => port.name)
  for (const port of ports.inputs) {
    const edges = into.filter((edge) => edge.to.port === port.name && edge.from.port !== null)
    const constant = own<NonNullable<FlowNode['inputs']>[string]>(node.inputs, port.name)
    if (edges.length > 1 && !isCollecting(node, port, edges.length)) severalEdges(id, port, edges, report)
    if (edges.length === 0 && constant === undefined && !port.optional && port.collects !== 'always') {
      const hint =
        node.kind === 'view' && port.name === VIEW_PORT ? 'Connect something to it.' : 'Connect it, or give it a value.'
      report('missing-input', `${id}.${port.name} has no value.`, { node: id, port: port.name, hint })
    }
  }
  for (const [name, json] of Object.entries(node.inputs ?? {})) {
    const line = positions.input(id, name)
    const port = ports.inputs.find((candidate) => candidate.name === name)
    const fault = constantFault(json)
    if (fault !== null) {
      report('invalid-constant', `The value of ${id}.${name} cannot be used: ${fault}.`, { node: id, port: name, line })
    } else if (port) {
      const misfit = checkConstant(json, port)
      if (misfit === null) continue
      const type = port.type === null ? '' : ` (${port.type})`
      report('invalid-constant', `The value of ${id}.${name}${type} does not fit: ${misfit}.`, {
        node: id,
        port: name,
        line,
        severity: 'warning',
      })
    } else if (ports.known) {
      report('unknown-input', `${id} has a value for ${id}.${name}, but no such input.`, {
        node: id,
        port: name,
        line,
        hint: hintFor(name, names).hint ?? `Remove the value. Inputs: ${listed(names)}.`,
      })
    }
  }
}

function severalEdges(id: string, port: InputPort, edges: readonly FlowEdge[], report: Report): void {
  const sources = edges.map((edge) => printEdgeEnd(edge.from)).join(', ')
  const second = edges[1]
  report('several-edges', `${id}.${port.name} takes one value, but several wires reach it: ${sources}.`, {
    node: id,
    port: port.name,
    ...(second ? { edge: second } : {}),
    hint: 'Remove all wires but one, or let the parameter take a list.',
  })
}

function edgeProblems(
  document: FlowDocument,
  edge: FlowEdge,
  ports: ReadonlyMap<string, NodePorts>,
  report: Report,
): void {
  const { from, to } = edge
  const place = { edge, node: to.node, port: to.port }
  const missing = [from.node, to.node].filter((id) => !ports.has(id))
  for (const id of new Set(missing)) {
    report(
      'dangling-edge',
      `The wire ${printEdgeEnd(from)} → ${printEdgeEnd(to)} names a node that does not exist: ${id}.`,
      {
        ...place,
        // The end that exists is the node the problem belongs to.
        node: ports.has(to.node) ? to.node : ports.has(from.node) ? from.node : to.node,
        port: ports.has(to.node) ? to.port : from.port,
        hint: hintFor(id, Object.keys(document.nodes)).hint ?? 'Remove the wire.',
      },
    )
  }
  if (missing.length > 0) return
  if (from.node === to.node) {
    report('self-edge', `${to.node} is connected to itself: ${printEdgeEnd(from)} → ${printEdgeEnd(to)}.`, {
      ...place,
      hint: 'Remove the wire.',
    })
  }
  if ((from.port === null) !== (to.port === null)) {
    report('mixed-edge', `The wire ${printEdgeEnd(from)} → ${printEdgeEnd(to)} has a port at one end only.`, {
      ...place,
      hint: 'Name a port at both ends to carry a value, or at neither to order the nodes.',
    })
    return
  }
  if (from.port === null || to.port === null) return
  if (from.port === ERROR_PORT) {
    report('unknown-port', `${printEdgeEnd(from)} → ${printEdgeEnd(to)}: this version cannot pass a failure on.`, {
      ...place,
      node: to.node,
      port: to.port,
      hint: 'Remove the wire.',
    })
  }
  unknownPort(from, from.port, 'output', ports.get(from.node)?.outputs, ports.get(from.node)?.known, edge, report)
  unknownPort(to, to.port, 'input', ports.get(to.node)?.inputs, ports.get(to.node)?.known, edge, report)
}

function unknownPort(
  end: EdgeEnd,
  port: string,
  side: 'input' | 'output',
  present: readonly { readonly name: string; readonly hidden?: boolean }[] | undefined,
  known: boolean | undefined,
  edge: FlowEdge,
  report: Report,
): void {
  if (!known || !present || present.some((candidate) => candidate.name === port)) return
  const names = present.filter((candidate) => candidate.hidden !== true).map((candidate) => candidate.name)
  report('unknown-port', `${end.node} has no ${side} ${printEdgeEnd(end)}.`, {
    edge,
    node: end.node,
    port,
    hint: hintFor(port, names).hint ?? `Its ${side}s: ${listed(names)}. Connect another one, or remove the wire.`,
  })
}
