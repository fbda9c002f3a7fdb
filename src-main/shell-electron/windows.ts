/** The only place that makes windows. Each is guarded by the policy before it loads anything. */
import { app, BrowserWindow, session, type WebContents } from 'electron'
import { openExternalLink } from './external-links.ts'
import { isAllowedNavigation, isAllowedPermission, PAGE_URL } from './policy.ts'
import { windowOptions, type WindowPlace } from './window-options.ts'

/** Call once, before the first window: what holds for everything that could show a page. */
export function guardEverything(): void {
  app.on('web-contents-created', (_, contents) => guard(contents))
  session.defaultSession.setPermissionRequestHandler((contents, permission, callback) =>
    callback(isAllowedPermission(permission, contents.getURL())),
  )
  session.defaultSession.setPermissionCheckHandler((contents, permission) =>
    isAllowedPermission(permission, contents?.getURL() ?? ''),
  )
  session.defaultSession.setDevicePermissionHandler(() => false)
}

function guard(contents: WebContents): void {
  const offer = (url: string): void => void openExternalLink(BrowserWindow.fromWebContents(contents), url)
  contents.on('will-navigate', (event, url) => {
    if (isAllowedNavigation(url)) return
    event.preventDefault()
    offer(url)
  })
  contents.on('will-redirect', (event, url) => {
    if (!isAllowedNavigation(url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    offer(url)
    return { action: 'deny' }
  })
}

export interface WindowFiles {
  readonly preload: string
  readonly icon: string | null
}

/** Shown when its first paint is ready, so that no white flash is seen. */
export function openWindow(files: WindowFiles, place: WindowPlace): BrowserWindow {
  const window = new BrowserWindow(windowOptions(files.preload, files.icon, place))
  window.once('ready-to-show', () => {
    if (place.maximized) window.maximize()
    window.show()
  })
  void window.loadURL(PAGE_URL)
  return window
}
