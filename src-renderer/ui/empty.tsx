/** What an empty panel shows: one sentence and, where there is one, the next step. */
import type { ReactNode } from 'react'
import './empty.css'

export function Empty({ children, action }: { readonly children: ReactNode; readonly action?: ReactNode }): ReactNode {
  return (
    <div className="ui-empty">
      <p>{children}</p>
      {action}
    </div>
  )
}
