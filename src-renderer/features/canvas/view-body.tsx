/** What a view node shows of the value that reached it. */
import type { ReactNode } from 'react'
import type { NodeRunState } from '../document/index.ts'

export function ViewBody({ run, height }: { readonly run: NodeRunState | null; readonly height: number }): ReactNode {
  const preview = run?.result?.outputs['result']
  return (
    <pre className={`view-body${preview ? '' : ' view-body-empty'}`} style={{ height }}>
      {preview ? preview.text : 'Run the flow to see the value here.'}
    </pre>
  )
}
