/** What answers each method of the contract. A method without its handler does not compile. */
import { realpath } from 'node:fs/promises'
import type { HostContract } from '../../src-shared/contract/host-contract.ts'
import type { ProjectSnapshot } from '../../src-shared/contract/project.ts'
import { exportScript } from '../../src-shared/flow/export-script.ts'
import type { ProjectId } from '../../src-shared/ids.ts'
import type { Handlers } from '../../src-shared/rpc/server.ts'
import product from '../../package.json' with { type: 'json' }
import { AppError } from '../base/app-error.ts'
import { projectsDir } from '../base/paths.ts'
import { isExternalLink } from '../base/shell.ts'
import type { Client, Host } from './host.ts'
import { flowToRun, readyEnvironment, startRun } from './start-run.ts'

/** The folder of an open project whose code may run. Throws `not_trusted`. */
async function trustedDir(host: Host, projectId: ProjectId): Promise<string> {
  const dir = host.projects.dirOf(projectId)
  if (await host.projects.isTrusted(dir)) return dir
  throw new AppError('not_trusted', 'This folder is not trusted yet, so nothing of it runs and nothing is installed.', {
    hint: 'Look at its files, then press Trust this folder.',
  })
}

/** In the background of New and Open; how it goes is told by events and the status. */
function prepareEnvironment(host: Host, dir: string): void {
  const { environments, options, runs } = host
  const prepare = async (): Promise<void> => {
    const { state } = await environments.status(dir)
    if (state === 'not_started') await environments.create(dir)
    await runs.warm(dir)
  }
  prepare().catch((error: unknown) => options.logger.info('the environment was not made', { error }))
}

async function openProject(client: Client, path: string): Promise<ProjectSnapshot> {
  const { host } = client
  const opened = await host.projects.open(path)
  const { projectId } = opened
  client.didOpen(projectId)
  try {
    const dir = host.projects.dirOf(projectId)
    if (!host.runs.isBusy(dir) && opened.readOnly === null) await host.runs.markInterrupted(dir)
    const [problems, environment, run] = await Promise.all([
      host.problems.list(projectId),
      host.environments.status(dir),
      host.runs.snapshot(dir),
    ])
    if (opened.trusted && opened.readOnly === null) prepareEnvironment(host, dir)
    // The analyses may have been completed while the problems were listed.
    const analyses = Object.fromEntries(host.projects.get(projectId).analyses)
    const readOnly = opened.readOnly ?? client.readOnlyHere(projectId)
    return { ...opened, readOnly, analyses, problems, environment, run }
  } catch (error) {
    await client.close(projectId)
    throw error
  }
}

