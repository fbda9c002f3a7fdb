/**
 * Writes flow and layout files: one line per node and per edge, so that git merges them line by line.
 * Nodes sorted by id, keys in schema order, unknown keys after them; edges sorted by target node, then
 * port, order edges first. Edges into one port keep their order: it is the order of the values.
 */
import type {
  FlowDocument,
  FlowEdge,
  FlowNode,
  JsonText,
  LayoutDocument,
  NodeLayout,
  NodeSettings,
} from './document.ts'
import { printEdgeEnd } from './edge-end.ts'

type Extra = Record<string, JsonText> | undefined
/** A field's key and its JSON text; undefined where the field is absent. */
type Field = readonly [key: string, text: string | undefined]

const quoted = (value: string | number | boolean | undefined): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value)

/** `extra` may hold a known field whose value could not be read; it then stands in that field's place. */
function fieldsOf(known: readonly Field[], extra: Extra): [string, string][] {
  const kept = extra ?? {}
  const fields = known.flatMap(([key, text]): [string, string][] =>
    text === undefined || Object.hasOwn(kept, key) ? [] : [[key, text]],
  )
  return [...fields, ...Object.entries(kept)]
}

function objectText(fields: readonly (readonly [string, string])[]): string {
  if (fields.length === 0) return '{}'
  return `{ ${fields.map(([key, text]) => `${JSON.stringify(key)}: ${text}`).join(', ')} }`
}

const listText = (items: readonly string[] | undefined): string | undefined =>
  items === undefined ? undefined : `[${items.map((item) => JSON.stringify(item)).join(', ')}]`

function settingsText(settings: NodeSettings | undefined): string | undefined {
  if (settings === undefined) return undefined
  const known: Field[] = [
    ['timeoutS', quoted(settings.timeoutS)],
    ['retries', quoted(settings.retries)],
    ['isolation', quoted(settings.isolation)],
    ['cache', quoted(settings.cache)],
    ['disabled', quoted(settings.disabled)],
    ['pinned', listText(settings.pinned)],
    ['slots', quoted(settings.slots)],
  ]
  return objectText(fieldsOf(known, settings.extra))
}

function nodeText(node: FlowNode): string {
  const known: Field[] = [
    ['kind', quoted(node.kind)],
    ['file', quoted(node.file)],
    ['entry', quoted(node.entry)],
    ['target', quoted(node.target)],
    ['title', quoted(node.title)],
    ['value', node.value],
    ['text', quoted(node.text)],
    ['inputs', node.inputs === undefined ? undefined : objectText(Object.entries(node.inputs))],
    ['collect', listText(node.collect)],
    ['outputs', listText(node.outputs)],
    ['outputsElse', quoted(node.outputsElse)],
    ['settings', settingsText(node.settings)],
  ]
  return objectText(fieldsOf(known, node.extra))
}

function edgeText(edge: FlowEdge): string {
  const known: Field[] = [
    ['from', quoted(printEdgeEnd(edge.from))],
    ['to', quoted(printEdgeEnd(edge.to))],
  ]
  return objectText(fieldsOf(known, edge.extra))
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** By target node, then port, order edges first. Stable, so edges into one port keep their order. */
export function compareEdges(a: FlowEdge, b: FlowEdge): number {
  const byNode = compareText(a.to.node, b.to.node)
  if (byNode !== 0) return byNode
  if (a.to.port === null || b.to.port === null) return Number(a.to.port !== null) - Number(b.to.port !== null)
  return compareText(a.to.port, b.to.port)
}

const block = (open: string, lines: readonly string[], close: string): string =>
  lines.length === 0 ? open + close : `${open}\n${lines.map((line) => `    ${line}`).join(',\n')}\n  ${close}`

const file = (fields: readonly (readonly [string, string])[]): string =>
  `{\n${fields.map(([key, text]) => `  ${JSON.stringify(key)}: ${text}`).join(',\n')}\n}\n`

const sortedLines = <T>(record: Record<string, T>, text: (value: T) => string): string[] =>
  Object.entries(record)
    .sort(([a], [b]) => compareText(a, b))
    .map(([id, value]) => `${JSON.stringify(id)}: ${text(value)}`)

/** The text of `flows/NAME.json`. Constants are embedded as they stand. */
export function printFlow(document: FlowDocument): string {
  const edges = [...document.edges].sort(compareEdges).map(edgeText)
  return file([
    ['format', JSON.stringify(document.format)],
    ['nodes', block('{', sortedLines(document.nodes, nodeText), '}')],
    ['edges', block('[', edges, ']')],
    ...Object.entries(document.extra ?? {}),
  ])
}

function layoutText(layout: NodeLayout): string {
  const known: Field[] = [
    ['x', quoted(layout.x)],
    ['y', quoted(layout.y)],
    ['width', quoted(layout.width)],
    ['height', quoted(layout.height)],
    ['color', quoted(layout.color)],
  ]
  return objectText(fieldsOf(known, layout.extra))
}

/** The text of `flows/NAME.layout.json`. */
export function printLayout(layout: LayoutDocument): string {
  return file([
    ['format', JSON.stringify(layout.format)],
    ['nodes', block('{', sortedLines(layout.nodes, layoutText), '}')],
    ...Object.entries(layout.extra ?? {}),
  ])
}
