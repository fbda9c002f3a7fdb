/** Projects written by hand, and the question whether anything of them changed. */
import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export const pyproject = `[project]
name = "story"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = []

[tool.nodeloom]
format = 1
`

interface Node {
  readonly kind?: string
  readonly [field: string]: unknown
}

/** The text of a flow; a node is a code node in `nodes/ID.py` unless it says otherwise. */
export const flowText = (
  nodes: Readonly<Record<string, Node>>,
  edges: readonly (readonly [string, string])[],
): string =>
  `${JSON.stringify(
    {
      format: 1,
      nodes: Object.fromEntries(
        Object.entries(nodes).map(([id, node]) => [id, { kind: 'code', file: `nodes/${id}.py`, ...node }]),
      ),
      edges: edges.map(([from, to]) => ({ from, to })),
    },
    null,
    2,
  )}\n`

/** Writes files by their path in `dir`. */
export const writeFiles = async (dir: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
}

/** A project of code nodes, one Python text per id. */
export const writeProject = (
  dir: string,
  code: Readonly<Record<string, string>>,
  edges: readonly (readonly [string, string])[] = [],
  fields: Readonly<Record<string, Node>> = {},
): Promise<void> =>
  writeFiles(dir, {
    'pyproject.toml': pyproject,
    'flows/main.json': flowText(Object.fromEntries(Object.keys(code).map((id) => [id, fields[id] ?? {}])), edges),
    ...Object.fromEntries(Object.entries(code).map(([id, text]) => [`nodes/${id}.py`, text])),
  })

/** What a folder holds: mode and content by path, `.nodeloom` (its own state, ignored by git) left out. */
export const treeOf = async (dir: string): Promise<Record<string, string>> => {
  const tree: Record<string, string> = {}
  const waiting = ['']
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const name of await readdir(join(dir, at))) {
      if (name === '.nodeloom') continue
      const path = join(at, name)
      const about = await lstat(join(dir, path))
      const mode = (about.mode & 0o777).toString(8)
      if (about.isDirectory()) waiting.push(path)
      if (about.isDirectory()) tree[path] = `folder ${mode}`
      else if (about.isSymbolicLink()) tree[path] = `link ${await readlink(join(dir, path))}`
      else
        tree[path] = `${mode} ${createHash('sha256')
          .update(await readFile(join(dir, path)))
          .digest('hex')}`
    }
  }
  return tree
}
