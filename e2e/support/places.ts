import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where one story keeps everything: an empty home and a folder for projects. */
export interface Places {
  readonly root: string
  readonly home: string
  readonly projectsDir: string
  remove(): Promise<void>
}

export const makePlaces = async (): Promise<Places> => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'nodeloom-story-')))
  const home = join(root, 'home')
  const projectsDir = join(root, 'projects')
  await mkdir(home)
  await mkdir(projectsDir)
  return { root, home, projectsDir, remove: () => rm(root, { recursive: true, force: true, maxRetries: 3 }) }
}
