/** Project and flow at the left, search and commands in the middle, running at the right. */
import { House, Moon, Play, Square, Sun } from 'lucide-react'
import type { ReactNode } from 'react'
import { useCurrentFlow } from '../features/document/index.ts'
import { useEnvironment } from '../features/environment/index.ts'
import type { OpenProject } from '../features/project/index.ts'
import { isActive, useRun, whyNoRun } from '../features/run/index.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { findCommand, runCommand } from './commands.ts'
import { chordLabel } from './keymap.ts'
import { openPalette } from './palette-store.ts'
import { useSelectedNode } from './selected-node.ts'
import { useTheme } from './theme.ts'

/** `Run the whole flow (Ctrl Enter)`. */
const hint = (text: string, command: string): string => {
  const keys = findCommand(command)?.keys?.[0]
  return keys === undefined ? text : `${text} (${chordLabel(keys)})`
}

export function TitleBar({ project }: { readonly project: OpenProject }): ReactNode {
  const flow = useCurrentFlow((state) => state.flow, 'main')
  return (
    <header className="title-bar">
      <div className="title-bar-project">
        <IconButton label="Start page: close this project" onClick={() => runCommand('project.close')}>
          <House />
        </IconButton>
        <strong title={project.path}>{project.name}</strong>
        <span>{flow}</span>
      </div>
      <Button className="title-bar-command" onClick={openPalette} aria-keyshortcuts="Control+K">
        <span>Search nodes, code, commands</span>
        <kbd>{chordLabel('Ctrl+K')}</kbd>
      </Button>
      <RunButtons />
    </header>
  )
}

function RunButtons(): ReactNode {
  // Both decide whether a run may start.
  useEnvironment((state) => state.status)
  const { run, starting, queued } = useRun()
  const selected = useSelectedNode()
  const theme = useTheme((state) => state.theme)
  const nodes = useCurrentFlow((state) => Object.keys(state.document.nodes).length, 0)
  const why = whyNoRun() ?? (nodes === 0 ? 'This flow has no nodes yet.' : null)
  const busy = isActive(run) || queued !== null
  const whyNotHere = why ?? (selected.id === null ? 'Select the node to run to.' : null)
  return (
    <div className="title-bar-run">
      <IconButton
        label={theme === 'dark' ? 'Use the light theme' : 'Use the dark theme'}
        onClick={() => runCommand(theme === 'dark' ? 'theme.light' : 'theme.dark')}
      >
        {theme === 'dark' ? <Sun /> : <Moon />}
      </IconButton>
      <Button
        look="quiet"
        disabled={whyNotHere !== null || starting}
        title={whyNotHere ?? hint(`Run ${selected.title} and what it needs`, 'run.toHere')}
        onClick={() => runCommand('run.toHere')}
      >
        Run to here
      </Button>
      <Button
        disabled={!busy}
        title={busy ? hint('Stop the run', 'run.stop') : 'Nothing runs.'}
        onClick={() => runCommand('run.stop')}
        icon={<Square aria-hidden />}
      >
        Stop
      </Button>
      <Button
        look="main"
        disabled={why !== null || starting}
        title={why ?? hint('Run the whole flow', 'run.flow')}
        onClick={() => runCommand('run.flow')}
        icon={<Play aria-hidden />}
      >
        Run flow
      </Button>
    </div>
  )
}
