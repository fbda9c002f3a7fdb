import { findProgram } from './find-program.ts'
import { MissingTool } from './missing-tool.ts'
import { runProcess } from './run-process.ts'

const installed = async (name: string): Promise<boolean> => {
  const asked = await runProcess('dpkg-query', ['-W', '-f=${Status}', name], { deadlineS: 30, output: 'keep' })
  return asked.code === 0 && asked.output.includes('install ok installed')
}

/** Installs the Debian packages that are missing. Throws MissingTool with the command to run where it may not. */
export const ensureAptPackages = async (names: readonly string[]): Promise<void> => {
  const missing: string[] = []
  if (findProgram(['dpkg-query']) === undefined) {
    throw new MissingTool(`This needs the Debian packages ${names.join(', ')}; install what your system calls them.`)
  }
  for (const name of names) if (!(await installed(name))) missing.push(name)
  if (missing.length === 0) return
  const byHand = `Run: apt-get install ${missing.join(' ')}`
  if (process.getuid?.() !== 0) throw new MissingTool(`Missing system packages. ${byHand}`)
  console.log(`Installing ${missing.join(', ')} with apt-get`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const install = ['install', '-y', '--no-install-recommends', ...missing]
  let result = await runProcess('apt-get', install, { deadlineS: 600, output: 'keep', env })
  if (result.code !== 0) {
    await runProcess('apt-get', ['update'], { deadlineS: 300, output: 'keep', env })
    result = await runProcess('apt-get', install, { deadlineS: 600, output: 'keep', env })
  }
  if (result.code !== 0) throw new MissingTool(`apt-get failed: ${result.output.trim().slice(-500)}. ${byHand}`)
}
