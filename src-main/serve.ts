/** Browser mode (`nodeloom serve`, and `npm start` where there is no desktop). */
import { createServices } from './services.ts'
import { serve } from './shell-web/index.ts'

void serve(process.argv.slice(2), createServices).then((code) => process.exit(code))
