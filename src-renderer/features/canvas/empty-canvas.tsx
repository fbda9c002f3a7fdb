/** What stands in the middle of a canvas without nodes, and of one whose file cannot be read. */
import type { ReactNode } from 'react'
import { ClipboardPaste, FileWarning, LayoutTemplate, Plus } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import type { FlowDamage } from '../document/index.ts'
import { pasteFromClipboard } from './canvas-actions.ts'
import { useCanvas, useFlowState } from './canvas-context.ts'

export function EmptyCanvas(): ReactNode {
  const { controller, hooks } = useCanvas()
  const readOnly = useFlowState((state) => state.readOnly)
  if (readOnly !== null) {
    return (
      <div className="canvas-middle">
        <p>This flow has no nodes yet, and it is read-only: {readOnly}</p>
      </div>
    )
  }
  const add = (): void => {
    const box = controller.element?.getBoundingClientRect()
    const { width, height } = controller.size
    controller.openQuickAdd({ x: (box?.left ?? 0) + width / 2 - 140, y: (box?.top ?? 0) + height / 2 - 60 })
  }
  return (
    <div className="canvas-middle">
      <p>Double-click to add a node, or drop a file</p>
      <div className="canvas-middle-buttons" data-overlay="">
        <Button look="main" icon={<Plus aria-hidden />} onClick={add}>
          New node
        </Button>
        {hooks.showExamples ? (
          <Button icon={<LayoutTemplate aria-hidden />} onClick={hooks.showExamples}>
            From example
          </Button>
        ) : null}
        <Button icon={<ClipboardPaste aria-hidden />} onClick={() => void pasteFromClipboard(controller)}>
          Paste code
        </Button>
      </div>
    </div>
  )
}

export function DamagedFlow({ damaged }: { readonly damaged: FlowDamage }): ReactNode {
  const { controller } = useCanvas()
  const { session } = controller
  const first = damaged.problems[0]
  return (
    <div className="canvas-middle canvas-damaged" role="alert">
      <FileWarning aria-hidden />
      <p>
        {damaged.kind === 'missing' ? `${damaged.path} is not there.` : `${damaged.path} cannot be read.`}
        {first ? ` ${first.line === null ? '' : `Line ${first.line}: `}${first.message}` : ''}
      </p>
      <p className="canvas-hint">
        {damaged.kind === 'missing'
          ? 'Restore its last good copy, or begin with an empty flow.'
          : 'The file is not changed. Mend it in an editor, or restore its last good copy; what is there now is kept as a backup.'}
      </p>
      <div className="canvas-middle-buttons" data-overlay="">
        <Button look="main" onClick={() => void session.repair('lastGood')}>
          Restore the last good copy
        </Button>
        {damaged.kind === 'missing' ? (
          <Button onClick={() => void session.repair('empty')}>Begin with an empty flow</Button>
        ) : null}
      </div>
    </div>
  )
}
