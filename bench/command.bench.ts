/** P0 and P1: `nodeloom run --json` as a person types it, by the launcher and the built product. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Bench, Row } from './support/bench.ts'
import { pythonOf, type RanFlow, runFlow, type SmallProject, writeProject } from './support/nodeloom.ts'

const ROUNDS = 9
const SLOW_ROUNDS = 3
const CHAIN = 100

const step = 'def main(x: int = 0) -> int:\n    return x + 1\n'
const ids = Array.from({ length: CHAIN }, (_, at) => `n${at}`)
const edges = ids.slice(1).map((id, at) => [`n${at}.result`, `${id}.x`] as const)

const three: SmallProject = {
  files: { 'nodes/step.py': step },
  nodes: Object.fromEntries(ids.slice(0, 3).map((id) => [id, { kind: 'code', file: 'nodes/step.py' }])),
  edges: edges.slice(0, 2),
}
const onOneFile: SmallProject = {
  files: { 'nodes/step.py': step },
  nodes: Object.fromEntries(ids.map((id) => [id, { kind: 'code', file: 'nodes/step.py' }])),
  edges,
}
const aFileEach: SmallProject = {
  files: Object.fromEntries(ids.map((id) => [`nodes/${id}.py`, step])),
  nodes: Object.fromEntries(ids.map((id) => [id, { kind: 'code', file: `nodes/${id}.py` }])),
  edges,
}

/** What a worker of any kind needs: private pipes, JSON, a way to import files and to tell errors. */
const smallRuntime =
  'import importlib.util, io, json, os, pickle, signal, struct, sys, threading, traceback; print("ready", flush=True)'

interface Reply {
  readonly text: string
  readonly ms: number
}

/** Starts Python and answers its first output and the milliseconds until then; the process has ended. */
const startPython = (
  python: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Reply> =>
  new Promise((done, fail) => {
    const started = performance.now()
    const child = spawn(python, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
    let reply: Reply | undefined
    child.stdout.once('data', (chunk: Buffer) => {
      reply = { text: chunk.toString('utf8').trim(), ms: performance.now() - started }
    })
    child.once('error', fail)
    child.once('close', (code) => {
      if (reply === undefined) fail(new Error(`${python} said nothing and ended with ${code}.`))
      else done(reply)
    })
  })

/** The plain way: each node a process that gets its input as an argument and prints its result. */
const processPerNode = async (dir: string, env: Readonly<Record<string, string>>): Promise<number> => {
  const program = 'import json, sys; from nodes.step import main; print(json.dumps(main(json.loads(sys.argv[1]))))'
  const started = performance.now()
  let value = '0'
  for (let at = 0; at < CHAIN; at += 1)
    value = (await startPython(pythonOf(dir), ['-c', program, value], env, dir)).text
  if (value !== String(CHAIN)) throw new Error(`The processes made ${value}.`)
  return performance.now() - started
}

export const bench: Bench = {
  async run({ folder, env, sample }) {
    const dirs = { three: join(folder, 'three'), chain: join(folder, 'chain'), files: join(folder, 'files') }
    await writeProject(dirs.three, three)
    await writeProject(dirs.chain, onOneFile)
    await writeProject(dirs.files, aFileEach)

    const runs = async (dir: string): Promise<RanFlow[]> => {
      const all: RanFlow[] = []
      await sample(ROUNDS, async (round) => {
        const ran = await runFlow(dir, env)
        if (round >= 0) all.push(ran)
        return ran.durationMs
      })
      return all
    }
    const opened = await runs(dirs.three)
    const ready = await sample(ROUNDS, async () => {
      return (await startPython(pythonOf(dirs.three), ['-c', smallRuntime], env, dirs.three)).ms
    })
    const chain = await runs(dirs.chain)
    const files = await runs(dirs.files)
    const processes: number[] = []
    for (let round = 0; round < SLOW_ROUNDS; round += 1) processes.push(await processPerNode(dirs.chain, env))

    const row = (what: string, ran: readonly RanFlow[]): Row => ({
      id: 'P1',
      what: `chain of ${CHAIN} trivial nodes, ${what}`,
      unit: 'ms',
      ours: ran.map(({ durationMs }) => durationMs),
      target: { max: 10 },
      reference: { what: 'a fresh process per node', samples: processes },
      parts: { openMs: ran.map(({ openMs }) => openMs), 'the whole command': ran.map(({ commandMs }) => commandMs) },
    })
    return [
      {
        id: 'P0',
        what: 'open a project with 3 nodes, a worker ready',
        unit: 'ms',
        ours: opened.map(({ openMs }) => openMs),
        target: { max: 250 },
        reference: { what: 'Python of the venv with a small runtime', samples: ready },
        parts: { 'the whole command': opened.map(({ commandMs }) => commandMs) },
      },
      {
        ...row('on one file', chain),
        recorded: 'Node-RED 0.8 ms (no isolation, no history), Jupyter kernel 294 ms, a fresh process per node 855 ms',
      },
      row('a file each', files),
    ]
  },
}
