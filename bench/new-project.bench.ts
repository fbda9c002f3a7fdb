/** P14: from New to a project whose environment is ready, beside `python -m venv` with pip and without. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AnalysisService } from '../src-main/analysis/index.ts'
import { EnvironmentService } from '../src-main/environment/index.ts'
import { ProjectService } from '../src-main/project/index.ts'
import { findBasePython } from '../scripts/lib/base-python.ts'
import { inRoot } from '../scripts/lib/paths.ts'
import { runProcess } from '../scripts/lib/run-process.ts'
import type { Bench } from './support/bench.ts'
import { timed } from './support/statistics.ts'

const ROUNDS = 7
const ROUNDS_WITH_PIP = 2

export const bench: Bench = {
  async run({ folder, env, sample }) {
    const python = await findBasePython()
    if (python === undefined) throw new Error('There is no Python on PATH.')
    const profileDir = join(folder, 'profile')
    await mkdir(profileDir)
    const environments = new EnvironmentService({
      profileDir,
      supervisorScript: inRoot('resources', 'python', 'nodeloom_runtime', 'supervise.py'),
      env,
    })
    const analysis = new AnalysisService({
      interpreter: () => environments.baseInterpreter(),
      scriptPath: inRoot('resources', 'python', 'nodeloom_analysis', '__main__.py'),
    })
    const projects = new ProjectService({
      analysis,
      profileDir,
      examplesDir: inRoot('resources', 'examples'),
      projectsDir: folder,
    })
    const files: number[] = []
    const makeNew = async (round: number): Promise<number> => {
      const started = performance.now()
      const dir = await projects.create(join(folder, `project-${round}`), null)
      const filesMs = performance.now() - started
      const { state, message } = await environments.create(dir)
      const allMs = performance.now() - started
      if (state !== 'ready') throw new Error(`The environment is ${state}: ${message}`)
      if (round >= 0) files.push(filesMs)
      return allMs
    }
    const venv = (name: string, more: readonly string[]): Promise<number> =>
      timed(async () => {
        const args = ['-I', '-m', 'venv', ...more, join(folder, name)]
        const made = await runProcess(python, args, { deadlineS: 120, output: 'keep', env })
        if (made.code !== 0) throw new Error(made.output)
      })
    try {
      const ours = await sample(ROUNDS, makeNew)
      const bare = await sample(ROUNDS, (round) => venv(`bare-${round}`, ['--without-pip']))
      const withPip: number[] = []
      for (let round = 0; round < ROUNDS_WITH_PIP; round += 1) withPip.push(await venv(`pip-${round}`, []))
      const row = { id: 'P14', unit: 'ms', ours, target: { max: 300 } } as const
      return [
        {
          ...row,
          what: 'New to ready to run, no packages',
          reference: { what: 'python -m venv', samples: withPip },
          parts: { files, environment: ours.map((all, at) => all - (files[at] ?? 0)) },
        },
        { ...row, what: 'the same', reference: { what: 'python -m venv --without-pip', samples: bare } },
      ]
    } finally {
      await projects.stop()
      await analysis.stop()
    }
  },
}
