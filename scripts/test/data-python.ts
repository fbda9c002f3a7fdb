import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findBasePython } from '../lib/base-python.ts'
import { MissingTool } from '../lib/missing-tool.ts'
import { testCache } from '../lib/paths.ts'
import { runProcess } from '../lib/run-process.ts'
import { ensureUv } from './uv.ts'

/** The packages whose values get special treatment, so that their tests are not skipped. */
const packages = ['numpy', 'pandas', 'matplotlib', 'pillow', 'polars']

/** A Python with the usual data packages, made once in the test cache. */
export const ensureDataPython = async (): Promise<string> => {
  const base = await findBasePython()
  if (base === undefined) throw new MissingTool('No Python: install python3, 3.11 or later, with pip.')
  const folder = join(testCache(), 'python-data-1')
  const within = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']
  const interpreter = join(folder, ...within)
  if (existsSync(interpreter)) return interpreter
  const uv = join(await ensureUv(), process.platform === 'win32' ? 'uv.exe' : 'uv')
  const half = `${folder}.${process.pid}`
  const made = await runProcess(uv, ['venv', '--python', base, '--relocatable', half], {
    deadlineS: 60,
    output: 'keep',
  })
  const install = ['pip', 'install', '--python', join(half, ...within), ...packages]
  const installed = made.code === 0 ? await runProcess(uv, install, { deadlineS: 300, output: 'keep' }) : made
  if (installed.code !== 0) {
    await rm(half, { recursive: true, force: true })
    throw new MissingTool(`The Python for data tests could not be made: ${installed.output.trim().slice(-400)}`)
  }
  // Renamed only when complete, so that an interrupted run leaves nothing that looks ready.
  await rename(half, folder).catch(() => rm(half, { recursive: true, force: true }))
  return interpreter
}
