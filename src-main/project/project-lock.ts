/**
 * One writer per project: `.nodeloom/lock.json` names the process that may write.
 *
 * The file comes into being whole or not at all (a link to a finished file). A lock is stale when its
 * process is gone or began at another time; one of another machine, whose processes cannot be seen, when
 * its owner has not touched it for a minute. Taking over goes through a guard file, so that two that find
 * the same stale lock do not both win.
 */
import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rmdir, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '../base/app-error.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'
import type { Disposable } from '../base/disposable.ts'
import { makeFolder, removeFile, renamePath } from '../base/file-changes.ts'
import { codeOf } from './error-code.ts'
import { hostId, isAlive, startTimeOf } from './process-identity.ts'

const HEARTBEAT_MS = 10_000
const SILENCE_MS = 60_000
const GUARD_MS = 10_000

const zLock = z.object({
  token: z.string(),
  pid: z.number().int().positive(),
  startTime: z.string().nullable(),
  hostId: z.string(),
  hostName: z.string(),
  /** Unix milliseconds. */
  since: z.number(),
})
export type LockOwner = z.infer<typeof zLock>

export type LockAttempt = { readonly held: ProjectLock } | { readonly owner: LockOwner }

/** Held by this process until disposed. */
export class ProjectLock implements Disposable {
  readonly #file: string
  readonly #token: string
  readonly #heartbeat: NodeJS.Timeout
  #released: Promise<void> | null = null

  constructor(file: string, token: string) {
    this.#file = file
    this.#token = token
    this.#heartbeat = setInterval(() => {
      const now = new Date()
      utimes(file, now, now).catch(() => undefined)
    }, HEARTBEAT_MS)
    this.#heartbeat.unref()
  }

  /** Removes the lock file if it is still this lock's. */
  release(): Promise<void> {
    this.#released ??= this.#remove()
    return this.#released
  }

  dispose(): void {
    void this.release()
  }

  async #remove(): Promise<void> {
    clearInterval(this.#heartbeat)
    const owner = await readLock(this.#file)
    if (owner?.token === this.#token) await removeFile(this.#file).catch(() => undefined)
  }
}

/** Tries once, without waiting. Rejects where `.nodeloom` cannot be written. */
export async function acquireLock(stateDir: string): Promise<LockAttempt> {
  await makeFolder(stateDir)
  const file = path.join(stateDir, 'lock.json')
  const token = randomBytes(12).toString('hex')
  const mine: LockOwner = {
    token,
    pid: process.pid,
    startTime: await startTimeOf(process.pid),
    hostId: await hostId(),
    hostName: hostname(),
    since: Date.now(),
  }
  const own = path.join(stateDir, `lock-${token}.json`)
  await writeFileAtomic(own, `${JSON.stringify(mine)}\n`)
  try {
    if (await placeNew(own, file)) return { held: new ProjectLock(file, token) }
    const owner = await readLock(file)
    if (owner !== null && !(await isStale(owner, file, own, mine.hostId))) return { owner }
    return await takeOver(own, file, mine)
  } finally {
    await removeFile(own).catch(() => undefined)
  }
}

/** Who writes the project now, or null. Changes nothing on disk. */
export async function lockOwner(stateDir: string): Promise<LockOwner | null> {
  const file = path.join(stateDir, 'lock.json')
  const owner = await readLock(file)
  if (owner === null) return null
  const here = await hostId()
  if (owner.hostId !== here) return owner
  return (await isSameProcessAlive(owner)) ? owner : null
}

async function takeOver(own: string, file: string, mine: LockOwner): Promise<LockAttempt> {
  const guard = `${file}.takeover`
  if (!(await placeNew(own, guard))) {
    const stats = await stat(guard).catch(() => null)
    const age = stats === null ? 0 : Date.now() - stats.mtimeMs
    const other = await readLock(guard)
    if (age < GUARD_MS && other !== null) return { owner: other }
    await removeFile(guard)
    if (!(await placeNew(own, guard))) return { owner: (await readLock(guard)) ?? mine }
  }
  try {
    const owner = await readLock(file)
    if (owner !== null && !(await isStale(owner, file, own, mine.hostId))) return { owner }
    await writeFileAtomic(file, `${JSON.stringify(mine)}\n`)
    return { held: new ProjectLock(file, mine.token) }
  } finally {
    await removeFile(guard).catch(() => undefined)
  }
}

/** False where `target` is taken. Where the file system knows no links, a folder stands guard over a rename. */
async function placeNew(own: string, target: string): Promise<boolean> {
  try {
    await link(own, target)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
  }
  const guard = `${target}.placing`
  try {
    await mkdir(guard)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  try {
    await renamePath(own, target)
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'already_exists') return false
    throw error
  } finally {
    await rmdir(guard)
  }
}

/** Null where there is none, or none that can be read (then it is nobody's). */
async function readLock(file: string): Promise<LockOwner | null> {
  try {
    return zLock.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return null
  }
}

async function isSameProcessAlive(owner: LockOwner): Promise<boolean> {
  if (!isAlive(owner.pid)) return false
  const startTime = await startTimeOf(owner.pid)
  return startTime === null || owner.startTime === null || startTime === owner.startTime
}

/** `own` was written a moment ago in the same folder: its time is the file server's clock, not ours. */
async function isStale(owner: LockOwner, file: string, own: string, here: string): Promise<boolean> {
  if (owner.hostId === here) return !(await isSameProcessAlive(owner))
  const [theirs, now] = await Promise.all([stat(file).catch(() => null), stat(own)])
  return theirs === null || now.mtimeMs - theirs.mtimeMs > SILENCE_MS
}

/** The sentence a second opener reads. */
export function lockedSentence(owner: LockOwner, here: string): string {
  const where = owner.hostId === here ? `process ${owner.pid}` : `process ${owner.pid} on ${owner.hostName}`
  return `Another Nodeloom (${where}) writes this project, so it is read-only here until that one closes it.`
}
