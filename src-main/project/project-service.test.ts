import { access, chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { asProjectPath } from './text-file.ts'
import {
  FakeAnalyser,
  newService,
  nextEvent,
  projectService,
  tempFolder,
  writeOutside,
} from './project.test-support.ts'

const p = asProjectPath
const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )
const flowText = (id: string): string =>
  `{\n  "format": 1,\n  "nodes": {\n    "${id}": { "kind": "code", "file": "nodes/${id}.py" }\n  },\n  "edges": []\n}\n`

async function openNew() {
  const { service, home } = await projectService()
  const dir = await service.create(path.join(home, 'My project'), null)
  const opened = await service.open(dir)
  return { service, home, dir, id: opened.projectId, opened }
}

describe('a new project', () => {
  it('has the files of the format and is open, trusted and writable', async () => {
    const { dir, opened } = await openNew()
    expect(opened).toEqual({
      projectId: expect.any(String),
      path: dir,
      name: 'My project',
      trusted: true,
      readOnly: null,
      flows: ['main'],
      files: [
        { path: '.gitignore', kind: 'file', bytes: expect.any(Number) },
        { path: 'flows', kind: 'folder', bytes: 0 },
        { path: 'flows/main.json', kind: 'file', bytes: expect.any(Number) },
        { path: 'flows/main.layout.json', kind: 'file', bytes: expect.any(Number) },
        { path: 'nodes', kind: 'folder', bytes: 0 },
        { path: 'pyproject.toml', kind: 'file', bytes: expect.any(Number) },
      ],
      analyses: {},
      viewState: null,
    })
    expect(await readFile(path.join(dir, 'pyproject.toml'), 'utf8')).toContain('name = "my-project"')
    expect(await readFile(path.join(dir, '.nodeloom', '.gitignore'), 'utf8')).toBe('*\n')
  })

  it('is refused in a folder that is not empty, and nothing is left behind', async () => {
    const { service, home } = await projectService()
    await writeOutside(home, 'full/file.txt', 'x')
    await expect(service.create(path.join(home, 'full'), null)).rejects.toMatchObject({ code: 'already_exists' })
    await expect(service.create(path.join(home, 'full', 'file.txt', 'deep'), null)).rejects.toMatchObject({
      code: 'invalid_name',
    })
    expect(await readdir(path.join(home, 'full'))).toEqual(['file.txt'])
  })

  it('is made whole or not at all', async () => {
    const { service, home } = await projectService()
    await writeOutside(home, 'examples/bad/example.json', '{"title":"T","description":"D"}')
    await writeOutside(home, 'examples/bad/pyproject.toml', '[project]\nname = "bad"\n[tool.nodeloom]\nformat = 1\n')
    await writeOutside(home, 'examples/bad/flows/main.json', flowText('a'))
    // A name that leaves no room for the folder below it: the copy fails after its parents were made.
    await expect(service.create(path.join(home, 'new', 'x'.repeat(230), 'y'.repeat(250)), 'bad')).rejects.toMatchObject(
      { code: 'invalid_name' },
    )
    expect(await readdir(home)).not.toContain('new')
  })

  it('copies an example under a name of its own, without what tools keep', async () => {
    const { service, home } = await projectService()
    await writeOutside(home, 'examples/hello/example.json', '{"title":"Hello","description":"Three nodes."}')
    await writeOutside(
      home,
      'examples/hello/pyproject.toml',
      '# kept\n[project]\nname = "hello" # old\ndependencies = ["six"]\n[tool.nodeloom]\nformat = 1\n',
    )
    await writeOutside(home, 'examples/hello/flows/main.json', flowText('a'))
    await writeOutside(home, 'examples/hello/nodes/a.py', 'def main(): ...\n')
    await writeOutside(home, 'examples/hello/nodes/__pycache__/a.pyc', 'x')
    await writeOutside(home, 'examples/hello/.venv/pyvenv.cfg', 'x')
    expect(await service.examples()).toEqual([
      { name: 'hello', title: 'Hello', description: 'Three nodes.', packages: ['six'], nodes: 1 },
    ])
    const dir = await service.create(path.join(home, 'Größe'), 'hello')
    expect((await readdir(dir)).sort()).toEqual(['.gitignore', 'flows', 'nodes', 'pyproject.toml'])
    expect(await readdir(path.join(dir, 'nodes'))).toEqual(['a.py'])
    expect(await readFile(path.join(dir, 'pyproject.toml'), 'utf8')).toBe(
      '# kept\n[project]\nname = "gro-e" # old\ndependencies = ["six"]\n[tool.nodeloom]\nformat = 1\n',
    )
    await expect(service.create(path.join(home, 'x'), '../hello')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('opening', () => {
  it.each([
    ['nothing', {}, 'not_a_project'],
    ['another pyproject', { 'pyproject.toml': '[project]\nname = "x"\n' }, 'not_a_project'],
    ['a pyproject that is no TOML', { 'pyproject.toml': '[[[' }, 'not_a_project'],
  ])('refuses %s and changes nothing', async (_, files: Record<string, string>, code) => {
    const { service, home } = await projectService()
    const dir = path.join(home, 'p')
    await mkdir(dir)
    for (const [file, text] of Object.entries(files)) await writeOutside(dir, file, text)
    await expect(service.open(dir)).rejects.toMatchObject({ code, hint: expect.any(String) })
    expect(await readdir(dir)).toEqual(Object.keys(files))
    await expect(service.open(path.join(home, 'absent'))).rejects.toMatchObject({ code: 'not_found' })
    await expect(service.open('relative')).rejects.toMatchObject({ code: 'invalid_name' })
  })

  it('opens a project of a newer format read-only without a trace', async () => {
    const { service, home } = await projectService()
    const dir = path.join(home, 'p')
    await writeOutside(dir, 'pyproject.toml', '[project]\nname = "p"\n[tool.nodeloom]\nformat = 2\n')
    await writeOutside(dir, 'flows/main.json', flowText('a'))
    const { projectId, readOnly } = await service.open(dir)
    expect(readOnly).toContain('newer')
    await expect(service.write(projectId, [{ path: p('x.txt'), text: 'x', base: null }])).rejects.toMatchObject({
      code: 'read_only',
    })
    expect((await readdir(dir)).sort()).toEqual(['flows', 'pyproject.toml'])
  })

  it('opens half a project with its problems', async () => {
    const { service, home } = await projectService()
    const dir = path.join(home, 'p')
    await writeOutside(dir, 'pyproject.toml', '[project]\nname = "p"\n[tool.nodeloom]\nformat = 1\n')
    const { projectId, flows, trusted } = await service.open(dir)
    expect({ flows, trusted }).toEqual({ flows: [], trusted: false })
    expect(service.get(projectId).problems).toMatchObject([{ code: 'flow-missing', file: 'flows/main.json' }])
    await writeOutside(dir, 'pyproject.toml', '[project]\nname = \n[tool.nodeloom]\nformat = 1\n')
    await nextEvent(service.onDidChangeFile, (event) => event.path === 'pyproject.toml')
    await service.read(projectId, 'pyproject.toml')
    expect(service.get(projectId).problems).toMatchObject([
      { code: 'project-damaged', line: 2 },
      { code: 'flow-missing' },
    ])
  })

  it('shares an open project and closes it with its last client', async () => {
    const { service, dir, id } = await openNew()
    expect((await service.open(dir)).projectId).toBe(id)
    await service.close(id)
    expect(service.get(id).dir).toBe(dir)
    await service.close(id)
    expect(() => service.get(id)).toThrow('not open')
    expect(await exists(path.join(dir, '.nodeloom', 'lock.json'))).toBe(false)
  })

  it('for reading only, changes nothing on disk', async () => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    const { projectId } = await service.open(dir, { live: false })
    await expect(service.write(projectId, [{ path: p('x.txt'), text: 'x', base: null }])).rejects.toMatchObject({
      code: 'read_only',
    })
    expect(await exists(path.join(dir, '.nodeloom'))).toBe(false)
  })
})

describe('writing', () => {
  it('writes several files as one and announces each once', async () => {
    const { service, dir, id } = await openNew()
    const heard: unknown[] = []
    service.onDidChangeFile((event) => heard.push(event))
    const { revision } = await service.read(id, 'flows/main.json')
    const revisions = await service.write(id, [
      { path: p('flows/main.json'), text: flowText('a'), base: revision },
      { path: p('nodes/a.py'), text: '\ufeffdef main():\r\n  pass\r\n', base: null },
      { path: p('.gitignore'), text: null, base: (await service.read(id, '.gitignore')).revision },
    ])
    expect(await readFile(path.join(dir, 'nodes/a.py'))).toEqual(Buffer.from('\ufeffdef main():\r\n  pass\r\n'))
    expect(await service.read(id, 'nodes/a.py')).toMatchObject({
      text: '\ufeffdef main():\r\n  pass\r\n',
      revision: revisions['nodes/a.py'],
    })
    expect(revisions['.gitignore']).toBeNull()
    // Another program's write is heard after ours, so that an echo of ours would have come before it.
    await writeOutside(dir, 'last.txt', 'x')
    await nextEvent(service.onDidChangeFile, (event) => event.path === 'last.txt')
    expect(heard).toEqual([
      { projectId: id, path: 'flows/main.json', revision: revisions['flows/main.json'], text: flowText('a') },
      { projectId: id, path: 'nodes/a.py', revision: revisions['nodes/a.py'], text: '\ufeffdef main():\r\n  pass\r\n' },
      { projectId: id, path: '.gitignore', revision: null, text: null },
      { projectId: id, path: 'last.txt', revision: expect.any(String), text: 'x' },
    ])
  })

  it('checks every base before it writes anything', async () => {
    const { service, dir, id } = await openNew()
    await writeOutside(dir, 'nodes/a.py', 'theirs')
    const { revision } = await service.read(id, 'flows/main.json')
    const writes = [
      { path: p('flows/main.json'), text: flowText('a'), base: revision },
      { path: p('nodes/a.py'), text: 'mine', base: null },
    ]
    const theirs = await service.read(id, 'nodes/a.py')
    await expect(service.write(id, writes)).rejects.toMatchObject({
      code: 'conflict',
      detail: { path: 'nodes/a.py', text: 'theirs', revision: theirs.revision },
    })
    expect((await service.read(id, 'flows/main.json')).revision).toBe(revision)
    await rm(path.join(dir, 'nodes/a.py'))
    await expect(
      service.write(id, [{ path: p('nodes/a.py'), text: 'mine', base: theirs.revision }]),
    ).rejects.toMatchObject({
      code: 'conflict',
      detail: { path: 'nodes/a.py', text: null, revision: null },
    })
  })

  it('puts back what it wrote when a later file cannot be written', async () => {
    const { service, dir, id } = await openNew()
    const main = await service.read(id, 'flows/main.json')
    await writeOutside(dir, 'fixed.txt', 'old')
    await chmod(path.join(dir, 'fixed.txt'), 0o444)
    const fixed = await service.read(id, 'fixed.txt')
    expect(fixed.readOnly).toContain('read-only')
    await expect(
      service.write(id, [
        { path: p('flows/main.json'), text: flowText('a'), base: main.revision },
        { path: p('nodes/new.py'), text: 'x', base: null },
        { path: p('fixed.txt'), text: 'new', base: fixed.revision },
      ]),
    ).rejects.toMatchObject({ code: 'read_only' })
    expect(await service.read(id, 'flows/main.json')).toEqual(main)
    expect(await exists(path.join(dir, 'nodes/new.py'))).toBe(false)
    expect(await exists(path.join(dir, '.nodeloom/transaction.json'))).toBe(false)
  })

  it('succeeds again with the same text, whatever the base', async () => {
    const { service, id } = await openNew()
    const write = { path: p('nodes/a.py'), text: 'x', base: null }
    expect(await service.write(id, [write])).toEqual(await service.write(id, [write]))
  })

  it.each([
    '../out.py',
    'nodes/../../out.py',
    '/etc/x',
    'link/x.py',
    'C:/x',
    'a\\..\\b',
    '.git/config',
    '.venv/x',
    '.nodeloom/lock.json',
    'a\0b',
  ])('never leaves the project or enters a tool’s folder: %s', async (file) => {
    const { service, dir, id, home } = await openNew()
    await mkdir(path.join(home, 'elsewhere'))
    await symlink(path.join(home, 'elsewhere'), path.join(dir, 'link'))
    await expect(service.write(id, [{ path: p(file), text: 'x', base: null }])).rejects.toMatchObject({
      code: expect.stringMatching(/^(path_outside_project|permission_denied|invalid_name)$/),
    })
    expect(await readdir(path.join(home, 'elsewhere'))).toEqual([])
    expect(await exists(path.join(home, 'out.py'))).toBe(false)
  })

  it('refuses what is no text with a sentence', async () => {
    const { service, dir, id } = await openNew()
    await writeOutside(dir, 'image.png', Uint8Array.of(0x89, 0x50, 0, 1, 0xff))
    await writeOutside(dir, 'zero.txt', 'a\0b')
    await expect(service.read(id, 'image.png')).rejects.toMatchObject({
      code: 'unsupported',
      message: 'image.png is not a text file in UTF-8.',
    })
    await expect(service.read(id, 'zero.txt')).rejects.toMatchObject({ code: 'unsupported' })
    await expect(service.read(id, 'nodes')).rejects.toMatchObject({ code: 'unsupported' })
    await expect(service.read(id, 'absent.py')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('flow files', () => {
  it('keeps the last good copies, the newest 20', async () => {
    const { service, dir, id } = await openNew()
    let base = (await service.read(id, 'flows/main.json')).revision
    for (let count = 0; count < 25; count++) {
      const revisions = await service.write(id, [{ path: p('flows/main.json'), text: flowText(`n${count}`), base }])
      base = revisions['flows/main.json'] ?? ''
    }
    expect(await readdir(path.join(dir, '.nodeloom/backups/flows/main.json'))).toHaveLength(20)
    await writeOutside(dir, 'flows/main.json', '{"format":1,"nodes":{')
    expect(await service.lastGood(id, 'flows/main.json')).toMatchObject({ text: flowText('n24') })
    expect(await service.lastGood(id, 'flows/other.json')).toBeNull()
  })

  it('never writes over a damaged one unless a person chose to, and keeps what was there', async () => {
    const { service, dir, id } = await openNew()
    const damaged = '{"format":1,"nodes":{"a":{"kind":"note"},"a":{"kind":"note"}},"edges":[]}'
    await writeOutside(dir, 'flows/main.json', damaged)
    const { revision } = await service.read(id, 'flows/main.json')
    const write = { path: p('flows/main.json'), text: flowText('b'), base: revision }
    await expect(service.write(id, [write])).rejects.toMatchObject({ code: 'document_damaged' })
    expect((await service.read(id, 'flows/main.json')).text).toBe(damaged)
    await service.write(id, [{ ...write, replaceDamaged: true }])
    const backups = path.join(dir, '.nodeloom/backups/flows/main.json')
    const kept = (await readdir(backups)).find((name) => name.endsWith('.damaged'))
    expect(await readFile(path.join(backups, kept ?? ''), 'utf8')).toBe(damaged)
  })

  it('never writes over one of a newer format', async () => {
    const { service, dir, id } = await openNew()
    await writeOutside(dir, 'flows/main.json', '{"format":7,"nodes":{},"edges":[],"future":1}')
    const { revision, readOnly } = await service.read(id, 'flows/main.json')
    expect(readOnly).toContain('newer')
    const write = { path: p('flows/main.json'), text: flowText('b'), base: revision, replaceDamaged: true }
    await expect(service.write(id, [write])).rejects.toMatchObject({ code: 'document_newer' })
  })
})

describe('changes from outside', () => {
  it('are announced with their text, and lists too', async () => {
    const { service, dir, id } = await openNew()
    const list = nextEvent(service.onDidChangeList, (event) => event.flows.includes('second'))
    const file = nextEvent(service.onDidChangeFile, (event) => event.path === 'flows/second.json')
    await writeOutside(dir, 'flows/second.json', flowText('a'))
    expect(await file).toMatchObject({ projectId: id, text: flowText('a') })
    expect((await list).flows).toEqual(['main', 'second'])
    const gone = nextEvent(
      service.onDidChangeFile,
      (event) => event.path === 'flows/second.json' && event.revision === null,
    )
    await rm(path.join(dir, 'flows/second.json'))
    expect(await gone).toMatchObject({ text: null })
  })

  it('in folders of tools are not seen', async () => {
    const { service, dir } = await openNew()
    const heard: string[] = []
    service.onDidChangeFile((event) => heard.push(event.path))
    for (const file of [
      '.venv/x.py',
      '.nodeloom/x.json',
      '.git/HEAD',
      'node_modules/x/y.js',
      'nodes/__pycache__/a.pyc',
    ]) {
      await writeOutside(dir, file, 'x')
    }
    await writeOutside(dir, 'last.txt', 'x')
    await nextEvent(service.onDidChangeFile, (event) => event.path === 'last.txt')
    expect(heard).toEqual(['last.txt'])
  })
})

describe('analyses', () => {
  it('follow files, drafts and what they depend on, and are announced only when they differ', async () => {
    const analyser = new FakeAnalyser()
    const { service, home } = await projectService(analyser)
    const dir = await service.create(path.join(home, 'p'), null)
    await writeOutside(dir, 'nodes/a.py', 'a')
    await writeOutside(dir, 'nodes/b.py', 'b')
    await writeOutside(dir, 'lib/c.py', 'c')
    await writeOutside(
      dir,
      'flows/main.json',
      '{"format":1,"nodes":{"c":{"kind":"code","file":"lib/c.py"}},"edges":[]}',
    )
    const { projectId, analyses } = await service.open(dir)
    expect(Object.keys(analyses).sort()).toEqual(['lib/c.py', 'nodes/a.py', 'nodes/b.py'])
    analyser.calls.length = 0
    const changed = nextEvent(service.onDidChangeAnalyses)
    await service.draft(projectId, 'nodes/a.py', 'typed')
    expect(await changed).toMatchObject({ files: { 'nodes/a.py': { message: 'typed' } } })
    expect(Object.keys((await changed).files)).toEqual(['nodes/a.py'])
    expect(analyser.calls.sort()).toEqual(['nodes/a.py', 'nodes/b.py'])
    // What is saved is newer than the draft of before, which must not stand in for it any longer.
    const { revision } = await service.read(projectId, 'nodes/a.py')
    await service.write(projectId, [{ path: p('nodes/a.py'), text: 'typed on', base: revision }])
    await service.get(projectId).analysed()
    expect(analyser.texts.get('nodes/a.py') ?? null).toBeNull()
    const gone = nextEvent(service.onDidChangeAnalyses, ({ files }) => files['nodes/b.py'] === null)
    await rm(path.join(dir, 'nodes/b.py'))
    await gone
  })
})

describe('folders of projects', () => {
  it('are renamed, duplicated and put away', async () => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'one'), null)
    await writeOutside(dir, '.venv/x', 'x')
    const copy = await service.duplicate(dir, path.join(home, 'copy of one'))
    expect(await exists(path.join(copy, '.venv'))).toBe(false)
    expect(await service.isTrusted(copy)).toBe(true)
    const renamed = await service.rename(dir, 'Two 🎉')
    expect(path.basename(renamed)).toBe('Two 🎉')
    expect(await readFile(path.join(renamed, 'pyproject.toml'), 'utf8')).toContain('name = "two"')
    expect(await service.isTrusted(renamed)).toBe(true)
    expect(await service.isTrusted(copy)).toBe(true)
    const opened = await service.open(renamed)
    expect(opened.name).toBe('Two 🎉')
    await expect(service.rename(renamed, 'three')).rejects.toMatchObject({ code: 'locked' })
    await expect(service.delete(renamed)).rejects.toMatchObject({ code: 'locked' })
    await service.close(opened.projectId)
    await expect(service.rename(renamed, 'a/b')).rejects.toMatchObject({ code: 'invalid_name' })
    const movedTo = await service.delete(renamed)
    expect(await exists(renamed)).toBe(false)
    expect(await exists(path.join(movedTo, 'pyproject.toml'))).toBe(true)
    await expect(service.delete(home)).rejects.toMatchObject({ code: 'not_a_project' })
    await rm(movedTo, { recursive: true })
  })

  it('are found free and browsed', async () => {
    const { service, home } = await projectService()
    const first = await service.suggestPath('demo')
    await service.create(first, null)
    expect(await service.suggestPath('demo')).toBe(`${first} 2`)
    expect(await service.browse(path.dirname(first))).toEqual({
      path: path.join(home, 'projects'),
      parent: home,
      folders: [{ name: 'demo', path: first, isProject: true }],
    })
    await expect(service.browse(path.join(home, 'absent'))).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('odd paths (R21)', () => {
  it.each([['spaces and 🎉'], ['ü'.repeat(100)], ['long-'.repeat(46)]])('work: %s', async (name) => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'a b', name), null)
    const { projectId, name: shown } = await service.open(dir)
    await service.write(projectId, [{ path: p('nodes/Dätei 🎉.py'), text: 'x', base: null }])
    expect((await service.read(projectId, 'nodes/Dätei 🎉.py')).text).toBe('x')
    expect(shown).toBe(name)
  })

  it('links that lead back do no harm', async () => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    await symlink(dir, path.join(dir, 'nodes', 'again'))
    await symlink(path.join(dir, 'loop'), path.join(dir, 'loop'))
    const { projectId, files } = await service.open(dir)
    expect(files.map((file) => file.path)).not.toContain('nodes/again')
    await expect(service.read(projectId, 'loop')).rejects.toMatchObject({ code: 'invalid_name' })
    await symlink(path.join(home, 'round'), path.join(home, 'round'))
    await expect(service.open(path.join(home, 'round'))).rejects.toMatchObject({ code: 'invalid_name' })
    await expect(service.create(path.join(home, 'round', 'p'), null)).rejects.toMatchObject({ code: 'invalid_name' })
  })
})

describe('the profile', () => {
  it('remembers projects, trust and preferences, and survives damage', async () => {
    const { service, home } = await projectService()
    const dir = await service.create(path.join(home, 'p'), null)
    await service.close((await service.open(dir)).projectId)
    await service.writePreference('theme', '"dark"')
    await expect(service.writePreference('bad', '{')).rejects.toMatchObject({ code: 'invalid_request' })
    const again = newService(home)
    expect(await again.recents()).toEqual([{ path: dir, name: 'p', openedAt: expect.any(Number), exists: true }])
    expect(await again.readPreferences()).toEqual({ theme: '"dark"' })
    await writeFile(path.join(home, 'profile/preferences.json'), '{"theme":')
    expect(await again.readPreferences()).toEqual({})
    expect(
      (await readdir(path.join(home, 'profile'))).some((name) => name.startsWith('preferences.json.damaged-')),
    ).toBe(true)
    await rm(dir, { recursive: true })
    expect(await again.recents()).toMatchObject([{ exists: false }])
    await again.forgetRecent(dir)
    expect(await again.recents()).toEqual([])
  })

  it('trusts a folder from elsewhere only once told', async () => {
    const { service } = await projectService()
    const dir = path.join(await tempFolder(), 'p')
    await writeOutside(dir, 'pyproject.toml', '[project]\nname = "p"\n[tool.nodeloom]\nformat = 1\n')
    const { projectId, trusted } = await service.open(dir)
    expect(trusted).toBe(false)
    const changed = nextEvent(service.onDidChangeProject)
    await service.trust(dir)
    expect(await changed).toEqual({ projectId, name: 'p', trusted: true, readOnly: null })
    await service.saveViewState(projectId, '{"zoom":2}')
    expect((await service.open(dir)).viewState).toBe('{"zoom":2}')
  })
})
