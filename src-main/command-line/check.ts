/** `nodeloom check [PROJECT] [--json]`: every problem, one per line. Changes nothing. */
import type { Problem } from '../../src-shared/contract/problem.ts'
import { parseCommand, print, projectPath, withHost, type Command } from './context.ts'

const usage = 'nodeloom check [PROJECT] [--json]'

/** `flows/main.json:12: error unknown-port: …`; a problem of the whole project has no place. */
export function problemLine({ file, line, severity, code, message, hint }: Problem): string {
  const place = file === null ? '' : line === null ? `${file}: ` : `${file}:${line}: `
  return `${place}${severity} ${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`
}

export const checkCommand: Command = {
  usage,
  summary: 'List every problem of a project; exit 1 when there are errors.',
  async run(args) {
    const { values, positionals } = parseCommand(args, usage, { json: { type: 'boolean' } }, 1)
    const problems = await withHost(({ problems: service }) => service.check(projectPath(positionals[0])))
    if (values.json === true) print(JSON.stringify({ problems }))
    else if (problems.length === 0) print('No problems.')
    else for (const problem of problems) print(problemLine(problem))
    return problems.some(({ severity }) => severity === 'error') ? 1 : 0
  },
}
