/** The whole page: the start page or the workbench, and what may lie over either. */
import { useEffect, type ReactNode } from 'react'
import { ConflictDialog } from '../features/document/index.ts'
import { EnvironmentQuestionDialog } from '../features/environment/index.ts'
import { useProject } from '../features/project/index.ts'
import { Welcome } from '../features/welcome/index.ts'
import { Toasts } from '../ui/toasts.tsx'
import { ConnectionStrip } from './banners.tsx'
import { CommandPalette } from './command-palette.tsx'
import { useConnection } from './connection-store.ts'
import { openProject } from './session.ts'
import { Starting } from './starting.tsx'
import { Workbench } from './workbench.tsx'

export function App(): ReactNode {
  const state = useProject((view) => view.state)
  const name = state.phase === 'open' ? state.project.name : null
  useEffect(() => {
    document.title = name === null ? 'Nodeloom' : `${name} · Nodeloom`
  }, [name])
  return (
    <>
      <ConnectionStrip />
      <Page />
      <ConflictDialog />
      <EnvironmentQuestionDialog />
      <CommandPalette />
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
