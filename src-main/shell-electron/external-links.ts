/** Links out of the app: https and mailto only, and only after asking. */
import { dialog, shell, type BrowserWindow } from 'electron'
import { isExternalLink } from '../base/shell.ts'

/** False when the link is of another kind or the person said no. */
export async function openExternalLink(window: BrowserWindow | null, url: string): Promise<boolean> {
  if (!isExternalLink(url)) return false
  const question = {
    type: 'question' as const,
    message: 'Open this link outside Nodeloom?',
    detail: url.length > 500 ? `${url.slice(0, 500)}…` : url,
    buttons: ['Open', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  }
  const { response } =
    window === null ? await dialog.showMessageBox(question) : await dialog.showMessageBox(window, question)
  if (response !== 0) return false
  await shell.openExternal(url)
  return true
}
