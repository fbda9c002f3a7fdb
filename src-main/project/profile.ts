/** What Nodeloom remembers of a person: recent projects, trusted folders, preferences of the page. */
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { RecentProject } from '../../src-shared/contract/project.ts'
import { ProfileFile } from './profile-file.ts'

const MAX_RECENT = 30

const zRecents = z.array(z.object({ path: z.string(), name: z.string(), openedAt: z.number() }))
const zTrusted = z.array(z.string())
const zPreferences = z.record(z.string(), z.string())

export class Profile {
  readonly #recents: ProfileFile<z.infer<typeof zRecents>>
  readonly #trusted: ProfileFile<string[]>
  readonly #preferences: ProfileFile<Record<string, string>>

  constructor(profileDir: string) {
    this.#recents = new ProfileFile(path.join(profileDir, 'recent-projects.json'), zRecents, () => [])
    this.#trusted = new ProfileFile(path.join(profileDir, 'trusted-folders.json'), zTrusted, () => [])
    this.#preferences = new ProfileFile(path.join(profileDir, 'preferences.json'), zPreferences, () => ({}))
  }

  /** Newest first. */
  async recents(): Promise<RecentProject[]> {
    const recents = await this.#recents.read()
    return Promise.all(
      recents.map(async (recent) => ({
        ...recent,
        exists: await stat(path.join(recent.path, 'pyproject.toml')).then(
          () => true,
          () => false,
        ),
      })),
    )
  }

  async remember(projectDir: string, name: string): Promise<void> {
    await this.#recents.change((recents) =>
      [{ path: projectDir, name, openedAt: Date.now() }, ...recents.filter((one) => one.path !== projectDir)].slice(
        0,
        MAX_RECENT,
      ),
    )
  }

  async forget(projectDir: string): Promise<void> {
    await this.#recents.change((recents) => recents.filter((one) => one.path !== projectDir))
  }

  /** `projectDir` is a real path, without links. */
  async isTrusted(projectDir: string): Promise<boolean> {
    return (await this.#trusted.read()).includes(projectDir)
  }

  async trust(projectDir: string): Promise<void> {
    await this.#trusted.change((trusted) => (trusted.includes(projectDir) ? trusted : [...trusted, projectDir]))
  }

  async forgetTrust(projectDir: string): Promise<void> {
    await this.#trusted.change((trusted) => trusted.filter((one) => one !== projectDir))
  }

  /** JSON texts by key; what is no JSON any more is left out. */
  async preferences(): Promise<Record<string, string>> {
    const stored = await this.#preferences.read()
    return Object.fromEntries(Object.entries(stored).filter(([, json]) => isJson(json)))
  }

  async writePreference(key: string, json: string): Promise<void> {
    await this.#preferences.change((preferences) => ({ ...preferences, [key]: json }))
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
