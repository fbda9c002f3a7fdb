/** The code beside the canvas, with a line that says which node it is. */
import { useEffect, useState, type ReactNode } from 'react'
import type { RunSnapshot } from '../../src-shared/contract/run.ts'
import { useCurrentFlow } from '../features/document/index.ts'
import { EditorArea, useEditor } from '../features/editor/index.ts'
import { useRun } from '../features/run/index.ts'
import { lensText } from './lens.ts'
import { useSelectedNode } from './selected-node.ts'

const AGE_STEP_MS = 20_000

export function CodeArea(): ReactNode {
  return (
    <div className="code-area">
      <EditorArea lens={useLens()} />
    </div>
  )
}

function useLens(): string | null {
  const document = useCurrentFlow((state) => state.document, null)
  const flow = useCurrentFlow((state) => state.flow, '')
  const run = useRun((state) => state.run)
  const file = useEditor((state) => state.active)
  const { id } = useSelectedNode()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), AGE_STEP_MS)
    return () => clearInterval(timer)
  }, [])
  if (document === null || file === null) return null
  return lensText(document, run?.flow === flow ? run : null, file, id, Math.max(now, lastChange(run)))
}

/** Unix milliseconds of the newest end in a run: never later than what is shown as now. */
const lastChange = (run: RunSnapshot | null): number =>
  run === null
    ? 0
    : run.startedAt + Object.values(run.nodes).reduce((latest, node) => Math.max(latest, node.finishedAtMs ?? 0), 0)
