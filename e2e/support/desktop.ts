import { chmod, cp, mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { findProgram } from '../../scripts/lib/find-program.ts'
import { runProcess } from '../../scripts/lib/run-process.ts'
import { startDisplay } from '../../scripts/test/display.ts'
import { ensureTestElectron } from '../../scripts/test/test-electron.ts'
import { storyEnvironment } from './environment.ts'
import type { Places } from './places.ts'

const repository = join(import.meta.dirname, '..', '..')

export interface Desktop {
  readonly electron: ElectronApplication
  /** The first window. */
  readonly page: Page
  /** Process id of Electron's main process, or of the wrapper that became it. */
  readonly pid: number
  /** Whether Chromium's sandbox is on. It is off only for root on a repository that no other user can read. */
  readonly sandboxed: boolean
  output(): string
  /** Quits as a person does and waits for the exit; a second call does nothing. */
  stop(): Promise<void>
}

interface Launch {
  readonly executable: string
  readonly args: readonly string[]
  readonly sandboxed: boolean
}

/** Whether every user may read a path and enter all folders above it. */
const isOpenToAll = async (path: string): Promise<boolean> => {
  for (let at = path; ; at = dirname(at)) {
    const { mode } = await stat(at)
    if ((mode & 0o005) !== 0o005) return false
    if (at === dirname(at)) return true
  }
}

/** A copy of the test Electron that an unprivileged user may start; made once. */
const openCopy = async (executable: string): Promise<string> => {
  if (await isOpenToAll(executable)) return executable
  const folder = join(tmpdir(), `nodeloom-test-electron-${process.getuid?.() ?? 0}`)
  const copy = join(folder, 'electron')
  if (existsSync(copy)) return copy
  const half = `${folder}.${process.pid}`
  await cp(dirname(executable), half, { recursive: true })
  await chmod(half, 0o755)
  await rename(half, folder)
  return copy
}

/**
 * Chromium refuses its sandbox to root. So root hands the whole application to the user `nobody`, with whom the sandbox
 * is the one that people have; only where nobody could not read the repository the sandbox is left out.
 */
const plan = async (places: Places): Promise<Launch> => {
  const executable = await ensureTestElectron()
  if (process.getuid?.() !== 0) return { executable, args: [], sandboxed: true }
  const setpriv = findProgram(['setpriv'])
  if (setpriv === undefined || !(await isOpenToAll(repository))) {
    return { executable, args: ['--no-sandbox'], sandboxed: false }
  }
  const program = await openCopy(executable)
  const wrapper = join(places.root, 'electron')
  const line = `exec ${setpriv} --reuid=65534 --regid=65534 --clear-groups "${program}" "$@"`
  await writeFile(wrapper, `#!/bin/sh\n${line}\n`)
  await chmod(wrapper, 0o755)
  await chmod(places.root, 0o755)
  await mkdir(join(places.root, 'tmp'))
  const give = await runProcess('chown', ['-R', '65534:65534', places.root], { deadlineS: 30, output: 'keep' })
  if (give.code !== 0) throw new Error(give.output)
  return { executable: wrapper, args: [], sandboxed: true }
}

/** Starts the built product in the test Electron on a display of its own. */
export const startDesktop = async (places: Places): Promise<Desktop> => {
  const launch = await plan(places)
  const display = await startDisplay()
  let output = ''
  try {
    const electron = await _electron.launch({
      executablePath: launch.executable,
      args: [...launch.args, repository],
      cwd: places.projectsDir,
      // Unless told, Playwright starts Electron with --no-sandbox.
      chromiumSandbox: launch.sandboxed,
      env: {
        ...storyEnvironment(places),
        ...display.env,
        ...(launch.executable.startsWith(places.root) ? { TMPDIR: join(places.root, 'tmp') } : {}),
      },
      timeout: 30_000,
    })
    const child = electron.process()
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
    const page = await electron.firstWindow({ timeout: 30_000 })
    let stopping: Promise<void> | undefined
    const quit = async (): Promise<void> => {
      try {
        await electron.close()
      } finally {
        await display.stop()
      }
    }
    const stop = (): Promise<void> => (stopping ??= quit())
    return { electron, page, pid: child.pid ?? 0, sandboxed: launch.sandboxed, output: () => output, stop }
  } catch (error) {
    await display.stop()
    throw error
  }
}
