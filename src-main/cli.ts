/** The command line: `nodeloom COMMAND …`. */
import { runCommandLine } from './command-line/command-line.ts'

void runCommandLine(process.argv.slice(2)).then((code) => {
  // Handles of libraries must not keep a finished command alive; what was written to a pipe must arrive first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
})
