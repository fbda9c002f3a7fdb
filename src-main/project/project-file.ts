/** `pyproject.toml` as Nodeloom reads it: name, Python range, dependencies and the format of the project. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { z } from 'zod'
import type { Problem } from '../../src-shared/contract/problem.ts'
import { AppError } from '../base/app-error.ts'
import { codeOf } from './error-code.ts'
import { decodeText } from './text-file.ts'

export const PROJECT_FILE = 'pyproject.toml'
export const PROJECT_FORMAT = 1
const DEFAULT_REQUIRES_PYTHON = '>=3.9'

export interface ProjectFile {
  /** Name for people: the folder's name where pyproject's is merely its plain form. */
  readonly name: string
  /** As it stands in the file, null where it is absent. */
  readonly requiresPython: string | null
  /** Requirement texts. */
  readonly dependencies: readonly string[]
  readonly format: number
  /** Written by a newer Nodeloom: opens read-only and is not run. */
  readonly newer: boolean
  /** Not empty where the file cannot be trusted; the other fields are then defaults. */
  readonly problems: readonly Problem[]
}

const zPyproject = z.object({
  project: z
    .object({
      name: z.string().optional(),
      'requires-python': z.string().optional(),
      dependencies: z.array(z.string()).optional(),
    })
    .optional(),
  tool: z.object({ nodeloom: z.object({ format: z.number().int().min(1).optional() }).optional() }).optional(),
})

/** Reads the project's file. Throws `not_a_project` where the folder is none. Never writes. */
export async function readProjectFile(dir: string): Promise<ProjectFile> {
  const file = path.join(dir, PROJECT_FILE)
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) ?? ''))
      throw notAProject(dir, `it has no ${PROJECT_FILE}`)
    throw error
  }
  return parseProjectFile(decodeText(bytes), dir)
}

/** `text` null: not UTF-8. Throws `not_a_project` where nothing in it names Nodeloom. */
export function parseProjectFile(text: string | null, dir: string): ProjectFile {
  const folder = path.basename(dir)
  const damaged = (message: string, line: number | null): ProjectFile => ({
    name: folder,
    requiresPython: null,
    dependencies: [],
    format: PROJECT_FORMAT,
    newer: false,
    problems: [problem('project-damaged', message, line, `Mend ${PROJECT_FILE} in an editor; nothing was changed.`)],
  })
  if (text === null) return damaged(`${PROJECT_FILE} is not text in UTF-8.`, null)
  let data: unknown
  try {
    data = parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch (error) {
    if (!text.includes('tool.nodeloom'))
      throw notAProject(dir, `its ${PROJECT_FILE} cannot be read and does not name Nodeloom`)
    const line = error instanceof TomlError ? error.line : null
    return damaged(`${PROJECT_FILE} is not valid TOML.`, line)
  }
  const parsed = zPyproject.safeParse(data)
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? ''
    if (!text.includes('tool.nodeloom')) throw notAProject(dir, `its ${PROJECT_FILE} has no [tool.nodeloom]`)
    return damaged(`${PROJECT_FILE} has a wrong value at ${where}.`, null)
  }
  const { project, tool } = parsed.data
  if (tool?.nodeloom === undefined) throw notAProject(dir, `its ${PROJECT_FILE} has no [tool.nodeloom]`)
  const format = tool.nodeloom.format ?? PROJECT_FORMAT
  const newer = format > PROJECT_FORMAT
  const name = project?.name ?? folder
  return {
    name: projectNameFrom(folder) === name ? folder : name,
    requiresPython: project?.['requires-python'] ?? null,
    dependencies: project?.dependencies ?? [],
    format,
    newer,
    problems: newer
      ? [
          problem(
            'project-newer',
            `This project was written by a newer Nodeloom (format ${format}).`,
            null,
            'It opens read-only and cannot be run. Update Nodeloom to change it.',
          ),
        ]
      : [],
  }
}

const notAProject = (dir: string, reason: string): AppError =>
  new AppError('not_a_project', `${dir} is not a Nodeloom project: ${reason}.`, {
    hint: 'Open a folder that Nodeloom made, or make a new project with `nodeloom new DIR`.',
  })

const problem = (code: Problem['code'], message: string, line: number | null, hint: string): Problem => ({
  code,
  severity: 'error',
  message,
  hint,
  file: PROJECT_FILE,
  line,
  node: null,
  port: null,
  edge: null,
})

/** The name that packaging tools accept for a folder's name: small letters, digits and single dashes. */
export function projectNameFrom(folder: string): string {
  const plain = folder
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return plain === '' ? 'project' : plain.slice(0, 100).replace(/-+$/, '')
}

export const newProjectFile = (folder: string): string => `[project]
name = "${projectNameFrom(folder)}"
version = "0.1.0"
requires-python = "${DEFAULT_REQUIRES_PYTHON}"
dependencies = []

[tool.nodeloom]
format = ${PROJECT_FORMAT}
`

/** `text` with the project's name replaced, everything else kept (comments too). Null where it has no such line. */
export function withProjectName(text: string, folder: string): string | null {
  const table = /^\s*\[project\]\s*(?:#.*)?$/m.exec(text)
  if (!table) return null
  const begin = table.index + table[0].length
  const next = /^\s*\[/m.exec(text.slice(begin))
  const end = next ? begin + next.index : text.length
  const body = text.slice(begin, end)
  const renamed = body.replace(
    /^(\s*name\s*=\s*)(?:"[^"\n]*"|'[^'\n]*')/m,
    (_, key: string) => `${key}"${projectNameFrom(folder)}"`,
  )
  return renamed === body ? null : text.slice(0, begin) + renamed + text.slice(end)
}
