/** `nodeloom doctor`: what this machine offers and lacks, with the next step for each lack. */
import { existsSync } from 'node:fs'
import { access, constants, statfs } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import product from '../../package.json' with { type: 'json' }
import { toAppError } from '../base/app-error.ts'
import { installDir, profileDir, projectsDir } from '../base/paths.ts'
import { OLDEST_PYTHON } from '../environment/index.ts'
import type { Host } from '../api/host.ts'
import { parseCommand, print, withHost, type Command } from './context.ts'

const usage = 'nodeloom doctor [--json]'

interface Finding {
  readonly what: string
  readonly ok: boolean
  readonly detail: string
  /** The next step where it is lacking. */
  readonly next?: string
}

const LOW_DISK_BYTES = 500_000_000

async function python(host: Host): Promise<Finding> {
  try {
    return { what: 'Python', ok: true, detail: await host.environments.baseInterpreter() }
  } catch (error) {
    const { message } = toAppError(error)
    return { what: 'Python', ok: false, detail: message, next: `Install Python ${OLDEST_PYTHON} or later.` }
  }
}

async function uv(host: Host): Promise<Finding> {
  const path = await host.environments.findUv()
  if (path !== null) return { what: 'uv', ok: true, detail: path }
  return {
    what: 'uv',
    ok: true,
    detail: 'not here yet; it is fetched from the package index when packages are first installed',
  }
}

function build(install: string): Finding {
  const page = join(install, 'out', 'renderer', 'index.html')
  if (existsSync(page)) return { what: 'Page', ok: true, detail: 'built' }
  return { what: 'Page', ok: false, detail: 'not built', next: 'Run npm run build.' }
}

function terminal(install: string): Finding {
  try {
    createRequire(join(install, 'package.json'))('node-pty')
    return { what: 'Terminal', ok: true, detail: 'node-pty loads' }
  } catch {
    const next = 'Install a C++ compiler, make and Python, then run npm rebuild node-pty.'
    return { what: 'Terminal', ok: false, detail: 'node-pty does not load on this system', next }
  }
}

async function writable(what: string, folder: string): Promise<Finding> {
  // A folder that is not there yet is made on first use, if the first one above it can be written.
  let existing = folder
  while (!existsSync(existing)) existing = join(existing, '..')
  try {
    await access(existing, constants.W_OK)
    const { bavail, bsize } = await statfs(existing)
    const free = bavail * bsize
    const detail = `${folder}, ${(free / 1e9).toFixed(1)} GB free`
    return free < LOW_DISK_BYTES
      ? { what, ok: false, detail, next: 'Free some disk space.' }
      : { what, ok: true, detail }
  } catch {
    return { what, ok: false, detail: `${folder} cannot be written`, next: `Make ${existing} writable for you.` }
  }
}

async function examine(host: Host): Promise<Finding[]> {
  const install = installDir(import.meta.dirname)
  return [
    {
      what: 'Nodeloom',
      ok: true,
      detail: `${product.version}, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    },
    await python(host),
    await uv(host),
    build(install),
    terminal(install),
    await writable('Profile', profileDir()),
    await writable('Projects', projectsDir()),
    { what: 'Home', ok: true, detail: homedir() },
  ]
}

export const doctorCommand: Command = {
  usage,
  summary: 'Tell what this machine offers and lacks, with the next step for each lack.',
  async run(args) {
    const { values } = parseCommand(args, usage, { json: { type: 'boolean' } }, 0)
    const findings = await withHost(examine)
    if (values.json === true) print(JSON.stringify({ findings }))
    else {
      for (const { what, ok, detail, next } of findings) {
        print(`${ok ? 'ok     ' : 'lacking'}  ${what.padEnd(9)} ${detail}`)
        if (next !== undefined) print(`         Next: ${next}`)
      }
    }
    return findings.every(({ ok }) => ok) ? 0 : 1
  },
}
