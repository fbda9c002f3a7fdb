/** Projects, their files, and the welcome page's lists. */
import { z } from 'zod'
import { zProjectId, zProjectPath } from '../ids.ts'
import { zEnvironmentStatus } from './environment.ts'
import { zFileAnalysis } from './analysis.ts'
import { zProblem } from './problem.ts'
import { zRunSnapshot } from './run.ts'

/** Content address of a file's text; equal texts have equal revisions. */
export const zRevision = z.string().min(1)

export const zFileEntry = z.object({
  path: zProjectPath,
  kind: z.enum(['file', 'folder']),
  /** Bytes; 0 for folders. */
  bytes: z.number(),
})
export type FileEntry = z.infer<typeof zFileEntry>

export const zTextFile = z.object({
  path: zProjectPath,
  text: z.string(),
  revision: zRevision,
  /** Why it cannot be written, or null. */
  readOnly: z.string().nullable(),
})
export type TextFile = z.infer<typeof zTextFile>

/** One write of a transaction. `text: null` deletes. `base: null` means the file must not exist. */
export const zFileWrite = z.object({
  path: zProjectPath,
  text: z.string().nullable(),
  base: zRevision.nullable(),
  /** A damaged flow file is refused unless this says that a person chose to replace it (a backup is kept). */
  replaceDamaged: z.boolean().optional(),
})
export type FileWrite = z.infer<typeof zFileWrite>

/** `detail` of an error with code `conflict`: what is on disk now. */
export const zConflictDetail = z.object({
  path: z.string(),
  text: z.string().nullable(),
  revision: zRevision.nullable(),
})
export type ConflictDetail = z.infer<typeof zConflictDetail>

export const zProjectSnapshot = z.object({
  projectId: zProjectId,
  /** Absolute path of its folder, for people to read. */
  path: z.string(),
  name: z.string(),
  trusted: z.boolean(),
  /** Why nothing can be saved (another writer, read-only folder, newer format), or null. */
  readOnly: z.string().nullable(),
  /** `main`, … in the order to show. */
  flows: z.array(z.string()),
  files: z.array(zFileEntry),
  analyses: z.record(z.string(), zFileAnalysis),
  problems: z.array(zProblem),
  environment: zEnvironmentStatus,
  /** The run that goes on, or the last one. */
  run: zRunSnapshot.nullable(),
  /** What the page stored with `project.saveViewState`: opaque JSON text, or null. */
  viewState: z.string().nullable(),
})
export type ProjectSnapshot = z.infer<typeof zProjectSnapshot>

export const zRecentProject = z.object({
  path: z.string(),
  name: z.string(),
  /** Unix milliseconds. */
  openedAt: z.number(),
  exists: z.boolean(),
})
export type RecentProject = z.infer<typeof zRecentProject>

export const zExample = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** Requirement texts that its first run installs. */
  packages: z.array(z.string()),
  nodes: z.number().int(),
})
export type Example = z.infer<typeof zExample>

export const zFolderListing = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  folders: z.array(z.object({ name: z.string(), path: z.string(), isProject: z.boolean() })),
})
export type FolderListing = z.infer<typeof zFolderListing>

export const zAppInfo = z.object({
  version: z.string(),
  platform: z.string(),
  shell: z.enum(['desktop', 'web']),
  /** The shell can show the system's folder dialog (`app.pickFolder`). */
  hasFolderDialog: z.boolean(),
  /** Where New puts projects unless told otherwise. */
  projectsDir: z.string(),
  /** Set when the command line or the shell asked for a project. */
  openPath: z.string().nullable(),
})
export type AppInfo = z.infer<typeof zAppInfo>
