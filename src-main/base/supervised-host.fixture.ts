/** For supervised.test.ts: a host of its own that starts a supervised command and then waits to be killed. */
import { spawnSupervised } from './supervised.ts'

const [interpreter = '', scriptPath = '', command = '', ...args] = process.argv.slice(2)
const supervised = spawnSupervised(command, args, {
  env: { PATH: process.env['PATH'] ?? '' },
  supervisorInterpreter: interpreter,
  scriptPath,
})
supervised.stdout?.pipe(process.stdout)
setInterval(() => undefined, 60_000)
