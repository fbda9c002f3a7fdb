/** Nodes as text: what copy puts on the clipboard and paste reads, also between projects. */
import { z } from 'zod'
import type { NodeId } from '../ids.ts'
import { LAYOUT_FORMAT, type FlowDocument, type FlowEdge, type FlowNode, type LayoutDocument } from './document.ts'
import { type EditRefusal, type FlowState, refuseEdit } from './edit.ts'
import { own } from './own.ts'
import { parseFlow } from './parse-flow.ts'
import { parseLayout } from './parse-layout.ts'
import { printFlow, printLayout } from './print-flow.ts'
import { leavesProject } from './problems.ts'
import { isNodeId, moduleFileFrom, nodeIdFrom } from './python-names.ts'

const MARKER = 'nodeloom-nodes'

const zClipboardText = z.object({
  type: z.literal(MARKER),
  flow: z.string(),
  layout: z.string(),
  files: z.record(z.string(), z.string()),
})

export interface Clipboard {
  readonly document: FlowDocument
  readonly layout: LayoutDocument
  /** Texts of the nodes' files by project path, where they were known. */
  readonly files: Readonly<Record<string, string>>
}

/** The nodes, the edges between them, their places and the texts of their files, as one text. */
export function copyNodes(
  document: FlowDocument,
  layout: LayoutDocument,
  ids: Iterable<string>,
  fileTexts: Readonly<Record<string, string>>,
): string {
  const wanted = new Set(ids)
  const pick = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([id]) => wanted.has(id)))
  const nodes = pick<FlowNode>(document.nodes)
  const used = new Set(Object.values(nodes).map((node) => node.file))
  const content: z.infer<typeof zClipboardText> = {
    type: MARKER,
    flow: printFlow({
      format: document.format,
      nodes,
      edges: document.edges.filter((edge) => wanted.has(edge.from.node) && wanted.has(edge.to.node)),
    }),
    layout: printLayout({ format: LAYOUT_FORMAT, nodes: pick(layout.nodes) }),
    files: Object.fromEntries(Object.entries(fileTexts).filter(([path]) => used.has(path))),
  }
  return JSON.stringify(content)
}

/** What `copyNodes` wrote, or null for any other text. */
export function parseClipboard(text: string): Clipboard | null {
  // Cheap enough to ask of whatever lies on the clipboard.
  if (!text.includes(MARKER)) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const parsed = zClipboardText.safeParse(value)
  if (!parsed.success) return null
  const flow = parseFlow(parsed.data.flow, 'clipboard')
  const layout = parseLayout(parsed.data.layout, 'clipboard')
  if (flow.document === null || flow.newer || layout.document === null) return null
  return { document: flow.document, layout: layout.document, files: parsed.data.files }
}

export interface PasteOptions {
  /** Where the top left corner of what is pasted comes to stand, in canvas pixels. */
  readonly at: { readonly x: number; readonly y: number }
  /** Files the project has, by path. */
  readonly takenFiles: ReadonlySet<string>
  /** `copy`: each file becomes a new one. `share`: nodes stay on their file where the project has it. */
  readonly files: 'copy' | 'share'
}

export type PasteResult =
  | ({
      readonly ok: true
      /** Ids of the new nodes. */
      readonly ids: NodeId[]
      /** Files to be written before the flow is saved. */
      readonly newFiles: { readonly path: string; readonly text: string }[]
    } & FlowState)
  | EditRefusal

/** Adds the clipboard's nodes under fresh ids, with the edges between them. */
export function pasteNodes(state: FlowState, clipboard: Clipboard, options: PasteOptions): PasteResult {
  const pasted = Object.entries<FlowNode>(clipboard.document.nodes)
  if (pasted.length === 0) return refuseEdit('There are no nodes to paste.')
  for (const [id, node] of pasted) {
    if (node.file !== undefined && leavesProject(node.file))
      return refuseEdit(`The file of ${id} is outside the project.`)
  }
  const files = freshFiles(pasted, clipboard.files, options)

  const { document, layout } = state
  const taken = new Set(Object.keys(document.nodes))
  const fresh = new Map<string, NodeId>()
  for (const [id] of pasted) {
    const next = isNodeId(id) && !taken.has(id) ? id : nodeIdFrom(id.replace(/_\d+$/, ''), taken)
    taken.add(next)
    fresh.set(id, next)
  }

  const places = pasted.map(([id]) => own(clipboard.layout.nodes, id) ?? { x: 0, y: 0 })
  const left = Math.min(...places.map((place) => place.x))
  const top = Math.min(...places.map((place) => place.y))
  const nodes: Record<string, FlowNode> = { ...document.nodes }
  const positions = { ...layout.nodes }
  pasted.forEach(([id, node], index) => {
    const next = fresh.get(id) ?? id
    const file = node.file === undefined ? undefined : (files.paths.get(node.file) ?? node.file)
    nodes[next] = file === undefined ? node : { ...node, file }
    const place = places[index] ?? { x: left, y: top }
    positions[next] = { ...place, x: place.x - left + options.at.x, y: place.y - top + options.at.y }
  })
  const edges = clipboard.document.edges.flatMap((edge): FlowEdge[] => {
    const from = fresh.get(edge.from.node)
    const to = fresh.get(edge.to.node)
    if (from === undefined || to === undefined) return []
    return [{ ...edge, from: { ...edge.from, node: from }, to: { ...edge.to, node: to } }]
  })
  return {
    ok: true,
    document: { ...document, nodes, edges: [...document.edges, ...edges] },
    layout: { ...layout, nodes: positions },
    ids: [...fresh.values()],
    newFiles: files.newFiles,
  }
}

/** A clipboard comes from anywhere: it may name new Python modules, and no other file (`.git/…`, `pyproject.toml`). */
const plainModulePath = /^(?:[A-Za-z0-9_]+\/)*[A-Za-z0-9_]+\.py$/

/** New paths for the files that must be made; nodes that share a file go on sharing it. */
function freshFiles(
  pasted: readonly (readonly [string, FlowNode])[],
  texts: Readonly<Record<string, string>>,
  options: PasteOptions,
): { paths: Map<string, string>; newFiles: { path: string; text: string }[] } {
  const paths = new Map<string, string>()
  const newFiles: { path: string; text: string }[] = []
  const taken = new Set(options.takenFiles)
  for (const [, { file }] of pasted) {
    if (file === undefined || paths.has(file)) continue
    const text = own(texts, file)
    if (text === undefined || (options.files === 'share' && taken.has(file))) continue
    const stem = file.slice(file.lastIndexOf('/') + 1).replace(/\.py$/, '')
    const keepPath = plainModulePath.test(file) && !taken.has(file)
    const path = keepPath ? file : moduleFileFrom(stem.replace(/_\d+$/, ''), taken)
    taken.add(path)
    paths.set(file, path)
    newFiles.push({ path, text })
  }
  return { paths, newFiles }
}
