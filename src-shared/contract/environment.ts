/** The environment of a project as events and the status bar tell it. */
import { z } from 'zod'

/**
 * not_started → creating → (installing →) ready; failed from creating or installing; broken when a ready
 * one was found damaged.
 */
export const zEnvironmentState = z.enum(['not_started', 'creating', 'installing', 'ready', 'failed', 'broken'])

export const zEnvironmentStatus = z.object({
  state: zEnvironmentState,
  /** One sentence for people. */
  message: z.string(),
  hint: z.string().optional(),
  /** `3.11.7`, once known. */
  pythonVersion: z.string().nullable(),
  /** Dependencies in pyproject.toml that are not installed (requirement texts). */
  missing: z.array(z.string()),
  /** Installed packages, once known. */
  installed: z.array(z.object({ name: z.string(), version: z.string() })),
  /** Work in progress: 0–1 where it can be told. */
  progress: z.object({ fraction: z.number().nullable(), text: z.string() }).nullable(),
  /** False where uv cannot be had: environments can be made, packages cannot be installed. */
  canInstall: z.boolean(),
})
export type EnvironmentStatus = z.infer<typeof zEnvironmentStatus>
