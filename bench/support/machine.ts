import { cpus, release, totalmem } from 'node:os'
import { findBasePython } from '../../scripts/lib/base-python.ts'
import { findProgram } from '../../scripts/lib/find-program.ts'
import { runProcess } from '../../scripts/lib/run-process.ts'

export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memoryGB: number
  readonly system: string
  readonly node: string
  readonly python: string
  readonly chromium: string
}

const version = async (program: string | undefined, args: readonly string[]): Promise<string> => {
  if (program === undefined) return 'none'
  const asked = await runProcess(program, args, { deadlineS: 30, output: 'keep' })
  // A wrapper script may warn of something first; the version is the last line.
  return asked.code === 0 ? (asked.output.trim().split('\n').at(-1) ?? 'unknown') : 'unknown'
}

/** What the numbers were measured on; nothing in it names the machine or its user. */
export const describeMachine = async (): Promise<Machine> => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${process.arch} ${release()}`,
  node: process.version,
  python: await version(await findBasePython(), ['--version']),
  chromium: await version(findProgram(['chromium', 'chromium-browser', 'google-chrome']), ['--version']),
})
