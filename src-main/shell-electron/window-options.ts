/** How every window is made. */
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron'

export interface WindowPlace {
  /** Null: the system chooses. */
  readonly bounds: Rectangle | null
  readonly maximized: boolean
}

export const windowOptions = (
  preload: string,
  icon: string | null,
  place: WindowPlace,
): BrowserWindowConstructorOptions => ({
  width: 1400,
  height: 900,
  ...place.bounds,
  minWidth: 720,
  minHeight: 480,
  show: false,
  title: 'Nodeloom',
  backgroundColor: '#1b1c1f',
  autoHideMenuBar: true,
  ...(icon === null ? {} : { icon }),
  webPreferences: {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  },
})
