/** What is installed in an environment and what is missing, read from files; nothing is run. */
import { readdir, readFile, stat, open } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'smol-toml'
import { z } from 'zod'
import { satisfies } from './python-version.ts'
import { markerHolds, normalName, parseRequirement, type MarkerFacts } from './requirement.ts'

export interface InstalledPackage {
  readonly name: string
  readonly version: string
}

/** Sorted by name. A package whose records are incomplete (an install cut short) does not count. */
export async function installedPackages(sitePackages: string): Promise<InstalledPackage[]> {
  const names = await readdir(sitePackages).catch(() => [])
  const found = await Promise.all(
    names.filter((name) => name.endsWith('.dist-info')).map((name) => readDist(path.join(sitePackages, name))),
  )
  return found.filter((one) => one !== null).sort((a, b) => (normalName(a.name) < normalName(b.name) ? -1 : 1))
}

async function readDist(dir: string): Promise<InstalledPackage | null> {
  try {
    await stat(path.join(dir, 'RECORD'))
    const file = await open(path.join(dir, 'METADATA'), 'r')
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
      const head = buffer.toString('utf8', 0, bytesRead)
      const name = /^Name:[ \t]*(.+?)[ \t]*\r?$/im.exec(head)?.[1]
      const version = /^Version:[ \t]*(.+?)[ \t]*\r?$/im.exec(head)?.[1]
      return name !== undefined && version !== undefined ? { name, version } : null
    } finally {
      await file.close()
    }
  } catch {
    return null
  }
}

/** Changes whenever packages come or go: workers that imported the old ones must not live on. */
export async function environmentFingerprint(python: string, sitePackages: string): Promise<string> {
  const [pythonStat, siteStat, names] = await Promise.all([
    stat(python).catch(() => null),
    stat(sitePackages).catch(() => null),
    readdir(sitePackages).catch(() => []),
  ])
  const dists = names.filter((name) => name.endsWith('.dist-info')).sort()
  return [pythonStat?.ino, pythonStat?.mtimeMs, siteStat?.ino, ...dists].join('\n')
}

const zDependency = z.object({ name: z.string(), marker: z.string().optional(), extra: z.array(z.string()).optional() })
const zLock = z.object({
  package: z
    .array(
      z.object({
        name: z.string(),
        version: z.string().optional(),
        source: z.record(z.string(), z.unknown()).optional(),
        dependencies: z.array(zDependency).optional(),
        'optional-dependencies': z.record(z.string(), z.array(zDependency)).optional(),
      }),
    )
    .optional(),
})

/**
 * Requirement texts that are not met: the project's own dependencies, then packages that `uv.lock` says
 * they need.
 */
export function missingPackages(
  dependencies: readonly string[],
  lockText: string | null,
  installed: readonly InstalledPackage[],
  facts: MarkerFacts,
): string[] {
  const versions = new Map(installed.map((one) => [normalName(one.name), one.version]))
  const missing: string[] = []
  const wanted: { name: string; extras: readonly string[] }[] = []
  for (const text of dependencies) {
    const requirement = parseRequirement(text)
    if (requirement === null || (requirement.marker !== null && !markerHolds(requirement.marker, facts))) continue
    const version = versions.get(normalName(requirement.name))
    if (version === undefined || !satisfies(version, requirement.specifiers)) missing.push(text)
    wanted.push(requirement)
  }
  return [...missing, ...missingFromLock(wanted, lockText, versions, facts)]
}

function missingFromLock(
  wanted: readonly { name: string; extras: readonly string[] }[],
  lockText: string | null,
  versions: ReadonlyMap<string, string>,
  facts: MarkerFacts,
): string[] {
  const packages = readLock(lockText)
  const waiting = wanted.map(({ name, extras }) => ({ name: normalName(name), extras }))
  const direct = new Set(waiting.map(({ name }) => name))
  const seen = new Set<string>()
  const missing: string[] = []
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const key = `${next.name}[${[...next.extras].sort().join()}]`
    const entries = packages.get(next.name)
    if (seen.has(key) || entries === undefined) continue
    seen.add(key)
    const version = versions.get(next.name)
    if (version === undefined && !direct.has(next.name)) {
      const only = entries.length === 1 ? entries[0]?.version : undefined
      missing.push(only === undefined ? next.name : `${next.name}==${only}`)
    }
    // A lock for several Pythons has several versions of a name; the installed one says which counts.
    const locked = version === undefined ? undefined : entries.find((entry) => entry.version === version)
    if (locked === undefined) continue
    const optional = next.extras.flatMap((extra) => locked['optional-dependencies']?.[extra] ?? [])
    for (const dependency of [...(locked.dependencies ?? []), ...optional]) {
      if (dependency.marker !== undefined && !markerHolds(dependency.marker, facts)) continue
      waiting.push({ name: normalName(dependency.name), extras: dependency.extra ?? [] })
    }
  }
  return [...new Set(missing)].sort()
}

type LockEntry = NonNullable<z.infer<typeof zLock>['package']>[number]

/** All versions by name. */
function readLock(text: string | null): Map<string, LockEntry[]> {
  const byName = new Map<string, LockEntry[]>()
  if (text === null) return byName
  try {
    for (const entry of zLock.safeParse(parse(text)).data?.package ?? []) {
      const name = normalName(entry.name)
      byName.set(name, [...(byName.get(name) ?? []), entry])
    }
  } catch {
    // A damaged lock file is uv's to complain about when it is next used; it hides nothing that is installed.
  }
  return byName
}

export const readOptional = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null)
