import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cruise, type ICruiseOptions, type IFlattenedRuleSet } from 'dependency-cruiser'
import { inRoot } from '../lib/paths.ts'
import type { Breach } from './breach.ts'

interface Configuration extends IFlattenedRuleSet {
  readonly options: ICruiseOptions
}

/** The rules about which module may import which, as written in .dependency-cruiser.cjs. */
// The file is our own and dependency-cruiser validates its form itself.
const configuration = createRequire(import.meta.url)(inRoot('.dependency-cruiser.cjs')) as Configuration

const folders = ['src-shared', 'src-main', 'src-preload', 'src-renderer', 'scripts', 'e2e', 'bench']

export const moduleRuleNames = (): string[] => (configuration.forbidden ?? []).map(({ name }) => name ?? '')

/** Checks the imports below `root`, a folder with the repository's layout. */
export const checkModules = async (root: string): Promise<Breach[]> => {
  const { options, ...ruleSet } = configuration
  const present = folders.filter((folder) => existsSync(join(root, folder)))
  const { tsConfig: _notNeeded, ...cruiseOptions } = options
  const { output } = await cruise(present, {
    ...cruiseOptions,
    exclude: { path: ['(^|/)(out|dist|\\.cache|test-results|resources)/'] },
    baseDir: root,
    validate: true,
    ruleSet,
  })
  if (typeof output === 'string') throw new Error('dependency-cruiser gave text where its result was expected.')
  const reasons = new Map((configuration.forbidden ?? []).map(({ name, comment }) => [name, comment ?? '']))
  return output.summary.violations.map(({ rule, from, to }) => ({
    rule: rule.name,
    place: from === to ? from : `${from} → ${to}`,
    reason: reasons.get(rule.name) ?? '',
  }))
}
