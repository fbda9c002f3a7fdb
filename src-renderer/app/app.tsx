/** The whole page: the start page or the workbench, and what may lie over either. */
import { useEffect, useState, type ReactNode } from 'react'
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
type Late = Awaited<typeof late>
let arrived: Late | null = null
void late.then((module) => {
  arrived = module
})

/** Null until it is here. No Suspense: React holds what follows a fallback back for 300 ms. */
function useLate(): Late | null {
  const [module, setModule] = useState(() => arrived)
  useEffect(() => {
    void late.then(setModule)
  }, [])
  return module
}

export function App(): ReactNode {
  const state = useProject((view) => view.state)
  const name = state.phase === 'open' ? state.project.name : null
  const parts = useLate()
  useEffect(() => {
    document.title = name === null ? 'Nodeloom' : `${name} · Nodeloom`
  }, [name])
  return (
    <>
      <ConnectionStrip />
      <Page late={parts} />
      {parts === null ? null : <parts.CommandPalette />}
      <ConflictDialog />
      <EnvironmentQuestionDialog />
      <Toasts />
    </>
  )
}

function Page({ late: parts }: { readonly late: Late | null }): ReactNode {
  const state = useProject((view) => view.state)
  const info = useConnection((connection) => connection.info)
  switch (state.phase) {
    case 'open':
      return parts === null ? <Starting text="" /> : <parts.Workbench project={state.project} />
    case 'opening':
      return <Starting text={`Opening ${state.path} …`} />
    case 'none':
    case 'failed':
      if (info === null) return <Starting text="" />
      return <Welcome info={info} failure={state.phase === 'failed' ? state : null} onOpen={openProject} />
  }
}
