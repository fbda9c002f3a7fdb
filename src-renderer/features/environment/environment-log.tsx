/** The log of the environment's last operation. */
import { useLayoutEffect, useRef, type ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { runOperation } from './environment-actions.ts'
import { useEnvironment } from './environment-store.ts'

export function EnvironmentLog(): ReactNode {
  const log = useEnvironment((state) => state.log)
  const end = useRef<HTMLPreElement>(null)
  useLayoutEffect(() => {
    end.current?.scrollTo({ top: end.current.scrollHeight })
  }, [log])
  if (log === '') {
    return (
      <Empty
        action={<Button onClick={() => void runOperation('environment.sync')}>Install what the project needs</Button>}
      >
        Nothing was made or installed since this project was opened.
      </Empty>
    )
  }
  return (
    <pre ref={end} className="environment-log" tabIndex={0} aria-label="Environment log">
      {log}
    </pre>
  )
}
