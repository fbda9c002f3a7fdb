/** Browser mode: the services behind a loopback web server, until someone stops it. */
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AppError, toAppError } from '../base/app-error.ts'
import { withDeadline } from '../base/deadline.ts'
import { createLogger, levelFromEnvironment } from '../base/logger.ts'
import { installDir, profileDir } from '../base/paths.ts'
import type { CreateServices } from '../base/services.ts'
import { isExternalLink, type Shell } from '../base/shell.ts'
import { openBrowser } from './open-browser.ts'
import { parseServeArguments } from './serve-arguments.ts'
import { startWebServer } from './web-server.ts'

/** A stop that takes longer is given up; the operating system does the rest. */
const STOP_DEADLINE_MS = 5_000

/** A page opens links itself, in a tab of its own browser; the host never starts one. */
const webShell: Shell = {
  kind: 'web',
  openExternal: (url) =>
    Promise.reject(
      new AppError(
        'unsupported',
        isExternalLink(url) ? 'Open this link in your browser.' : 'Only https and mailto links are opened.',
      ),
    ),
}

/**
 * Runs until SIGINT, SIGTERM or SIGHUP and answers the exit code: 0 after a clean stop, 2 when it could
 * not start. The address is printed on stdout, on a line of its own; everything else goes to stderr.
 */
export async function serve(args: readonly string[], createServices: CreateServices): Promise<number> {
  try {
    await serveUntilStopped(args, createServices)
    return 0
  } catch (error) {
    const { message, hint } = toAppError(error)
    process.stderr.write(`nodeloom: ${message}${hint === undefined ? '' : ` ${hint}`}\n`)
    return 2
  }
}

async function serveUntilStopped(args: readonly string[], createServices: CreateServices): Promise<void> {
  const { project, port, open } = parseServeArguments(args)
  const stopAsked = untilAskedToStop()
  const install = installDir(import.meta.dirname)
  const profile = profileDir()
  const logger = createLogger({ level: levelFromEnvironment('warn'), file: join(profile, 'logs', 'serve.log') })
  const openPath = project === null ? null : await existingFolder(resolve(project))
  const services = await createServices({
    shell: webShell,
    resourcesDir: join(install, 'resources'),
    profileDir: profile,
    openPath,
    logger,
  })
  try {
    const server = await startWebServer({
      port,
      pageDir: join(install, 'out', 'renderer'),
      onConnect: (client) => services.serveClient(client, webShell),
    })
    try {
      process.stderr.write('Nodeloom is at this address, for you alone. Press Ctrl+C to stop.\n')
      process.stdout.write(`${server.url}\n`)
      if (open) await openBrowser(server.ticketUrl())
      await stopAsked
    } finally {
      await server.stop()
    }
  } finally {
    await withDeadline(services.stop(), STOP_DEADLINE_MS, () => logger.warn('stopping took too long'))
  }
}

/** Resolves at the first signal; a second one ends the program at once. */
function untilAskedToStop(): Promise<void> {
  return new Promise((asked) => {
    let count = 0
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        count += 1
        if (count > 1) process.exit(130)
        asked()
      })
    }
  })
}

async function existingFolder(path: string): Promise<string> {
  const about = await stat(path).catch(() => null)
  if (about?.isDirectory() === true) return path
  throw new AppError('not_a_project', `${path} ${about === null ? 'does not exist' : 'is not a folder'}.`, {
    hint: 'Name the folder of a project, or none to begin at the welcome page.',
  })
}
