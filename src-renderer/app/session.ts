/**
 * Opening, following and closing a project: one story from the host's snapshot to the stores of the
 * features. A lost connection ends with the same story: everything is taken from a new snapshot, what was
 * not saved is put back on top of it.
 */
import type { EventPayload } from '../../src-shared/contract/events.ts'
import type { ProjectSnapshot } from '../../src-shared/contract/project.ts'
import type { ProjectId } from '../../src-shared/ids.ts'
import { host } from '../host/index.ts'
import { asWireError } from '../lib/wire-error.ts'
import { clearToasts, showError, showToast } from '../ui/toasts.tsx'
import {
  closeFlow,
  currentFlow,
  openFlow,
  setNodeProblems,
  type FlowSession,
  type FlowState,
} from '../features/document/index.ts'
import {
  attachEditor,
  fileChangedOnDisk,
  keepOpenFiles,
  restoreOpenFiles,
  saveOpenFiles,
  showProblemsInEditor,
  type KeptFile,
} from '../features/editor/index.ts'
import { appendEnvironmentLog, setEnvironment, setEnvironmentLog } from '../features/environment/index.ts'
import { setProblems, setRefusal, useProblems } from '../features/problems/index.ts'
import {
  filesChanged,
  openProjectNow,
  projectChanged,
  setFailed,
  setNone,
  setOpen,
  setOpening,
  useProject,
} from '../features/project/index.ts'
import { applyEvents, attachRun, detachRun, onWillRun, setQueued, showNodeStatuses } from '../features/run/index.ts'
import { useConnection } from './connection-store.ts'
import { restoreLayout } from './layout-store.ts'
import { lastProject, rememberProject } from './last-project.ts'
import { saveBeforeRun } from './save-before-run.ts'
import { restoreTheme } from './theme.ts'
import { withoutFollowing } from './following.ts'
import { readViewState, startViewState, type ViewState } from './view-state.ts'

/** Openings under way. */
let opening = 0
/** Rises with every opening and closing, so that a late answer to an earlier one changes nothing. */
let turn = 0

/** What was changed here and is not on disk, kept over a lost connection. */
interface Unsaved {
  readonly picture: Pick<FlowState, 'document' | 'layout' | 'selection'> | null
  readonly files: readonly KeptFile[]
}

/** Saves and lets the open project go. False: something could not be saved, and the project stays open. */
async function leaveProject(): Promise<boolean> {
  const project = openProjectNow()
  if (project === null) return true
  await saveOpenFiles()
  if (!(await closeFlow())) {
    const save = currentFlow()?.state.save
    showError({
      message: `${project.name} stays open: its flow could not be saved${save?.state === 'failed' ? `. ${save.message}` : '.'}`,
      hint: (save?.state === 'failed' ? save.hint : undefined) ?? 'Mend that, then try again.',
    })
    return false
  }
  forgetProject()
  // A host that is gone has closed it already.
  host.request('project.close', { projectId: project.projectId }).catch(() => undefined)
  return true
}

function forgetProject(): void {
  clearToasts()
  attachEditor(null)
  detachRun()
  setProblems([])
  setRefusal([])
  setEnvironment(null)
  setEnvironmentLog('')
}

export async function closeProject(): Promise<void> {
  if (!(await leaveProject())) return
  turn += 1
  rememberProject(null)
  setNone()
}

/** Opens the project in that folder in place of the open one. Says whether it is open now. */
export async function openProject(path: string): Promise<boolean> {
  if (!(await leaveProject())) return false
  return enter(path, null)
}

async function enter(path: string, unsaved: Unsaved | null): Promise<boolean> {
  const mine = ++turn
  if (unsaved === null) setOpening(path)
  opening += 1
  try {
    const snapshot = await host.request('project.open', { path })
    if (mine !== turn) return false
    await show(snapshot, unsaved)
    return true
  } catch (thrown) {
    if (mine !== turn) return false
    const error = asWireError(thrown)
    // The next connection tries again.
    if (error.code === 'connection_lost') return false
    await closeFlow({ discard: true })
    forgetProject()
    rememberProject(null)
    setFailed(path, error)
    return false
  } finally {
    opening -= 1
    if (opening === 0) early = []
  }
}

/** From the snapshot to every store, at once: the events that follow it fit on it. */
async function show(snapshot: ProjectSnapshot, unsaved: Unsaved | null): Promise<void> {
  const { projectId } = snapshot
  setProblems(snapshot.problems)
  setRefusal([])
  setEnvironment(snapshot.environment)
  attachRun(projectId, snapshot.run)
  attachEditor(projectId)
  rememberProject(snapshot.path)
  setOpen(snapshot)
  for (const news of early) if (news.projectId === projectId) news.hear()
  const flow = snapshot.flows.includes('main') ? 'main' : (snapshot.flows[0] ?? 'main')
  const session = await openFlow(host, snapshot, flow)
  session.onWillTouchFiles(async () => saveOpenFiles())
  // Only now is it known which flow's nodes they are.
  showNodeStatuses()
  if (unsaved === null) restoreView(session, readViewState(snapshot.viewState))
  else putBack(session, unsaved)
  const { text } = await host.request('environment.readLog', { projectId }).catch(() => ({ text: '' }))
  if (openProjectNow()?.projectId === projectId) setEnvironmentLog(text)
}

