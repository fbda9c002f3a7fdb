/** The last good copies of flow files in `.nodeloom/backups`, the newest 20 of each. */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseFlow } from '../../src-shared/flow/parse-flow.ts'
import { parseLayout } from '../../src-shared/flow/parse-layout.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { makeFolder, removeFile } from '../base/file-changes.ts'
import { isFlowFile, isLayoutFile, revisionOf } from './text-file.ts'

const KEPT = 20

/** What a save over `text` would do to it. */
export type FlowHealth = 'good' | 'damaged' | 'newer'

/** Null where `path` is no flow or layout. */
export function healthOf(file: string, text: string): FlowHealth | null {
  if (!isFlowFile(file) && !isLayoutFile(file)) return null
  const parsed = isFlowFile(file) ? parseFlow(text, file) : parseLayout(text, file)
  if (parsed.newer) return 'newer'
  return parsed.document === null || parsed.lossy ? 'damaged' : 'good'
}

export interface Backup {
  readonly text: string
  /** Unix milliseconds. */
  readonly savedAt: number
}

/** Folder per file; a name is `TIME-REVISION.json`, damaged ones `TIME-REVISION.damaged`. */
export class Backups {
  readonly #dir: string

  constructor(stateDir: string) {
    this.#dir = path.join(stateDir, 'backups')
  }

  /** Keeps `text` as a good copy unless the newest one is equal. */
  async keepGood(file: string, text: string): Promise<void> {
    const names = await this.#names(file, '.json')
    const revision = revisionOf(text)
    if (names.at(-1)?.includes(revision) === true) return
    await this.#write(file, `${timeName(names.at(-1))}-${revision}.json`, text)
    await this.#prune(file, '.json')
  }

  /** Keeps the bytes of a damaged file before a person's replacement goes over them. */
  async keepDamaged(file: string, bytes: Uint8Array): Promise<void> {
    const names = await this.#names(file, '.damaged')
    await this.#write(file, `${timeName(names.at(-1))}-${revisionOf(bytes)}.damaged`, bytes)
    await this.#prune(file, '.damaged')
  }

  /** The newest copy that still parses, or null. */
  async lastGood(file: string): Promise<Backup | null> {
    for (const name of (await this.#names(file, '.json')).reverse()) {
      const text = await readFile(path.join(this.#dir, file, name), 'utf8').catch(() => null)
      if (text !== null && healthOf(file, text) === 'good') return { text, savedAt: Number(name.split('-')[0]) }
    }
    return null
  }

  async #names(file: string, ending: string): Promise<string[]> {
    const names = await readdir(path.join(this.#dir, file)).catch(() => [])
    return names.filter((name) => /^\d{15}-/.test(name) && name.endsWith(ending)).sort()
  }

  async #write(file: string, name: string, data: string | Uint8Array): Promise<void> {
    await makeFolder(path.join(this.#dir, file))
    await writeFileAtomic(path.join(this.#dir, file, name), data)
  }

  async #prune(file: string, ending: string): Promise<void> {
    const names = await this.#names(file, ending)
    await Promise.all(names.slice(0, -KEPT).map((name) => removeFile(path.join(this.#dir, file, name))))
  }
}

/** Unix milliseconds in 15 digits, always later than `previous`, so that names sort by age. */
function timeName(previous: string | undefined): string {
  const after = previous === undefined ? 0 : Number(previous.split('-')[0]) + 1
  return String(Math.max(Date.now(), after)).padStart(15, '0')
}
