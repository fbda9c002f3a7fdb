/** The examples that Nodeloom carries: each a project folder with an `example.json`. */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Example } from '../../src-shared/contract/project.ts'
import { parseFlow } from '../../src-shared/flow/parse-flow.ts'
import { AppError } from '../base/app-error.ts'
import { readProjectFile } from './project-file.ts'

/** What the gallery says of an example. */
export const EXAMPLE_FILE = 'example.json'

const zExampleFile = z.object({
  title: z.string(),
  description: z.string(),
  /** Place in the list; absent ones come last. */
  order: z.number().optional(),
})

/** In the order to show. A folder that is no complete example is left out. */
export async function listExamples(examplesDir: string): Promise<Example[]> {
  const names = await readdir(examplesDir).catch(() => [])
  const read = await Promise.all(names.map((name) => readExample(examplesDir, name).catch(() => null)))
  return read
    .filter((example) => example !== null)
    .sort((a, b) => a.order - b.order || (a.example.name < b.example.name ? -1 : 1))
    .map(({ example }) => example)
}

async function readExample(examplesDir: string, name: string): Promise<{ order: number; example: Example }> {
  const dir = path.join(examplesDir, name)
  const [meta, project, flowText] = await Promise.all([
    readFile(path.join(dir, EXAMPLE_FILE), 'utf8'),
    readProjectFile(dir),
    readFile(path.join(dir, 'flows', 'main.json'), 'utf8'),
  ])
  const { title, description, order } = zExampleFile.parse(JSON.parse(meta))
  const { document } = parseFlow(flowText, 'flows/main.json')
  const nodes = Object.values(document?.nodes ?? {}).filter((node) => node.kind !== 'note').length
  return {
    order: order ?? Number.MAX_SAFE_INTEGER,
    example: { name, title, description, packages: [...project.dependencies], nodes },
  }
}

/** The folder of an example that is in the list. */
export async function exampleDir(examplesDir: string, name: string): Promise<string> {
  const examples = await listExamples(examplesDir)
  if (!examples.some((example) => example.name === name)) {
    const known = examples.map((example) => example.name).join(', ')
    throw new AppError('not_found', `There is no example "${name}".`, {
      hint: known === '' ? 'This installation has no examples.' : `Examples: ${known}.`,
    })
  }
  return path.join(examplesDir, name)
}
