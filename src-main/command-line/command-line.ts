/** Finds the command, runs it, and turns what it threw into a sentence and an exit code. */
import product from '../../package.json' with { type: 'json' }
import { AppError, toAppError } from '../base/app-error.ts'
import { nearest } from '../../src-shared/flow/nearest.ts'
import { checkCommand } from './check.ts'
import { print, printError, type Command } from './context.ts'
import { doctorCommand } from './doctor.ts'
import { envCommand } from './env.ts'
import { exportCommand } from './export.ts'
import { newCommand } from './new.ts'
import { runCommand } from './run.ts'
import { serveCommand } from './serve.ts'

const commands: Readonly<Record<string, Command>> = {
  new: newCommand,
  run: runCommand,
  check: checkCommand,
  env: envCommand,
  export: exportCommand,
  serve: serveCommand,
  doctor: doctorCommand,
}

/** Exit code of a wrong command or project, and of whatever could not be begun. */
const EXIT_WRONG = 2

function help(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  return [
    `Nodeloom ${product.version}: draw a flow of Python functions, run it, see every value.`,
    '',
    'nodeloom COMMAND [PROJECT] [options]    PROJECT is the current folder unless named.',
    '',
    ...lines,
    '',
    'nodeloom COMMAND --help tells more of one. Exit codes: 0 done, 1 a node failed or errors were found,',
    '2 the project or the command is wrong, 130 stopped.',
  ].join('\n')
}

function unknownCommand(name: string): AppError {
  const close = nearest(name, Object.keys(commands))
  return new AppError('usage', `There is no command "${name}".`, {
    hint: close === null || close === undefined ? 'nodeloom --help lists the commands.' : `Did you mean "${close}"?`,
  })
}

export async function runCommandLine(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    print(help())
    return name === undefined ? EXIT_WRONG : 0
  }
  if (name === '--version' || name === '-v') {
    print(product.version)
    return 0
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) throw unknownCommand(name)
    if (rest.includes('--help') || rest.includes('-h')) {
      print(`${command.summary}\n\nUsage: ${command.usage}`)
      return 0
    }
    return await command.run(rest)
  } catch (thrown) {
    const error = toAppError(thrown)
    printError(`nodeloom: ${error.message}`)
    if (error.hint !== undefined) printError(`  Next: ${error.hint}`)
    return EXIT_WRONG
  }
}
