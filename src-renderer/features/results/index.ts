export { ResultPanel, useShownPort } from './result-panel.tsx'
