export { onWillRun, setRefusalView, startRun, stopRun, whyNoRun } from './run-actions.ts'
export {
  applyEvents,
  attachRun,
  detachRun,
  isActive,
  progressOf,
  setQueued,
  showNodeStatuses,
  useRun,
} from './run-store.ts'
export { RunTimeline } from './run-timeline.tsx'
