import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { findBasePython } from '../lib/base-python.ts'
import { MissingTool } from '../lib/missing-tool.ts'
import { runProcess } from '../lib/run-process.ts'
import type { Breach } from './breach.ts'

const reasons = {
  'python-standard-library-only':
    "The product's Python packages run in every user's environment, so they import the standard library and nothing else.",
  'python-nodeloom-without-runtime':
    'Node code may import nodeloom outside of a run, in a plain Python, so it needs nothing of nodeloom_runtime.',
} as const

export const pythonRuleNames = (): string[] => Object.keys(reasons)

const zBreaches = z.array(
  z.object({
    rule: z.enum(['python-standard-library-only', 'python-nodeloom-without-runtime']),
    place: z.string(),
    module: z.string(),
  }),
)

export const checkPython = async (root: string): Promise<Breach[]> => {
  const folder = join(root, 'resources', 'python')
  if (!existsSync(folder)) return []
  const python = await findBasePython()
  if (python === undefined) throw new MissingTool('No Python: install python3, 3.11 or later.')
  const script = join(import.meta.dirname, 'python-imports.py')
  const result = await runProcess(python, ['-I', script, folder], { deadlineS: 60, output: 'keep' })
  if (result.code !== 0) throw new Error(`The Python packages could not be read: ${result.output}`)
  return zBreaches
    .parse(JSON.parse(result.output))
    .map(({ rule, place, module }) => ({ rule, place: `${place} (${module})`, reason: reasons[rule] }))
}
