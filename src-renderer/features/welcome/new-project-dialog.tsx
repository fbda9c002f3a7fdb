/** A name, and the folder it makes; what is wrong with either stands below it. */
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import type { AppInfo } from '../../../src-shared/contract/project.ts'
import type { WireError } from '../../../src-shared/contract/errors.ts'
import { host } from '../../host/index.ts'
import { asWireError } from '../../lib/wire-error.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FolderDialog } from './folder-dialog.tsx'
import { pickFolder } from './pick-folder.ts'

interface NewProjectProps {
  readonly info: AppInfo
  readonly onClose: () => void
  readonly onOpen: (path: string) => Promise<boolean>
}

const separator = (info: AppInfo): string => (info.platform === 'win32' ? '\\' : '/')

export function NewProjectDialog({ info, onClose, onOpen }: NewProjectProps): ReactNode {
  const [name, setName] = useState('my-flow')
  const [parent, setParent] = useState<string | null>(null)
  const [suggested, setSuggested] = useState('')
  const [error, setError] = useState<WireError | null>(null)
  const [working, setWorking] = useState(false)
  const [browsing, setBrowsing] = useState(false)
  const asked = useRef(0)

  useEffect(() => {
    const mine = ++asked.current
    const wanted = name.trim()
    if (wanted === '') return
    host.request('project.suggestPath', { name: wanted }).then(
      ({ path }) => {
        if (mine !== asked.current) return
        setSuggested(path)
        setError(null)
      },
      (thrown: unknown) => (mine === asked.current ? setError(asWireError(thrown)) : undefined),
    )
  }, [name])

  const sep = separator(info)
  const folderName = (suggestion: string): string => suggestion.slice(suggestion.lastIndexOf(sep) + 1)
  /** In the folder that was chosen, else where it was suggested. */
  const pathFor = (suggestion: string): string =>
    parent === null ? suggestion : `${parent.replace(/[\\/]$/, '')}${sep}${folderName(suggestion)}`
  const path = name.trim() === '' || suggested === '' ? '' : pathFor(suggested)
  const taken = path !== '' && folderName(suggested) !== name.trim()

  const choose = async (): Promise<void> => {
    if (!info.hasFolderDialog) {
      setBrowsing(true)
      return
    }
    const picked = await pickFolder('Folder for the new project')
    if (picked !== null) setParent(picked)
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const wanted = name.trim()
    if (wanted === '' || working) return
    setWorking(true)
    setError(null)
    try {
      // Asked again: the suggestion on show may still be that of a shorter name.
      const fresh = await host.request('project.suggestPath', { name: wanted })
      const made = await host.request('project.create', { path: pathFor(fresh.path), example: null })
      onClose()
      await onOpen(made.path)
    } catch (thrown) {
      setError(asWireError(thrown))
      setWorking(false)
    }
  }

  if (browsing) {
    return (
      <FolderDialog
        title="Folder for the new project"
        description="The project becomes a folder in the one you choose."
        action="Choose"
        projectsOnly={false}
        start={parent ?? info.projectsDir}
        onChoose={(chosen) => {
          setParent(chosen)
          setBrowsing(false)
        }}
        onClose={() => setBrowsing(false)}
      />
    )
  }
  return (
    <Dialog
      title="New project"
      description="A folder with plain Python files and its own environment."
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" type="submit" form="new-project" disabled={name.trim() === '' || working}>
            {working ? 'Creating …' : 'Create'}
          </Button>
        </>
      }
    >
      <form id="new-project" className="new-project" onSubmit={(event) => void submit(event)}>
        <label htmlFor="new-project-name">Name</label>
        <input
          id="new-project-name"
          value={name}
          spellCheck={false}
          // The dialog was asked for to type a name.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          aria-invalid={error !== null}
          aria-describedby={error === null ? undefined : 'new-project-error'}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
        <span>Folder</span>
        <div className="new-project-folder">
          <code title={path}>{path === '' ? '–' : path}</code>
          <Button onClick={() => void choose()}>Change …</Button>
        </div>
        {taken ? (
          <p className="new-project-taken">{`${name.trim()} exists already; this one will be ${folderName(suggested)}.`}</p>
        ) : null}
        {error === null ? null : (
          <p id="new-project-error" className="field-error" role="alert">
            {error.message} {error.hint}
          </p>
        )}
      </form>
    </Dialog>
  )
}
