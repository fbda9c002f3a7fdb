export { ProblemsPanel } from './problems-panel.tsx'
export { countBySeverity, listedProblems, setProblems, setRefusal, useProblems } from './problems-store.ts'
