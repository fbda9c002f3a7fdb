/** The whole page: the start page or the workbench, and what may lie over either. */
import { lazy, Suspense, useEffect, type ReactNode } from 'react'
import { ConflictDialog } from '../features/document/index.ts'
import { EnvironmentQuestionDialog } from '../features/environment/index.ts'
import { useProject } from '../features/project/index.ts'
import { Welcome } from '../features/welcome/index.ts'
import { Toasts } from '../ui/toasts.tsx'
import { ConnectionStrip } from './banners.tsx'
import { useConnection } from './connection-store.ts'
import { openProject } from './session.ts'
import { Starting } from './starting.tsx'

// Asked for at once, so that it arrives while the host is being connected; the first picture needs none of it.
const late = import('./late.ts').then((module) => {
  module.registerAppCommands()
  return module
})
const Workbench = lazy(async () => ({ default: (await late).Workbench }))
const CommandPalette = lazy(async () => ({ default: (await late).CommandPalette }))

export function App(): ReactNode {
  const state = useProject((view) => view.state)
  const name = state.phase === 'open' ? state.project.name : null
  useEffect(() => {
    document.title = name === null ? 'Nodeloom' : `${name} · Nodeloom`
  }, [name])
  return (
    <>
      <ConnectionStrip />
      <Suspense fallback={<Starting text="" />}>
        <Page />
      </Suspense>
      <Suspense>
        <CommandPalette />
      </Suspense>
      <ConflictDialog />
      <EnvironmentQuestionDialog />
      <Toasts />
    </>
  )
}

function Page(): ReactNode {
  const state = useProject((view) => view.state)
  const info = useConnection((connection) => connection.info)
  switch (state.phase) {
    case 'open':
      return <Workbench project={state.project} />
    case 'opening':
      return <Starting text={`Opening ${state.path} …`} />
    case 'none':
    case 'failed':
      if (info === null) return <Starting text="" />
      return <Welcome info={info} failure={state.phase === 'failed' ? state : null} onOpen={openProject} />
  }
}
