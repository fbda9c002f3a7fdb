/** `nodeloom serve [PROJECT] [--port 0] [--no-open]`: the app in the browser. */
import { readProjectFile } from '../project/index.ts'
import { createServices } from '../services.ts'
import { serve, SERVE_USAGE } from '../shell-web/index.ts'
import { projectPath, type Command } from './context.ts'

const takesValue = new Set(['--port'])

const namesProject = (args: readonly string[]): boolean =>
  args.some((arg, index) => !arg.startsWith('-') && !takesValue.has(args[index - 1] ?? ''))

/** The current folder is meant where it is a project; elsewhere the welcome page opens. */
async function withCurrentProject(args: readonly string[]): Promise<readonly string[]> {
  if (namesProject(args)) return args
  const here = projectPath(undefined)
  const isProject = await readProjectFile(here).then(
    () => true,
    () => false,
  )
  return isProject ? [here, ...args] : args
}

export const serveCommand: Command = {
  usage: SERVE_USAGE,
  summary: 'Open the app in your browser, for you alone.',
  run: async (args) => serve(await withCurrentProject(args), createServices),
}
