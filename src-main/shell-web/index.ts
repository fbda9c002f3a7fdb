export { serve } from './serve.ts'
export { SERVE_USAGE } from './serve-arguments.ts'
