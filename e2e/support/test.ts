/**
 * What stories start from: `import { expect, test } from './support/test.ts'`. Each story has its own empty home, ends
 * what it started, and fails when a process of it is left.
 */
import { test as base, type ConsoleMessage, type Page, type TestInfo } from '@playwright/test'
import { type Desktop, startDesktop } from './desktop.ts'
import { makePlaces, type Places } from './places.ts'
import { endedProcesses } from './processes.ts'
import { type CommandOptions, type CommandResult, runNodeloom } from './run-nodeloom.ts'
import { type Serving, startServing } from './serve.ts'

/** The product in browser mode, with its page open. */
export interface App {
  readonly page: Page
  readonly home: string
  readonly projectsDir: string
  /** Address with token; another one after `restart`. */
  url(): string
  /** Process id of the host; another one after `restart`. */
  hostPid(): number
  /** Ends the host (SIGTERM unless told), starts it again on the same home and opens the page anew. */
  restart(signal?: NodeJS.Signals): Promise<void>
  /** Ends the host and leaves the page as it is. */
  stopHost(signal?: NodeJS.Signals): Promise<void>
}

interface Fixtures {
  /** Arguments of `serve`, for example a project's folder. */
  serveArgs: readonly string[]
  places: Places
  home: string
  projectsDir: string
  app: App
  /** The command line. */
  nodeloom: (args: readonly string[], options?: CommandOptions) => Promise<CommandResult>
  /** The product in the test Electron. */
  desktop: Desktop
}

const attachOnFailure = async (info: TestInfo, name: string, text: string): Promise<void> => {
  if (info.status !== info.expectedStatus) await info.attach(name, { body: text, contentType: 'text/plain' })
}

const consoleLine = (message: ConsoleMessage): string => `${message.type()}: ${message.text()}`

export const test = base.extend<Fixtures>({
  serveArgs: [[], { option: true }],

  places: async ({}, use) => {
    const places = await makePlaces()
    await use(places)
    const left = await endedProcesses(places.root, 3000)
    await places.remove()
    if (left.length > 0) {
      throw new Error(`Still running after the end:\n${left.map(({ pid, command }) => `${pid} ${command}`).join('\n')}`)
    }
  },

  home: ({ places }, use) => use(places.home),

  projectsDir: ({ places }, use) => use(places.projectsDir),

  app: async ({ page, places, serveArgs }, use, info) => {
    const lines: string[] = []
    page.on('console', (message) => lines.push(consoleLine(message)))
    page.on('pageerror', (error) => lines.push(`uncaught: ${error.stack ?? error.message}`))
    let serving: Serving = await startServing(places, serveArgs)
    const outputs = [serving]
    await page.goto(serving.url)
    await use({
      page,
      home: places.home,
      projectsDir: places.projectsDir,
      url: () => serving.url,
      hostPid: () => serving.pid,
      stopHost: (signal) => serving.stop(signal),
      async restart(signal) {
        await serving.stop(signal)
        serving = await startServing(places, serveArgs)
        outputs.push(serving)
        await page.goto(serving.url)
      },
    })
    await attachOnFailure(info, 'host.log', outputs.map((each) => each.output()).join('\n--- restarted\n'))
    await attachOnFailure(info, 'page.log', lines.join('\n'))
    await serving.stop()
  },

  nodeloom: ({ places }, use) => use((args, options) => runNodeloom(places, args, options)),

  desktop: async ({ places }, use, info) => {
    const desktop = await startDesktop(places)
    await use(desktop)
    if (info.status !== info.expectedStatus) {
      const picture = await desktop.page.screenshot().catch(() => undefined)
      if (picture !== undefined) await info.attach('window.png', { body: picture, contentType: 'image/png' })
    }
    await attachOnFailure(info, 'desktop.log', desktop.output())
    await desktop.stop()
  },
})

export { expect } from '@playwright/test'
