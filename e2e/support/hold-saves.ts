/** Holds the page's saves back on their way to the host, so that another program can be quicker for certain. */
import type { Page } from '@playwright/test'

export interface HeldSaves {
  /** From now on requests that write files wait. */
  hold(): void
  /** Resolves when one waits. */
  untilHeld(): Promise<void>
  /** Sends what waits, in order, and everything after it at once. */
  release(): void
}

/** Takes effect with the page's next connection: reload it. */
export async function holdSaves(page: Page): Promise<HeldSaves> {
  let holding = false
  let send: (message: string | Buffer) => void = () => undefined
  let held: (string | Buffer)[] = []
  let tell: () => void = () => undefined
  const first = new Promise<void>((resolve) => {
    tell = resolve
  })
  await page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer()
    send = (message) => server.send(message)
    socket.onMessage((message) => {
      if (holding && String(message).includes('"file.write"')) {
        held.push(message)
        tell()
      } else server.send(message)
    })
  })
  return {
    hold() {
      holding = true
    },
    untilHeld: () => first,
    release() {
      holding = false
      for (const message of held) send(message)
      held = []
    },
  }
}
