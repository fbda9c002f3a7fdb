/** From the empty canvas to the examples: the start page has them, so the project is left. */
import { closeProject } from './session.ts'

export const showExamples = (): void => void closeProject()
