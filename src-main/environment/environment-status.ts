/** Puts an environment's state on disk and the work on it into the one status that people see. */
import path from 'node:path'
import type { EnvironmentStatus } from '../../src-shared/contract/environment.ts'
import type { AppError } from '../base/app-error.ts'
import { readProjectFile } from '../project/index.ts'
import {
  environmentFingerprint,
  installedPackages,
  missingPackages,
  readOptional,
  type InstalledPackage,
} from './installed.ts'
import { inspectVenv, type VenvState } from './venv.ts'

export interface EnvironmentFacts {
  readonly venv: VenvState
  readonly installed: readonly InstalledPackage[]
  readonly missing: readonly string[]
  /** Equal texts: the same interpreter with the same packages. */
  readonly fingerprint: string
}

/** The part that a run needs each time: a few files. Fit for untrusted projects. */
export async function readInterpreter(projectDir: string): Promise<Pick<EnvironmentFacts, 'venv' | 'fingerprint'>> {
  const project = await readProjectFile(projectDir)
  const venv = await inspectVenv(projectDir, project.requiresPython)
  const fingerprint = venv.kind === 'ok' ? await environmentFingerprint(venv.python, venv.sitePackages) : venv.kind
  return { venv, fingerprint }
}

/** Reads files only; fit for untrusted projects. */
export async function readEnvironment(projectDir: string): Promise<EnvironmentFacts> {
  const { dependencies } = await readProjectFile(projectDir)
  const { venv, fingerprint } = await readInterpreter(projectDir)
  if (venv.kind !== 'ok') return { venv, installed: [], missing: [...dependencies], fingerprint }
  const [installed, lock] = await Promise.all([
    installedPackages(venv.sitePackages),
    readOptional(path.join(projectDir, 'uv.lock')),
  ])
  const facts = { pythonVersion: venv.pythonVersion, platform: process.platform, arch: process.arch }
  return { venv, installed, missing: missingPackages(dependencies, lock, installed, facts), fingerprint }
}

export interface Work {
  readonly state: 'creating' | 'installing'
  readonly progress: NonNullable<EnvironmentStatus['progress']>
}

export function statusOf(
  facts: EnvironmentFacts,
  work: Work | null,
  failure: AppError | null,
  canInstall: boolean,
): EnvironmentStatus {
  const common = {
    pythonVersion: facts.venv.kind === 'missing' ? null : facts.venv.pythonVersion,
    missing: [...facts.missing],
    installed: [...facts.installed],
    canInstall,
  }
  if (work !== null) return { ...common, state: work.state, message: work.progress.text, progress: work.progress }
  const idle = { ...common, progress: null }
  if (failure !== null) {
    return {
      ...idle,
      state: 'failed',
      message: failure.message,
      ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    }
  }
  const { venv } = facts
  if (venv.kind === 'missing') {
    return {
      ...idle,
      state: 'not_started',
      message: 'The project has no environment yet.',
      hint: 'Create it; a run does so too.',
    }
  }
  if (venv.kind === 'broken') {
    return {
      ...idle,
      state: 'broken',
      message: `The environment is broken: ${venv.reason}.`,
      hint: 'Repair makes it anew and installs its packages again.',
    }
  }
  const { missing } = facts
  if (missing.length > 0) {
    return {
      ...idle,
      state: 'ready',
      message: missingSentence(missing),
      hint: 'Install them: Packages, Install; or nodeloom env PROJECT sync.',
    }
  }
  return { ...idle, state: 'ready', message: `Python ${venv.pythonVersion} is ready.` }
}

function missingSentence(missing: readonly string[]): string {
  const shown = missing.slice(0, 5).join(', ')
  const rest = missing.length > 5 ? ` and ${missing.length - 5} more` : ''
  return missing.length === 1 ? `A package is not installed: ${shown}.` : `Packages are not installed: ${shown}${rest}.`
}