/** As the project was left; one that was never looked at shows the code of its first node. */
function restoreView(session: FlowSession, view: ViewState | null): void {
  if (view !== null) {
    const { nodes } = session.state.document
    withoutFollowing(() => session.select(view.selection.filter((id) => Object.hasOwn(nodes, id))))
    void restoreOpenFiles(view.files)
    return
  }
  const first = Object.values(session.state.document.nodes).find((node) => node.kind === 'code')?.file
  if (first !== undefined) void restoreOpenFiles([{ path: first, preview: true, active: true, unsaved: null }])
}

function putBack(session: FlowSession, { picture, files }: Unsaved): void {
  if (picture !== null) {
    const { document, layout, selection } = picture
    if (session.edit('Changes made while the connection was lost', () => ({ document, layout, selection })))
      showToast({ kind: 'info', message: 'Connected again. What you changed meanwhile was kept.' })
  }
  void restoreOpenFiles(files)
}

/** Shows another flow of the open project. */
export async function openFlowNamed(flow: string): Promise<void> {
  const project = openProjectNow()
  const current = currentFlow()
  if (project === null || current === null || current.state.flow === flow) return
  try {
    const { projectId, readOnly } = project
    const [files, flows] = [[...project.files], [...project.flows]]
    const session = await openFlow(host, { projectId, readOnly, files, flows, analyses: current.state.analyses }, flow)
    session.onWillTouchFiles(async () => saveOpenFiles())
    showNodeStatuses()
  } catch (thrown) {
    showError(asWireError(thrown))
  }
}

/** The connection was made again: the host may be another one, so nothing of before is trusted. */
async function reopen(path: string): Promise<void> {
  const flow = currentFlow()
  const unsaved: Unsaved = { picture: flow?.hasUnsaved === true ? flow.state : null, files: keepOpenFiles() }
  await closeFlow({ discard: true })
  await enter(path, unsaved)
}

async function connected(): Promise<void> {
  const first = useConnection.getState().info === null
  useConnection.setState({ phase: 'connected', reason: '' })
  const { state } = useProject.getState()
  if (!first) {
    const path = state.phase === 'open' ? state.project.path : state.phase === 'opening' ? state.path : null
    if (path !== null) await reopen(path)
    return
  }
  try {
    const [info, preferences] = await Promise.all([
      host.request('app.info', {}),
      host.request('app.readPreferences', {}).catch(() => ({})),
    ])
    restoreTheme(preferences)
    restoreLayout(preferences)
    useConnection.setState({ info })
    const last = lastProject()
    const path = last === null ? info.openPath : last
    if (path !== null && path !== '') await openProject(path)
  } catch (thrown) {
    const error = asWireError(thrown)
    if (error.code !== 'connection_lost') showError(error)
  }
}

export async function trustProject(): Promise<void> {
  const project = openProjectNow()
  if (project === null) return
  try {
    await host.request('project.trust', { projectId: project.projectId })
  } catch (thrown) {
    showError(asWireError(thrown))
  }
}

interface OfProject {
  readonly projectId: ProjectId
}

/** News of a project that is being opened can arrive before its snapshot does; they are heard after it. */
let early: { readonly projectId: ProjectId; readonly hear: () => void }[] = []

/** Hears news of the open project; of others only while one is being opened. */
const ofOpen =
  <P extends OfProject>(hear: (news: P) => void) =>
  (news: P): void => {
    if (openProjectNow()?.projectId === news.projectId) hear(news)
    else if (opening > 0) early.push({ projectId: news.projectId, hear: () => hear(news) })
  }

function fileChanged({ path, text, revision }: EventPayload<'file.changed'>): void {
  // A file that is too large or no text comes without its text: it is gone only without a revision.
  if (text === null && revision !== null) return
  fileChangedOnDisk(path, text, revision)
}

/** Begins to talk to the host. Call once. */
export function startSession(): void {
  // The nodes a refused run named are marked, as the list of problems is.
  useProblems.subscribe(({ refusal }, before) => (refusal === before.refusal ? undefined : setNodeProblems(refusal)))
  host.onEvent('run.events', ofOpen(applyEvents))
  host.onEvent('run.queued', ofOpen(setQueued))
  host.onEvent(
    'problems.changed',
    ofOpen(({ problems }) => setProblems(problems)),
  )
  host.onEvent(
    'environment.changed',
    ofOpen(({ status }) => setEnvironment(status)),
  )
  host.onEvent(
    'environment.log',
    ofOpen(({ text }) => appendEnvironmentLog(text)),
  )
  host.onEvent('file.changed', ofOpen(fileChanged))
  host.onEvent('file.listChanged', ofOpen(filesChanged))
  host.onEvent('project.changed', ofOpen(projectChanged))
  host.onEvent('app.openPath', ({ path }) => void openProject(path))
  useProblems.subscribe(({ problems }, before) => {
    if (problems !== before.problems) showProblemsInEditor(problems)
  })
  onWillRun(saveBeforeRun)
  startViewState()
  host.onDidConnect(() => void connected())
  host.onDidDisconnect((reason) => useConnection.setState({ phase: 'lost', reason }))
  host.start()
}
