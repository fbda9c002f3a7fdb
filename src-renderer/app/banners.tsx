/** What has to be known before anything else: no connection, a folder that is not trusted, nothing can be saved. */
import { Lock, ShieldAlert, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { host } from '../host/index.ts'
import type { OpenProject } from '../features/project/index.ts'
import { Button } from '../ui/button.tsx'
import { useConnection } from './connection-store.ts'
import { trustProject } from './session.ts'
import './banners.css'

export function ConnectionStrip(): ReactNode {
  const { phase, reason, info } = useConnection()
  if (phase !== 'lost') return null
  return (
    <div className="banner banner-error connection-strip" role="alert">
      <Unplug aria-hidden />
      <p>
        {info === null ? reason : 'The host stopped; reconnecting … What you change is kept in this page.'}
        {info === null ? <span className="banner-quiet"> Trying again …</span> : null}
      </p>
      <Button onClick={() => host.retryNow()}>Try now</Button>
    </div>
  )
}

export function ProjectBanners({ project }: { readonly project: OpenProject }): ReactNode {
  return (
    <>
      {project.trusted ? null : (
        <div className="banner" role="region" aria-label="Trust">
          <ShieldAlert aria-hidden />
          <p>
            This folder is not trusted: you can look and edit, nothing of it runs.
            <span className="banner-quiet"> Trust it only if you know where its code comes from.</span>
          </p>
          <Button onClick={() => void trustProject()}>Trust this folder</Button>
        </div>
      )}
      {project.readOnly === null ? null : (
        <div className="banner" role="region" aria-label="Read-only">
          <Lock aria-hidden />
          <p>
            Read-only: {project.readOnly}
            <span className="banner-quiet"> You can look and run; nothing is saved.</span>
          </p>
        </div>
      )}
    </>
  )
}
