/** The side panel of packages: what is missing, what is installed, adding and removing. */
import { Trash2 } from 'lucide-react'
import { useState, type FormEvent, type ReactNode } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { addPackages, cancelOperation, removePackage, runOperation } from './environment-actions.ts'
import { isBusy, stateWord, useEnvironment } from './environment-store.ts'
import './environment.css'

export function PackagesPanel(): ReactNode {
  const status = useEnvironment((state) => state.status)
  const [name, setName] = useState('')
  if (status === null) return <Empty>Open a project to see its packages.</Empty>
  const busy = isBusy(status)

  const add = (event: FormEvent): void => {
    event.preventDefault()
    const packages = name.split(/[\s,]+/).filter((part) => part !== '')
    if (packages.length > 0) void addPackages(packages).then((done) => (done ? setName('') : undefined))
  }

  return (
    <section className="packages" aria-label="Packages">
      <h2 className="side-title">ENVIRONMENT</h2>
      <p className="packages-state">
        {status.pythonVersion === null ? '' : `Python ${status.pythonVersion} · `}
        {stateWord(status)}
      </p>
      {status.state === 'broken' || status.state === 'failed' ? (
        <div className="packages-note" role="alert">
          <p>
            {status.message} {status.hint}
          </p>
          <Button onClick={() => void runOperation('environment.recreate')}>Repair</Button>
        </div>
      ) : null}
      {busy ? (
        <div className="packages-note">
          <div role="status">{status.progress?.text ?? status.message}</div>
          <progress
            aria-label="Progress"
            {...(status.progress?.fraction == null ? {} : { value: status.progress.fraction, max: 1 })}
          />
          <Button onClick={() => void cancelOperation()}>Cancel</Button>
        </div>
      ) : null}
      {status.missing.length > 0 && !busy ? (
        <div className="packages-note">
          <p>Not installed yet: {status.missing.join(', ')}</p>
          <Button look="main" onClick={() => void runOperation('environment.sync')}>
            Install
          </Button>
        </div>
      ) : null}
      <form className="packages-add" onSubmit={add}>
        <input
          aria-label="Package to add"
          placeholder="Package name"
          value={name}
          disabled={busy || !status.canInstall}
          spellCheck={false}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={busy || !status.canInstall || name.trim() === ''}>
          Add
        </Button>
      </form>
      {status.canInstall ? null : (
        <p className="packages-state">
          Packages cannot be installed: uv is not here. Install uv, then open the project again.
        </p>
      )}
      <h2 className="side-title">INSTALLED{status.installed.length > 0 ? ` · ${status.installed.length}` : ''}</h2>
      {status.installed.length === 0 ? (
        <p className="packages-state">No packages. Python’s own library is always there.</p>
      ) : null}
      <ul className="packages-list">
        {status.installed.map((item) => (
          <li key={item.name}>
            <span>{item.name}</span>
            <small>{item.version}</small>
            <IconButton label={`Remove ${item.name}`} disabled={busy} onClick={() => void removePackage(item.name)}>
              <Trash2 />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  )
}
