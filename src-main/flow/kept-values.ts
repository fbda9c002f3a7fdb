/**
 * Output values of earlier runs, so that one node can run alone (`--only`), also in a later process:
 * `.nodeloom/cache/kept/FLOW.json` and the files beside it.
 *
 * They are pickles, and unpickling runs code. Every entry therefore carries an HMAC with a key from the
 * person's profile over its place and its content's hash: what this installation did not write, or what
 * was changed since, counts as missing and is never handed to a worker.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { makeFolder, removeFile, renamePath } from '../base/file-changes.ts'
import type { KeptState } from './plan-context.ts'
import type { KeptValue } from './executor.ts'

/** All stored files of a flow together; the newest values win. */
const MAX_STORED_BYTES = 1024 * 1024 * 1024
/** All small values of a flow together, as base64. */
const MAX_SMALL_CHARS = 32 * 1024 * 1024
const KEY_BYTES = 32

const zEntry = z.discriminatedUnion('form', [
  z.object({ form: z.literal('not_taken'), mac: z.string() }),
  z.object({ form: z.literal('bytes'), base64: z.string(), mac: z.string() }),
  z.object({
    form: z.literal('stored'),
    format: z.enum(['npy', 'pickle5', 'arrow']),
    /** Name in the folder. */
    file: z.string().regex(/^[0-9a-f]{32}\.bin$/),
    bytes: z.number().int(),
    sha256: z.string(),
    mac: z.string(),
  }),
])
type Entry = z.infer<typeof zEntry>
const zIndex = z.object({ format: z.literal(1), entries: z.record(z.string(), zEntry) })

/** What a run kept of one port; null: the port was not taken. */
export interface NewlyKept {
  readonly node: string
  readonly port: string
  readonly value: KeptValue | null
}

export class KeptValues {
  readonly #keyFile: string
  #key: Promise<Buffer> | null = null

  /** `profileDir`: the person's own folder, not the project's. */
  constructor(profileDir: string) {
    this.#keyFile = join(profileDir, 'kept-values.key')
  }

