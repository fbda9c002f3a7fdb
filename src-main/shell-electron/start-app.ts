/** The desktop app from its first line to its last. */
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { app, BrowserWindow, dialog } from 'electron'
import { createLogger, levelFromEnvironment } from '../base/logger.ts'
import { carriedNode, installDir, profileDir } from '../base/paths.ts'
import { declareScheme, serveApp } from './app-protocol.ts'
import { HostKeeper } from './host-keeper.ts'
import { setMenu } from './menu.ts'
import { relayPages } from './relay.ts'
import { pickFolder, shellHandlers } from './shell-handlers.ts'
import { readWindowPlace, writeWindowPlace } from './window-state.ts'
import { guardEverything, openWindow } from './windows.ts'

/** `mainDir` holds the built programs (out/main). */
export async function startApp(mainDir: string): Promise<void> {
  const install = installDir(mainDir)
  const profile = profileDir()
  app.setPath('userData', join(profile, 'electron'))
  if (!app.requestSingleInstanceLock()) return app.quit()
  declareScheme()

  const logger = createLogger({
    level: levelFromEnvironment('info'),
    file: join(profile, 'logs', 'desktop.log'),
    write: null,
  })
  const node = carriedNode(install)
  if (node === null) {
    dialog.showErrorBox('Nodeloom cannot start', 'The Node program that it carries is missing. Install Nodeloom again.')
    return app.exit(2)
  }
  const project = projectArgument(process.argv, process.cwd())
  const keeper = new HostKeeper({
    node,
    script: join(mainDir, 'host.cjs'),
    args: project === null ? [] : [project],
    handlers: shellHandlers,
    logger,
    onGiveUp: () => void offerRestart(keeper),
  })
  // Before the window, so that both start at the same time.
  keeper.start()

  let saved: Promise<unknown> = Promise.resolve()
  const placeFile = join(profile, 'window.json')
  const icon = join(install, 'resources', 'icons', 'nodeloom.png')
  const files = { preload: join(mainDir, '..', 'preload', 'index.cjs'), icon: existsSync(icon) ? icon : null }
  const showWindow = (): void => {
    const window = openWindow(files, readWindowPlace(placeFile))
    window.on('close', () => {
      saved = writeWindowPlace(placeFile, window).catch((error: unknown) =>
        logger.warn('window place not kept', { error }),
      )
    })
  }

  stopWithTheApp(async () => {
    await Promise.all([keeper.stop(), saved])
  })
  app.on('second-instance', (_, argv, cwd) => {
    const asked = projectArgument(argv, cwd)
    if (asked !== null) keeper.openPath(asked)
    focusWindow()
  })
  app.on('window-all-closed', () => app.quit())

  await app.whenReady()
  guardEverything()
  serveApp(join(install, 'out', 'renderer'))
  relayPages(
    (contents) => BrowserWindow.fromWebContents(contents)?.id ?? null,
    (windowId) => keeper.openPort(windowId),
  )
  setMenu({
    openProject: () =>
      void pickFolder(BrowserWindow.getFocusedWindow(), 'Open a project').then(
        (path) => path !== null && keeper.openPath(path),
      ),
  })
  showWindow()
}

/** The first argument that is a folder; options, and the app's own path in a checkout, are none. */
function projectArgument(argv: readonly string[], cwd: string): string | null {
  const own = app.getAppPath()
  for (const argument of argv.slice(1)) {
    if (argument === '' || argument.startsWith('-')) continue
    const path = resolve(cwd, argument)
    if (path !== own && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path
  }
  return null
}

function focusWindow(): void {
  const [window] = BrowserWindow.getAllWindows()
  if (window === undefined) return
  if (window.isMinimized()) window.restore()
  window.focus()
}

/** Holds the end of the app until `stop` is done. */
function stopWithTheApp(stop: () => Promise<void>): void {
  let stopped = false
  app.on('will-quit', (event) => {
    if (stopped) return
    event.preventDefault()
    void stop().finally(() => {
      stopped = true
      app.quit()
    })
  })
}

async function offerRestart(keeper: HostKeeper): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: 'The part of Nodeloom that does the work stops again and again.',
    detail: 'What was saved is safe. Restart it, or quit and look into the log in the profile folder.',
    buttons: ['Restart', 'Quit'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  })
  if (response === 0) keeper.restart()
  else app.quit()
}
