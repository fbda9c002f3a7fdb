/** One problem of a project, as the Problems panel, `nodeloom check` and a refused run show it. */
import { z } from 'zod'

export const zSeverity = z.enum(['error', 'warning'])

export const zProblemCode = z.enum([
  // project and files
  'not-a-project',
  'project-damaged',
  'project-newer',
  'flow-damaged',
  'flow-newer',
  'flow-missing',
  'layout-damaged',
  'duplicate-key',
  'merge-conflict',
  'invalid-id',
  'unknown-kind',
  'reserved-kind',
  'unknown-node', // a run was asked for a node that is not there
  'invalid-field',
  'path-outside-project',
  // nodes and code
  'file-missing',
  'file-unreadable',
  'syntax-error',
  'entry-missing',
  'missing-input',
  'unknown-input', // a constant for a port that the function does not have
  'invalid-constant',
  // edges
  'dangling-edge', // an end names a node that is not there
  'unknown-port',
  'mixed-edge', // a port at one end only
  'cycle',
  'self-edge',
  'several-edges', // two edges into one plain input
  // environment
  'environment-missing',
  'environment-broken',
  'package-missing',
  'interpreter-missing',
])
export type ProblemCode = z.infer<typeof zProblemCode>

export const zProblem = z.object({
  code: zProblemCode,
  severity: zSeverity,
  /** One sentence; names nodes and ports as `NODE.PORT`. */
  message: z.string(),
  /** The next step, where there is one. */
  hint: z.string().optional(),
  /** Relative to the project; null when the project as a whole is meant. */
  file: z.string().nullable(),
  /** 1-based; null where no line is meant. */
  line: z.number().int().nullable(),
  node: z.string().nullable(),
  port: z.string().nullable(),
  /** Set where the problem belongs to an edge: its two ends in text form. */
  edge: z.object({ from: z.string(), to: z.string() }).nullable(),
})
export type Problem = z.infer<typeof zProblem>
