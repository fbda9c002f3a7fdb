/**
 * `npm run borders`: the repository crosses no border, and code written to cross one is caught (fixtures.ts). Without the
 * second half a rule with a mistake in its pattern would pass for ever.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { inRoot, root } from '../lib/paths.ts'
import type { Breach } from './breach.ts'
import { clean, companions, fixtures } from './fixtures.ts'
import { checkModules, moduleRuleNames } from './module-rules.ts'
import { checkPython, pythonRuleNames } from './python-imports.ts'
import { checkSources, sourceRuleNames } from './source-rules.ts'

const checkAll = async (folder: string): Promise<Breach[]> =>
  (await Promise.all([checkModules(folder), checkSources(folder), checkPython(folder)])).flat()

const write = async (folder: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

/** Fixtures lie inside the repository, so that their imports of packages are found. */
const inTemporaryFolder = async <T>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<T>,
): Promise<T> => {
  await mkdir(inRoot('.cache'), { recursive: true })
  const folder = await mkdtemp(inRoot('.cache', 'borders-'))
  try {
    await write(folder, files)
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const mistakes: string[] = []

for (const { rule, files } of fixtures) {
  const found = await inTemporaryFolder(files, checkAll)
  const names = new Set(found.map((breach) => breach.rule))
  const where = Object.keys(files).join(', ')
  if (!names.has(rule)) mistakes.push(`The rule ${rule} misses its fixture (${where}).`)
  names.delete(rule)
  for (const companion of companions[rule] ?? []) names.delete(companion)
  if (names.size > 0) mistakes.push(`The fixture of ${rule} (${where}) also breaks ${[...names].join(', ')}.`)
}

for (const { rule, place } of await inTemporaryFolder(clean, checkAll)) {
  mistakes.push(`The rule ${rule} reports clean code: ${place}.`)
}

const covered = new Set(fixtures.map(({ rule }) => rule))
for (const rule of [...moduleRuleNames(), ...sourceRuleNames(), ...pythonRuleNames()]) {
  if (!covered.has(rule)) mistakes.push(`The rule ${rule} has no fixture.`)
}

const breaches = await checkAll(root)
for (const rule of new Set(breaches.map((breach) => breach.rule))) {
  const same = breaches.filter((breach) => breach.rule === rule)
  console.log(`\n${rule}: ${same[0]?.reason ?? ''}`)
  for (const { place } of same) console.log(`  ${place}`)
}
for (const mistake of mistakes) console.log(mistake)
console.log(`${breaches.length} breaches; ${fixtures.length} fixtures, ${mistakes.length} mistakes in the rules`)
process.exitCode = breaches.length + mistakes.length > 0 ? 1 : 0
