// Runs after every install of the packages: compiles node-pty where it brings no binary for this system. Its own install
// script would make the whole install fail where Node's headers are missing; only terminals need it, so here a failure
// is one sentence. Runs on any Node and needs no package.
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', 'node-pty')

const run = (args, env = process.env) =>
  spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8', timeout: 300_000 })

/** The folder whose include/node holds Node's headers. node-pty uses Node-API, so those of another version do. */
const headers = () => {
  if (process.env.npm_config_nodedir) return process.env.npm_config_nodedir
  const nodes = [process.env.npm_node_execpath, process.execPath, '/usr/bin/node', '/usr/local/bin/node']
  return nodes
    .filter((path) => path !== undefined)
    .map((path) => dirname(dirname(path)))
    .find((prefix) => existsSync(join(prefix, 'include', 'node', 'node_api.h')))
}

const compile = () => {
  const gyp = process.env.npm_config_node_gyp
  if (gyp === undefined) return 'npm did not say where its node-gyp is: run npm install in this folder.'
  const nodedir = headers()
  const result = run(
    [gyp, 'rebuild'],
    nodedir === undefined ? process.env : { ...process.env, npm_config_nodedir: nodedir },
  )
  return result.status === 0 ? undefined : `${result.stdout}\n${result.stderr}`
}

if (existsSync(folder) && !existsSync(join(folder, 'build', 'Release', 'pty.node'))) {
  const hasBinary = run([join('scripts', 'prebuild.js')]).status === 0
  const failure = hasBinary ? undefined : compile()
  if (failure === undefined) run([join('scripts', 'post-install.js')])
  else {
    const log = join(folder, 'compile.log')
    writeFileSync(log, failure)
    console.error(
      `Terminals will not work, all else will: node-pty could not be compiled. It needs python3, make, a C++ compiler and Node's headers; npm install tries again. ${log} says more.`,
    )
  }
}
