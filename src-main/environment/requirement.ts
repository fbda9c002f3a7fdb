/** Requirement texts (PEP 508): read from files, and refused from people unless they are plain names. */
import { AppError } from '../base/app-error.ts'
import { compareVersions, satisfies } from './python-version.ts'

const name = '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?'
const extras = `\\[\\s*${name}(?:\\s*,\\s*${name})*\\s*\\]`
const one = '(?:===|~=|==|!=|<=|>=|<|>)\\s*[A-Za-z0-9][A-Za-z0-9.*+!_-]*'
const packagePattern = new RegExp(`^${name}(?:\\s*${extras})?(?:\\s*${one}(?:\\s*,\\s*${one})*)?$`)

/**
 * The texts a person gave, trimmed. Refuses whatever is not a name with optional extras and versions:
 * options, files, URLs, paths, markers, shell characters.
 */
export function checkedPackages(packages: readonly string[]): string[] {
  return packages.map((text) => {
    const trimmed = text.trim()
    if (trimmed.length > 500 || !packagePattern.test(trimmed)) {
      throw new AppError('invalid_name', `"${trimmed.slice(0, 100)}" is not the name of a package.`, {
        hint: 'Write a name, with a version if you like: numpy, pandas>=2.2, uvicorn[standard].',
      })
    }
    return trimmed
  })
}

/** As `checkedPackages`, but names only. */
export function checkedNames(packages: readonly string[]): string[] {
  return checkedPackages(packages).map((text) => parseRequirement(text)?.name ?? text)
}

/** Names that packages share whatever their spelling: `Foo_Bar` is `foo-bar`. */
export const normalName = (text: string): string => text.toLowerCase().replace(/[-_.]+/g, '-')

export interface Requirement {
  readonly name: string
  readonly extras: readonly string[]
  /** Empty: any version. For a requirement by URL also empty. */
  readonly specifiers: string
  /** Null: always. */
  readonly marker: string | null
}

const requirementPattern = new RegExp(
  `^\\s*(${name})\\s*(?:\\[([^\\]]*)\\])?\\s*(?:@\\s*\\S+|\\(([^)]*)\\)|([^;@(]*))?\\s*(?:;(.*))?$`,
  's',
)

/** Null where the text is none. */
export function parseRequirement(text: string): Requirement | null {
  const match = requirementPattern.exec(text)
  if (!match?.[1]) return null
  return {
    name: match[1],
    extras: (match[2] ?? '')
      .split(',')
      .map((extra) => extra.trim())
      .filter((extra) => extra !== ''),
    specifiers: (match[3] ?? match[4] ?? '').trim(),
    marker: match[5]?.trim() || null,
  }
}

export interface MarkerFacts {
  /** `3.11.7` */
  readonly pythonVersion: string
  readonly platform: NodeJS.Platform
  readonly arch: string
  readonly extras?: readonly string[]
}

/** Whether a marker holds. One that cannot be read does not. */
export function markerHolds(marker: string, facts: MarkerFacts): boolean {
  const tokens = marker.match(/'[^']*'|"[^"]*"|\(|\)|===|~=|==|!=|<=|>=|<|>|[A-Za-z_.]+/g) ?? []
  let at = 0
  const either = (): boolean => {
    let result = both()
    while (tokens[at] === 'or') {
      at++
      const right = both()
      result = result || right
    }
    return result
  }
  const both = (): boolean => {
    let result = single()
    while (tokens[at] === 'and') {
      at++
      const right = single()
      result = result && right
    }
    return result
  }
  const single = (): boolean => {
    if (tokens[at] === '(') {
      at++
      const result = either()
      at++
      return result
    }
    const left = tokens[at++] ?? ''
    let operator = tokens[at++] ?? ''
    if (operator === 'not') operator = `not ${tokens[at++] ?? ''}`
    const right = tokens[at++] ?? ''
    return compareMarker(left, operator, right, facts)
  }
  // Bounded by the tokens: every step above takes one.
  const result = either()
  return at === tokens.length && result
}

function compareMarker(left: string, operator: string, right: string, facts: MarkerFacts): boolean {
  if (left === 'extra' || right === 'extra') {
    const wanted = normalName(unquoted(left === 'extra' ? right : left))
    const has = (facts.extras ?? []).some((extra) => normalName(extra) === wanted)
    return operator === '!=' ? !has : has
  }
  const [a, b] = [valueOf(left, facts), valueOf(right, facts)]
  if (a === null || b === null) return false
  if (operator === 'in') return b.includes(a)
  if (operator === 'not in') return !b.includes(a)
  const isVersion = /version|release/.test(left) || /version|release/.test(right)
  if (isVersion && compareVersions(a, b.replace(/\.\*$/, '')) !== null) return satisfies(a, `${operator} ${b}`)
  if (operator === '==' || operator === '===') return a === b
  return operator === '!=' && a !== b
}

const unquoted = (token: string): string => token.replace(/^['"]|['"]$/g, '')

function valueOf(token: string, facts: MarkerFacts): string | null {
  if (/^['"]/.test(token)) return unquoted(token)
  const [system, osName] =
    facts.platform === 'win32'
      ? ['Windows', 'nt']
      : facts.platform === 'darwin'
        ? ['Darwin', 'posix']
        : ['Linux', 'posix']
  const machines: Record<string, string> = {
    x64: facts.platform === 'win32' ? 'AMD64' : 'x86_64',
    arm64: facts.platform === 'linux' ? 'aarch64' : 'arm64',
    ia32: 'i686',
  }
  switch (token) {
    case 'python_version':
      return facts.pythonVersion.split('.').slice(0, 2).join('.')
    case 'python_full_version':
    case 'implementation_version':
      return facts.pythonVersion
    case 'sys_platform':
      return facts.platform
    case 'platform_system':
      return system ?? null
    case 'os_name':
      return osName ?? null
    case 'platform_machine':
      return machines[facts.arch] ?? facts.arch
    case 'platform_python_implementation':
      return 'CPython'
    case 'implementation_name':
      return 'cpython'
    default:
      return null
  }
}
