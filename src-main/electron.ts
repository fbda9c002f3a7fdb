/** The desktop app's main process. */
import { app } from 'electron'
import { startApp } from './shell-electron/start-app.ts'

startApp(import.meta.dirname).catch((error: unknown) => {
  process.stderr.write(`nodeloom: ${error instanceof Error ? error.message : String(error)}\n`)
  app.exit(1)
})
