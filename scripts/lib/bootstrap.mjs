// Runs on the machine's own Node (20 or later) before anything is installed, so: plain JavaScript, no package.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const modules = join(root, 'node_modules')

/** The Node that the packages bring, or undefined before they are installed. */
const carriedNode = () => {
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const perPlatform = existsSync(modules)
    ? readdirSync(modules).filter((name) => /^node-(linux|darwin|win)-/.test(name))
    : []
  return ['node', ...perPlatform].map((name) => join(modules, name, binary)).find((path) => existsSync(path))
}

/** Whether node_modules holds what package-lock.json asks for. Platform packages may be absent. */
const packagesAreCurrent = () => {
  if (carriedNode() === undefined) return false
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
    const present = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages
    return Object.entries(wanted).every(
      ([path, entry]) => path === '' || entry.optional === true || present[path]?.version === entry.version,
    )
  } catch {
    return false
  }
}

const npm = (args) => {
  const script = process.env.npm_execpath
  const viaNode = script !== undefined && script.endsWith('.js')
  return viaNode
    ? spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
}

/** Installs the packages unless they are there. Ends the process with one sentence when that fails. */
const ensurePackages = () => {
  if (packagesAreCurrent()) {
    console.log('Packages     up to date')
    return
  }
  console.log('Packages     installing with npm ci (about half a minute the first time)')
  const result = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (result.status !== 0 || carriedNode() === undefined) {
    console.error(
      'The packages could not be installed; nothing else was changed. The lines above say why; npm ci repeats it.',
    )
    process.exit(1)
  }
}

/** Installs the packages, then runs a TypeScript program of this folder on the carried Node and ends as it ends. */
export const runOnCarriedNode = (program, args) => {
  ensurePackages()
  const child = spawn(carriedNode(), [join(root, program), ...args], {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: [join(modules, '.bin'), process.env.PATH].join(process.platform === 'win32' ? ';' : ':'),
    },
  })
  // Ctrl+C reaches the child by itself, as it shares the terminal; this process only has to outlive it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}
