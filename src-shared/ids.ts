/**
 * Branded ids. Two ids of different kinds are different types, so that a run id never lands where a
 * node id belongs. The brands exist for the compiler only; on the wire every id is a plain string.
 */
import { z } from 'zod'

/** A node's key in its flow: `^[a-z][a-z0-9_]{0,63}$`, no Python keyword, never changes with the title. */
export const zNodeId = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/)
  .brand<'NodeId'>()
export type NodeId = z.infer<typeof zNodeId>

/** One opened project in a host; lives as long as the project is open there. */
export const zProjectId = z.string().min(1).brand<'ProjectId'>()
export type ProjectId = z.infer<typeof zProjectId>

/** One run of a flow, unique within a project. Sorts by time. */
export const zRunId = z.string().min(1).brand<'RunId'>()
export type RunId = z.infer<typeof zRunId>

/**
 * A node as events, logs and the command line name it: `clean`, in a subflow `report/clean`, a map's
 * item `each#3/clean`.
 */
export const zAddress = z.string().min(1).brand<'Address'>()
export type Address = z.infer<typeof zAddress>

/** A value that a worker holds or that was stored; opaque outside the engine. */
export const zHandle = z.string().min(1).brand<'Handle'>()
export type Handle = z.infer<typeof zHandle>

/** A path inside a project: relative to its folder, `/` between parts, no `..`. */
export const zProjectPath = z
  .string()
  .min(1)
  .refine((path) => !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..'), {
    message: 'a path inside the project: relative, with / between parts and without ..',
  })
  .brand<'ProjectPath'>()
export type ProjectPath = z.infer<typeof zProjectPath>