  async open(projectDir: string, flow: string): Promise<KeptFlow> {
    this.#key ??= this.#readKey()
    const dir = join(projectDir, '.nodeloom', 'cache', 'kept')
    return KeptFlow.open(dir, flow, await this.#key)
  }

  async #readKey(): Promise<Buffer> {
    const known = await readFile(this.#keyFile).catch(() => null)
    if (known?.length === KEY_BYTES) return known
    await makeFolder(dirname(this.#keyFile))
    await writeFileAtomic(this.#keyFile, randomBytes(KEY_BYTES))
    await chmod(this.#keyFile, 0o600)
    // Read again: of two programs that start together, both use the later key.
    return readFile(this.#keyFile)
  }
}

const indexPath = (dir: string, flow: string): string => join(dir, `${flow.replaceAll(/[^A-Za-z0-9_-]/g, '%')}.json`)

async function readIndex(path: string): Promise<Record<string, Entry>> {
  try {
    return zIndex.parse(JSON.parse(await readFile(path, 'utf8'))).entries
  } catch {
    return {}
  }
}

const nameOf = (node: string, port: string): string => `${node}.${port}`

/** The kept values of one flow, as they were when it was opened. */
export class KeptFlow {
  readonly #dir: string
  readonly #flow: string
  readonly #key: Buffer
  #entries = new Map<string, Entry>()

  private constructor(dir: string, flow: string, key: Buffer) {
    this.#dir = dir
    this.#flow = flow
    this.#key = key
  }

  static async open(dir: string, flow: string, key: Buffer): Promise<KeptFlow> {
    const kept = new KeptFlow(dir, flow, key)
    await kept.reload()
    return kept
  }

  /** Looks at the disk again. */
  async reload(): Promise<void> {
    this.#entries = await this.#readEntries()
  }

  async #readEntries(): Promise<Map<string, Entry>> {
    const entries = Object.entries(await readIndex(indexPath(this.#dir, this.#flow)))
    return new Map(entries.filter(([name, entry]) => this.#isOurs(name, entry)))
  }

  /** What the index says; a file's content is checked by `load`. */
  state(node: string, port: string): KeptState {
    const form = this.#entries.get(nameOf(node, port))?.form
    if (form === undefined) return 'missing'
    return form === 'not_taken' ? 'not_taken' : 'kept'
  }

  /** The value, its content checked; null where it is missing or not ours. */
  async load(node: string, port: string): Promise<KeptValue | null> {
    const entry = this.#entries.get(nameOf(node, port))
    if (entry?.form === 'bytes') return { form: 'bytes', base64: entry.base64 }
    if (entry?.form !== 'stored') return null
    const path = join(this.#dir, entry.file)
    const sha256 = await hashFile(path).catch(() => null)
    return sha256 === entry.sha256 ? { form: 'stored', format: entry.format, path, bytes: entry.bytes } : null
  }

  /** Adds what a run kept, newest last; files are moved here. Older values go where the budget ends. */
  async save(values: readonly NewlyKept[]): Promise<void> {
    if (values.length === 0) return
    await makeFolder(this.#dir)
    // Another run may have saved since this was opened.
    await this.reload()
    const replaced: Entry[] = []
    for (const { node, port, value } of values) {
      const name = nameOf(node, port)
      const entry = await this.#entryFor(name, value)
      const older = this.#entries.get(name)
      if (older !== undefined) replaced.push(older)
      this.#entries.delete(name)
      if (entry !== null) this.#entries.set(name, entry)
    }
    replaced.push(...this.#overBudget())
    await writeFileAtomic(
      indexPath(this.#dir, this.#flow),
      JSON.stringify({ format: 1, entries: Object.fromEntries(this.#entries) }),
    )
    for (const entry of replaced) if (entry.form === 'stored') await removeFile(join(this.#dir, entry.file))
  }

  async #entryFor(name: string, value: KeptValue | null): Promise<Entry | null> {
    if (value === null) return this.#signed(name, { form: 'not_taken' })
    if (value.form === 'bytes') return this.#signed(name, { form: 'bytes', base64: value.base64 })
    const { size } = await stat(value.path)
    if (size > MAX_STORED_BYTES) return null
    const sha256 = await hashFile(value.path)
    const file = `${randomBytes(16).toString('hex')}.bin`
    await renamePath(value.path, join(this.#dir, file))
    return this.#signed(name, { form: 'stored', format: value.format, file, bytes: value.bytes, sha256 })
  }

  #signed(name: string, content: EntryContent): Entry {
    return { ...content, mac: this.#mac(name, content) }
  }

  #isOurs(name: string, { mac, ...content }: Entry): boolean {
    const expected = Buffer.from(this.#mac(name, content), 'hex')
    const found = Buffer.from(mac, 'hex')
    return found.length === expected.length && timingSafeEqual(found, expected)
  }

  #mac(name: string, content: EntryContent): string {
    const parts =
      content.form === 'not_taken'
        ? []
        : content.form === 'bytes'
          ? [content.base64]
          : [content.format, content.file, content.bytes, content.sha256]
    const text = JSON.stringify([1, this.#flow, name, content.form, ...parts])
    return createHmac('sha256', this.#key).update(text).digest('hex')
  }

  /** Takes the oldest entries out until the rest fits, and answers them. */
  #overBudget(): Entry[] {
    const out: Entry[] = []
    let stored = 0
    let small = 0
    for (const [name, entry] of [...this.#entries].reverse()) {
      if (entry.form === 'stored') stored += entry.bytes
      if (entry.form === 'bytes') small += entry.base64.length
      if (stored <= MAX_STORED_BYTES && small <= MAX_SMALL_CHARS) continue
      if (entry.form === 'stored') stored -= entry.bytes
      if (entry.form === 'bytes') small -= entry.base64.length
      this.#entries.delete(name)
      out.push(entry)
    }
    return out
  }
}

type WithoutMac<E> = E extends Entry ? Omit<E, 'mac'> : never
type EntryContent = WithoutMac<Entry>

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    // A read stream without an encoding gives buffers.
    hash.update(piece as Buffer)
  }
  return hash.digest('hex')
}
