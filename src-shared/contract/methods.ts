/**
 * Every request that a page (or another client) can send to the host: one table of parameters and
 * results. Handlers are typed by it, so a method without its handler does not compile.
 */
import { z } from 'zod'
import { zProjectId, zProjectPath, zRunId } from '../ids.ts'
import { zJsonText } from '../flow/document.ts'
import { zEnvironmentStatus } from './environment.ts'
import {
  zAppInfo,
  zExample,
  zFileEntry,
  zFileWrite,
  zFolderListing,
  zProjectSnapshot,
  zRecentProject,
  zRevision,
  zTextFile,
} from './project.ts'
import { zRunSelection, zRunSnapshot, zValueView } from './run.ts'

const nothing = z.object({})
const project = z.object({ projectId: zProjectId })

export const methods = {
  'app.info': { params: nothing, result: zAppInfo },
  'app.recentProjects': { params: nothing, result: z.array(zRecentProject) },
  'app.forgetRecent': { params: z.object({ path: z.string() }), result: nothing },
  'app.examples': { params: nothing, result: z.array(zExample) },
  /** Folders below `path` (null: the person's home), for the page's own Open dialog. */
  'app.browse': { params: z.object({ path: z.string().nullable() }), result: zFolderListing },
  /** The system's folder dialog; null when it was closed. Fails with `unsupported` where there is none. */
  'app.pickFolder': { params: z.object({ title: z.string() }), result: z.object({ path: z.string().nullable() }) },
  'app.openExternal': { params: z.object({ url: z.string() }), result: nothing },
  /** Preferences of the page (theme, layout …): JSON text by key, kept in the profile. */
  'app.readPreferences': { params: nothing, result: z.record(z.string(), z.string()) },
  'app.writePreference': {
    params: z.object({ key: z.string().max(100), json: z.string().max(1_000_000) }),
    result: nothing,
  },

  /** Makes the folder `path` (parents too) and the project in it; its environment is made in the background. */
  'project.create': {
    params: z.object({ path: z.string(), example: z.string().nullable() }),
    result: z.object({ path: z.string() }),
  },
  /** A free path for a new project of that name in the projects folder. */
  'project.suggestPath': { params: z.object({ name: z.string() }), result: z.object({ path: z.string() }) },
  'project.open': { params: z.object({ path: z.string() }), result: zProjectSnapshot },
  'project.close': { params: project, result: nothing },
  'project.trust': { params: project, result: nothing },
  /** Renames the project (pyproject name) and its folder; answers the new path. It must not be running. */
  'project.rename': {
    params: z.object({ path: z.string(), name: z.string() }),
    result: z.object({ path: z.string() }),
  },
  'project.duplicate': {
    params: z.object({ path: z.string(), target: z.string() }),
    result: z.object({ path: z.string() }),
  },
  /** Moves the folder to the system's trash (or beside it where there is none); answers where it is now. */
  'project.delete': { params: z.object({ path: z.string() }), result: z.object({ movedTo: z.string() }) },
  'project.saveViewState': { params: project.extend({ json: z.string().max(1_000_000) }), result: nothing },

  'file.list': { params: project, result: z.array(zFileEntry) },
  'file.read': { params: project.extend({ path: zProjectPath }), result: zTextFile },
  /**
   * Writes several files as one: all bases are checked before anything is written. Fails with `conflict`
   * (detail: ConflictDetail) when one changed on disk. Answers the new revisions, null for deleted files.
   */
  'file.write': {
    params: project.extend({ writes: z.array(zFileWrite).min(1).max(1000) }),
    result: z.object({ revisions: z.record(z.string(), zRevision.nullable()) }),
  },
  /** Unsaved text of a file for the analysis (ports while typing); null forgets it. */
  'file.draft': { params: project.extend({ path: zProjectPath, text: z.string().nullable() }), result: nothing },
  /** The newest kept copy of a flow file that parsed, or null. */
  'file.lastGood': {
    params: project.extend({ path: zProjectPath }),
    result: z.object({ text: z.string(), savedAt: z.number() }).nullable(),
  },

  'environment.create': { params: project, result: zEnvironmentStatus },
  'environment.recreate': { params: project, result: zEnvironmentStatus },
  /** Mends a broken or failed environment: made anew where it must be, then filled. */
  'environment.repair': { params: project, result: zEnvironmentStatus },
  /** Installs what pyproject.toml and uv.lock name. */
  'environment.sync': { params: project, result: zEnvironmentStatus },
  'environment.add': { params: project.extend({ packages: z.array(z.string()).min(1) }), result: zEnvironmentStatus },
  'environment.remove': {
    params: project.extend({ packages: z.array(z.string()).min(1) }),
    result: zEnvironmentStatus,
  },
  'environment.status': { params: project, result: zEnvironmentStatus },
  'environment.cancel': { params: project, result: nothing },
  /** The log of the last operation, at most 256 KB. */
  'environment.readLog': { params: project, result: z.object({ text: z.string() }) },

  /** Queues a run. Fails with `run_refused` (detail: { problems }) before anything starts. */
  'run.start': {
    params: project.extend({
      flow: z.string(),
      selection: zRunSelection,
      /** `NODE.INPUT` → JSON text; beats edge and constant. */
      set: z.record(z.string(), zJsonText).optional(),
    }),
    result: z.object({ runId: zRunId }),
  },
  'run.stop': { params: project.extend({ runId: zRunId }), result: nothing },
  'run.snapshot': { params: project, result: zRunSnapshot.nullable() },
  /** The richer picture of a port's value, from the run that made it last. */
  'run.view': {
    params: project.extend({ runId: zRunId, node: z.string(), port: z.string() }),
    result: zValueView,
  },
  /** The exported script (`nodeloom export`). */
  'flow.export': { params: project.extend({ flow: z.string() }), result: z.object({ text: z.string() }) },
} as const

export type MethodName = keyof typeof methods
export type MethodParams<M extends MethodName> = z.infer<(typeof methods)[M]['params']>
export type MethodResult<M extends MethodName> = z.infer<(typeof methods)[M]['result']>
