/**
 * `npm run bench [-- NAME…]`: measures the product beside its references in one run, prints a table and keeps the last
 * result of each bench in bench/results/NAME.json. A missed target is printed, not an error: machines are noisy.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Bench, BenchContext } from './support/bench.ts'
import { describeMachine } from './support/machine.ts'
import { type Result, resultOf, tableOf } from './support/report.ts'

const suffix = '.bench.ts'

const available = async (): Promise<string[]> => {
  const names = await readdir(import.meta.dirname)
  return names.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length))
}

const isBench = (value: unknown): value is Bench =>
  typeof value === 'object' && value !== null && 'run' in value && typeof value.run === 'function'

const load = async (name: string): Promise<Bench> => {
  const module: unknown = await import(pathToFileURL(join(import.meta.dirname, name + suffix)).href)
  const bench = typeof module === 'object' && module !== null && 'bench' in module ? module.bench : undefined
  if (!isBench(bench)) throw new Error(`${name}${suffix} exports no bench.`)
  return bench
}

const warmUps = 2

const sample: BenchContext['sample'] = async (times, once) => {
  const samples: number[] = []
  for (let round = -warmUps; round < times; round += 1) {
    const value = await once(round)
    if (round >= 0) samples.push(value)
  }
  return samples
}

// As users have it: writing no bytecode, which some machines ask for, slows every Python start.
delete process.env['PYTHONDONTWRITEBYTECODE']

const environment = (folder: string): Record<string, string> => {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined) env[name] = value
  }
  return { ...env, NODELOOM_HOME: join(folder, 'nodeloom-home') }
}

const measure = async (name: string): Promise<Result[]> => {
  const bench = await load(name)
  const folder = await mkdtemp(join(tmpdir(), 'nodeloom-bench-'))
  try {
    return (await bench.run({ folder, env: environment(folder), sample })).map(resultOf)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

const all = await available()
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`No bench ${unknown.join(', ')}. Benches: ${all.join(', ')}.`)
  process.exit(2)
}

const machine = await describeMachine()
console.log(`${machine.processor}, ${machine.cores} cores, ${machine.memoryGB} GB, ${machine.system}`)
await mkdir(join(import.meta.dirname, 'results'), { recursive: true })
const results: Result[] = []
for (const name of asked.length > 0 ? asked : all) {
  console.log(`measuring ${name}`)
  try {
    const own = await measure(name)
    results.push(...own)
    const text = JSON.stringify({ bench: name, date: new Date().toISOString(), machine, results: own }, null, 2)
    await writeFile(join(import.meta.dirname, 'results', `${name}.json`), `${text}\n`)
  } catch (error) {
    console.error(`${name} could not be measured:`, error)
    process.exitCode = 1
  }
}
console.log(tableOf(results))
