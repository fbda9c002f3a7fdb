/** An empty React page, built as the product's is, served by the smallest server. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'
import { inRoot } from '../../scripts/lib/paths.ts'

const html = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Bare</title></head>
  <body><div id="root"></div><script type="module" src="./main.js"></script></body>
</html>
`

/** Shows a word; a click sends a number and its echo is shown. */
const script = `import { createElement, useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'

const socket = new WebSocket('ws://' + location.host)
let count = 0

function Bare() {
  const [echo, setEcho] = useState('none')
  useEffect(() => {
    socket.onmessage = (event) => setEcho(event.data)
  }, [])
  const send = () => socket.send('echo ' + (count += 1))
  return createElement(
    'main',
    null,
    createElement('h1', null, 'Bare page'),
    createElement('button', { onClick: send }, 'Send'),
    createElement('output', null, echo),
  )
}
createRoot(document.getElementById('root')).render(createElement(Bare))
`

/** Builds the page below `folder` and answers where its files are. */
export const buildBarePage = async (folder: string): Promise<string> => {
  const root = join(folder, 'bare')
  const outDir = join(root, 'out')
  await mkdir(root)
  await symlink(inRoot('node_modules'), join(root, 'node_modules'), 'junction')
  await writeFile(join(root, 'index.html'), html)
  await writeFile(join(root, 'main.js'), script)
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir, target: 'chrome108', minify: true },
  })
  return outDir
}

export interface Served {
  readonly url: string
  stop(): Promise<void>
}

export const serveBarePage = async (outDir: string, env: Readonly<Record<string, string>>): Promise<Served> => {
  const program = join(import.meta.dirname, 'bare-server.mjs')
  const child = spawn(process.execPath, [program, outDir], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const url = await new Promise<string>((done, fail) => {
    lines.once('line', done)
    child.once('error', fail)
    child.once('exit', (code) => fail(new Error(`The bare server ended with ${code}.`)))
  })
  return { url, stop: () => ended(child) }
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done()
    child.once('exit', () => done())
    child.kill()
  })
