/** What a page (or another client) and the host speak. */
import { channels } from './channels.ts'
import { events } from './events.ts'
import { methods } from './methods.ts'

export const hostContract = { methods, events, channels } as const
export type HostContract = typeof hostContract
