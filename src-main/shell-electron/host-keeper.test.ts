import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ShellContract } from '../../src-shared/contract/shell.ts'
import type { Handlers } from '../../src-shared/rpc/server.ts'
import type { MessagePortLike } from '../../src-shared/rpc/port.ts'
import { createLogger } from '../base/logger.ts'
import { RestartBudget } from '../base/supervisor.ts'
import { HostKeeper } from './host-keeper.ts'

const base = (name: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, '..', 'base', name)).href)

/** A real host process whose services answer with their process id, what they picked, or die. */
const program = `
import { writeFileSync } from 'node:fs'
import { runHost, shellPipe } from ${base('run-host.ts')}
import { createLogger } from ${base('logger.ts')}
const createServices = async () => ({
  serveClient: (port, shell) => {
    port.onMessage(async (message) => {
      if (message === 'pid') port.post(String(process.pid))
      else if (message === 'pick') port.post(await shell.pickFolder('Folder'))
      else process.kill(process.pid, 'SIGKILL')
    })
    return { dispose() {} }
  },
  stop: async () => writeFileSync(process.argv[2], 'stopped'),
})
await runHost(shellPipe(), createServices, { logger: createLogger({ level: 'error' }) })
process.exit(0)
`

const handlers: Handlers<ShellContract, null> = {
  'shell.pickFolder': ({ windowId, title }) => ({ path: `${title} of ${windowId}` }),
  'shell.openExternal': () => ({}),
  'shell.trash': () => ({}),
}

let dir: string
let keeper: HostKeeper
let gaveUp: Promise<void>

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nodeloom-keeper-'))
  const script = join(dir, 'host.mjs')
  await writeFile(script, program)
  let giveUp: () => void = () => undefined
  gaveUp = new Promise((resolve) => (giveUp = resolve))
  keeper = new HostKeeper({
    node: process.execPath,
    script,
    args: [join(dir, 'stopped')],
    handlers,
    logger: createLogger({ level: 'error', write: null }),
    onGiveUp: () => giveUp(),
    budget: new RestartBudget({ maxRestarts: 2, windowMs: 60_000, firstWaitMs: 1, longestWaitMs: 1 }),
  })
})

afterEach(async () => {
  await keeper.stop()
  await rm(dir, { recursive: true, force: true })
})

const ask = (port: MessagePortLike, question: string): Promise<string> =>
  new Promise((resolve) => {
    port.onMessage((message) => resolve(String(message)))
    port.post(question)
  })

const ended = (port: MessagePortLike): Promise<string> => new Promise((resolve) => port.onClose(resolve))

it('serves windows, and the host asks back for the window it serves', async () => {
  keeper.start()
  expect(await ask(await keeper.openPort(3), 'pid')).toBe(String(keeper.pid))
  expect(await ask(await keeper.openPort(4), 'pick')).toBe('Folder of 4')
})

it('tells the pages when the host dies, starts it again, and gives up after its budget', async () => {
  keeper.start()
  const pids = new Set<string>()
  for (let life = 0; life < 3; life += 1) {
    const port = await keeper.openPort(1)
    pids.add(await ask(port, 'pid'))
    const end = ended(port)
    port.post('die')
    expect(await end).not.toBe('')
  }
  await gaveUp
  expect(pids.size).toBe(3)
  await expect(keeper.openPort(1)).rejects.toThrow('again and again')
  keeper.restart()
  expect(await ask(await keeper.openPort(1), 'pid')).toBe(String(keeper.pid))
})

it('stops the host cleanly and leaves no process', async () => {
  keeper.start()
  const pid = Number(await ask(await keeper.openPort(1), 'pid'))
  await Promise.all([keeper.stop(), keeper.stop()])
  expect(await readFile(join(dir, 'stopped'), 'utf8')).toBe('stopped')
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  await expect(keeper.openPort(1)).rejects.toThrow('stopping')
})
