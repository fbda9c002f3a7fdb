/** The frame's own commands; features and the canvas register theirs. */
import { currentFlow } from '../features/document/index.ts'
import { runOperation } from '../features/environment/index.ts'
import { openProjectNow } from '../features/project/index.ts'
import { isActive, setRefusalView, startRun, stopRun, useRun, whyNoRun } from '../features/run/index.ts'
import { newProject, pickProject } from '../features/welcome/index.ts'
import { showError } from '../ui/toasts.tsx'
import { registerCommands, type Command } from './commands.ts'
import { changeLayout, showBottom, toggleSide, useLayout, type BottomTab, type SideView } from './layout-store.ts'
import { followSelection } from './open-code.ts'
import { openPalette } from './palette-store.ts'
import { focusRegion, moveRegion, type regions } from './regions.ts'
import { followRunFailures } from './run-failures.ts'
import { selectedNode } from './selected-node.ts'
import { closeProject, trustProject } from './session.ts'
import { chooseTheme, type ThemeChoice } from './theme.ts'

const hasProject = (): boolean => openProjectNow() !== null

function runCommands(): Command[] {
  const category = 'Run'
  const withNode = (then: (flow: string, node: string) => void) => (): void => {
    const flow = currentFlow()
    const node = flow?.state.focus ?? selectedNode()
    if (!flow || node === null) showError({ message: 'Select one node first.' })
    else then(flow.state.flow, node)
  }
  const mayRun = (): boolean => hasProject() && whyNoRun() === null && !useRun.getState().starting
  return [
    {
      id: 'run.flow',
      title: 'Run flow',
      category,
      keys: ['Ctrl+Enter'],
      scope: 'global',
      when: hasProject,
      run: () => startRun(currentFlow()?.state.flow ?? 'main'),
    },
    {
      id: 'run.toHere',
      title: 'Run to here: the selected node and what it needs',
      category,
      keys: ['Ctrl+Shift+Enter'],
      scope: 'global',
      when: mayRun,
      run: withNode((flow, node) => void startRun(flow, { to: [node] })),
    },
    {
      id: 'run.only',
      title: 'Run only the selected node',
      category,
      keys: ['Alt+Enter'],
      scope: 'global',
      when: mayRun,
      run: withNode((flow, node) => void startRun(flow, { only: node })),
    },
    {
      id: 'run.stop',
      title: 'Stop the run',
      category,
      keys: ['Ctrl+.'],
      scope: 'global',
      when: () => isActive(useRun.getState().run) || useRun.getState().queued !== null,
      run: stopRun,
    },
  ]
}

function viewCommands(): Command[] {
  const category = 'View'
  const side = (view: SideView, title: string): Command => ({
    id: `view.${view}`,
    title,
    category,
    when: hasProject,
    run: () => toggleSide(view),
  })
  const bottom = (tab: BottomTab, title: string): Command => ({
    id: `view.${tab}`,
    title,
    category,
    when: hasProject,
    run: () => showBottom(tab),
  })
  const focus = (id: string, region: keyof typeof regions, title: string, keys: string, show: () => void): Command => ({
    id,
    title,
    category,
    keys: [keys],
    scope: 'global',
    when: hasProject,
    run: () => {
      show()
      // A panel that was hidden is there after the next picture.
      requestAnimationFrame(() => focusRegion(region))
    },
  })
  const theme = (choice: ThemeChoice, title: string): Command => ({
    id: `theme.${choice}`,
    title,
    category,
    run: () => chooseTheme(choice),
  })
  return [
    {
      id: 'view.palette',
      title: 'Search nodes, code, commands',
      category,
      keys: ['Ctrl+K', 'Ctrl+Shift+P'],
      scope: 'global',
      run: openPalette,
    },
    {
      id: 'view.toggleSide',
      title: 'Show or hide the side panel',
      category,
      keys: ['Ctrl+B'],
      scope: 'global',
      when: hasProject,
      run: () => changeLayout({ sideShown: !useLayout.getState().sideShown }),
    },
    {
      id: 'view.toggleBottom',
      title: 'Show or hide the lower panel',
      category,
      keys: ['Ctrl+J'],
      scope: 'global',
      when: hasProject,
      run: () => changeLayout({ bottomShown: !useLayout.getState().bottomShown }),
    },
    {
      id: 'view.toggleCode',
      title: 'Show or hide the code',
      category,
      keys: ['Ctrl+Alt+E'],
      scope: 'global',
      when: hasProject,
      run: () => changeLayout({ codeShown: !useLayout.getState().codeShown }),
    },
    side('project', 'Show the project'),
    side('nodes', 'Show the nodes to add'),
    side('outline', 'Show the outline'),
    side('packages', 'Show the packages'),
    bottom('result', 'Show the result of the node'),
    bottom('output', 'Show the output of the node'),
    bottom('problems', 'Show the problems'),
    bottom('timeline', 'Show the run timeline'),
    bottom('environment', 'Show the environment log'),
    focus('focus.canvas', 'canvas', 'Go to the canvas', 'Ctrl+1', () => undefined),
    focus('focus.code', 'code', 'Go to the code', 'Ctrl+2', () => changeLayout({ codeShown: true })),
    focus('focus.panel', 'panel', 'Go to the lower panel', 'Ctrl+3', () => changeLayout({ bottomShown: true })),
    {
      id: 'focus.next',
      title: 'Go to the next part of the window',
      category,
      keys: ['F6'],
      scope: 'global',
      run: () => moveRegion(1),
    },
    {
      id: 'focus.previous',
      title: 'Go to the part of the window before',
      category,
      keys: ['Shift+F6'],
      scope: 'global',
      run: () => moveRegion(-1),
    },
    theme('dark', 'Theme: dark'),
    theme('light', 'Theme: light'),
    theme('system', 'Theme: as the system has it'),
  ]
}

function projectCommands(): Command[] {
  const environment = (id: 'create' | 'recreate' | 'sync', title: string): Command => ({
    id: `environment.${id}`,
    title,
    category: 'Environment',
    when: () => openProjectNow()?.trusted === true,
    run: async () => {
      showBottom('environment')
      await runOperation(`environment.${id}`)
    },
  })
  const fromStart = (open: () => void) => async (): Promise<void> => {
    if (hasProject()) await closeProject()
    if (!hasProject()) open()
  }
  return [
    { id: 'project.new', title: 'New project …', category: 'Project', run: fromStart(newProject) },
    { id: 'project.open', title: 'Open a project …', category: 'Project', run: fromStart(pickProject) },
    {
      id: 'file.open',
      title: 'Open a file of the project …',
      category: 'Project',
      keys: ['Ctrl+P'],
      scope: 'global',
      when: hasProject,
      run: openPalette,
    },
    {
      id: 'project.close',
      title: 'Close the project and go to the start page',
      category: 'Project',
      when: hasProject,
      run: closeProject,
    },
    {
      id: 'project.trust',
      title: 'Trust this folder',
      category: 'Project',
      when: () => openProjectNow()?.trusted === false,
      run: trustProject,
    },
    environment('create', 'Make the environment'),
    environment('recreate', 'Repair the environment: make it anew'),
    environment('sync', 'Install what the project needs'),
  ]
}

/** Registers the commands and what follows selection and runs. Call once, before the first picture. */
export function registerAppCommands(): void {
  registerCommands([...runCommands(), ...viewCommands(), ...projectCommands()])
  setRefusalView(() => showBottom('problems'))
  followSelection()
  followRunFailures()
}
