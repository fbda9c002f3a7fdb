/** Hands an address to the system's browser. */
import { spawnProcess } from '../base/spawn.ts'

/** The program that opens an address, null where there is no screen to show it on. */
export function browserCommand(
  url: string,
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
): { readonly command: string; readonly args: readonly string[] } | null {
  if (platform === 'darwin') return { command: 'open', args: [url] }
  // `start` belongs to the shell of Windows; this is what it calls, without a shell that would read the address.
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler', url] }
  const hasDisplay = Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY'])
  return hasDisplay ? { command: 'xdg-open', args: [url] } : null
}

/** True when a program was started for it; whether a browser showed is not known. */
export function openBrowser(url: string): Promise<boolean> {
  const chosen = browserCommand(url)
  if (chosen === null) return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawnProcess(chosen.command, chosen.args, { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
