/** Everything the host announces without being asked: one table. A client hears of the projects it opened. */
import { z } from 'zod'
import { zProjectId, zProjectPath, zRunId } from '../ids.ts'
import { zFileAnalysis } from './analysis.ts'
import { zEnvironmentStatus } from './environment.ts'
import { zProblem } from './problem.ts'
import { zFileEntry, zRevision } from './project.ts'
import { zRunEvent } from './run.ts'

const project = z.object({ projectId: zProjectId })

export const events = {
  /** A file's content on disk is now this, whoever wrote it. Null: it is gone. Large or binary files come without text. */
  'file.changed': project.extend({ path: zProjectPath, revision: zRevision.nullable(), text: z.string().nullable() }),
  'file.listChanged': project.extend({ files: z.array(zFileEntry), flows: z.array(z.string()) }),
  /** New results for these files only; null: the file is gone. */
  'analysis.changed': project.extend({ files: z.record(z.string(), zFileAnalysis.nullable()) }),
  /** The whole list. */
  'problems.changed': project.extend({ problems: z.array(zProblem) }),
  'environment.changed': project.extend({ status: zEnvironmentStatus }),
  'environment.log': project.extend({ text: z.string() }),
  'project.changed': project.extend({ name: z.string(), trusted: z.boolean(), readOnly: z.string().nullable() }),
  /** In order of `seq`; batched for at most 30 ms. */
  'run.events': project.extend({ runId: zRunId, events: z.array(zRunEvent) }),
  /** Position in the queue of a run that waits (1 = next), 0 when it starts. */
  'run.queued': project.extend({ runId: zRunId, position: z.number().int() }),
  /** The shell asks the page to open a project (second instance, menu, drop on the icon). */
  'app.openPath': z.object({ path: z.string() }),
} as const

export type EventName = keyof typeof events
export type EventPayload<E extends EventName> = z.infer<(typeof events)[E]>
