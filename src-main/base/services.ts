/** What an entry program (host, serve, command line) has of the composition root. */
import type { MessagePortLike } from '../../src-shared/rpc/port.ts'
import type { Disposable } from './disposable.ts'
import type { Logger } from './logger.ts'
import type { Shell } from './shell.ts'

export interface ServicesOptions {
  /** What stands for the person where no client asked. */
  readonly shell: Shell
  /** The folder `resources` of the installation. */
  readonly resourcesDir: string
  readonly profileDir: string
  /** A project to open first; absolute. Null: the welcome page. */
  readonly openPath: string | null
  readonly logger: Logger
}

export interface Services {
  /** Serves one client until its port closes or the result is disposed. `shell` is the one it came by. */
  serveClient(port: MessagePortLike, shell: Shell): Disposable
  /** A person asked for a project outside the page: announced to the pages as `app.openPath`. */
  openPath?(path: string): void
  /** Ends everything that was started; resolves when no child is left. May be called twice. */
  stop(): Promise<void>
}

export type CreateServices = (options: ServicesOptions) => Promise<Services>
