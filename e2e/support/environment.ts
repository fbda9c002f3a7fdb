import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Places } from './places.ts'

/** Names that would let the person's own set-up into a story. */
const personal = ['XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'VIRTUAL_ENV', 'PYTHONPATH']

/**
 * The environment of the product in a story: an empty home, and Python as users have it. Only the cache of downloaded
 * packages is shared between stories, as it changes no result and saves minutes; NODELOOM_TEST_FULL=1 starts without.
 */
export const storyEnvironment = (places: Places): Record<string, string> => {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined || personal.includes(name)) continue
    if (name === 'PYTHONDONTWRITEBYTECODE' || name === 'ELECTRON_RUN_AS_NODE' || name === 'NODE_OPTIONS') continue
    env[name] = value
  }
  const cache = process.env['NODELOOM_TEST_CACHE'] ?? join(homedir(), '.cache', 'nodeloom-test')
  const shared = process.env['NODELOOM_TEST_FULL'] === '1' ? {} : { UV_CACHE_DIR: join(cache, 'uv-packages') }
  return {
    ...env,
    ...shared,
    HOME: places.home,
    USERPROFILE: places.home,
    NODELOOM_HOME: join(places.home, '.nodeloom'),
  }
}
