import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { inRoot } from '../lib/paths.ts'
import { runProcess } from '../lib/run-process.ts'

export type FoundElectron = { readonly executable: string } | { readonly lack: string }

const packageFolder = inRoot('node_modules', 'electron')

const platformPath = (): string => {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}

/** The binary that the person named, or the one the electron package has fetched before. */
const present = (): string | undefined => {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(packageFolder, 'dist')
  const path = join(folder, platformPath())
  return existsSync(path) ? path : undefined
}

const failureFile = inRoot('.cache', 'electron-fetch.json')

const zFailure = z.object({ version: z.string(), failedAt: z.number() })

const dayMs = 24 * 60 * 60 * 1000

const wantedVersion = async (): Promise<string> => {
  const about: unknown = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'))
  return z.object({ version: z.string() }).parse(about).version
}

const failedLately = async (version: string): Promise<boolean> => {
  try {
    const failure = zFailure.parse(JSON.parse(await readFile(failureFile, 'utf8')))
    return failure.version === version && Date.now() - failure.failedAt < dayMs
  } catch {
    return false
  }
}

/** Bytes below a folder. Files come and go while a download runs, so one that is gone counts nothing. */
const sizeOf = async (folder: string): Promise<number> => {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      (about) => (about.isFile() ? about.size : 0),
      () => 0,
    ),
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/**
 * Lets the electron package fetch its binary. Without a network a download may hang rather than fail, so one that has
 * brought no byte for `silenceS` is given up.
 */
const fetchBinary = async (silenceS: number): Promise<boolean> => {
  await mkdir(dirname(failureFile), { recursive: true })
  const work = await mkdtemp(join(dirname(failureFile), 'electron-'))
  const giveUp = new AbortController()
  let last = 0
  const watch = setInterval(() => {
    void Promise.all([sizeOf(work), sizeOf(join(packageFolder, 'dist'))]).then(([fetched, unpacked]) => {
      if (fetched + unpacked === last) giveUp.abort()
      last = fetched + unpacked
    })
  }, silenceS * 1000)
  try {
    const result = await runProcess(process.execPath, [join(packageFolder, 'install.js')], {
      deadlineS: 900,
      output: 'keep',
      env: { TMPDIR: work, TEMP: work, TMP: work },
      signal: giveUp.signal,
    })
    return result.code === 0 && present() !== undefined
  } finally {
    clearInterval(watch)
    await rm(work, { recursive: true, force: true })
  }
}

/** Why Electron would not start here although its binary may be there. */
const unfit = (): string | undefined => {
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return 'Electron keeps its sandbox only for an ordinary user: start as one to get the desktop app.'
  }
  return undefined
}

/** An Electron to start the app in, fetched if need be, or one sentence about what would help. */
export const findElectron = async (): Promise<FoundElectron> => {
  const reason = unfit()
  if (reason !== undefined) return { lack: reason }
  const executable = present()
  if (executable !== undefined) return { executable }
  const lack =
    'The Electron binary could not be fetched: with a network that reaches its download, run npx install-electron, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds one.'
  const version = await wantedVersion()
  if (await failedLately(version)) return { lack }
  console.log(`Electron     fetching version ${version}`)
  if (await fetchBinary(10)) {
    const fetched = present()
    if (fetched !== undefined) return { executable: fetched }
  }
  await writeFile(failureFile, JSON.stringify({ version, failedAt: Date.now() }))
  return { lack }
}
