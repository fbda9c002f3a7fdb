export { OutputPanel } from './output-panel.tsx'
