// `npm start`: sets up what is missing and starts the app. See scripts/start/main.ts.
import { runOnCarriedNode } from './lib/bootstrap.mjs'

runOnCarriedNode('scripts/start/main.ts', process.argv.slice(2))
