/** Projects opened before: open, rename, duplicate, delete, forget. */
import { Ellipsis, FolderX, Workflow } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState, type FormEvent, type ReactNode } from 'react'
import type { RecentProject } from '../../../src-shared/contract/project.ts'
import type { WireError } from '../../../src-shared/contract/errors.ts'
import { host } from '../../host/index.ts'
import { formatAgo } from '../../lib/format.ts'
import { asWireError } from '../../lib/wire-error.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { showError, showToast } from '../../ui/toasts.tsx'
import '../../ui/menu.css'

interface RecentProps {
  readonly projects: readonly RecentProject[]
  readonly onOpen: (path: string) => Promise<boolean>
  /** The list has changed and should be asked for again. */
  readonly onChange: () => void
}

type Question = { readonly kind: 'rename' | 'delete'; readonly project: RecentProject } | null

export function RecentProjects({ projects, onOpen, onChange }: RecentProps): ReactNode {
  const [question, setQuestion] = useState<Question>(null)
  const act = async (task: () => Promise<unknown>): Promise<void> => {
    try {
      await task()
    } catch (thrown) {
      showError(asWireError(thrown))
    }
    onChange()
  }
  const duplicate = (project: RecentProject) => (): void =>
    void act(async () => {
      const { path: target } = await host.request('project.suggestPath', { name: `${project.name}-copy` })
      const made = await host.request('project.duplicate', { path: project.path, target })
      showToast({
        kind: 'info',
        message: `Copied to ${made.path}.`,
        action: { label: 'Open', run: () => void onOpen(made.path) },
      })
    })
  return (
    <>
      <ul className="recent" aria-label="Recent projects">
        {projects.map((project) => (
          <li key={project.path} className={project.exists ? undefined : 'recent-missing'}>
            <button
              type="button"
              className="recent-open"
              disabled={!project.exists}
              title={project.exists ? undefined : 'The folder is not there any more.'}
              onClick={() => void onOpen(project.path)}
            >
              {project.exists ? <Workflow aria-hidden /> : <FolderX aria-hidden />}
              <span className="recent-name">{project.name}</span>
              <span className="recent-path" title={project.path}>
                {project.path}
              </span>
              <small>{project.exists ? formatAgo(project.openedAt) : 'missing'}</small>
            </button>
            <DropdownMenu.Root>
              <DropdownMenu.Trigger asChild>
                <IconButton label={`More for ${project.name}`}>
                  <Ellipsis />
                </IconButton>
              </DropdownMenu.Trigger>
              <DropdownMenu.Portal>
                <DropdownMenu.Content className="ui-menu" align="end">
                  {project.exists ? (
                    <>
                      <DropdownMenu.Item
                        className="ui-menu-item"
                        onSelect={() => setQuestion({ kind: 'rename', project })}
                      >
                        Rename …
                      </DropdownMenu.Item>
                      <DropdownMenu.Item className="ui-menu-item" onSelect={duplicate(project)}>
                        Duplicate
                      </DropdownMenu.Item>
                      <DropdownMenu.Item
                        className="ui-menu-item"
                        onSelect={() => setQuestion({ kind: 'delete', project })}
                      >
                        Delete …
                      </DropdownMenu.Item>
                      <DropdownMenu.Separator className="ui-menu-line" />
                    </>
                  ) : null}
                  <DropdownMenu.Item
                    className="ui-menu-item"
                    onSelect={() => void act(async () => host.request('app.forgetRecent', { path: project.path }))}
                  >
                    Forget
                  </DropdownMenu.Item>
                </DropdownMenu.Content>
              </DropdownMenu.Portal>
            </DropdownMenu.Root>
          </li>
        ))}
      </ul>
      {question?.kind === 'rename' ? (
        <RenameDialog project={question.project} onClose={() => setQuestion(null)} onDone={onChange} />
      ) : null}
      {question?.kind === 'delete' ? (
        <DeleteDialog project={question.project} onClose={() => setQuestion(null)} onDone={onChange} />
      ) : null}
    </>
  )
}

interface QuestionProps {
  readonly project: RecentProject
  readonly onClose: () => void
  readonly onDone: () => void
}

function RenameDialog({ project, onClose, onDone }: QuestionProps): ReactNode {
  const [name, setName] = useState(project.name)
  const [error, setError] = useState<WireError | null>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      await host.request('project.rename', { path: project.path, name: name.trim() })
      onClose()
      onDone()
    } catch (thrown) {
      setError(asWireError(thrown))
    }
  }
  return (
    <Dialog
      title={`Rename ${project.name}`}
      description="Its folder gets the same name."
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="main"
            type="submit"
            form="rename-project"
            disabled={name.trim() === '' || name === project.name}
          >
            Rename
          </Button>
        </>
      }
    >
      <form id="rename-project" className="new-project" onSubmit={(event) => void submit(event)}>
        <label htmlFor="rename-name">Name</label>
        <input
          id="rename-name"
          value={name}
          spellCheck={false}
          // The dialog was asked for to type a name.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          onFocus={(event) => event.target.select()}
          onChange={(event) => setName(event.target.value)}
        />
        {error === null ? null : (
          <p className="field-error" role="alert">
            {error.message} {error.hint}
          </p>
        )}
      </form>
    </Dialog>
  )
}

function DeleteDialog({ project, onClose, onDone }: QuestionProps): ReactNode {
  const [error, setError] = useState<WireError | null>(null)
  const remove = async (): Promise<void> => {
    try {
      const { movedTo } = await host.request('project.delete', { path: project.path })
      showToast({ kind: 'info', message: `${project.name} was deleted. Its folder is now in ${movedTo}.` })
      onClose()
      onDone()
    } catch (thrown) {
      setError(asWireError(thrown))
    }
  }
  return (
    <Dialog
      title={`Delete ${project.name}?`}
      description="The whole folder goes to the trash, with its code, data and environment."
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" onClick={() => void remove()}>
            Delete
          </Button>
        </>
      }
    >
      <code className="delete-path">{project.path}</code>
      {error === null ? null : (
        <p className="field-error" role="alert">
          {error.message} {error.hint}
        </p>
      )}
    </Dialog>
  )
}
