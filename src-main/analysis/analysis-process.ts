/**
 * One analysis child: frames over its standard input and output, answers in the order of the requests.
 * It does the requests one after another, so only the oldest one can be the reason when it dies or hangs.
 */
import { z } from 'zod'
import { encodeFrame, FrameReader } from '../base/frames.ts'
import { spawnProcess, type ChildProcessWithoutNullStreams } from '../base/spawn.ts'

const zAnswer = z.object({
  id: z.number().int(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
})
export type AnalysisAnswer = z.infer<typeof zAnswer>

export interface AnalysisProcessOptions {
  readonly interpreter: string
  readonly scriptPath: string
  readonly onAnswer: (answer: AnalysisAnswer) => void
  /** Called once, when the child is gone or its output has no meaning any more; with a sentence for the log. */
  readonly onEnd: (reason: string) => void
}

const STDERR_TAIL = 2_000

export class AnalysisProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #onEnd: (reason: string) => void
  readonly #exited: Promise<void>
  #ended = false
  #stderr = ''

  constructor(options: AnalysisProcessOptions) {
    this.#onEnd = options.onEnd
    // Isolated and without site: nothing of the user's environment takes part.
    const child = spawnProcess(options.interpreter, ['-I', '-S', options.scriptPath])
    this.#child = child
    const reader = new FrameReader()
    child.stdout.on('data', (chunk: Buffer) => {
      if (this.#ended) return
      try {
        for (const message of reader.push(chunk)) options.onAnswer(zAnswer.parse(message))
      } catch (error) {
        this.#end(`its output makes no sense (${error instanceof z.ZodError ? 'unknown shape' : String(error)})`)
      }
    })
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_TAIL)
    })
    // A write to a child that has just died fails; its end is reported by `exit`.
    child.stdin.on('error', () => undefined)
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#end(error.message)
        resolve()
      })
      child.once('close', (code, signal) => {
        const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`
        this.#end(this.#stderr === '' ? how : `${how}: ${this.#stderr.trim()}`)
        resolve()
      })
    })
  }

  send(request: { readonly id: number; readonly method: string; readonly params: unknown }): void {
    if (!this.#ended) this.#child.stdin.write(encodeFrame(request))
  }

  /** Ends the child at once. `onEnd` is not called any more. */
  kill(): void {
    this.#ended = true
    this.#child.kill('SIGKILL')
  }

  /** Lets the child finish by closing its input; kills it after `deadlineMs`. `onEnd` is not called any more. */
  async stop(deadlineMs: number): Promise<void> {
    this.#ended = true
    this.#child.stdin.end()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), deadlineMs)
    await this.#exited
    clearTimeout(timer)
  }

  #end(reason: string): void {
    if (this.#ended) return
    this.#ended = true
    this.#child.kill('SIGKILL')
    this.#onEnd(reason)
  }
}
