import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AnalysisService } from '../analysis/index.ts'
import { EnvironmentService } from '../environment/index.ts'
import { nextEvent, projectService, writeOutside } from '../project/project.test-support.ts'
import { asProjectPath } from '../project/text-file.ts'
import { ProblemsService } from './problems-service.ts'

const python = (file: string): string => fileURLToPath(new URL(`../../resources/python/${file}`, import.meta.url))

async function services() {
  const environments: { current: EnvironmentService | null } = { current: null }
  const analysis = new AnalysisService({
    interpreter: () => environments.current?.baseInterpreter() ?? Promise.reject(new Error('too early')),
    scriptPath: python('nodeloom_analysis/__main__.py'),
  })
  onTestFinished(() => analysis.stop())
  const { service, home } = await projectService(analysis)
  environments.current = new EnvironmentService({
    profileDir: path.join(home, 'profile'),
    supervisorScript: python('nodeloom_runtime/supervise.py'),
  })
  const problems = new ProblemsService(service, environments.current)
  onTestFinished(() => problems.dispose())
  const dir = await service.create(path.join(home, 'p'), null)
  return { service, problems, environments: environments.current, dir }
}

const flow = `{
  "format": 1,
  "nodes": {
    "a": { "kind": "code", "file": "nodes/a.py" },
    "b": { "kind": "code", "file": "nodes/b.py" }
  },
  "edges": [
    { "from": "a.result", "to": "b.table" }
  ]
}
`

describe('the problems of a project', () => {
  it('come from every source, sorted by place', async () => {
    const { problems, dir } = await services()
    await writeOutside(dir, 'flows/main.json', flow)
    await writeOutside(dir, 'flows/bad.json', '{')
    await writeOutside(dir, 'flows/main.layout.json', '[]')
    await writeOutside(dir, 'nodes/a.py', 'def main() -> int:\n    return 1\n')
    await writeOutside(dir, 'nodes/b.py', 'def main(tables: int) -> int:\n    return tables\n')
    await writeOutside(dir, 'nodes/unused.py', 'def main(:\n')
    const before = (await readdir(dir)).sort()
    const found = await problems.check(dir)
    expect(found.map(({ file, line, severity, code }) => [file, line, severity, code])).toEqual([
      [null, null, 'warning', 'environment-missing'],
      ['flows/bad.json', expect.toBeOneOf([1, null]), 'error', 'flow-damaged'],
      ['flows/main.json', 5, 'error', 'missing-input'],
      ['flows/main.json', 8, 'error', 'unknown-port'],
      ['flows/main.layout.json', expect.toBeOneOf([1, null]), 'warning', 'layout-damaged'],
      ['nodes/unused.py', 1, 'warning', 'syntax-error'],
    ])
    expect((await readdir(dir)).sort()).toEqual(before)
    await expect(problems.check(path.dirname(dir))).rejects.toMatchObject({ code: 'not_a_project' })
  })

  it('follow what is typed, saved and installed', async () => {
    const { service, problems, environments, dir } = await services()
    await writeOutside(dir, 'flows/main.json', flow)
    await writeOutside(dir, 'nodes/a.py', 'def main() -> int:\n    return 1\n')
    await writeOutside(dir, 'nodes/b.py', 'def main(table: int) -> int:\n    return table\n')
    const { projectId } = await service.open(dir)
    const codes = (list: readonly { code: string }[]): string[] => list.map((problem) => problem.code)
    expect(codes(await problems.list(projectId))).toEqual(['environment-missing'])

    const renamed = nextEvent(problems.onDidChange, (event) => codes(event.problems).includes('unknown-port'))
    await service.draft(projectId, 'nodes/b.py', 'def main(other: int) -> int:\n    return other\n')
    expect(codes((await renamed).problems)).toEqual(['environment-missing', 'missing-input', 'unknown-port'])
    const undone = nextEvent(problems.onDidChange, (event) => event.problems.length === 1)
    await service.draft(projectId, 'nodes/b.py', null)
    await undone

    const made = nextEvent(problems.onDidChange, (event) => event.problems.length === 0)
    await environments.create(dir)
    await made

    const lacking = nextEvent(problems.onDidChange, (event) => codes(event.problems).includes('package-missing'))
    const { text, revision } = await service.read(projectId, 'pyproject.toml')
    await service.write(projectId, [
      {
        path: asProjectPath('pyproject.toml'),
        text: text.replace('dependencies = []', 'dependencies = ["six"]'),
        base: revision,
      },
    ])
    expect((await lacking).problems).toMatchObject([{ file: 'pyproject.toml', message: 'six is not installed.' }])

    const missing = nextEvent(problems.onDidChange, (event) => codes(event.problems).includes('file-missing'))
    await rm(path.join(dir, 'nodes/a.py'))
    expect((await missing).problems).toContainEqual(expect.objectContaining({ code: 'file-missing', node: 'a' }))
  })

  it('are told to everyone when someone asks before the list was made anew', async () => {
    const { service, problems, dir } = await services()
    const { projectId } = await service.open(dir)
    await problems.list(projectId)
    const told = nextEvent(problems.onDidChange, (event) => event.problems.some(({ code }) => code === 'flow-damaged'))
    const file = asProjectPath('flows/extra.json')
    await service.write(projectId, [{ path: file, text: '{', base: null }])
    // As a run does, which begins as soon as its flow is on disk.
    expect(await problems.list(projectId)).toContainEqual(expect.objectContaining({ code: 'flow-damaged' }))
    await told
  })
})
