export { Welcome } from './welcome.tsx'
export { newProject, pickProject } from './welcome-store.ts'
