/** Text of project files: UTF-8 only, kept byte for byte (a byte order mark and CRLF included). */
import { createHash } from 'node:crypto'
import { open, stat } from 'node:fs/promises'
import type { ProjectPath } from '../../src-shared/ids.ts'
import { AppError } from '../base/app-error.ts'
import { codeOf } from './error-code.ts'

/** Larger files are announced without their text and are not opened in the editor. */
export const MAX_TEXT_BYTES = 16 * 1024 * 1024

export interface FileOnDisk {
  readonly revision: string
  readonly bytes: Uint8Array
  /** Permission bits. */
  readonly mode: number
}

/** Content address: 20 hexadecimal digits of the SHA-256 of the bytes. */
export const revisionOf = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 20)

/** A file on disk, or null where none is. A folder or anything else that is no plain file is an AppError. */
export async function readFileOnDisk(absolute: string, path: string): Promise<FileOnDisk | null> {
  const stats = await stat(absolute).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return null
    throw error
  })
  if (stats === null) return null
  if (!stats.isFile()) throw new AppError('unsupported', `${path} is not a file.`, { hint: 'Choose a file.' })
  if (stats.size > MAX_TEXT_BYTES) {
    throw new AppError('unsupported', `${path} is larger than 16 MB and is not opened here.`, {
      hint: 'Read it from a node instead.',
    })
  }
  const file = await open(absolute, 'r').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (file === null) return null
  try {
    const bytes = await file.readFile()
    return { bytes, revision: revisionOf(bytes), mode: stats.mode }
  } finally {
    await file.close()
  }
}

/** The text of `bytes`, or null where they are not UTF-8. The byte order mark stays as a character. */
export function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** As `decodeText`, but what is no text becomes a sentence. Flow files may hold NUL: their parser says so. */
export function textOf(file: FileOnDisk, path: string): string {
  const text = decodeText(file.bytes)
  if (text !== null && (isFlowFile(path) || isLayoutFile(path) || !text.includes('\0'))) return text
  if (isFlowFile(path) || isLayoutFile(path)) {
    throw new AppError('document_damaged', `${path} is not text in UTF-8.`, {
      hint: 'Mend it in an editor or restore its last good copy. The file is not changed until then.',
    })
  }
  throw new AppError('unsupported', `${path} is not a text file in UTF-8.`, {
    hint: 'Open it with the program that made it, or save it as UTF-8.',
  })
}

export const isLayoutFile = (path: string): boolean => /^flows\/[^/]+\.layout\.json$/.test(path)
export const isFlowFile = (path: string): boolean => /^flows\/[^/]+\.json$/.test(path) && !isLayoutFile(path)

/** `main` of `flows/main.json`. */
export const flowNameOf = (path: string): string => path.slice('flows/'.length, -'.json'.length)

export const isPythonFile = (path: string): boolean => path.endsWith('.py')

/** A path the caller knows to be inside the project, as its brand. */
export const asProjectPath = (path: string): ProjectPath =>
  // The brand's own check (relative, no ..) holds for paths made by joining names below the project.
  path as ProjectPath
