/** The flow document in the page: what other features may use of it. */
export { placeMissing } from './auto-place.ts'
export {
  closeFlow,
  currentFlow,
  onDidChangeFlow,
  openFlow,
  useCurrentFlow,
  useFlow,
  useFlowSession,
} from './current-flow.ts'
export { ConflictDialog } from './conflict-dialog.tsx'
export {
  changeInput,
  changeNoteText,
  changeValue,
  drawWire,
  mayConnect,
  removeWires,
  selectedWires,
} from './edge-actions.ts'
export type { FlowHost } from './flow-host.ts'
export type { EditOptions, FlowChange, FlowProject } from './flow-change.ts'
export { FlowSession } from './flow-session.ts'
export type { FlowConflict, FlowDamage, FlowState, Notice, SaveState } from './flow-state.ts'
export {
  addCodeNode,
  addNodeOnFile,
  addNoteNode,
  addValueNode,
  addViewNode,
  deleteNodes,
  duplicateNodes,
  moveBy,
  nodesAsText,
  pasteText,
  renameId,
  renameTitle,
  titleOf,
  toggleDisabled,
  type Spot,
} from './node-actions.ts'
export {
  clearNodeStatuses,
  nodeStatus,
  onDidChangeNodeStatus,
  replaceNodeStatuses,
  setNodeStatus,
  useNodeStatus,
  type NodeRunState,
} from './node-status.ts'
export { setNodeProblems, useNodeProblem } from './node-problems.ts'
export { analysisOf, nodeOf } from './ports-cache.ts'
