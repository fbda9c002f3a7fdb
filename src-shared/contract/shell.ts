/** What the host asks of the desktop shell, over a port of their own. The host is the client here. */
import { z } from 'zod'

const nothing = z.object({})

export const shellContract = {
  methods: {
    /** The system's folder dialog, over the window that asked; null when it was closed. */
    'shell.pickFolder': {
      params: z.object({ windowId: z.number().int(), title: z.string() }),
      result: z.object({ path: z.string().nullable() }),
    },
    /** https and mailto only, after asking the person. */
    'shell.openExternal': { params: z.object({ windowId: z.number().int(), url: z.string() }), result: nothing },
    /** Moves an absolute path to the system's trash. */
    'shell.trash': { params: z.object({ path: z.string() }), result: nothing },
  },
  events: {
    /** A person asked for a project outside the page: the menu, or a second start of the app. */
    'shell.openPath': z.object({ path: z.string() }),
  },
  channels: {},
} as const

export type ShellContract = typeof shellContract
