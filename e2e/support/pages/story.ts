/**
 * Stories of the page: `import { expect, test } from './support/pages/story.ts'`. `openProject` is the project that
 * the page begins with, made by the command line; without one the page begins at its start page.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runNodeloom } from '../run-nodeloom.ts'
import { test as base } from '../test.ts'
import { WorkbenchPage } from './workbench.ts'
import { WelcomePage } from './welcome.ts'

export interface ProjectFiles {
  /** Absolute path of the project's folder. */
  readonly dir: string
  read(path: string): Promise<string>
  /** Writes as another program would. */
  write(path: string, text: string): Promise<void>
  /** The flow as its file has it. */
  flow(): Promise<FlowFile>
  layout(): Promise<LayoutFile>
}

export interface FlowFile {
  readonly nodes: Readonly<Record<string, { readonly kind: string; readonly file?: string; readonly title?: string }>>
  readonly edges: readonly { readonly from: string; readonly to: string }[]
}

export interface LayoutFile {
  readonly nodes: Readonly<Record<string, { readonly x: number; readonly y: number }>>
}

export const projectFiles = (dir: string): ProjectFiles => {
  const read = (path: string): Promise<string> => readFile(join(dir, path), 'utf8')
  return {
    dir,
    read,
    async write(path, text) {
      await mkdir(dirname(join(dir, path)), { recursive: true })
      await writeFile(join(dir, path), text)
    },
    // Files that the product wrote; what is wrong with them shows in the comparison.
    flow: async () => JSON.parse(await read('flows/main.json')) as FlowFile,
    layout: async () => JSON.parse(await read('flows/main.layout.json')) as LayoutFile,
  }
}

interface StoryOptions {
  /** Name of the example, `empty` for a new project, or null for the start page. */
  openProject: string | null
}

interface StoryFixtures {
  project: ProjectFiles
  workbench: WorkbenchPage
  welcome: WelcomePage
}

export const test = base.extend<StoryOptions & StoryFixtures>({
  openProject: [null, { option: true }],

  project: async ({ places, openProject }, use) => {
    const dir = join(places.projectsDir, openProject ?? 'empty')
    if (openProject !== null) {
      const example = openProject === 'empty' ? [] : ['--example', openProject]
      const made = await runNodeloom(places, ['new', dir, ...example])
      if (made.code !== 0) throw new Error(made.stderr)
    }
    await use(projectFiles(dir))
  },

  serveArgs: async ({ project, openProject }, use) => use(openProject === null ? [] : [project.dir]),

  workbench: async ({ app, openProject, project }, use) => {
    const workbench = new WorkbenchPage(app.page)
    if (openProject !== null) await workbench.expectOpen(project.dir.slice(project.dir.lastIndexOf('/') + 1))
    await use(workbench)
  },

  welcome: async ({ app }, use) => use(new WelcomePage(app.page)),
})

export { expect } from '../test.ts'
