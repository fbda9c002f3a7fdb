/**
 * `npm start -- [--no-open] [PROJECT] [--port N]`: builds what is out of date, then starts the app: in Electron where one
 * can be had, otherwise in the browser. One line per step.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { inRoot, root } from '../lib/paths.ts'
import { runProcess } from '../lib/run-process.ts'
import { buildIsCurrent } from './build-state.ts'
import { findElectron } from './electron.ts'

const args = process.argv.slice(2)

const hasDisplay = (): boolean =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY'])

const build = async (): Promise<void> => {
  if (await buildIsCurrent()) {
    console.log('Build        up to date')
    return
  }
  console.log('Build        building (a few seconds)')
  const program = inRoot('node_modules/electron-vite/bin/electron-vite.js')
  const result = await runProcess(process.execPath, [program, 'build', '--logLevel', 'warn'], {
    deadlineS: 300,
    output: 'keep',
  })
  if (result.code === 0) return
  console.error(result.output.trim())
  console.error('The build failed; nothing was started. The lines above say where; npm run build repeats it.')
  process.exit(1)
}

/** Passes the terminal on, hands a stop request down, and ends hard when it is asked a second time. */
const follow = (child: ChildProcess): Promise<number> =>
  new Promise((done) => {
    let asked = false
    const stop = (signal: NodeJS.Signals): void => {
      if (asked) child.kill('SIGKILL')
      else if (signal !== 'SIGINT') child.kill(signal)
      asked = true
      // Ctrl+C reaches the child by itself; one that does not end is ended.
      setTimeout(() => child.kill('SIGKILL'), 8000).unref()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
    process.on('SIGHUP', stop)
    child.once('error', (error) => {
      console.error(error.message)
      done(1)
    })
    child.once('exit', (code, signal) => done(code ?? (signal === 'SIGINT' || asked ? 130 : 1)))
  })

const startInBrowser = (open: boolean): Promise<number> => {
  const passed = args.filter((argument) => argument !== '--no-open')
  const flags = open ? [] : ['--no-open']
  console.log(`Nodeloom     starting in browser mode; Ctrl+C ends it`)
  return follow(spawn(process.execPath, [inRoot('out/main/serve.cjs'), ...passed, ...flags], { stdio: 'inherit' }))
}

/** Electron that ends badly this soon never came up; usually the system does not let it have its sandbox. */
const earlyEndMs = 3000

const startInElectron = async (executable: string): Promise<number> => {
  const started = performance.now()
  console.log('Nodeloom     starting in Electron')
  const { ELECTRON_RUN_AS_NODE: _unused, ...env } = process.env
  const code = await follow(spawn(executable, [root, ...args], { stdio: 'inherit', env }))
  if (code === 0 || code === 130 || performance.now() - started > earlyEndMs) return code
  console.log('Electron     ended at once; the lines above say why, and often a sandbox that the system refuses is it')
  return startInBrowser(true)
}

await build()
if (args.includes('--no-open')) process.exitCode = await startInBrowser(false)
else if (!hasDisplay()) {
  console.log('Electron     not used: this machine has no display')
  process.exitCode = await startInBrowser(false)
} else {
  const found = await findElectron()
  if ('executable' in found) process.exitCode = await startInElectron(found.executable)
  else {
    console.log(`Electron     ${found.lack}`)
    process.exitCode = await startInBrowser(true)
  }
}
