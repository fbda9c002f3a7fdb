/* oxlint-disable react/no-array-index-key -- the parts of a text or menu have no identity but their place */
/** The flow changed on disk while it was changed here: both texts, and the choice between them. */
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useCurrentFlow, useFlowSession } from './current-flow.ts'
import './conflict-dialog.css'

export function ConflictDialog(): ReactNode {
  const session = useFlowSession()
  const conflict = useCurrentFlow((state) => state.conflict, null)
  if (!session || !conflict) return null
  const resolve = (keep: 'mine' | 'theirs') => () => void session.resolveConflict(keep)
  const { theirs } = conflict
  return (
    <Dialog
      title={`${conflict.path} changed on disk`}
      description="Another program wrote this file while it had unsaved changes here. Nothing is lost until you choose; taking theirs can be undone."
      width={820}
      // Leaving without a choice would hide that nothing is saved any more, so closing keeps the question open.
      onClose={() => undefined}
      actions={
        <>
          <Button onClick={resolve('theirs')} disabled={theirs === null}>
            Take theirs
          </Button>
          <Button look="main" onClick={resolve('mine')}>
            Keep mine
          </Button>
        </>
      }
    >
      <div className="conflict-texts">
        <section aria-label="My version">
          <h3>Mine</h3>
          <Lines text={conflict.mine} other={theirs ?? ''} />
        </section>
        <section aria-label="Version on disk">
          <h3>{theirs === null ? 'On disk: the file was deleted' : 'On disk'}</h3>
          <Lines text={theirs ?? ''} other={conflict.mine} />
        </section>
      </div>
    </Dialog>
  )
}

/** Lines that the other text does not have are marked. */
function Lines({ text, other }: { readonly text: string; readonly other: string }): ReactNode {
  const elsewhere = new Set(other.split('\n'))
  return (
    // Scrolling it with the keyboard needs the focus.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="conflict-text" tabIndex={0}>
      {text.split('\n').map((line, index) => (
        <span key={index} className={elsewhere.has(line) ? undefined : 'conflict-differs'}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  )
}
