/** The host under the desktop: `node host.cjs [PROJECT]`, started by the shell with a pipe as descriptor 3. */
import { join } from 'node:path'
import { toAppError } from './base/app-error.ts'
import { createLogger, levelFromEnvironment } from './base/logger.ts'
import { installDir, profileDir } from './base/paths.ts'
import { runHost, shellPipe } from './base/run-host.ts'
import { createServices } from './services.ts'

const profile = profileDir()
const logger = createLogger({ level: levelFromEnvironment('info'), file: join(profile, 'logs', 'host.log') })

// The shell decides when the host ends; a Ctrl+C in the shell's terminal reaches both.
process.on('SIGINT', () => undefined)

runHost(shellPipe(), createServices, {
  resourcesDir: join(installDir(import.meta.dirname), 'resources'),
  profileDir: profile,
  openPath: process.argv[2] ?? null,
  logger,
}).then(
  () => process.exit(0),
  (error: unknown) => {
    logger.error('the host could not go on', { error: toAppError(error) })
    process.exit(1)
  },
)
