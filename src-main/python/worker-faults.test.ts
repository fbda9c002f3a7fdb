/** What node code can do to its worker, and what must not come of it (targets R3, R12–R14, R17). */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handle, isAlive, kept, outputsOf, textsOf, until, WorkerFixture } from './worker-fixture.ts'

let fixture: WorkerFixture

beforeAll(async () => {
  fixture = await WorkerFixture.create()
  await fixture.nodes({ fine: 'def main():\n    print("out")\n    return "fine"\n' })
})
afterAll(() => fixture.dispose())

/** Runs `source` and then a harmless node in the same worker; what the second gave. */
async function afterwards(
  name: string,
  source: string,
): Promise<{ text: string | undefined; stdout: string; stderr: string }> {
  await fixture.nodes({ [name]: source })
  const worker = await fixture.acquire()
  await fixture.run(worker, fixture.call(name))
  const next = await fixture.run(worker, fixture.call('fine'))
  const text = textsOf(next)['result']
  await worker.kill()
  return { text, stdout: next.stdout, stderr: next.stderr }
}

describe('output', () => {
  test('belongs to the call that wrote it, also from C level, children and replaced streams', async () => {
    await fixture.nodes({
      writes:
        'import os, sys, subprocess, io\ndef main():\n    print("print")\n    sys.stdout.write("no newline ")\n    sys.stdout.flush()\n    os.write(1, b"raw\\n")\n    subprocess.run(["echo", "child"])\n    print("err", file=sys.stderr)\n    sys.stdout.write("unflushed")\n',
    })
    const worker = await fixture.acquire()
    const outcomes = await Promise.all([
      fixture.run(worker, fixture.call('writes')),
      fixture.run(worker, fixture.call('fine')),
    ])
    await worker.kill()
    expect(outcomes.map(({ stdout, stderr }) => ({ stdout, stderr }))).toEqual([
      { stdout: 'print\nno newline raw\nchild\nunflushed', stderr: 'err\n' },
      { stdout: 'out\n', stderr: '' },
    ])
  })

  test('of a thread or a child that outlives its node is not given to the next node', async () => {
    await fixture.nodes({
      late: `
import subprocess, threading, time, os
GO = ${JSON.stringify(join(fixture.dir, 'go'))}
def late():
    while not os.path.exists(GO): time.sleep(0.01)
    print("LATE THREAD", flush=True)
def main():
    threading.Thread(target=late).start()
    subprocess.Popen(["sh", "-c", "while [ ! -e '" + GO + "' ]; do sleep 0.01; done; echo LATE CHILD; touch '" + GO + "2'"])
`,
      next: `
import os, time, threading
GO = ${JSON.stringify(join(fixture.dir, 'go'))}
def main():
    print("before")
    open(GO, "w").close()
    while not os.path.exists(GO + "2") or threading.active_count() > 1: time.sleep(0.01)
    print("after")
`,
    })
    const worker = await fixture.acquire()
    const first = await fixture.run(worker, fixture.call('late'))
    const second = await fixture.run(worker, fixture.call('next'))
    await worker.kill()
    expect([first.stdout, second.result.status, second.stdout]).toEqual(['', 'succeeded', 'before\nafter\n'])
  })

  test('of 100 MB is passed on as it comes, without being held', async () => {
    await fixture.nodes({
      much: 'import os\ndef main():\n    block = b"x" * 1_000_000\n    for _ in range(100):\n        n = 0\n        while n < len(block): n += os.write(1, block[n:])\n',
    })
    const worker = await fixture.acquire()
    let bytes = 0
    let largest = 0
    worker.onDidWrite((chunk) => {
      bytes += chunk.bytes.length
      largest = Math.max(largest, chunk.bytes.length)
    })
    const result = await worker.submit(fixture.call('much'), () => undefined)
    await worker.kill()
    expect([result.status, bytes, largest <= 1_000_000]).toEqual(['succeeded', 100_000_000, true])
  })

  test('that is no UTF-8 and has NULs arrives as it is', async () => {
    await fixture.nodes({
      binary: 'import os\ndef main():\n    os.write(1, bytes(range(256)))\n    os.write(1, b"\\x00\\x1d")\n',
    })
    const worker = await fixture.acquire()
    const parts: Uint8Array[] = []
    worker.onDidWrite((chunk) => parts.push(Uint8Array.from(chunk.bytes)))
    await worker.submit(fixture.call('binary'), () => undefined)
    await worker.kill()
    expect([...Buffer.concat(parts)]).toEqual([...Array.from({ length: 256 }, (_, at) => at), 0, 0x1d])
  })
})

