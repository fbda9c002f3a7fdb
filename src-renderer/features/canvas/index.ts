/** The canvas: what the frame and other features may use of it. */
export { canvasController, revealNode } from './current-canvas.ts'
export { FlowCanvas } from './flow-canvas.tsx'
export { KindIcon, StateIcon } from './node-icon.tsx'
export { addFromSource, NODE_DRAG_TYPE, nodeFiles, nodeKinds, type NodeSource } from './node-kinds.ts'
export { headWords, nodeProblem, spokenName } from './status-words.ts'
