/** `nodeloom serve [PROJECT] [--port 0] [--no-open]`: the app in the browser. */
import { createServices } from '../services.ts'
import { serve, SERVE_USAGE } from '../shell-web/index.ts'
import type { Command } from './context.ts'

export const serveCommand: Command = {
  usage: SERVE_USAGE,
  summary: 'Open the app in your browser, for you alone.',
  run: (args) => serve(args, createServices),
}
