import { type ChildProcess, spawn } from 'node:child_process'
import { MissingTool } from '../lib/missing-tool.ts'
import { findProgram } from '../lib/find-program.ts'

export interface Display {
  /** What a program needs to draw there, for example `{ DISPLAY: ':99' }`. */
  readonly env: Record<string, string>
  stop(): Promise<void>
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) done()
    else child.once('exit', () => done())
  })

/** Starts an X server without a screen on a free display. The caller stops it. */
export const startDisplay = async (): Promise<Display> => {
  const program = findProgram(['Xvfb'])
  if (program === undefined) throw new MissingTool('No Xvfb. Run: apt-get install xvfb')
  // The server picks the display itself and writes its number to descriptor 3.
  const args = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset']
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    const hard = setTimeout(() => child.kill('SIGKILL'), 3000)
    await ended(child)
    clearTimeout(hard)
  }
  try {
    const number = await new Promise<string>((done, fail) => {
      const pipe = child.stdio[3]
      const deadline = setTimeout(() => fail(new MissingTool('Xvfb did not come up within 20 s.')), 20_000)
      let text = ''
      pipe?.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8')
        if (!text.includes('\n')) return
        clearTimeout(deadline)
        done(text.trim())
      })
      child.once('exit', (code) => {
        clearTimeout(deadline)
        fail(new MissingTool(`Xvfb ended with code ${code}.`))
      })
      child.once('error', (error) => {
        clearTimeout(deadline)
        fail(new MissingTool(`Xvfb could not be started: ${error.message}`))
      })
    })
    return { env: { DISPLAY: `:${number}` }, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

export const withDisplay = async <T>(work: (env: Record<string, string>) => Promise<T>): Promise<T> => {
  const display = await startDisplay()
  try {
    return await work(display.env)
  } finally {
    await display.stop()
  }
}
