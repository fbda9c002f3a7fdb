/** Connecting without a pointer: choose an output of the node, then the input it feeds. */
import { useCallback, type ReactNode } from 'react'
import { CornerDownRight } from 'lucide-react'
import type { EdgeEnd, FlowNode } from '../../../src-shared/flow/document.ts'
import { parseEdgeEnd, printEdgeEnd } from '../../../src-shared/flow/edge-end.ts'
import { shortType } from '../../../src-shared/flow/type-label.ts'
import { drawWire, mayConnect, nodeOf, titleOf } from '../document/index.ts'
import { useCanvas } from './canvas-context.ts'
import type { ConnectStep } from './canvas-state.ts'
import { KindIcon } from './node-icon.tsx'
import { matches, Picker, type PickerItem } from './picker.tsx'
import { popupAt } from './quick-add.tsx'

const MOST = 200

export function ConnectPicker({ step }: { readonly step: ConnectStep }): ReactNode {
  const { controller } = useCanvas()
  const { session, state } = controller
  const node = step.step === 'output' ? step.node : step.from.node
  const rect = controller.model.rect(node)
  const place = popupAt(
    controller,
    controller.toScreen(rect ? { x: rect.x + rect.width + 12, y: rect.y } : controller.middle),
  )
  const title = titleOf(node, nodeOf(session.state.document, node))
  const close = (): void => {
    state.setState({ connectStep: null })
    controller.focusElement()
  }

  const outputs = useCallback(
    (query: string): PickerItem[] => [
      ...(session.portsOf(node)?.outputs ?? [])
        .filter((port) => !port.hidden && matches(port.name, query))
        .map((port) => ({
          id: `port:${port.name}`,
          title: port.name,
          hint: shortType(port.type),
        })),
      ...(matches('order only', query)
        ? [
            {
              id: 'order:',
              title: 'Order only',
              hint: 'the other node runs after this one',
              icon: <CornerDownRight aria-hidden />,
            },
          ]
        : []),
    ],
    [session, node],
  )
  const from: EdgeEnd | null = step.step === 'target' ? step.from : null
  const targets = useCallback(
    (query: string): PickerItem[] => {
      if (!from) return []
      const items: PickerItem[] = []
      for (const [id, target] of Object.entries<FlowNode>(session.state.document.nodes)) {
        if (id === from.node || target.kind === 'note') continue
        const name = titleOf(id, target)
        const ends: EdgeEnd[] =
          from.port === null
            ? [{ node: id, port: null }]
            : (session.portsOf(id)?.inputs ?? []).map((port) => ({ node: id, port: port.name }))
        for (const end of ends) {
          const label = end.port === null ? name : `${name} · ${end.port}`
          if (!matches(`${label} ${id}`, query) || items.length >= MOST) continue
          const check = mayConnect(session, from, end)
          const input = session.portsOf(id)?.inputs.find((port) => port.name === end.port)
          const replaces =
            check.ok && check.replaces
              ? `in place of ${printEdgeEnd(check.replaces.from)}`
              : shortType(input?.type ?? null)
          items.push({
            id: printEdgeEnd(end),
            title: label,
            hint: replaces,
            barred: check.ok ? null : check.reason,
            icon: <KindIcon kind={target.kind} />,
          })
        }
      }
      // What can be taken comes first.
      return [...items.filter((item) => !item.barred), ...items.filter((item) => item.barred)]
    },
    [session, from],
  )

  if (step.step === 'output') {
    return (
      <Picker
        key="output"
        label={`Connect from ${title}: choose an output`}
        placeholder="Output"
        itemsFor={outputs}
        {...place}
        onClose={close}
        onPick={(id) =>
          state.setState({
            connectStep: { step: 'target', from: { node, port: id === 'order:' ? null : id.slice('port:'.length) } },
          })
        }
      />
    )
  }
  return (
    <Picker
      key="target"
      label={`Connect ${printEdgeEnd(step.from)}: choose where it goes`}
      placeholder="Node or input"
      itemsFor={targets}
      {...place}
      onClose={close}
      onPick={(id) => {
        drawWire(session, step.from, parseEdgeEnd(id))
        close()
      }}
    />
  )
}