describe('the next node is unaffected by', () => {
  test.each([
    ['stdout_replaced', 'import sys, io\ndef main():\n    sys.stdout = io.StringIO()\n    sys.stderr = None\n'],
    ['stdout_closed', 'import sys\ndef main():\n    sys.stdout.close()\n    sys.stderr.detach()\n'],
    ['descriptors_closed', 'import os\ndef main():\n    for fd in (0, 1, 2): os.close(fd)\n'],
    ['all_closed', 'import os\ndef main():\n    os.closerange(0, os.sysconf("SC_OPEN_MAX"))\n'],
    [
      'dup2',
      'import os\ndef main():\n    fd = os.open("/dev/null", os.O_RDWR)\n    for n in range(40): os.dup2(fd, n)\n',
    ],
    [
      'print_replaced',
      'import builtins, os\ndef main():\n    builtins.print = builtins.len = builtins.type = None\n    os.write = os.getcwd = None\n',
    ],
    [
      'json_replaced',
      'import json, sys\ndef main():\n    json.dumps = json.loads = None\n    json.JSONEncoder.encode = json.encoder.c_make_encoder = None\n    sys.modules["json"] = None\n',
    ],
    ['print_deleted', 'import builtins\ndef main():\n    del builtins.print\n'],
    [
      'cwd_environ',
      'import os, sys\ndef main():\n    os.chdir("/")\n    os.environ.clear()\n    sys.path.clear()\n    sys.argv = None\n',
    ],
    ['environ_replaced', 'import os\ndef main():\n    os.environ = {}\n'],
    [
      'signals',
      'import signal\ndef main():\n    signal.signal(signal.SIGINT, signal.SIG_IGN)\n    signal.signal(signal.SIGALRM, signal.SIG_DFL)\n    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)\n    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\n',
    ],
    [
      'nonblocking',
      'import os\ndef main():\n    os.set_blocking(1, False); os.set_blocking(2, False); os.set_blocking(0, False)\n',
    ],
    ['limits', 'import sys, os\ndef main():\n    sys.setrecursionlimit(60)\n    os.umask(0o777)\n'],
    [
      'hooks',
      'import sys\ndef main():\n    def bad(*a): raise ValueError("hook")\n    sys.excepthook = bad\n    sys.settrace(bad)\n    sys.meta_path.clear()\n    sys.path_hooks.clear()\n',
    ],
    ['forked', 'import os\ndef main():\n    pid = os.fork()\n    if pid: os.waitpid(pid, 0)\n    return pid\n'],
    [
      'multiprocess',
      'import multiprocessing\ndef work(x): return x + 1\ndef main():\n    with multiprocessing.get_context("fork").Pool(2) as pool: assert pool.map(work, [1, 2]) == [2, 3]\n',
    ],
  ])('%s', async (name, source) => {
    expect(await afterwards(name, source)).toEqual({ text: 'fine', stdout: 'out\n', stderr: '' })
  })
})

test('multiprocessing by spawn runs functions of project modules', async () => {
  await fixture.nodes({
    spawned:
      'import multiprocessing\ndef work(x): return x + 1\ndef main():\n    with multiprocessing.get_context("spawn").Pool(1) as pool: return pool.map(work, [1, 2])\n',
  })
  const worker = await fixture.acquire()
  expect(textsOf(await fixture.run(worker, fixture.call('spawned')))).toEqual({ result: '[2, 3]' })
  await worker.kill()
})

describe('a worker that dies', () => {
  test.each([
    [
      'exit',
      'import os\ndef main():\n    print("last words")\n    os._exit(3)\n',
      'worker exited with code 3 in the middle of the node',
    ],
    [
      'killed',
      'import os, signal\ndef main():\n    print("last words")\n    os.kill(os.getpid(), signal.SIGKILL)\n',
      'worker died (signal 9)',
    ],
    [
      'segfault',
      'import os, signal\ndef main():\n    print("last words")\n    os.kill(os.getpid(), signal.SIGSEGV)\n',
      'worker died (signal 11): a crash in native code',
    ],
  ])('by %s says why, keeps its output, and takes what was queued with it', async (name, source, cause) => {
    await fixture.nodes({ [name]: source })
    const worker = await fixture.acquire()
    const exits: string[] = []
    worker.onDidExit((why) => exits.push(why))
    const dying = fixture.run(worker, fixture.call(name))
    const queued = worker.submit(fixture.call('fine'), () => undefined)
    const outcome = await dying
    expect(outcome).toMatchObject({ result: { status: 'worker_died', cause }, stdout: 'last words\n' })
    expect(await queued).toEqual({ status: 'worker_died', cause, durationMs: 0 })
    expect(exits).toEqual([cause])
    await expect(worker.store(handle('x.result'))).rejects.toMatchObject({ code: 'unsupported' })
  })
})

