/** The frame before anything is known: the same picture that the page's file paints before its script. */
import type { ReactNode } from 'react'

export function Starting({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="app-skeleton" role="status" aria-label="Nodeloom is starting">
      <div className="app-skeleton-title">Nodeloom</div>
      <div className="app-skeleton-activity" />
      <div className="app-skeleton-side" />
      <div className="app-skeleton-canvas">{text}</div>
      <div className="app-skeleton-status" />
    </div>
  )
}
