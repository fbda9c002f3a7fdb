// `npm test`: sets up what is missing and runs every check. See scripts/test/main.ts.
import { runOnCarriedNode } from './lib/bootstrap.mjs'

runOnCarriedNode('scripts/test/main.ts', process.argv.slice(2))
