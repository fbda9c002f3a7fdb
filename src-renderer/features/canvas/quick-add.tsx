/** Adds a node where the pointer is: a kind, a file of the project, or a new code node by its title. */
import { useCallback, type ReactNode } from 'react'
import { FileCode, Plus } from 'lucide-react'
import type { NodeId } from '../../../src-shared/ids.ts'
import { drawWire, type FlowSession } from '../document/index.ts'
import { useCanvas, useFlowState } from './canvas-context.ts'
import type { CanvasController } from './canvas-controller.ts'
import type { QuickAddRequest } from './canvas-state.ts'
import { addFromSource, nodeFiles, nodeKinds, type NodeSource } from './node-kinds.ts'
import { KindIcon } from './node-icon.tsx'
import { matches, Picker, PICKER_SIZE, type PickerItem } from './picker.tsx'

/** Keeps a popup inside the canvas. */
export const popupAt = (
  controller: CanvasController,
  screen: { x: number; y: number },
): { left: number; top: number } => ({
  left: Math.max(8, Math.min(screen.x, controller.size.width - PICKER_SIZE.width - 8)),
  top: Math.max(8, Math.min(screen.y, controller.size.height - PICKER_SIZE.height - 8)),
})

const sourceOf = (id: string, query: string): NodeSource => {
  const [kind, rest] = [id.slice(0, id.indexOf(':')), id.slice(id.indexOf(':') + 1)]
  if (kind === 'new') return { kind: 'code', title: query }
  if (kind === 'file') return { kind: 'file', file: rest }
  const known = nodeKinds.find((one) => one.kind === rest)
  return known ? { kind: known.kind } : { kind: 'code' }
}

/** The wire that the popup was opened with is drawn to the new node's first port. */
function join(session: FlowSession, from: NonNullable<QuickAddRequest['from']>, id: NodeId): void {
  const ports = session.portsOf(id)
  if (from.side === 'input') {
    const output = ports?.outputs[0]
    if (output) drawWire(session, { node: id, port: output.name }, from.end)
    return
  }
  const input = ports?.inputs[0]
  if (input) drawWire(session, from.end, { node: id, port: input.name })
}

export function QuickAdd({ request }: { readonly request: QuickAddRequest }): ReactNode {
  const { controller } = useCanvas()
  const { session } = controller
  const files = useFlowState((state) => state.files)
  const itemsFor = useCallback(
    (query: string): PickerItem[] => {
      const trimmed = query.trim()
      const kinds = nodeKinds.filter((kind) => matches(`${kind.title} ${kind.hint}`, query))
      const found = nodeFiles(files).filter((file) => matches(file, query))
      const fresh: PickerItem[] =
        trimmed === '' ? [] : [{ id: 'new:', title: `New code node “${trimmed}”`, icon: <Plus aria-hidden /> }]
      const known: PickerItem[] = [
        ...kinds.map(({ kind, title, hint }) => ({ id: `kind:${kind}`, title, hint, icon: <KindIcon kind={kind} /> })),
        ...found.map((file) => ({
          id: `file:${file}`,
          title: file.replace(/^nodes\//, ''),
          hint: 'file of the project',
          icon: <FileCode aria-hidden />,
        })),
      ]
      const exact = kinds.some(({ title }) => title.toLowerCase().startsWith(trimmed.toLowerCase()))
      return trimmed !== '' && exact ? [...known, ...fresh] : [...fresh, ...known]
    },
    [files],
  )
  const close = (): void => {
    controller.state.setState({ quickAdd: null })
    controller.focusElement()
  }
  return (
    <Picker
      label="Add a node"
      placeholder="Kind, file, or the title of a new node"
      itemsFor={itemsFor}
      {...popupAt(controller, request.screen)}
      onClose={close}
      onPick={(item, query) => {
        const id = addFromSource(session, sourceOf(item, query), request.at)
        if (id !== null && request.from) joinLater(session, request.from, id)
        close()
      }}
    />
  )
}

/** The ports of a new code node are known when its file was read; the wire waits for that, and only then. */
function joinLater(session: FlowSession, from: NonNullable<QuickAddRequest['from']>, id: NodeId): void {
  if (session.portsOf(id)?.known) {
    join(session, from, id)
    return
  }
  const stop = session.store.subscribe(() => {
    const ports = session.portsOf(id)
    if (ports?.known === false) return
    stop()
    if (ports) join(session, from, id)
  })
}
