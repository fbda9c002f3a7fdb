/** Runs of flows: planned, scheduled on workers, told as events. */
export { exitCodeOf, createJsonReporter, createPersonReporter, type Reporter } from './report.ts'
export { planFlow } from './planner.ts'
export { readSetOptions } from './set-option.ts'
export {
  RunService,
  type RunEnvironment,
  type RunEventsBatch,
  type RunRequest,
  type StartedRun,
} from './run-service.ts'
export type { RunOutcome } from './run.ts'