export const handlers: Handlers<HostContract, Client> = {
  'app.info': (_params, { client }) => ({
    version: product.version,
    platform: process.platform,
    shell: client.shell.kind === 'desktop' ? 'desktop' : 'web',
    hasFolderDialog: client.shell.pickFolder !== undefined,
    projectsDir: projectsDir(),
    openPath: client.host.options.openPath,
  }),
  'app.recentProjects': (_params, { client }) => client.host.projects.recents(),
  'app.forgetRecent': async ({ path }, { client }) => {
    await client.host.projects.forgetRecent(path)
    return {}
  },
  'app.examples': (_params, { client }) => client.host.projects.examples(),
  'app.browse': ({ path }, { client }) => client.host.projects.browse(path),
  'app.pickFolder': async ({ title }, { client }) => {
    if (client.shell.pickFolder === undefined) {
      throw new AppError('unsupported', 'There is no system dialog here.', { hint: 'Use the list of folders.' })
    }
    return { path: await client.shell.pickFolder(title) }
  },
  'app.openExternal': async ({ url }, { client }) => {
    if (!isExternalLink(url)) throw new AppError('unsupported', 'Only https and mailto links are opened.')
    await client.shell.openExternal(url)
    return {}
  },
  'app.readPreferences': (_params, { client }) => client.host.projects.readPreferences(),
  'app.writePreference': async ({ key, json }, { client }) => {
    await client.host.projects.writePreference(key, json)
    return {}
  },

  'project.create': async ({ path, example }, { client }) => {
    const dir = await client.host.projects.create(path, example)
    prepareEnvironment(client.host, await realpath(dir))
    return { path: dir }
  },
  'project.suggestPath': async ({ name }, { client }) => ({ path: await client.host.projects.suggestPath(name) }),
  'project.open': ({ path }, { client }) => openProject(client, path),
  'project.close': async ({ projectId }, { client }) => {
    await client.close(projectId)
    return {}
  },
  'project.trust': async ({ projectId }, { client }) => {
    const dir = client.host.projects.dirOf(projectId)
    await client.host.projects.trust(dir)
    prepareEnvironment(client.host, dir)
    return {}
  },
  'project.rename': async ({ path, name }, { client }) => ({ path: await client.host.projects.rename(path, name) }),
  'project.duplicate': async ({ path, target }, { client }) => ({
    path: await client.host.projects.duplicate(path, target),
  }),
  'project.delete': async ({ path }, { client }) => ({ movedTo: await client.host.projects.delete(path) }),
  'project.saveViewState': async ({ projectId, json }, { client }) => {
    await client.host.projects.saveViewState(projectId, json)
    return {}
  },

  'file.list': ({ projectId }, { client }) => client.host.projects.list(projectId),
  'file.read': async ({ projectId, path }, { client }) => {
    const file = await client.host.projects.read(projectId, path)
    return { ...file, readOnly: file.readOnly ?? client.readOnlyHere(projectId) }
  },
  'file.write': async ({ projectId, writes }, { client }) => {
    const refused = client.readOnlyHere(projectId)
    if (refused !== null) throw new AppError('read_only', refused, { hint: 'Close the other window to write here.' })
    return { revisions: await client.host.projects.write(projectId, writes) }
  },
  'file.draft': async ({ projectId, path, text }, { client }) => {
    await client.host.projects.draft(projectId, path, text)
    return {}
  },
  'file.lastGood': ({ projectId, path }, { client }) => client.host.projects.lastGood(projectId, path),

  'environment.create': async ({ projectId }, { client: { host } }) =>
    host.environments.create(await trustedDir(host, projectId)),
  'environment.recreate': async ({ projectId }, { client: { host } }) =>
    host.environments.recreate(await trustedDir(host, projectId)),
  'environment.repair': async ({ projectId }, { client: { host } }) =>
    host.environments.repair(await trustedDir(host, projectId)),
  'environment.sync': async ({ projectId }, { client: { host } }) =>
    host.environments.sync(await trustedDir(host, projectId)),
  'environment.add': async ({ projectId, packages }, { client: { host } }) =>
    host.environments.add(await trustedDir(host, projectId), packages),
  'environment.remove': async ({ projectId, packages }, { client: { host } }) =>
    host.environments.remove(await trustedDir(host, projectId), packages),
  'environment.status': ({ projectId }, { client: { host } }) =>
    host.environments.status(host.projects.dirOf(projectId)),
  'environment.cancel': async ({ projectId }, { client: { host } }) => {
    await host.environments.cancel(host.projects.dirOf(projectId))
    return {}
  },
  'environment.readLog': async ({ projectId }, { client: { host } }) => ({
    text: await host.environments.readLog(host.projects.dirOf(projectId)),
  }),

  'run.start': async ({ projectId, flow, selection, set }, { client: { host } }) => {
    const dir = await trustedDir(host, projectId)
    const order = { projectId, flow, selection, set: set ?? {} }
    await readyEnvironment(host, order, false)
    const { runId, done } = await startRun(host, order)
    // Stop ends the workers with all they started; the next click on Run finds a new one.
    void done.then(({ finished }) => (finished.status === 'cancelled' ? host.runs.warm(dir) : undefined))
    return { runId }
  },
  'run.stop': ({ projectId, runId }, { client: { host } }) => {
    host.runs.stop(host.projects.dirOf(projectId), runId)
    return {}
  },
  'run.snapshot': ({ projectId }, { client: { host } }) => host.runs.snapshot(host.projects.dirOf(projectId)),
  'run.view': ({ projectId, runId, node, port }, { client: { host } }) =>
    host.runs.view(host.projects.dirOf(projectId), runId, node, port),
  'flow.export': async ({ projectId, flow }, { client: { host } }) => {
    const project = host.projects.get(projectId)
    await project.analysed()
    const { text, problems } = exportScript({
      name: flow,
      document: flowToRun(project, flow),
      analysisOf: (file) => project.analyses.get(file),
    })
    if (text !== '') return { text }
    throw new AppError('run_refused', 'The flow cannot be exported while it has problems.', { detail: { problems } })
  },
}
