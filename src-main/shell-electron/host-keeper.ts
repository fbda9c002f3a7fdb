/**
 * Starts the host, starts it again when it dies, ends it with the app.
 *
 *     stopped ──start──▶ running ──exit──▶ waiting (restart budget) ──▶ running
 *                           │                     └─▶ given up ──restart──▶ running
 *                           └──stop──▶ stopped
 */
import type { Duplex } from 'node:stream'
import { shellContract, type ShellContract } from '../../src-shared/contract/shell.ts'
import type { MessagePortLike } from '../../src-shared/rpc/port.ts'
import { createRpcServer, type Handlers, type RpcServer } from '../../src-shared/rpc/server.ts'
import { toWireError } from '../base/app-error.ts'
import { CONTROL_PORT, pagePortLabel } from '../base/desktop-shell.ts'
import type { Logger } from '../base/logger.ts'
import { PortMultiplexer } from '../base/port-multiplexer.ts'
import { spawnProcess, type ChildProcess } from '../base/spawn.ts'
import { RestartBudget } from '../base/supervisor.ts'

export interface HostKeeperOptions {
  /** The carried Node. */
  readonly node: string
  /** The host's program, and what it is given. */
  readonly script: string
  readonly args: readonly string[]
  readonly handlers: Handlers<ShellContract, null>
  readonly logger: Logger
  /** The host died too often; nothing happens until `restart`. */
  readonly onGiveUp: () => void
  readonly budget?: RestartBudget
}

interface Running {
  readonly multiplexer: PortMultiplexer
  readonly control: RpcServer<ShellContract>
}

/** How long a host may take to end its children before it is killed. */
const STOP_DEADLINE_MS = 6_000

export class HostKeeper {
  readonly #options: HostKeeperOptions
  readonly #budget: RestartBudget
  /** The process, from its start until it has exited. */
  #alive: { readonly child: ChildProcess; readonly exited: Promise<void> } | null = null
  /** What is served over its pipe, until that ends. */
  #running: Running | null = null
  #waiting: { resolve: () => void; reject: (error: Error) => void }[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #givenUp = false
  #stopped = false

  constructor(options: HostKeeperOptions) {
    this.#options = options
    this.#budget = options.budget ?? new RestartBudget()
  }

  /** The process id while it runs. */
  get pid(): number | null {
    return this.#alive?.child.pid ?? null
  }

  start(): void {
    if (this.#alive !== null || this.#stopped) return
    const { node, script, args, logger } = this.#options
    const pipe = process.platform === 'win32' ? 'overlapped' : 'pipe'
    const child = spawnProcess(node, [script, ...args], { stdio: ['ignore', 'ignore', 'inherit', pipe] })
    let exited: () => void = () => undefined
    const alive = { child, exited: new Promise<void>((resolve) => (exited = resolve)) }
    this.#alive = alive
    const onEnd = (why: string): void => {
      if (this.#alive !== alive) return
      this.#alive = null
      exited()
      this.#died(why)
    }
    child.once('error', (error) => onEnd(error.message))
    child.once('exit', (code, signal) => onEnd(signal === null ? `exit code ${code}` : `signal ${signal}`))
    const stream = child.stdio[3]
    if (!stream) return
    // Node types further pipes as one-way streams; on every system this is a two-way pipe.
    const multiplexer = new PortMultiplexer(stream as Duplex, {
      side: 'shell',
      onOpen: (_, port) => port.close(),
      onEnd: (reason) => {
        logger.debug('the pipe to the host ended', { reason })
        this.#running = null
        // A host without its pipe ends by itself; one that hangs is killed.
        const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS)
        void alive.exited.then(() => clearTimeout(deadline))
      },
    })
    const control = createRpcServer(multiplexer.open(CONTROL_PORT), {
      contract: shellContract,
      handlers: this.#options.handlers,
      channels: {},
      client: null,
      toWireError,
      onFault: (problem) => logger.warn('the host sent what it may not', { problem }),
    })
    this.#running = { multiplexer, control }
    const waiting = this.#waiting
    this.#waiting = []
    for (const { resolve } of waiting) resolve()
  }

  /** A port to the host for a window; waits while the host is being started again. */
  async openPort(windowId: number): Promise<MessagePortLike> {
    if (this.#running === null) await this.#started()
    if (this.#running === null) throw new Error('Nodeloom is stopping.')
    return this.#running.multiplexer.open(pagePortLabel(windowId))
  }

  /** Tells the pages, by way of the host, to open a project. */
  openPath(path: string): void {
    this.#running?.control.emit('shell.openPath', { path })
  }

  /** A person asked for another try. */
  restart(): void {
    this.#givenUp = false
    this.#budget.reset()
    clearTimeout(this.#timer)
    this.start()
  }

  /** Ends the host and all it started. May be called twice. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('Nodeloom is stopping.'))
    // The closed pipe is what tells the host to end.
    this.#running?.multiplexer.end()
    await this.#alive?.exited
  }

  #started(): Promise<void> {
    if (this.#stopped) return Promise.reject(new Error('Nodeloom is stopping.'))
    if (this.#givenUp)
      return Promise.reject(
        new Error('The part of Nodeloom that does the work stops again and again. Its log is in the profile folder.'),
      )
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  #died(why: string): void {
    this.#running?.multiplexer.end('The part of Nodeloom that does the work has stopped.')
    if (this.#stopped) return
    const wait = this.#budget.next()
    this.#options.logger.error('the host died', { why, restartInMs: wait })
    if (wait !== null) {
      this.#timer = setTimeout(() => this.start(), wait)
      return
    }
    this.#givenUp = true
    for (const { reject } of this.#waiting.splice(0))
      reject(new Error('The part of Nodeloom that does the work stops again and again.'))
    this.#options.onGiveUp()
  }
}
