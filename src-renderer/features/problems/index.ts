export { ProblemsPanel } from './problems-panel.tsx'
export {
  countBySeverity,
  listedProblems,
  setFailures,
  setProblems,
  setRefusal,
  useProblems,
  type ListedProblem,
} from './problems-store.ts'
