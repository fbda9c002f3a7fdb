import { homedir } from 'node:os'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

export const inRoot = (...parts: string[]): string => join(root, ...parts)

/**
 * Where tools that only tests need are kept: uv and the test Electron. Outside the repository, so that a fresh clone
 * finds them again; NODELOOM_TEST_CACHE moves it.
 */
export const testCache = (): string => {
  const chosen = process.env['NODELOOM_TEST_CACHE']
  if (chosen !== undefined && chosen !== '') return chosen
  const perUser =
    process.platform === 'win32'
      ? process.env['LOCALAPPDATA']
      : (process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'))
  return join(perUser ?? join(homedir(), '.cache'), 'nodeloom-test')
}
