import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MissingTool } from '../lib/missing-tool.ts'
import { findBasePython } from '../lib/base-python.ts'
import { findProgram } from '../lib/find-program.ts'
import { testCache } from '../lib/paths.ts'
import { runProcess } from '../lib/run-process.ts'

/** The version that the tests were written against. */
const version = '0.13.8'

/** The folder that holds `uv`, to be put on PATH: an installed one, or the package index's wheel in the test cache. */
export const ensureUv = async (): Promise<string> => {
  const present = findProgram(['uv'])
  if (present !== undefined) return dirname(present)
  const target = join(testCache(), `uv-${version}`)
  const folder = join(target, 'bin')
  const program = join(folder, process.platform === 'win32' ? 'uv.exe' : 'uv')
  if (existsSync(program)) return folder
  const python = await findBasePython()
  if (python === undefined) throw new MissingTool('No Python: install python3 (3.11 or later) with pip.')
  await mkdir(target, { recursive: true })
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--target',
    target,
    `uv==${version}`,
  ]
  const result = await runProcess(python, args, { deadlineS: 300, output: 'keep' })
  if (result.code !== 0 || !existsSync(program)) {
    throw new MissingTool(
      `uv could not be fetched: ${result.output.trim().slice(-400)}. Install uv and put it on PATH.`,
    )
  }
  return folder
}
