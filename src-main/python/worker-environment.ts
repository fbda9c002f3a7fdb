/** The environment variables of a worker: the host's own without what would change how Python starts. */
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/**
 * As if the environment of `interpreter` were activated. No PYTHON… variable of the host is passed on
 * (PYTHONDONTWRITEBYTECODE would make every start compile everything, PYTHONPATH would shadow the project).
 */
export function workerEnvironment(interpreter: string, host: NodeJS.ProcessEnv): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(host)) {
    if (value !== undefined && !name.startsWith('PYTHON') && name !== 'VIRTUAL_ENV') env[name] = value
  }
  const bin = dirname(interpreter)
  env['PATH'] = env['PATH'] === undefined ? bin : bin + delimiter + env['PATH']
  if (existsSync(join(dirname(bin), 'pyvenv.cfg'))) env['VIRTUAL_ENV'] = dirname(bin)
  // Sets and dicts of text keep one order from run to run.
  env['PYTHONHASHSEED'] = '0'
  // Workers have no display.
  env['MPLBACKEND'] = 'Agg'
  return env
}
