/** One connected page: its rpc server, the projects it opened, the news it hears. */
import { toWireError } from '../base/app-error.ts'
import { DisposableStore, type Disposable } from '../base/disposable.ts'
import type { Shell } from '../base/shell.ts'
import { hostContract, type HostContract } from '../../src-shared/contract/host-contract.ts'
import type { EventName, EventPayload } from '../../src-shared/contract/events.ts'
import type { ProjectId } from '../../src-shared/ids.ts'
import type { MessagePortLike } from '../../src-shared/rpc/port.ts'
import { createRpcServer, type RpcServer } from '../../src-shared/rpc/server.ts'
import { channelHandlers } from './channel-handlers.ts'
import { handlers } from './handlers.ts'
import type { Client, Host } from './host.ts'
import { OTHER_WINDOW, type Writers } from './writers.ts'

export class ClientServer implements Client, Disposable {
  readonly host: Host
  readonly shell: Shell
  readonly #store = new DisposableStore()
  readonly #rpc: RpcServer<HostContract>
  /** How often this client opened each project; closed as often when it goes. */
  readonly #opened = new Map<ProjectId, number>()
  readonly #writers: Writers<ClientServer>
  readonly #onGone: () => void

  constructor(host: Host, port: MessagePortLike, shell: Shell, writers: Writers<ClientServer>, onGone: () => void) {
    this.host = host
    this.shell = shell
    this.#writers = writers
    this.#onGone = onGone
    this.#rpc = createRpcServer<HostContract, Client>(port, {
      contract: hostContract,
      handlers,
      channels: channelHandlers,
      client: this,
      toWireError,
      onFault: (problem) => host.options.logger.warn('a client sent what no page sends', { problem }),
    })
    this.#store.add(port.onClose(() => this.dispose()))
    this.#listen()
  }

  #listen(): void {
    const { projects, problems, environments, runs } = this.host
    const add = (subscription: Disposable): void => void this.#store.add(subscription)
    add(projects.onDidChangeFile((payload) => this.#tell('file.changed', payload)))
    add(projects.onDidChangeList((payload) => this.#tell('file.listChanged', payload)))
    add(projects.onDidChangeAnalyses((payload) => this.#tell('analysis.changed', payload)))
    add(
      projects.onDidChangeProject(({ readOnly, ...payload }) =>
        this.#tell('project.changed', { ...payload, readOnly: readOnly ?? this.readOnlyHere(payload.projectId) }),
      ),
    )
    add(problems.onDidChange((payload) => this.#tell('problems.changed', payload)))
    add(
      environments.onDidChange(({ projectDir, status }) => {
        for (const projectId of this.#idsOf(projectDir)) this.#tell('environment.changed', { projectId, status })
      }),
    )
    add(
      environments.onDidLog(({ projectDir, text }) => {
        for (const projectId of this.#idsOf(projectDir)) this.#tell('environment.log', { projectId, text })
      }),
    )
    add(
      // By folder: a page that was gone for a moment has the project under another id, and its run goes on.
      runs.onDidEmit(({ projectDir, runId, events }) => {
        for (const projectId of this.#idsOf(projectDir)) this.#tell('run.events', { projectId, runId, events })
      }),
    )
    add(
      runs.onDidQueue(({ projectDir, runId, position }) => {
        for (const projectId of this.#idsOf(projectDir)) this.#tell('run.queued', { projectId, runId, position })
      }),
    )
  }

  /** A client hears of the projects it opened, of no others. */
  #tell<E extends EventName>(event: E, payload: EventPayload<E> & { readonly projectId: ProjectId }): void {
    if (this.#opened.has(payload.projectId)) this.#rpc.emit(event, payload)
  }

  #idsOf(projectDir: string): ProjectId[] {
    return this.host.projects.openProjects.flatMap(({ id, dir }) => (dir === projectDir ? [id] : []))
  }

  /** Asks the page to open a project. */
  openPath(path: string): void {
    this.#rpc.emit('app.openPath', { path })
  }

  didOpen(projectId: ProjectId): void {
    this.#opened.set(projectId, (this.#opened.get(projectId) ?? 0) + 1)
    this.#writers.add(projectId, this)
  }

  readOnlyHere(projectId: ProjectId): string | null {
    return this.#writers.isWriter(projectId, this) ? null : OTHER_WINDOW
  }

  /** This page writes from now on. */
  async #becomesWriter(projectId: ProjectId): Promise<void> {
    const { name, dir, readOnly } = this.host.projects.get(projectId)
    const trusted = await this.host.projects.isTrusted(dir)
    this.#tell('project.changed', { projectId, name, trusted, readOnly })
  }

  #leave(projectId: ProjectId): void {
    const next = this.#writers.remove(projectId, this)
    if (next === null) return
    next.#becomesWriter(projectId).catch((error: unknown) => {
      this.host.options.logger.warn('a page was not told that it may write', { error })
    })
  }

  async close(projectId: ProjectId): Promise<void> {
    const count = this.#opened.get(projectId)
    if (count === undefined) return
    if (count > 1) this.#opened.set(projectId, count - 1)
    else this.#opened.delete(projectId)
    this.#leave(projectId)
    await this.host.projects.close(projectId)
  }

  dispose(): void {
    if (this.#store.isDisposed) return
    this.#store.dispose()
    this.#rpc.dispose()
    for (const [projectId, count] of this.#opened) {
      for (let each = 0; each < count; each += 1) {
        this.#leave(projectId)
        this.host.projects.close(projectId).catch((error: unknown) => {
          this.host.options.logger.warn('a project was not closed', { error })
        })
      }
    }
    this.#opened.clear()
    this.#onGone()
  }
}
