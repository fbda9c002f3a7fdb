/** The line over a value: which port, what it is. The ports to choose from stand in it too, so that values get the height. */
import { createContext, useContext, type ReactNode } from 'react'

/** What begins the line: the choice of port of a node that has several. */
export const CaptionStart = createContext<ReactNode>(null)

export function Caption({ children }: { readonly children: ReactNode }): ReactNode {
  const start = useContext(CaptionStart)
  return (
    <div className="result-caption">
      {start}
      {children}
    </div>
  )
}
