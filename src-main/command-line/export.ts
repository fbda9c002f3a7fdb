/** `nodeloom export [PROJECT] [--flow main] [--out flow.py]`: the flow as a Python script. */
import { resolve } from 'node:path'
import { exportScript } from '../../src-shared/flow/export-script.ts'
import { flowToRun } from '../api/start-run.ts'
import { writeFileAtomic } from '../base/atomic-write.ts'
import { problemLine } from './check.ts'
import { parseCommand, printError, projectPath, withHost, type Command } from './context.ts'

const usage = 'nodeloom export [PROJECT] [--flow main] [--out flow.py]'

export const exportCommand: Command = {
  usage,
  summary: 'Print a flow as a Python script that gives the same results without Nodeloom.',
  async run(args) {
    const options = { flow: { type: 'string' }, out: { type: 'string' } } as const
    const { values, positionals } = parseCommand(args, usage, options, 1)
    const name = values.flow ?? 'main'
    const { text, problems } = await withHost(async ({ projects }) => {
      const { projectId } = await projects.open(projectPath(positionals[0]), { live: false })
      const project = projects.get(projectId)
      await project.analysed()
      const document = flowToRun(project, name)
      return exportScript({ name, document, analysisOf: (file) => project.analyses.get(file) })
    })
    for (const problem of problems) printError(problemLine(problem))
    if (text === '') {
      printError('nodeloom: nothing was exported; mend the errors above first.')
      return 2
    }
    if (values.out === undefined) process.stdout.write(text)
    else await writeFileAtomic(resolve(values.out), text)
    return 0
  },
}
