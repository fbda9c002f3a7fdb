export { askForPackages, offerRepair } from './environment-dialogs.ts'
export { EnvironmentLog } from './environment-log.tsx'
export { EnvironmentQuestionDialog } from './environment-question.tsx'
export { runOperation } from './environment-actions.ts'
export {
  appendEnvironmentLog,
  isBusy,
  setEnvironment,
  setEnvironmentLog,
  stateWord,
  useEnvironment,
} from './environment-store.ts'
export { PackagesPanel } from './packages-panel.tsx'
