import { ensureAptPackages } from '../lib/apt.ts'
import { MissingTool } from '../lib/missing-tool.ts'
import { findProgram } from '../lib/find-program.ts'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

const find = (): string | undefined => {
  const chosen = process.env['NODELOOM_CHROMIUM']
  if (chosen !== undefined && chosen !== '') return chosen
  return findProgram(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'], places)
}

/** The browser for the stories: NODELOOM_CHROMIUM, one that is installed, or Debian's package. */
export const ensureChromium = async (): Promise<string> => {
  const present = find()
  if (present !== undefined) return present
  await ensureAptPackages(['chromium'])
  const fresh = find()
  if (fresh === undefined) throw new MissingTool('No Chromium: install one, or set NODELOOM_CHROMIUM to its path.')
  return fresh
}
