/**
 * `.nodeloom/runs/000012/`: what is on disk of one run.
 *
 *   run.json        what it was and how it ended; `running` with the host's pid while it goes on
 *   snapshot.json   its last state, for a page that opens later
 *   NODE.log        raw output; NODE.log.map tells which bytes are of which stream
 *   views/          richer pictures of values, NODE.PORT.json
 *   values/         values on their way between workers; gone when the run has ended
 */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { toAppError } from '../base/app-error.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { makeFolder, removeFolder } from '../base/file-changes.ts'
import { makeStateFolder, STATE_FOLDER } from '../base/state-folder.ts'
import {
  zRunSnapshot,
  zRunStatus,
  zValueView,
  type RunSnapshot,
  type ValueView,
} from '../../src-shared/contract/run.ts'
import { zRunId, type RunId } from '../../src-shared/ids.ts'
import { interruptedRun, queuedRun } from '../../src-shared/run/reduce.ts'

const KEPT_RUNS = 20
const folderName = /^\d{6,}$/

export const zRunRecord = z.object({
  runId: zRunId,
  number: z.number().int(),
  flow: z.string(),
  /** Unix milliseconds. */
  startedAt: z.number(),
  status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted']),
  /** The host that runs it. */
  pid: z.number().int(),
  /** Tells this host from a later process with the same pid. */
  host: z.string(),
})
export type RunRecord = z.infer<typeof zRunRecord>

const runsDir = (projectDir: string): string => join(projectDir, STATE_FOLDER, 'runs')

/** Any text as a file name: other characters than A-Za-z0-9_- as %XX. */
const fileNameOf = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const char = String.fromCharCode(byte)
      return /[A-Za-z0-9_-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')

export class RunFolder {
  readonly runId: RunId
  readonly number: number
  readonly path: string

  private constructor(projectDir: string, name: string) {
    this.runId = zRunId.parse(name)
    this.number = Number(name)
    this.path = join(runsDir(projectDir), name)
  }

  /** A folder with the next free number; two hosts on one project never get the same. */
  static async create(projectDir: string): Promise<RunFolder> {
    const runs = await makeStateFolder(projectDir, 'runs')
    for (let number = (await numbersIn(runs)).at(-1) ?? 0; ;) {
      number += 1
      const folder = new RunFolder(projectDir, String(number).padStart(6, '0'))
      try {
        await mkdir(folder.path)
        await Promise.all([makeFolder(folder.valuesDir), makeFolder(join(folder.path, 'views'))])
        return folder
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw toAppError(error)
      }
    }
  }

  static at(projectDir: string, runId: RunId): RunFolder | null {
    return folderName.test(runId) ? new RunFolder(projectDir, runId) : null
  }

  /** All runs of a project, oldest first. */
  static async all(projectDir: string): Promise<RunFolder[]> {
    const numbers = await numbersIn(runsDir(projectDir))
    return numbers.map((number) => new RunFolder(projectDir, String(number).padStart(6, '0')))
  }

  get valuesDir(): string {
    return join(this.path, 'values')
  }

  logPath(address: string): string {
    return join(this.path, `${fileNameOf(address)}.log`)
  }

  #viewPath(address: string, port: string): string {
    return join(this.path, 'views', `${fileNameOf(address)}.${fileNameOf(port)}.json`)
  }

  writeRecord(record: RunRecord): Promise<void> {
    return writeFileAtomic(join(this.path, 'run.json'), `${JSON.stringify(record, null, 2)}\n`)
  }

  /** Null where it is missing or damaged. */
  readRecord(): Promise<RunRecord | null> {
    return readJson(join(this.path, 'run.json'), zRunRecord)
  }

  writeSnapshot(snapshot: RunSnapshot): Promise<void> {
    return writeFileAtomic(join(this.path, 'snapshot.json'), JSON.stringify(snapshot))
  }

  readSnapshot(): Promise<RunSnapshot | null> {
    return readJson(join(this.path, 'snapshot.json'), zRunSnapshot)
  }

  writeView(address: string, port: string, view: ValueView): Promise<void> {
    return writeFileAtomic(this.#viewPath(address, port), JSON.stringify(view))
  }

  readView(address: string, port: string): Promise<ValueView | null> {
    return readJson(this.#viewPath(address, port), zValueView)
  }

  removeValues(): Promise<void> {
    return removeFolder(this.valuesDir)
  }

  remove(): Promise<void> {
    return removeFolder(this.path)
  }
}

async function numbersIn(runs: string): Promise<number[]> {
  const names = await readdir(runs).catch(() => [])
  return names
    .filter((name) => folderName.test(name))
    .map(Number)
    .sort((a, b) => a - b)
}

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}

/** Removes all but the newest 20 runs; those that still go on stay. */
export async function pruneRuns(projectDir: string): Promise<void> {
  const folders = await RunFolder.all(projectDir)
  for (const folder of folders.slice(0, -KEPT_RUNS)) {
    const record = await folder.readRecord()
    if (record !== null && isUnfinished(record) && isAlive(record.pid)) continue
    await folder.remove()
  }
}

const isUnfinished = (record: RunRecord): boolean => record.status === 'running' || record.status === 'queued'

/**
 * Marks runs whose host is gone as interrupted and removes the values they left. `host` is this process's
 * own mark. Answers them, oldest first.
 */
export async function markInterrupted(projectDir: string, host: string): Promise<RunRecord[]> {
  const marked: RunRecord[] = []
  for (const folder of await RunFolder.all(projectDir)) {
    const record = await folder.readRecord()
    if (record === null || !isUnfinished(record)) continue
    const lives = record.pid === process.pid ? record.host === host : isAlive(record.pid)
    if (lives) continue
    const snapshot = await folder.readSnapshot()
    const ended = zRunStatus.safeParse(snapshot?.status)
    await folder.removeValues()
    if (ended.success) {
      // The run had ended; only the last line about it was not written any more.
      await folder.writeRecord({ ...record, status: ended.data })
      continue
    }
    const { runId, number, flow, startedAt } = record
    await folder.writeSnapshot(interruptedRun(snapshot ?? queuedRun({ runId, number, flow, startedAt })))
    const interrupted: RunRecord = { ...record, status: 'interrupted' }
    await folder.writeRecord(interrupted)
    marked.push(interrupted)
  }
  return marked
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process lives, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
