import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { zFileAnalysis } from '../../src-shared/contract/analysis.ts'
import { AnalysisService, type AnalysisServiceOptions } from './index.ts'

const python = fileURLToPath(new URL('../../resources/python/', import.meta.url))
const scriptPath = join(python, 'nodeloom_analysis', '__main__.py')

let interpreter = ''
beforeAll(() => {
  // What is on PATH may be a version manager's slow shim.
  interpreter = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()
})

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function project(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'nodeloom-analysis-'))
  cleanups.push(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

function service(options: Partial<AnalysisServiceOptions> = {}): AnalysisService {
  const made = new AnalysisService({ interpreter: () => Promise.resolve(interpreter), scriptPath, ...options })
  cleanups.push(() => made.stop())
  return made
}

/** A stand-in for the analysis script, for faults that the real one does not have. */
function fakeScript(onAnalyse: string): string {
  return join(
    project({
      'fake.py': `
import json, os, struct, sys
def send(value):
    body = json.dumps(value).encode()
    sys.stdout.buffer.write(struct.pack('>I', len(body)) + body)
    sys.stdout.buffer.flush()
def ok(name):
    port = {'name': 'result', 'type': None, 'required': True}
    f = {'name': name, 'line': 1, 'isAsync': False, 'isGenerator': False, 'doc': None, 'parameters': [], 'takesInputData': False,
         'hasKwargs': False, 'outputs': [port], 'outputShape': 'whole', 'returns': None}
    return {'status': 'ok', 'message': None, 'line': None, 'column': None, 'functions': {name: f}, 'stale': False, 'imports': [], 'dependsOn': []}
while True:
    head = sys.stdin.buffer.read(4)
    if len(head) < 4: break
    request = json.loads(sys.stdin.buffer.read(struct.unpack('>I', head)[0]))
    result = None
    if request['method'] == 'analyse':
        text = request['params']['text']
${onAnalyse.replaceAll(/^/gm, '        ')}
        result = ok(text)
        if text == 'bad': result.update(status='syntax_error', message='Invalid syntax.', functions={}, stale=True)
    send({'id': request['id'], 'result': result})
`,
    }),
    'fake.py',
  )
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const zSample = z.object({
  file: z.string(),
  files: z.record(z.string(), z.string()),
  expected: zFileAnalysis,
})

describe('AnalysisService with the real analysis', () => {
  const samples = readdirSync(join(python, 'samples', 'analysis')).filter((name) => name.endsWith('.json'))

  it.each(samples)('gives what the golden sample %s says', async (name) => {
    const sample = zSample.parse(JSON.parse(readFileSync(join(python, 'samples', 'analysis', name), 'utf8')))
    expect(await service().analyse(project(sample.files), sample.file, null)).toEqual(sample.expected)
  })

  it('answers many files at once, each its own', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `f${index}`)
    const root = project(Object.fromEntries(names.map((name) => [`nodes/${name}.py`, `def ${name}(): ...\n`])))
    const analysis = service()
    const found = await Promise.all(names.map((name) => analysis.analyse(root, `nodes/${name}.py`, null)))
    expect(found.map((each) => Object.keys(each.functions))).toEqual(names.map((name) => [name]))
  })

  it('keeps the last known functions of a file that cannot be parsed', async () => {
    const root = project()
    const analysis = service()
    const good = await analysis.analyse(root, 'a.py', 'def main(x: int): ...')
    const bad = await analysis.analyse(root, 'a.py', 'def main(x: int:')
    expect(bad).toMatchObject({ status: 'syntax_error', stale: true, line: 1, functions: good.functions })
  })

  it('knows unsaved text of other files until it is taken back or forgotten', async () => {
    const root = project({ 'nodes/b.py': 'Row = int\n' })
    const analysis = service()
    const field = async (): Promise<unknown> =>
      (await analysis.analyse(root, 'nodes/a.py', 'from .b import Row\ndef main(x: Row): ...')).functions['main']
        ?.parameters[0]?.field.kind
    const kinds = [await field()]
    // Told before and after the process runs.
    analysis.overlay(root, 'nodes/b.py', 'Row = str\n')
    kinds.push(await field())
    analysis.overlay(root, 'nodes/b.py', null)
    kinds.push(await field())
    analysis.overlay(root, 'nodes/b.py', 'Row = bool\n')
    analysis.forget(root)
    kinds.push(await field())
    expect(kinds).toEqual(['int', 'text', 'int', 'int'])
  })

  it('tells a new process the unsaved texts that came before it', async () => {
    const root = project()
    const analysis = service()
    analysis.overlay(root, 'nodes/b.py', 'Row = str\n')
    const found = await analysis.analyse(root, 'nodes/a.py', 'from .b import Row\ndef main(x: Row): ...')
    expect(found.functions['main']?.parameters[0]?.field).toEqual({ kind: 'text' })
  })

  it('rejects as cancelled once it is stopped, and may be stopped twice', async () => {
    const analysis = service()
    const waiting = analysis.analyse(project(), 'a.py', 'x = 1')
    const ends = Promise.all([analysis.stop(), analysis.stop()])
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    await ends
    await expect(analysis.analyse(project(), 'a.py', 'x = 1')).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('AnalysisService when the process fails', () => {
  it('blames the file over which the process died, and answers the others from a new one', async () => {
    const analysis = service({ scriptPath: fakeScript("if text == 'die': os._exit(3)") })
    const root = project()
    const found = await Promise.all(['one', 'die', 'two'].map((text) => analysis.analyse(root, `${text}.py`, text)))
    expect(found.map(({ status, message }) => ({ status, message }))).toEqual([
      { status: 'ok', message: null },
      { status: 'unreadable', message: 'die.py could not be analysed: exit code 3.' },
      { status: 'ok', message: null },
    ])
  })

  it('keeps the functions that the file had before it killed the process', async () => {
    const analysis = service({ scriptPath: fakeScript("if text == 'die': os._exit(3)") })
    const root = project()
    await analysis.analyse(root, 'a.py', 'one')
    const found = await analysis.analyse(root, 'a.py', 'die')
    expect([Object.keys(found.functions), found.stale]).toEqual([['one'], true])
  })

  it('knows the last functions of a file from before the process was replaced', async () => {
    const analysis = service({ scriptPath: fakeScript("if text == 'die': os._exit(3)") })
    const root = project()
    await analysis.analyse(root, 'a.py', 'one')
    await analysis.analyse(root, 'b.py', 'die')
    const found = await analysis.analyse(root, 'a.py', 'bad')
    expect([found.status, Object.keys(found.functions)]).toEqual(['syntax_error', ['one']])
  })

  it('replaces and ends a process that hangs', async () => {
    const root = project()
    const pidFile = join(root, 'pid')
    const hang = `if text == 'hang':
    import time
    open(${JSON.stringify(pidFile)}, 'w').write(str(os.getpid()))
    time.sleep(1000)`
    const analysis = service({ scriptPath: fakeScript(hang), deadlineMs: 500 })
    const found = await Promise.all(['hang', 'two'].map((text) => analysis.analyse(root, `${text}.py`, text)))
    expect(found.map(({ status, message }) => ({ status, message }))).toEqual([
      { status: 'unreadable', message: 'hang.py could not be analysed: it took longer than 0.5 s.' },
      { status: 'ok', message: null },
    ])
    const pid = Number(readFileSync(pidFile, 'utf8'))
    await expect.poll(() => isAlive(pid)).toBe(false)
  })

  it('replaces a process whose output has no meaning', async () => {
    const script = fakeScript("if text == 'noise': sys.stdout.buffer.write(b'\\xff' * 64); sys.stdout.buffer.flush()")
    const analysis = service({ scriptPath: script })
    const root = project()
    await analysis.analyse(root, 'one.py', 'one')
    const found = await analysis.analyse(root, 'noise.py', 'noise')
    expect(found).toMatchObject({
      status: 'unreadable',
      message: expect.stringContaining('its output makes no sense') as string,
    })
  })

  it('stops starting it anew after five times in a minute', async () => {
    const analysis = service({ scriptPath: fakeScript('os._exit(3)') })
    const root = project()
    const ends = await Promise.allSettled(Array.from({ length: 8 }, () => analysis.analyse(root, 'a.py', 'x')))
    expect(ends.map((end) => end.status)).toEqual([...Array<string>(6).fill('fulfilled'), 'rejected', 'rejected'])
    await expect(analysis.analyse(root, 'a.py', 'x')).rejects.toMatchObject({ code: 'internal' })
  })

  it('says so where the interpreter does not start', async () => {
    const analysis = service({ interpreter: () => Promise.resolve('/nonexistent/python') })
    await expect(analysis.analyse(project(), 'a.py', 'x')).rejects.toMatchObject({ code: 'interpreter_missing' })
  })

  it('passes on why no interpreter was found', async () => {
    const analysis = service({ interpreter: () => Promise.reject(new Error('none here')) })
    await expect(analysis.analyse(project(), 'a.py', 'x')).rejects.toMatchObject({ message: 'none here' })
  })
})
