/** What the shell does for the host (src-shared/contract/shell.ts). */
import { isAbsolute } from 'node:path'
import { BrowserWindow, dialog, shell } from 'electron'
import type { ShellContract } from '../../src-shared/contract/shell.ts'
import type { Handlers } from '../../src-shared/rpc/server.ts'
import { AppError } from '../base/app-error.ts'
import { isExternalLink } from '../base/shell.ts'
import { openExternalLink } from './external-links.ts'

export const shellHandlers: Handlers<ShellContract, null> = {
  'shell.pickFolder': async ({ windowId, title }) => ({
    path: await pickFolder(BrowserWindow.fromId(windowId), title),
  }),
  'shell.openExternal': async ({ windowId, url }) => {
    if (!isExternalLink(url)) {
      throw new AppError('unsupported', 'Only https and mailto links are opened.', {
        hint: 'Copy the link and open it yourself.',
      })
    }
    await openExternalLink(BrowserWindow.fromId(windowId), url)
    return {}
  },
  'shell.trash': async ({ path }) => {
    if (!isAbsolute(path)) throw new AppError('invalid_request', 'Only an absolute path can be moved to the trash.')
    await shell.trashItem(path)
    return {}
  },
}

export async function pickFolder(window: BrowserWindow | null, title: string): Promise<string | null> {
  const options = { title, properties: ['openDirectory' as const, 'createDirectory' as const] }
  const picked = window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options)
  return picked.canceled ? null : (picked.filePaths[0] ?? null)
}
