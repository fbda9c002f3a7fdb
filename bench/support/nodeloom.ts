/** The command line of the product as a person runs it, and small projects for it. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { inRoot } from '../../scripts/lib/paths.ts'
import { runProcess } from '../../scripts/lib/run-process.ts'

const launcher = inRoot('bin', process.platform === 'win32' ? 'nodeloom.cmd' : 'nodeloom')

const zLastLine = z.object({
  type: z.literal('run.finished'),
  status: z.string(),
  openMs: z.number(),
  durationMs: z.number(),
})

export interface RanFlow {
  /** Milliseconds as the last line of `run --json` tells them. */
  readonly openMs: number
  readonly durationMs: number
  /** Milliseconds from the start of the command to its exit. */
  readonly commandMs: number
}

/** Answers what was printed. Throws with it when the build is missing or the command fails. */
export const runNodeloom = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> => {
  if (!existsSync(inRoot('out', 'main', 'cli.cjs'))) throw new Error('The product is not built: npm run build.')
  const { code, output } = await runProcess(launcher, args, { deadlineS: 60, output: 'keep', env })
  if (code !== 0) throw new Error(`nodeloom ${args.join(' ')}: exit code ${code}\n${output}`)
  return output
}

/** Throws when the flow does not succeed. */
export const runFlow = async (dir: string, env: Readonly<Record<string, string>>): Promise<RanFlow> => {
  const started = performance.now()
  const output = await runNodeloom(['run', dir, '--json'], env)
  const commandMs = performance.now() - started
  const last = output.trim().split('\n').at(-1) ?? ''
  const { status, openMs, durationMs } = zLastLine.parse(JSON.parse(last))
  if (status !== 'succeeded') throw new Error(`The run ${status}.`)
  return { openMs, durationMs, commandMs }
}

export interface SmallProject {
  /** Python source by file below the project. */
  readonly files: Readonly<Record<string, string>>
  readonly nodes: Readonly<Record<string, object>>
  /** `[from, to]` as `node.port`. */
  readonly edges: readonly (readonly [string, string])[]
}

/** Writes a project without an environment; its first run makes one. */
export const writeProject = async (dir: string, project: SmallProject): Promise<void> => {
  await mkdir(dir)
  const about = '[project]\nname = "bench"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = []\n'
  await writeFile(join(dir, 'pyproject.toml'), `${about}\n[tool.nodeloom]\nformat = 1\n`)
  await writeFlow(dir, project)
}

/** Writes the flow `main` and its files into a project. */
export const writeFlow = async (dir: string, { files, nodes, edges }: SmallProject): Promise<void> => {
  await mkdir(join(dir, 'flows'), { recursive: true })
  await mkdir(join(dir, 'nodes'), { recursive: true })
  const flow = { format: 1, nodes, edges: edges.map(([from, to]) => ({ from, to })) }
  await writeFile(join(dir, 'flows', 'main.json'), `${JSON.stringify(flow, null, 2)}\n`)
  for (const [path, text] of Object.entries(files)) await writeFile(join(dir, path), text)
}

/** The interpreter of a project's environment. */
export const pythonOf = (dir: string): string =>
  process.platform === 'win32' ? join(dir, '.venv', 'Scripts', 'python.exe') : join(dir, '.venv', 'bin', 'python')
