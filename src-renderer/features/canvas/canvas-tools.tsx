/** The lower right corner: where one is in the flow, and the zoom. */
import { Maximize, Minus, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { runCommand } from '../../app/commands.ts'
import { useCanvasState, useFlowState } from './canvas-context.ts'
import { Minimap } from './minimap.tsx'

const tool = (id: string) => () => void runCommand(id)

export function CanvasTools(): ReactNode {
  const zoom = useCanvasState((state) => state.zoom)
  const count = useFlowState((state) => Object.keys(state.document.nodes).length)
  return (
    <div className="canvas-tools" data-overlay="">
      {count > 1 ? <Minimap /> : null}
      <div className="canvas-zoom" role="toolbar" aria-label="View">
        <button type="button" onClick={tool('canvas.fit')} title="Fit the flow in view (1)">
          <Maximize aria-hidden />
          Fit
        </button>
        <button type="button" onClick={tool('canvas.zoomOut')} aria-label="Zoom out" title="Zoom out (-)">
          <Minus aria-hidden />
        </button>
        <button
          type="button"
          className="canvas-percent"
          onClick={tool('canvas.zoomReset')}
          aria-label={`Zoom ${Math.round(zoom * 100)} %, set to 100 %`}
          title="Zoom to 100 % (0)"
        >
          {Math.round(zoom * 100)} %
        </button>
        <button type="button" onClick={tool('canvas.zoomIn')} aria-label="Zoom in" title="Zoom in (+)">
          <Plus aria-hidden />
        </button>
        <button type="button" onClick={tool('canvas.tidy')} title="Place the nodes in columns">
          Tidy
        </button>
      </div>
    </div>
  )
}
