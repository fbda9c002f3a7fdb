import { findProgram } from './find-program.ts'
import { runProcess } from './run-process.ts'

/** The real interpreter behind `python3`: what is on PATH may be a version manager's slow shim. */
export const findBasePython = async (): Promise<string | undefined> => {
  const onPath = findProgram(['python3', 'python'])
  if (onPath === undefined) return undefined
  const asked = await runProcess(onPath, ['-I', '-S', '-c', 'import sys; print(sys.executable)'], {
    deadlineS: 30,
    output: 'keep',
  })
  return asked.code === 0 ? asked.output.trim() : undefined
}
