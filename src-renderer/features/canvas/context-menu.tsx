/* oxlint-disable react/no-array-index-key -- the parts of a text or menu have no identity but their place */
/** The menu of a node, a wire or the empty canvas: commands that exist elsewhere too. */
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { findCommand, runCommand, type Command } from '../../app/commands.ts'
import { chordLabel } from '../../app/keymap.ts'
import { useCanvas } from './canvas-context.ts'
import type { MenuRequest } from './canvas-state.ts'

const onNode = [
  'run.toHere',
  'run.only',
  '',
  'canvas.openCode',
  'canvas.editInputs',
  'canvas.rename',
  'canvas.connect',
  '',
  'canvas.duplicate',
  'canvas.copy',
  'canvas.toggleDisabled',
  'canvas.delete',
]
const onWire = ['canvas.delete']
const onNothing = ['canvas.add', 'canvas.pasteCode', '', 'canvas.selectAll', 'canvas.fit', 'canvas.tidy']

/** Where the menu's place says what is meant. */
const short: Readonly<Record<string, string>> = {
  'canvas.openCode': 'Open the code',
  'canvas.editInputs': 'Fill in the inputs',
  'canvas.rename': 'Rename',
  'canvas.connect': 'Connect from here',
  'canvas.duplicate': 'Duplicate',
  'canvas.copy': 'Copy',
  'canvas.toggleDisabled': 'Disable or enable',
  'canvas.delete': 'Delete',
  'canvas.tidy': 'Tidy',
}

export function ContextMenu({ request }: { readonly request: MenuRequest }): ReactNode {
  const { controller } = useCanvas()
  const root = useRef<HTMLDivElement>(null)
  const { on } = request
  const ids = on === null ? onNothing : 'node' in on ? onNode : onWire
  const items = ids.flatMap((id): (Command | null)[] => (id === '' ? [null] : [findCommand(id) ?? []].flat()))
  const close = (): void => {
    controller.state.setState({ menu: null })
    controller.focusElement()
  }
  useEffect(() => {
    root.current?.querySelector<HTMLElement>('[role=menuitem]:not(:disabled)')?.focus()
  }, [])
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation()
    const entries = [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not(:disabled)') ?? [])]
    const at = entries.findIndex((entry) => entry === document.activeElement)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) entries[(at + step + entries.length) % entries.length]?.focus()
    else if (event.key === 'Home') entries[0]?.focus()
    else if (event.key === 'End') entries.at(-1)?.focus()
    else if (event.key === 'Escape' || event.key === 'Tab') close()
    else return
    event.preventDefault()
  }
  const width = 220
  const height = items.length * 26 + 10
  return (
    <div
      ref={root}
      className="menu"
      role="menu"
      aria-label={on === null ? 'Canvas' : 'node' in on ? 'Node' : 'Wire'}
      data-overlay=""
      style={{
        width,
        left: Math.max(4, Math.min(request.screen.x, controller.size.width - width - 4)),
        top: Math.max(4, Math.min(request.screen.y, controller.size.height - height - 4)),
      }}
      onKeyDown={onKeyDown}
      onBlur={(event) =>
        event.currentTarget.contains(event.relatedTarget) ? undefined : controller.state.setState({ menu: null })
      }
    >
      {items.map((command, index) =>
        command === null ? (
          <hr key={index} />
        ) : (
          <button
            key={command.id}
            type="button"
            role="menuitem"
            disabled={command.when?.() === false}
            onClick={() => {
              controller.state.setState({ menu: null })
              controller.focusElement()
              runCommand(command.id)
            }}
          >
            {short[command.id] ?? command.title}
            {command.keys?.[0] === undefined ? null : <kbd>{chordLabel(command.keys[0])}</kbd>}
          </button>
        ),
      )}
    </div>
  )
}
