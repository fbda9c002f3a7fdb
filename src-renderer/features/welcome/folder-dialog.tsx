/** Choosing a folder where there is no system dialog: a list to walk through, and a path to type. */
import { CornerLeftUp, Folder, Workflow } from 'lucide-react'
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import type { FolderListing } from '../../../src-shared/contract/project.ts'
import type { WireError } from '../../../src-shared/contract/errors.ts'
import { host } from '../../host/index.ts'
import { asWireError } from '../../lib/wire-error.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

interface FolderDialogProps {
  readonly title: string
  readonly description: string
  /** What the button says: "Open", "Choose". */
  readonly action: string
  /** Only a folder that holds a project may be chosen. */
  readonly projectsOnly: boolean
  readonly start: string | null
  readonly onChoose: (path: string) => void
  readonly onClose: () => void
}

export function FolderDialog(props: FolderDialogProps): ReactNode {
  const { title, description, action, projectsOnly, start, onChoose, onClose } = props
  const [listing, setListing] = useState<FolderListing | null>(null)
  const [error, setError] = useState<WireError | null>(null)
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)

  // An answer that comes late goes over nothing that was asked or typed since.
  const asked = useRef(0)
  const edited = useRef(false)

  const go = async (path: string | null, fallback = false): Promise<void> => {
    const mine = ++asked.current
    edited.current = false
    try {
      const found = await host.request('app.browse', { path })
      if (mine !== asked.current) return
      setListing(found)
      if (!edited.current) setTyped(found.path)
      setChosen(null)
      setError(null)
    } catch (thrown) {
      if (mine !== asked.current) return
      if (fallback) await go(null)
      else setError(asWireError(thrown))
    }
  }
  useEffect(() => {
    void go(start, true)
    // Where to begin is asked once.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [])

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    void go(typed.trim() === '' ? null : typed.trim())
  }
  // A typed path may be chosen without walking to it; the host says what is wrong with it.
  const target = chosen ?? (typed.trim() === '' ? null : typed.trim())
  return (
    <Dialog
      title={title}
      description={description}
      onClose={onClose}
      width={560}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="main"
            disabled={target === null}
            onClick={() => (target === null ? undefined : onChoose(target))}
          >
            {action}
          </Button>
        </>
      }
    >
      <form className="folder-path" onSubmit={onSubmit}>
        <input
          aria-label="Folder"
          value={typed}
          spellCheck={false}
          placeholder="Path of a folder"
          onChange={(event) => {
            edited.current = true
            setTyped(event.target.value)
          }}
        />
        <Button type="submit">Go</Button>
      </form>
      {error === null ? null : (
        <p className="field-error" role="alert">
          {error.message} {error.hint}
        </p>
      )}
      <ul className="folder-list" aria-label="Folders">
        {listing?.parent == null ? null : (
          <li>
            <button type="button" className="folder-row" onClick={() => void go(listing.parent)}>
              <CornerLeftUp aria-hidden />
              <span>Folder above</span>
            </button>
          </li>
        )}
        {(listing?.folders ?? []).map((folder) => (
          <li key={folder.path}>
            <button
              type="button"
              className={`folder-row${folder.path === chosen ? ' folder-row-on' : ''}`}
              aria-pressed={folder.isProject ? folder.path === chosen : undefined}
              onClick={() => {
                if (folder.isProject && projectsOnly) setChosen(folder.path)
                else void go(folder.path)
              }}
              onDoubleClick={() => (folder.isProject && projectsOnly ? onChoose(folder.path) : undefined)}
            >
              {folder.isProject ? <Workflow aria-hidden className="folder-project" /> : <Folder aria-hidden />}
              <span>{folder.name}</span>
              {folder.isProject ? <small>project</small> : null}
            </button>
          </li>
        ))}
      </ul>
      {listing !== null && listing.folders.length === 0 ? <p className="folder-none">No folders in here.</p> : null}
    </Dialog>
  )
}
