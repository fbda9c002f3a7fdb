/** Writes several files of a project as one: everything is checked before anything changes. */
import path from 'node:path'
import type { ConflictDetail, FileWrite } from '../../src-shared/contract/project.ts'
import { AppError } from '../base/app-error.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { makeFolder, removeFile } from '../base/file-changes.ts'
import { resolveInside } from '../base/resolve-inside.ts'
import { healthOf, type Backups } from './backups.ts'
import { isHiddenPath } from './file-list.ts'
import { beginJournal, endJournal } from './journal.ts'
import { decodeText, readFileOnDisk, revisionOf, type FileOnDisk } from './text-file.ts'

interface PlannedWrite {
  readonly path: string
  readonly absolute: string
  /** Null deletes. */
  readonly text: string | null
  readonly revision: string | null
  readonly current: FileOnDisk | null
}

export interface TransactionResult {
  readonly revisions: Record<string, string | null>
  /** What is now different on disk. */
  readonly changed: readonly { readonly path: string; readonly revision: string | null; readonly text: string | null }[]
}

export interface TransactionPlace {
  readonly projectDir: string
  readonly stateDir: string
  readonly backups: Backups
}

/** The caller holds the project's mutex and lock. Rejects with AppError, and then nothing has changed. */
export async function writeTransaction(
  place: TransactionPlace,
  writes: readonly FileWrite[],
): Promise<TransactionResult> {
  const seen = new Set<string>()
  const planned: PlannedWrite[] = []
  for (const write of writes) {
    if (seen.has(write.path)) throw new AppError('invalid_request', `${write.path} is written twice at once.`)
    seen.add(write.path)
    planned.push(await plan(place, write))
  }
  const effective = planned.filter((write) => write.revision !== (write.current?.revision ?? null))
  await keepDamaged(place, effective)
  if (effective.length > 1) {
    await beginJournal(
      place.stateDir,
      effective.map(({ path: file, text, revision, current }) => ({
        // The brand holds: the path came in as a ProjectPath.
        path: file as FileWrite['path'],
        text,
        base: current?.revision ?? null,
        revision,
      })),
    )
  }
  try {
    await applyAll(effective)
  } finally {
    if (effective.length > 1) await endJournal(place.stateDir).catch(() => undefined)
  }
  await keepGood(place, effective)
  return {
    revisions: Object.fromEntries(planned.map((write) => [write.path, write.revision])),
    changed: effective.map(({ path: file, revision, text }) => ({ path: file, revision, text })),
  }
}

async function plan(place: TransactionPlace, write: FileWrite): Promise<PlannedWrite> {
  if (isHiddenPath(write.path)) {
    throw new AppError('permission_denied', `${write.path} belongs to a tool and is not written from here.`, {
      hint: 'Choose another place in the project.',
    })
  }
  const absolute = await resolveInside(place.projectDir, write.path)
  const current = await readFileOnDisk(absolute, write.path)
  const planned: PlannedWrite = {
    path: write.path,
    absolute,
    text: write.text,
    revision: write.text === null ? null : revisionOf(write.text),
    current,
  }
  const now = current?.revision ?? null
  // What is already so needs no base: a repeated request after a lost answer succeeds.
  if (now === planned.revision) return planned
  if (now !== write.base) throw conflict(write, current)
  const currentText = current === null ? null : decodeText(current.bytes)
  const health =
    current === null ? null : currentText === null ? healthOf(write.path, '') : healthOf(write.path, currentText)
  if (health === 'newer') {
    throw new AppError('document_newer', `${write.path} was written by a newer Nodeloom and was not changed.`, {
      hint: 'Update Nodeloom to change it.',
    })
  }
  if (health === 'damaged' && write.replaceDamaged !== true) {
    throw new AppError('document_damaged', `${write.path} is damaged and was not overwritten.`, {
      hint: 'Mend it in an editor or restore its last good copy.',
    })
  }
  return planned
}

function conflict(write: FileWrite, current: FileOnDisk | null): AppError {
  const what =
    current === null
      ? 'was removed by another program'
      : write.base === null
        ? 'exists already'
        : 'was changed by another program'
  const detail: ConflictDetail = {
    path: write.path,
    text: current === null ? null : decodeText(current.bytes),
    revision: current?.revision ?? null,
  }
  return new AppError('conflict', `${write.path} ${what}, so nothing was saved.`, {
    hint: 'Compare both versions and choose one.',
    detail,
  })
}

/** When one cannot be written, those before it get their old bytes back. */
async function applyAll(writes: readonly PlannedWrite[]): Promise<void> {
  const done: PlannedWrite[] = []
  try {
    for (const write of writes) {
      await apply(write.absolute, write.text)
      done.push(write)
    }
  } catch (error) {
    for (const write of done.reverse()) await apply(write.absolute, write.current?.bytes ?? null).catch(() => undefined)
    throw error
  }
}

async function apply(absolute: string, data: string | Uint8Array | null): Promise<void> {
  if (data === null) return removeFile(absolute)
  await makeFolder(path.dirname(absolute))
  await writeFileAtomic(absolute, data)
}

async function keepDamaged(place: TransactionPlace, writes: readonly PlannedWrite[]): Promise<void> {
  for (const { path: file, current } of writes) {
    if (current === null) continue
    const text = decodeText(current.bytes)
    if (healthOf(file, text ?? '') === 'damaged') await place.backups.keepDamaged(file, current.bytes)
  }
}

/** A copy that cannot be kept does not undo a save that worked. */
async function keepGood(place: TransactionPlace, writes: readonly PlannedWrite[]): Promise<void> {
  for (const { path: file, text } of writes) {
    if (text !== null && healthOf(file, text) === 'good')
      await place.backups.keepGood(file, text).catch(() => undefined)
  }
}
