/** What uv's output means: how far it is, and what went wrong in words a person can act on. */
import { AppError } from '../base/app-error.ts'

export interface UvProgress {
  /** 0–1. */
  readonly fraction: number
  readonly text: string
}

const steps: readonly {
  readonly pattern: RegExp
  readonly fraction: number
  readonly text: (match: RegExpExecArray) => string
}[] = [
  { pattern: /^Resolved (\d+) packages?/, fraction: 0.2, text: ([, count]) => `Found ${count} packages` },
  { pattern: /^\s*(?:Building|Built) (\S+)/, fraction: 0.4, text: ([, name]) => `Building ${name}` },
  {
    pattern: /^\s*Downloading (\S+)(?: \(([^)]+)\))?/,
    fraction: 0.4,
    text: ([, name, size]) => `Downloading ${name}${size ? ` (${size})` : ''}`,
  },
  { pattern: /^\s*Downloaded (\S+)/, fraction: 0.6, text: ([, name]) => `Downloaded ${name}` },
  { pattern: /^Prepared (\d+) packages?/, fraction: 0.8, text: ([, count]) => `Downloaded ${count} packages` },
  { pattern: /^Uninstalled (\d+) packages?/, fraction: 0.85, text: ([, count]) => `Removed ${count} packages` },
  { pattern: /^Installed (\d+) packages?/, fraction: 0.95, text: ([, count]) => `Installed ${count} packages` },
]

/** Reads the stream piece by piece; answers the newest progress of the piece, or null. */
export class UvProgressReader {
  #rest = ''
  #fraction = 0

  push(text: string): UvProgress | null {
    const lines = (this.#rest + text).split(/\r?\n|\r/)
    this.#rest = lines.pop() ?? ''
    let newest: UvProgress | null = null
    for (const line of lines) {
      for (const step of steps) {
        const match = step.pattern.exec(line)
        if (!match) continue
        this.#fraction = Math.max(this.#fraction, step.fraction)
        newest = { fraction: this.#fraction, text: step.text(match) }
      }
    }
    return newest
  }
}

/** uv ended with an error: which one, and the next step. `what` as in "Adding six". */
export function uvError(what: string, stderr: string): AppError {
  const unknown =
    /Because ([A-Za-z0-9._-]+) was not found in the package registry/.exec(stderr) ??
    /([A-Za-z0-9._-]+) was not found in the (?:package registry|cache|provided package locations)/.exec(stderr)
  const offline =
    /network was disabled|error sending request|Failed to fetch|dns error|Connection refused|timed out|tcp connect error/i.test(
      stderr,
    )
  if (offline) {
    return new AppError('package_failed', `${what} failed: the package index could not be reached.`, {
      hint: 'Check the network connection and try again. Nothing was changed.',
    })
  }
  if (unknown?.[1] !== undefined) {
    return new AppError('package_unknown', `${what} failed: there is no package ${unknown[1]}.`, {
      hint: 'Check the spelling. Nothing was changed.',
    })
  }
  const noVersion = /there (?:is|are) no versions? of ([^\s,]+)/.exec(stderr)
  if (noVersion?.[1] !== undefined) {
    return new AppError('package_unknown', `${what} failed: there is no such version: ${noVersion[1]}.`, {
      hint: 'Choose another version. Nothing was changed.',
    })
  }
  if (/No space left on device|os error 28|os error 112/.test(stderr)) {
    return new AppError('disk_full', `${what} failed: the disk is full.`, { hint: 'Free some space and try again.' })
  }
  if (/Permission denied|os error 13|os error 30/.test(stderr)) {
    return new AppError('permission_denied', `${what} failed: a file may not be written.`, {
      hint: 'Check the permissions of the project folder.',
    })
  }
  return new AppError('package_failed', `${what} failed: ${firstCause(stderr)}`, {
    hint: 'The environment log says more. Nothing was changed in pyproject.toml.',
  })
}

/** The innermost cause that fits in a sentence. */
function firstCause(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  const causes = lines
    .filter((line) => /^(?:cause|error|╰─▶|×)/.test(line))
    .map((line) => line.replace(/^(?:cause:|error:|╰─▶|×)\s*/, ''))
  const text = causes.at(-1) ?? lines.findLast((line) => line !== '') ?? 'uv said nothing.'
  return text.length > 300 ? `${text.slice(0, 300)} …` : text
}
