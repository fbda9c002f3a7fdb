import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { spawnProcess } from './spawn.ts'
import { spawnSupervised, type Supervised } from './supervised.ts'

const here = dirname(fileURLToPath(import.meta.url))
const scriptPath = join(here, '../../resources/python/nodeloom_runtime/supervise.py')
let interpreter = ''

beforeAll(async () => {
  const child = spawnProcess('python3', ['-c', 'import sys; print(sys.executable, end="")'])
  child.stdout.on('data', (chunk: Buffer) => (interpreter += chunk.toString()))
  await new Promise((resolve) => child.on('close', resolve))
})

const start = (command: string, args: readonly string[], more: { stdin?: 'pipe'; wire?: boolean } = {}): Supervised =>
  spawnSupervised(command, args, {
    env: { PATH: process.env['PATH'] ?? '' },
    supervisorInterpreter: interpreter,
    scriptPath,
    ...more,
  })

const textOf = async (stream: NodeJS.ReadableStream | null): Promise<string> => {
  let text = ''
  if (stream !== null) for await (const chunk of stream) text += String(chunk)
  return text
}

/** Reads lines until `count` came. */
const lines = (stream: NodeJS.ReadableStream | null, count: number): Promise<string[]> =>
  new Promise((resolve) => {
    let text = ''
    stream?.on('data', (chunk) => {
      text += String(chunk)
      if (text.split('\n').length > count) resolve(text.trim().split('\n'))
    })
  })

const isAlive = async (pid: number): Promise<boolean> => {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z'
  } catch {
    return false
  }
}

const untilGone = async (pids: readonly number[]): Promise<void> => {
  const end = performance.now() + 2_000
  while ((await Promise.all(pids.map(isAlive))).includes(true)) {
    if (performance.now() > end) throw new Error('processes are left after 2 s')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Prints its own pid and those of children that left its session, forked twice and ignore SIGTERM. */
const family = `
import os, signal, time
def stay():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print(os.getpid(), flush=True)
    time.sleep(1000)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: stay()
    os._exit(0)
if os.fork() == 0: stay()
stay()
`

describe('the end of a supervised command is told', () => {
  test.each([
    ['code', ['-c', 'exit 3'], { kind: 'code', code: 3 }],
    ['signal', ['-c', 'kill -9 $$'], { kind: 'signal', signal: 9 }],
    ['code above 128', ['-c', 'exit 137'], { kind: 'code', code: 137 }],
  ])('%s', async (_name, args, exit) => {
    const supervised = start('/bin/sh', args)
    supervised.stdout?.resume()
    supervised.stderr?.resume()
    expect(await supervised.exited).toEqual(exit)
  })

  test('a command or a supervisor that cannot be started', async () => {
    const command = start(join(here, 'no-such-program'), [])
    command.stdout?.resume()
    command.stderr?.resume()
    const supervisor = spawnSupervised('/bin/sh', [], {
      env: {},
      supervisorInterpreter: join(here, 'no-python'),
      scriptPath,
    })
    expect([await command.exited, await supervisor.exited]).toMatchObject([
      { kind: 'not_started', reason: 'No such file or directory' },
      { kind: 'not_started', reason: expect.stringContaining('ENOENT') },
    ])
    await supervisor.kill()
  })
})

test('streams belong to the command: input, output, errors and the wire', async () => {
  const supervised = start('/bin/sh', ['-c', 'cat; echo err >&2; read line <&3; echo "wire $line" >&3'], {
    stdin: 'pipe',
    wire: true,
  })
  supervised.stdin?.end('in')
  supervised.wire?.write('hello\n')
  expect(await Promise.all([textOf(supervised.stdout), textOf(supervised.stderr), textOf(supervised.wire)])).toEqual([
    'in',
    'err\n',
    'wire hello\n',
  ])
  expect(await supervised.exited).toEqual({ kind: 'code', code: 0 })
})

test('kill leaves nothing of the tree and may be called twice', async () => {
  const supervised = start(interpreter, ['-c', family])
  const pids = (await lines(supervised.stdout, 3)).map(Number)
  expect(pids).toContain(supervised.pid)
  await Promise.all([supervised.kill(), supervised.kill()])
  expect(await Promise.all(pids.map(isAlive))).toEqual([false, false, false])
})

test('a tree that forks faster than it is read dies too', async () => {
  const bomb =
    'import os, time\nprint("up", flush=True)\nend = time.time() + 5\nwhile time.time() < end:\n    try:\n        if os.fork() == 0 and os.fork() == 0: os.setsid()\n    except OSError: pass\n    time.sleep(0.02)\n'
  const supervised = start('/bin/sh', ['-c', 'ulimit -u 400 2>/dev/null; exec "$0" -c "$1"', interpreter, bomb])
  await lines(supervised.stdout, 1)
  await supervised.kill()
  expect(await supervised.exited).toMatchObject({ kind: 'signal', signal: 9 })
})

test('the death of the host by kill -9 leaves no process', async () => {
  const host = spawnProcess(process.execPath, [
    join(here, 'supervised-host.fixture.ts'),
    interpreter,
    scriptPath,
    interpreter,
    '-c',
    family,
  ])
  const pids = (await lines(host.stdout, 3)).map(Number)
  host.kill('SIGKILL')
  await untilGone(pids)
  expect(pids).toHaveLength(3)
})

test('the death of the supervisor takes the command and its group with it', async () => {
  const supervised = start('/bin/sh', ['-c', 'echo $$; sleep 1000 & echo $!; wait'])
  const pids = (await lines(supervised.stdout, 2)).map(Number)
  supervised.child.kill('SIGKILL')
  await untilGone(pids)
  expect(await supervised.exited).toMatchObject({ kind: 'lost' })
})
