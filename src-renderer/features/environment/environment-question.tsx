/** The dialog before a run: which packages, or which repair; then progress, log and Cancel in the same place. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { cancelOperation, runOperation } from './environment-actions.ts'
import { closeQuestion, useQuestion, type EnvironmentQuestion } from './environment-dialogs.ts'
import { useEnvironment } from './environment-store.ts'
import './environment.css'

export function EnvironmentQuestionDialog(): ReactNode {
  const question = useQuestion((state) => state.question)
  return question === null ? null : <QuestionDialog question={question} />
}

function QuestionDialog({ question }: { readonly question: EnvironmentQuestion }): ReactNode {
  const [working, setWorking] = useState(false)
  const open = useRef(true)
  useEffect(
    () => () => {
      open.current = false
    },
    [],
  )

  const confirm = async (): Promise<void> => {
    setWorking(true)
    const repaired = question.kind === 'packages' || (await runOperation('environment.recreate'))
    const done = repaired && (await runOperation('environment.sync'))
    if (!open.current) return
    setWorking(false)
    if (!done) return
    closeQuestion()
    question.onReady()
  }
  const cancel = (): void => {
    if (working) void cancelOperation()
    closeQuestion()
  }

  const packages = question.kind === 'packages' ? question.packages : []
  return (
    <Dialog
      title={question.kind === 'packages' ? 'Install packages for this project?' : 'Repair the environment?'}
      description={
        question.kind === 'packages'
          ? 'They go into this project’s own .venv. Nothing else on this computer changes.'
          : 'The .venv of this project does not work any more. Repair makes it anew from pyproject.toml and uv.lock; your files stay as they are.'
      }
      onClose={cancel}
      actions={
        <>
          <Button onClick={cancel}>Cancel</Button>
          <Button look="main" disabled={working} onClick={() => void confirm()}>
            {working ? 'Working …' : question.kind === 'packages' ? 'Install and run' : 'Repair and run'}
          </Button>
        </>
      }
    >
      {packages.length > 0 ? (
        <ul className="environment-packages" aria-label="Packages to install">
          {packages.map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      ) : null}
      {working ? <Progress /> : null}
    </Dialog>
  )
}

/** What the environment does right now, with the last lines of its log. */
function Progress(): ReactNode {
  const status = useEnvironment((state) => state.status)
  const tail = useEnvironment((state) => state.log.trimEnd().split('\n').slice(-6).join('\n'))
  const progress = status?.progress
  return (
    <div className="environment-progress">
      <div role="status">{progress?.text ?? status?.message ?? 'Starting …'}</div>
      <progress aria-label="Progress" {...(progress?.fraction == null ? {} : { value: progress.fraction, max: 1 })} />
      {tail === '' ? null : <pre className="environment-tail">{tail}</pre>}
    </div>
  )
}
