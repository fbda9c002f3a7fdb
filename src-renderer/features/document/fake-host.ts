/** A host in memory for tests: files with revisions, the conflicts they can have, and events. */
import type { EventName, EventPayload } from '../../../src-shared/contract/events.ts'
import type { MethodName, MethodParams, MethodResult } from '../../../src-shared/contract/methods.ts'
import { zProjectId } from '../../../src-shared/ids.ts'
import type { FlowHost } from './flow-host.ts'
import { FlowSession } from './flow-session.ts'

interface KnownFile {
  readonly text: string
  readonly revision: string
}

const refusal = (code: string, message: string, detail?: unknown) => Object.assign(new Error(message), { code, detail })

export class FakeHost implements FlowHost {
  readonly files = new Map<string, KnownFile>()
  /** Paths of every write that was done, transaction by transaction. */
  readonly transactions: string[][] = []
  /** Paths that were written over although what was there could not be read. */
  readonly replaced: string[] = []
  /** The next write fails with this. */
  nextFailure: Error | null = null
  readonly #listeners = new Map<string, Set<(payload: never) => void>>()
  #revision = 0

  put(path: string, text: string): void {
    this.files.set(path, { text, revision: `r${++this.#revision}` })
  }

  text(path: string): string | null {
    return this.files.get(path)?.text ?? null
  }

  /** Another program writes or removes a file, and the host tells of it. */
  change(path: string, text: string | null): void {
    if (text === null) this.files.delete(path)
    else this.put(path, text)
    const revision = this.files.get(path)?.revision ?? null
    this.emit('file.changed', { projectId, path: path as EventPayload<'file.changed'>['path'], revision, text })
  }

  emit<E extends EventName>(name: E, payload: EventPayload<E>): void {
    // Listeners are kept by name, so the payload is of their kind.
    for (const listener of this.#listeners.get(name) ?? []) (listener as (payload: EventPayload<E>) => void)(payload)
  }

  onEvent<E extends EventName>(name: E, listener: (payload: EventPayload<E>) => void): { dispose(): void } {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    listeners.add(listener)
    return { dispose: () => listeners.delete(listener) }
  }

  async request<M extends MethodName>(method: M, params: MethodParams<M>): Promise<MethodResult<M>> {
    await Promise.resolve()
    // The table of methods ties parameters and results to the name; the compiler does not follow it into a switch.
    return this.#answer(method, params) as MethodResult<M>
  }

  #answer(method: MethodName, params: unknown): unknown {
    if (method === 'file.read') {
      const { path } = params as MethodParams<'file.read'>
      const file = this.files.get(path)
      if (!file) throw refusal('not_found', `${path} does not exist.`)
      return { path, ...file, readOnly: null }
    }
    if (method === 'file.write') return this.#write(params as MethodParams<'file.write'>)
    if (method === 'file.lastGood')
      return { text: '{"format": 1, "nodes": {"kept": {"kind": "view"}}, "edges": []}', savedAt: 1 }
    throw refusal('unknown_method', method)
  }

  #write({ writes }: MethodParams<'file.write'>): MethodResult<'file.write'> {
    const failure = this.nextFailure
    this.nextFailure = null
    if (failure) throw failure
    for (const { path, base } of writes) {
      const file = this.files.get(path)
      if ((file?.revision ?? null) === base) continue
      const detail = { path, text: file?.text ?? null, revision: file?.revision ?? null }
      throw refusal('conflict', `${path} changed on disk.`, detail)
    }
    const revisions: Record<string, string | null> = {}
    this.replaced.push(...writes.flatMap(({ path, replaceDamaged }) => (replaceDamaged ? [path] : [])))
    for (const { path, text } of writes) {
      if (text === null) this.files.delete(path)
      else this.put(path, text)
      revisions[path] = this.files.get(path)?.revision ?? null
    }
    this.transactions.push(writes.map(({ path }) => path))
    for (const { path, text } of writes) {
      this.emit('file.changed', { projectId, path, revision: revisions[path] ?? null, text })
    }
    this.emit('file.listChanged', {
      projectId,
      flows: ['main'],
      files: [...this.files.keys()].map((name) => ({
        path: name as (typeof writes)[number]['path'],
        kind: 'file',
        bytes: 0,
      })),
    })
    return { revisions }
  }
}

export const projectId = zProjectId.parse('project')

/** A loaded session on `flows/main.json` with this text. */
export async function openSession(host: FakeHost, flow?: string, readOnly: string | null = null): Promise<FlowSession> {
  if (flow !== undefined) host.put('flows/main.json', flow)
  const files = [...host.files.keys()].map((path) => ({
    path: path as EventPayload<'file.changed'>['path'],
    kind: 'file' as const,
    bytes: 0,
  }))
  const session = new FlowSession(host, { projectId, readOnly, analyses: {}, files, flows: ['main'] }, 'main')
  await session.load()
  return session
}
