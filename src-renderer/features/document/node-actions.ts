/** What people do to nodes: new ones, deleting, copies. Each is one undo element, files included. */
import type { FlowNode, NodeLayout } from '../../../src-shared/flow/document.ts'
import { zJsonText } from '../../../src-shared/flow/document.ts'
import { copyNodes, parseClipboard, pasteNodes, type Clipboard } from '../../../src-shared/flow/clipboard.ts'
import { addNode, moveNodes, removeNodes, renameNode, setNodeField } from '../../../src-shared/flow/edit.ts'
import { own } from '../../../src-shared/flow/own.ts'
import { moduleFileFrom, nodeIdFrom } from '../../../src-shared/flow/python-names.ts'
import type { NodeId, ProjectPath } from '../../../src-shared/ids.ts'
import { zProjectPath } from '../../../src-shared/ids.ts'
import { codeTemplate } from './code-template.ts'
import { filesToDelete } from './file-use.ts'
import { asWireError } from '../../lib/wire-error.ts'
import type { FlowSession } from './flow-session.ts'
import type { FileChange } from './history.ts'
import { nodeOf } from './ports-cache.ts'

export interface Spot {
  readonly x: number
  readonly y: number
}

const MOST_OF_NOTE = 40

/** The title people see: the node's own, else a note's first line, else the id. */
export function titleOf(id: string, node: FlowNode | undefined): string {
  if (node?.title !== undefined) return node.title
  const line = node?.kind === 'note' ? /^[#\s]*(\S.*)$/m.exec(node.text ?? '')?.[1] : undefined
  return line === undefined ? id : line.length > MOST_OF_NOTE ? `${line.slice(0, MOST_OF_NOTE)}…` : line
}

const takenIds = (session: FlowSession): Set<string> => new Set(Object.keys(session.state.document.nodes))

/** A title that no node has yet: `Value`, `Value 2` … */
function freeTitle(session: FlowSession, wanted: string): string {
  const taken = new Set(Object.entries<FlowNode>(session.state.document.nodes).map(([id, node]) => titleOf(id, node)))
  for (let number = 1; ; number++) {
    const title = number === 1 ? wanted : `${wanted} ${number}`
    if (!taken.has(title)) return title
  }
}

function add(
  session: FlowSession,
  title: string,
  node: FlowNode,
  at: Spot,
  files: readonly FileChange[] = [],
): NodeId | null {
  const id = nodeIdFrom(title, takenIds(session))
  const made = addNode(session.state, id, node, place(at))
  if (!made.ok) {
    session.say(made.reason, 'error')
    return null
  }
  const done = session.edit(`Add ${title}`, () => ({ ...made, selection: new Set([id]), focus: id, files }))
  if (!done) return null
  session.say(`Added ${title}.`)
  return id
}

const place = ({ x, y }: Spot): NodeLayout => ({ x: Math.round(x), y: Math.round(y) })

/** A code node with a new file of its own. Answers its id and file, null when nothing may be added. */
export function addCodeNode(
  session: FlowSession,
  at: Spot,
  options: { readonly title?: string; readonly text?: string; readonly entry?: string } = {},
): { readonly id: NodeId; readonly file: ProjectPath } | null {
  const title = options.title?.trim() || freeTitle(session, 'New node')
  const file = moduleFileFrom(title, session.state.files)
  const node: FlowNode = { kind: 'code', file, ...(options.entry === undefined ? {} : { entry: options.entry }), title }
  const id = add(session, title, node, at, [{ path: file, before: null, after: options.text ?? codeTemplate(title) }])
  return id === null ? null : { id, file }
}

/** A node on a Python file that the project has. */
export function addNodeOnFile(session: FlowSession, at: Spot, file: string): NodeId | null {
  const stem = file.slice(file.lastIndexOf('/') + 1).replace(/\.py$/, '')
  const words = stem.replaceAll('_', ' ').trim()
  const title = freeTitle(session, words === '' ? stem : words.charAt(0).toUpperCase() + words.slice(1))
  return add(session, title, { kind: 'code', file, title }, at)
}

export const addValueNode = (session: FlowSession, at: Spot, json = '0', title = 'Value'): NodeId | null => {
  const named = freeTitle(session, title)
  return add(session, named, { kind: 'value', title: named, value: zJsonText.parse(json) }, at)
}

export const addViewNode = (session: FlowSession, at: Spot): NodeId | null => {
  const title = freeTitle(session, 'View')
  return add(session, title, { kind: 'view', title }, at)
}

export const addNoteNode = (session: FlowSession, at: Spot, text = ''): NodeId | null =>
  add(session, freeTitle(session, 'Note'), { kind: 'note', text }, at)

const counted = (ids: readonly string[], session: FlowSession): string => {
  const [only] = ids
  return ids.length === 1 && only !== undefined
    ? titleOf(only, nodeOf(session.state.document, only))
    : `${ids.length} nodes`
}

/** Deletes nodes, and the files that nothing else uses. */
export async function deleteNodes(session: FlowSession, wanted: Iterable<string>): Promise<boolean> {
  const ids = [...wanted].filter((id) => nodeOf(session.state.document, id))
  if (ids.length === 0) return false
  const label = `Delete ${counted(ids, session)}`
  try {
    const files = await filesToDelete(session, ids)
    const removed = removeNodes(session.state, ids)
    if (!removed.ok || !session.edit(label, () => ({ ...removed, selection: new Set(), files }))) return false
    session.say(
      files.length === 0 ? `${label}: done.` : `${label}: done, with ${files.map((file) => file.path).join(', ')}.`,
    )
    return true
  } catch (thrown) {
    const error = asWireError(thrown)
    session.say(error.message, 'error', error.hint)
    return false
  }
}

/** The nodes as text for the clipboard, with the texts of their files. */
export async function nodesAsText(session: FlowSession, ids: Iterable<string>): Promise<string> {
  const wanted = [...ids]
  const { document, layout } = session.state
  const texts: Record<string, string> = {}
  const paths = new Set(wanted.flatMap((id) => nodeOf(document, id)?.file ?? []))
  await Promise.all(
    [...paths].map(async (path) => {
      const parsed = zProjectPath.safeParse(path)
      const text = parsed.success ? await session.readFile(parsed.data) : null
      if (text !== null) texts[path] = text
    }),
  )
  return copyNodes(document, layout, wanted, texts)
}

function paste(session: FlowSession, clipboard: Clipboard, at: Spot, label: string): boolean {
  const pasted = pasteNodes(session.state, clipboard, { at: place(at), takenFiles: session.state.files, files: 'copy' })
  if (!pasted.ok) {
    session.say(pasted.reason, 'error')
    return false
  }
  const files = pasted.newFiles.map(({ path, text }): FileChange => ({
    path: zProjectPath.parse(path),
    before: null,
    after: text,
  }))
  const { document, layout, ids } = pasted
  const done = session.edit(label, () => ({ document, layout, selection: new Set(ids), focus: ids[0] ?? null, files }))
  if (done) session.say(`${label}: ${ids.length === 1 ? '1 node' : `${ids.length} nodes`}.`)
  return done
}

/** Adds what `nodesAsText` wrote; false for any other text. */
export function pasteText(session: FlowSession, text: string, at: Spot): boolean {
  const clipboard = parseClipboard(text)
  return clipboard !== null && paste(session, clipboard, at, 'Paste')
}

/** Copies nodes, each with a copy of its file, a little to the lower right. */
export async function duplicateNodes(session: FlowSession, ids: Iterable<string>): Promise<boolean> {
  const wanted = [...ids]
  const clipboard = parseClipboard(await nodesAsText(session, wanted))
  if (!clipboard) return false
  const places = wanted.flatMap((id) => own(session.state.layout.nodes, id) ?? [])
  const at = { x: Math.min(...places.map(({ x }) => x)) + 24, y: Math.min(...places.map(({ y }) => y)) + 24 }
  return paste(session, clipboard, at, `Duplicate ${counted(wanted, session)}`)
}

/** Moves nodes by as much; nudges of the same nodes that follow each other undo as one. */
export function moveBy(session: FlowSession, ids: Iterable<string>, dx: number, dy: number, group?: string): boolean {
  const wanted = [...ids]
  const places = Object.fromEntries(
    wanted.flatMap((id) => {
      const at = own(session.state.layout.nodes, id)
      return at ? [[id, place({ x: at.x + dx, y: at.y + dy })] as const] : []
    }),
  )
  return session.apply(
    `Move ${counted(wanted, session)}`,
    (state) => moveNodes(state, places),
    group === undefined ? {} : { group },
  )
}

/** An empty title gives the id back its place. */
export function renameTitle(session: FlowSession, id: string, title: string): boolean {
  const trimmed = title.trim()
  const node = nodeOf(session.state.document, id)
  if (!node || trimmed === titleOf(id, node)) return false
  return session.apply(`Rename to ${trimmed || id}`, (state) => setNodeField(state, id, 'title', trimmed || undefined))
}

/** Gives a node another id: its wires and its place go with it, and it stays selected. */
export function renameId(session: FlowSession, id: string, newId: string): boolean {
  if (id === newId) return false
  return session.apply(`Rename ${id} to ${newId}`, (state) => renameNode(state, id, newId), {
    selection: new Set([newId]),
    focus: newId,
  })
}

/** Turns nodes off, or on again when all of them are off. */
export function toggleDisabled(session: FlowSession, ids: Iterable<string>): boolean {
  const wanted = [...ids].filter((id) => nodeOf(session.state.document, id)?.kind !== 'note')
  const off = (id: string): boolean => nodeOf(session.state.document, id)?.settings?.disabled === true
  if (wanted.length === 0) return false
  const disabled = !wanted.every(off)
  return session.apply(`${disabled ? 'Disable' : 'Enable'} ${counted(wanted, session)}`, (state) => {
    let { document } = state
    for (const id of wanted) {
      const { disabled: _, ...rest } = nodeOf(document, id)?.settings ?? {}
      const settings = disabled ? { ...rest, disabled } : rest
      const value = Object.keys(settings).length === 0 ? undefined : settings
      const set = setNodeField({ document, layout: state.layout }, id, 'settings', value)
      if (!set.ok) return set
      document = set.document
    }
    return { ok: true, document, layout: state.layout }
  })
}