describe('stopping', () => {
  test.each([
    ['loop', 'def main():\n    print("up", flush=True)\n    while True: pass\n'],
    ['sleep', 'import time\ndef main():\n    print("up", flush=True)\n    time.sleep(1000)\n'],
    ['waits', 'import asyncio\nasync def main():\n    print("up", flush=True)\n    await asyncio.sleep(1000)\n'],
  ])('an interrupt ends a %s, and the worker goes on', async (name, source) => {
    await fixture.nodes({ [name]: source })
    const worker = await fixture.acquire()
    const up = new Promise<void>((resolve) => worker.onDidWrite(() => resolve()))
    const running = worker.submit(fixture.call(name), () => undefined)
    await up
    worker.interrupt()
    expect(await running).toMatchObject({ status: 'interrupted' })
    expect(textsOf(await fixture.run(worker, fixture.call('fine')))).toEqual({ result: 'fine' })
    await worker.kill()
  })

  test('kill leaves nothing: setsid, double fork, ignored SIGTERM', async () => {
    const pids = join(fixture.dir, 'pids')
    await fixture.nodes({
      spreads: `
import os, signal, subprocess, time
PIDS = ${JSON.stringify(pids)}
def note():
    with open(PIDS, "a") as f: f.write("%d\\n" % os.getpid())
def stay():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    note()
    while True: time.sleep(1)
def main():
    note()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0: stay()
        os._exit(0)
    if os.fork() == 0: stay()
    subprocess.Popen(["sh", "-c", "trap '' TERM; echo $$ >> " + PIDS + "; while :; do sleep 1; done"], start_new_session=True)
    while True:
        try: time.sleep(1)
        except KeyboardInterrupt: pass
`,
    })
    const worker = await fixture.acquire()
    const running = worker.submit(fixture.call('spreads'), () => undefined)
    let found: number[] = []
    const reading = setInterval(() => {
      readFile(pids, 'utf8').then(
        (text) => (found = text.trim().split('\n').map(Number)),
        () => undefined,
      )
    }, 10)
    await until(() => found.length === 4, 'four processes to be there')
    clearInterval(reading)
    expect(await Promise.all(found.map(isAlive))).toEqual([true, true, true, true])
    worker.interrupt()
    await worker.kill()
    expect(await Promise.all(found.map(isAlive))).toEqual([false, false, false, false])
    expect(await running).toMatchObject({ status: 'worker_died', cause: 'worker was stopped' })
  })

  test('what a dead worker left behind dies with it', async () => {
    await fixture.nodes({
      leaves:
        'import os, time\ndef main():\n    pid = os.fork()\n    if pid == 0:\n        os.setsid()\n        time.sleep(1000)\n    print(pid, flush=True)\n    os._exit(0)\n',
    })
    const worker = await fixture.acquire()
    const outcome = await fixture.run(worker, fixture.call('leaves'))
    expect(outcome.result).toMatchObject({
      status: 'worker_died',
      cause: 'worker exited with code 0 in the middle of the node',
    })
    expect(await isAlive(Number(outcome.stdout))).toBe(false)
  })
})

test('a forked child has none of the worker descriptors, and ends by itself when the node returns in it', async () => {
  await fixture.nodes({
    child: `
import os
def main():
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writing, ",".join(sorted(os.listdir("/proc/self/fd"))).encode())
        return "from the child"
    os.waitpid(pid, 0)
    return [int(fd) for fd in os.read(reading, 9999).decode().split(",")]
`,
    after: 'def main(x):\n    return [fd for fd in x if fd > 20]\n',
  })
  const worker = await fixture.acquire()
  outputsOf(await fixture.run(worker, fixture.call('child')))
  expect(textsOf(await fixture.run(worker, fixture.call('after', { x: kept('child.result') })))).toEqual({
    result: '[]',
  })
  await worker.kill()
})

test('output after a node that left a process is complete, also when the worker then dies', async () => {
  await fixture.nodes({
    leaver: 'import subprocess\ndef main():\n    return subprocess.Popen(["sleep", "1000"]).pid\n',
    dies: 'import os\ndef main():\n    os.write(1, b"y" * 50_000)\n    os._exit(7)\n',
  })
  const worker = await fixture.acquire()
  const left = Number(textsOf(await fixture.run(worker, fixture.call('leaver')))['result'])
  expect((await fixture.run(worker, fixture.call('fine'))).stdout).toBe('out\n')
  const outcome = await fixture.run(worker, fixture.call('dies'))
  expect([outcome.result.status, outcome.stdout.length, await isAlive(left)]).toEqual(['worker_died', 50_000, false])
})
