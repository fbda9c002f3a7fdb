/** Makes `.venv` folders, whole or not at all. */
import path from 'node:path'
import { AppError, toAppError } from '../base/app-error.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { removeFolder, renamePath } from '../base/file-changes.ts'
import { makeStateFolder } from '../base/state-folder.ts'
import { readProjectFile } from '../project/index.ts'
import type { Interpreters } from './interpreters.ts'
import { runTool, toolEnvironment } from './run-tool.ts'
import type { Task } from './task.ts'
import { venvDir } from './venv.ts'

const CREATE_MS = 60_000

/** With Python's own venv: ready in a few ten milliseconds, and it needs no uv. */
export async function makeVenv(task: Task, interpreters: Interpreters): Promise<void> {
  task.step('creating', 'Making the environment')
  const project = await readProjectFile(task.dir)
  const { executable, version } = await interpreters.first(project.requiresPython)
  task.say(`Python ${version}\n`)
  const dir = venvDir(task.dir)
  try {
    const { code, stderr } = await runTool(executable, ['-I', '-m', 'venv', '--without-pip', dir], {
      env: toolEnvironment(),
      deadlineMs: CREATE_MS,
      signal: task.signal,
      onText: task.say,
    })
    if (code !== 0) {
      const reason = stderr.trim().split('\n').at(-1) ?? ''
      throw new AppError(
        'environment_broken',
        `The environment could not be made: ${reason || 'no reason was given.'}`,
        {
          hint: 'The environment log says more.',
        },
      )
    }
    await writeFileAtomic(path.join(dir, '.gitignore'), '*\n')
  } catch (error) {
    await removeFolder(dir).catch(() => undefined)
    throw error
  }
}

/** The old environment comes back when making or filling the new one fails. */
export async function replaceVenv(task: Task, interpreters: Interpreters, fill: () => Promise<void>): Promise<void> {
  const dir = venvDir(task.dir)
  const aside = path.join(await makeStateFolder(task.dir), 'environment-before')
  await removeFolder(aside)
  const had = await renamePath(dir, aside).then(
    () => true,
    (error: unknown) => {
      if (toAppError(error).code === 'not_found') return false
      throw error
    },
  )
  try {
    await makeVenv(task, interpreters)
    await fill()
  } catch (error) {
    await removeFolder(dir).catch(() => undefined)
    if (had) await renamePath(aside, dir).catch(() => undefined)
    throw error
  }
  await removeFolder(aside).catch(() => undefined)
}
