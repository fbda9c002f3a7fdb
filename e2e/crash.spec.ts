/** kill -9 of the host: no save is torn, no child outlives it, and what went on is known afterwards. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseFlow } from '../src-shared/flow/parse-flow.ts'
import { parseLayout } from '../src-shared/flow/parse-layout.ts'
import { zNodeId } from '../src-shared/ids.ts'
import { projectIdOf, readText, saveAll } from './support/saves.ts'
import { flowText, writeProject } from './support/project-files.ts'
import { alive, endedProcesses, processesOf } from './support/processes.ts'
import { connectRpc } from './support/rpc.ts'
import { startNodeloom } from './support/run-nodeloom.ts'
import { startServing } from './support/serve.ts'
import { expect, test } from './support/test.ts'

const kills = process.env['NODELOOM_TEST_FULL'] === '1' ? 100 : 15

/** Numbers from 0 to 1, the same in every run. */
const random = (seed: number) => (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

const a = zNodeId.parse('a')

/** The three files of one save; each says which one it belongs to. */
const files = (save: number): Record<string, string> => ({
  'flows/main.json': flowText({ a: { inputs: { start: save } } }, []),
  'flows/main.layout.json': `${JSON.stringify({ format: 1, nodes: { a: { x: save, y: 0 } } }, null, 2)}\n`,
  'nodes/a.py': `SAVE = ${save}\n\n\ndef main(start: int) -> int:\n${'    # so that the file takes a while to write\n'.repeat(2000)}    return start\n`,
})

/** Which save a file is of; throws where it is not whole. */
const saveOf: Record<string, (text: string) => number> = {
  'flows/main.json': (text) => {
    const { document, problems } = parseFlow(text, 'flows/main.json')
    expect(problems).toEqual([])
    return Number(document?.nodes[a]?.inputs?.['start'])
  },
  'flows/main.layout.json': (text) => {
    const { document, problems } = parseLayout(text, 'flows/main.layout.json')
    expect(problems).toEqual([])
    return Number(document?.nodes[a]?.x)
  },
  'nodes/a.py': (text) => {
    expect(text.endsWith('    return start\n')).toBe(true)
    return Number(/^SAVE = (\d+)$/m.exec(text)?.[1])
  },
}

test(`${kills} times in the middle of a save: every file is old or new, and all of one save`, async ({
  places,
  projectsDir,
}) => {
  test.setTimeout(60_000 + kills * 8000)
  const dir = join(projectsDir, 'saved')
  await writeProject(dir, { a: '' })
  const next = random(20_261_121)
  let sent = 0
  let acknowledged = 0
  const torn = { betweenFiles: 0 }
  for (let kill = 0; kill <= kills; kill += 1) {
    const serving = await startServing(places, [])
    const client = await connectRpc(serving.url)
    const { projectId, readOnly } = await client.request('project.open', { path: dir })
    expect(readOnly).toBeNull()
    // What the host gives after the crash is one save as a whole, the last one told as done or a later one.
    const texts = await readText(client, projectId, Object.keys(saveOf))
    if (kill > 0) {
      const saves = Object.entries(saveOf).map(([path, read]) => read(texts[path]?.text ?? ''))
      expect(new Set(saves).size).toBe(1)
      expect(saves[0]).toBeGreaterThanOrEqual(acknowledged)
      expect(saves[0]).toBeLessThanOrEqual(sent)
    }
    let revisions = Object.fromEntries(Object.entries(texts).map(([path, file]) => [path, file?.revision ?? null]))
    let dead = false
    const saving = (async () => {
      for (;;) {
        sent += 1
        revisions = await saveAll(client, projectId, files(sent), revisions)
        acknowledged = sent
      }
    })().catch((error: unknown) => {
      // Only the kill may end the saving.
      if (!dead) throw error
    })
    const first = sent
    await expect.poll(() => acknowledged, { intervals: [5] }).toBeGreaterThanOrEqual(first)
    if (kill === kills) {
      dead = true
      client.close()
      await serving.stop()
      await saving
      break
    }
    await new Promise((done) => setTimeout(done, next() * 120))
    dead = true
    await serving.stop('SIGKILL')
    await saving
    client.close()
    expect(await endedProcesses(places.root, 2000)).toEqual([])
    // Each file on disk is whole before anyone has repaired anything.
    const onDisk = await Promise.all(
      Object.entries(saveOf).map(async ([path, read]) => read(await readFile(join(dir, path), 'utf8'))),
    )
    if (new Set(onDisk).size > 1) torn.betweenFiles += 1
  }
  expect(acknowledged).toBeGreaterThan(kills)
  test.info().annotations.push({
    type: 'kills',
    description: `${kills} kills in ${sent} saves, ${torn.betweenFiles} between the files of one`,
  })
})

/** A node with a child, one of its own session, and one that was forked twice and ignores SIGTERM. */
const family = `import os, signal, subprocess, sys, time


def main() -> int:
    subprocess.Popen(["sleep", "300"])
    subprocess.Popen(["sleep", "301"], start_new_session=True)
    code = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.fork() and os._exit(0); os.setsid(); os.fork() and os._exit(0); time.sleep(302)"
    subprocess.run([sys.executable, "-c", code])
    print("begun", flush=True)
    time.sleep(300)
    return 1
`
const done = 'def main() -> str:\n    return "done"\n'

test('serve, in the middle of a run: no child after 2 s; the next open shows it as interrupted', async ({
  places,
  projectsDir,
}) => {
  const dir = join(projectsDir, 'killed')
  await writeProject(dir, { done, endless: family }, [['done', 'endless']], {
    endless: { settings: { timeoutS: 0 } },
  })
  const serving = await startServing(places, [])
  const client = await connectRpc(serving.url)
  const projectId = await projectIdOf(client, dir)
  await client.request('environment.create', { projectId })
  const begun = new Promise<void>((resolve) =>
    client.onEvent('run.events', ({ events }) => {
      if (events.some((event) => event.type === 'node.output' && event.text.includes('begun'))) resolve()
    }),
  )
  const { runId } = await client.request('run.start', { projectId, flow: 'main', selection: {} })
  await begun
  const snapshot = join(dir, '.nodeloom', 'runs', runId, 'snapshot.json')
  await expect.poll(() => readFile(snapshot, 'utf8').catch(() => ''), { timeout: 5000 }).toContain('begun')
  const children = (await processesOf(places.root)).filter(({ pid }) => pid !== serving.pid)
  expect(children.filter(({ command }) => /30[012]/.test(command)).length).toBeGreaterThanOrEqual(3)
  await serving.stop('SIGKILL')
  client.close()
  expect(await endedProcesses(places.root, 2000)).toEqual([])
  expect(await alive(children)).toEqual([])

  const again = await startServing(places, [])
  const reopened = await connectRpc(again.url)
  const { run } = await reopened.request('project.open', { path: dir })
  expect(run).toMatchObject({
    runId,
    status: 'interrupted',
    nodes: {
      done: { status: 'succeeded', result: { outputs: { result: { json: '"done"' } } } },
      endless: { status: 'cancelled', output: [{ stream: 'stdout', text: 'begun\n' }] },
    },
  })
  reopened.close()
  await again.stop()
})

test('nodeloom run, in the middle of it: no child after 2 s', async ({ places, projectsDir, nodeloom }) => {
  const dir = join(projectsDir, 'killed')
  await writeProject(dir, { endless: family })
  const running = startNodeloom(places, ['run', dir])
  await running.printed('begun')
  const left = (await processesOf(places.root)).filter(({ pid }) => pid !== running.child.pid)
  expect(left.length).toBeGreaterThanOrEqual(4)
  running.child.kill('SIGKILL')
  expect((await running.done).code).toBeNull()
  expect(await endedProcesses(places.root, 2000)).toEqual([])
  expect(await alive(left)).toEqual([])
  expect((await nodeloom(['check', dir])).code).toBe(0)
})

test('the page tells of a run that was interrupted', async ({ app, projectsDir }) => {
  const dir = join(projectsDir, 'told')
  await writeProject(dir, { done, endless: family }, [['done', 'endless']], { endless: { settings: { timeoutS: 0 } } })
  const client = await connectRpc(app.url())
  await projectIdOf(client, dir)
  client.close()
  await app.page.reload()
  const openRecent = (): Promise<void> =>
    app.page
      .getByRole('list', { name: 'Recent projects' })
      .getByRole('listitem')
      .filter({ hasText: 'told' })
      .getByRole('button')
      .first()
      .click()
  await openRecent()
  const run = app.page.getByRole('button', { name: 'Run flow' })
  await expect(run).toBeEnabled({ timeout: 20_000 })
  await run.click()
  await expect(app.page.getByRole('contentinfo', { name: 'Status' })).toContainText('Run 1: 1 of 2')
  const snapshot = join(dir, '.nodeloom', 'runs', '000001', 'snapshot.json')
  await expect.poll(() => readFile(snapshot, 'utf8').catch(() => '')).toContain('begun')
  await app.restart('SIGKILL')
  await openRecent()
  await expect(app.page.getByRole('contentinfo', { name: 'Status' })).toContainText('interrupted', { timeout: 20_000 })
  await expect(app.page.getByRole('group', { name: /^done, code node, succeeded/i })).toBeVisible()
})
