/** The start page: begin, go on, or try an example. */
import { FolderOpen, Plus } from 'lucide-react'
import { useCallback, useEffect, useState, type ReactNode } from 'react'
import type { AppInfo, Example, RecentProject } from '../../../src-shared/contract/project.ts'
import type { WireError } from '../../../src-shared/contract/errors.ts'
import { host } from '../../host/index.ts'
import { plural } from '../../lib/format.ts'
import { asWireError } from '../../lib/wire-error.ts'
import { Button } from '../../ui/button.tsx'
import { showError } from '../../ui/toasts.tsx'
import { FolderDialog } from './folder-dialog.tsx'
import { NewProjectDialog } from './new-project-dialog.tsx'
import { pickFolder } from './pick-folder.ts'
import { RecentProjects } from './recent-projects.tsx'
import { closeDialog, newProject, pickProject, useWelcome } from './welcome-store.ts'
import './welcome.css'

interface WelcomeProps {
  readonly info: AppInfo
  /** A project that could not be opened. */
  readonly failure: { readonly path: string; readonly error: WireError } | null
  readonly onOpen: (path: string) => Promise<boolean>
}

export function Welcome({ info, failure, onOpen }: WelcomeProps): ReactNode {
  const dialog = useWelcome((state) => state.dialog)
  const [recent, setRecent] = useState<readonly RecentProject[]>([])
  const [examples, setExamples] = useState<readonly Example[]>([])
  const [copying, setCopying] = useState<string | null>(null)

  const readRecent = useCallback(() => {
    host.request('app.recentProjects', {}).then(setRecent, (thrown: unknown) => showError(asWireError(thrown)))
  }, [])
  useEffect(() => {
    readRecent()
    host.request('app.examples', {}).then(setExamples, (thrown: unknown) => showError(asWireError(thrown)))
  }, [readRecent])

  const useSystemDialog = dialog === 'open' && info.hasFolderDialog
  useEffect(() => {
    if (!useSystemDialog) return
    closeDialog()
    void pickFolder('Open a project').then((path) => (path === null ? undefined : onOpen(path)))
  }, [useSystemDialog, onOpen])

  const copyExample = async (example: Example): Promise<void> => {
    setCopying(example.name)
    try {
      const { path } = await host.request('project.suggestPath', { name: example.name })
      const made = await host.request('project.create', { path, example: example.name })
      await onOpen(made.path)
    } catch (thrown) {
      showError(asWireError(thrown))
    } finally {
      setCopying(null)
    }
  }

  return (
    <main className="welcome">
      <div className="welcome-page">
        <header className="welcome-head">
          <h1>Nodeloom</h1>
          <p>Draw a flow, write the Python beside it, see every value.</p>
        </header>
        {failure === null ? null : (
          <div className="welcome-failure" role="alert">
            <strong>{failure.path} was not opened.</strong> {failure.error.message} {failure.error.hint}
          </div>
        )}
        <div className="welcome-start">
          <Button look="main" icon={<Plus aria-hidden />} onClick={newProject}>
            New project
          </Button>
          <Button icon={<FolderOpen aria-hidden />} onClick={pickProject}>
            Open a project
          </Button>
        </div>
        <section aria-labelledby="welcome-examples">
          <h2 id="welcome-examples">Examples</h2>
          <ul className="welcome-cards">
            {examples.map((example) => (
              <li key={example.name}>
                <button
                  type="button"
                  className="welcome-card"
                  aria-label={example.title}
                  aria-describedby={`example-${example.name}`}
                  disabled={copying !== null}
                  onClick={() => void copyExample(example)}
                >
                  <strong>{copying === example.name ? `Copying ${example.title} …` : example.title}</strong>
                  <span id={`example-${example.name}`}>{example.description}</span>
                  <small>
                    {plural(example.nodes, 'node')} ·{' '}
                    {example.packages.length === 0 ? 'nothing to install' : `installs ${packageNames(example)}`}
                  </small>
                </button>
              </li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="welcome-recent">
          <h2 id="welcome-recent">Recent</h2>
          {recent.length === 0 ? (
            <p className="welcome-none">Projects that you open are listed here.</p>
          ) : (
            <RecentProjects projects={recent} onOpen={onOpen} onChange={readRecent} />
          )}
        </section>
        <footer className="welcome-foot">Nodeloom {info.version}</footer>
      </div>
      {dialog === 'new' ? <NewProjectDialog info={info} onClose={closeDialog} onOpen={onOpen} /> : null}
      {dialog === 'open' && !info.hasFolderDialog ? (
        <FolderDialog
          title="Open a project"
          description="A project is a folder with pyproject.toml and flows."
          action="Open"
          projectsOnly
          start={info.projectsDir}
          onChoose={(path) => {
            closeDialog()
            void onOpen(path)
          }}
          onClose={closeDialog}
        />
      ) : null}
    </main>
  )
}

/** `scikit-learn, matplotlib` without versions. */
const packageNames = (example: Example): string =>
  example.packages.map((requirement) => /^[\w.-]+/.exec(requirement)?.[0] ?? requirement).join(', ')
