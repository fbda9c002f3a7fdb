/** `npm run types`: checks every TypeScript project, two at a time, and prints what the compiler says. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const compiler = join(root, 'node_modules/typescript/bin/tsc')

const sides = ['src-shared', 'src-main', 'src-preload', 'src-renderer', 'scripts', 'e2e', 'bench']

const holdsSource = (folder: string): boolean =>
  existsSync(join(root, folder)) &&
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).some((path) => /\.tsx?$/.test(path))

const projects = ['tsconfig.json']
for (const side of sides) {
  if (!holdsSource(side)) continue
  projects.push(`${side}/tsconfig.json`)
  for (const stricter of ['tsconfig.pure.json', 'tsconfig.shell.json']) {
    if (existsSync(join(root, side, stricter))) projects.push(`${side}/${stricter}`)
  }
}

const check = (project: string): Promise<boolean> =>
  new Promise((done) => {
    const child = spawn(
      process.execPath,
      [compiler, '-p', project, '--pretty', String(process.stdout.isTTY ?? false)],
      {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
      },
    )
    child.once('exit', (code) => {
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${project}`)
      done(code === 0)
    })
  })

const waiting = [...projects]
const results: boolean[] = []
const worker = async (): Promise<void> => {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    results.push(await check(project))
  }
}
await Promise.all([worker(), worker()])
process.exitCode = results.every(Boolean) ? 0 : 1
