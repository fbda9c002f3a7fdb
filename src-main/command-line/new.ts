/** `nodeloom new DIR [--example NAME]`. */
import { resolve } from 'node:path'
import { AppError } from '../base/app-error.ts'
import { parseCommand, print, withHost, type Command } from './context.ts'

const usage = 'nodeloom new DIR [--example NAME]'

export const newCommand: Command = {
  usage,
  summary: 'Make a project, empty or from an example.',
  async run(args) {
    const { values, positionals } = parseCommand(args, usage, { example: { type: 'string' } }, 1)
    const [folder] = positionals
    if (folder === undefined) throw new AppError('usage', 'Name the folder to make.', { hint: `Usage: ${usage}` })
    return withHost(async ({ projects, environments }) => {
      const dir = await projects.create(resolve(folder), values.example ?? null)
      print(`Made ${dir}`)
      // A project without its environment is still a project: the next run makes it, or says what is missing.
      await environments
        .create(dir)
        .catch((error: unknown) => print(`Its environment is not made yet: ${String(error)}`))
      print(`Next: nodeloom run ${folder}`)
      return 0
    })
  },
}
