/** Whichever popup of the canvas is open. */
import type { ReactNode } from 'react'
import { useCanvasState } from './canvas-context.ts'
import { ConnectPicker } from './connect-picker.tsx'
import { ContextMenu } from './context-menu.tsx'
import { QuickAdd } from './quick-add.tsx'

export function CanvasPopups(): ReactNode {
  const quickAdd = useCanvasState((state) => state.quickAdd)
  const menu = useCanvasState((state) => state.menu)
  const step = useCanvasState((state) => state.connectStep)
  if (quickAdd) return <QuickAdd request={quickAdd} />
  if (menu) return <ContextMenu key={`${menu.screen.x} ${menu.screen.y}`} request={menu} />
  return step ? <ConnectPicker step={step} /> : null
}
