export { openBrowser } from './open-browser.ts'
export { serve } from './serve.ts'
