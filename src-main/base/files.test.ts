import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isTemporaryName, removeTemporaryFiles, writeFileAtomic } from './atomic-write.ts'
import { copyFolder, makeFolder, removeFile, renamePath } from './file-changes.ts'
import { isInside, nameProblem, resolveInside } from './resolve-inside.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nodeloom-files-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

describe('writeFileAtomic', () => {
  it('makes and replaces a file, keeps its mode and leaves nothing else', async () => {
    const path = join(dir, 'a.py')
    await writeFileAtomic(path, 'old')
    await chmod(path, 0o640)
    await writeFileAtomic(path, new Uint8Array([110, 101, 119]))
    expect({
      text: await readFile(path, 'utf8'),
      mode: (await stat(path)).mode & 0o777,
      names: await readdir(dir),
    }).toEqual({ text: 'new', mode: 0o640, names: ['a.py'] })
  })

  it('follows a link and leaves it a link', async () => {
    await writeFile(join(dir, 'real.py'), 'old')
    await symlink('real.py', join(dir, 'link.py'))
    await writeFileAtomic(join(dir, 'link.py'), 'new')
    expect([await readFile(join(dir, 'real.py'), 'utf8'), await readlink(join(dir, 'link.py'))]).toEqual([
      'new',
      'real.py',
    ])
  })

  it('refuses a file that turned read-only, also for root, and changes nothing', async () => {
    const path = join(dir, 'a.py')
    await writeFile(path, 'old')
    await chmod(path, 0o444)
    await expect(writeFileAtomic(path, 'new')).rejects.toMatchObject({
      code: 'read_only',
      message: 'a.py is read-only and was not changed.',
    })
    expect([await readFile(path, 'utf8'), await readdir(dir)]).toEqual(['old', ['a.py']])
  })

  it('names the file, not the temp file, when the folder is missing or the name too long', async () => {
    const missing = join(dir, 'no', 'a.py')
    await expect(writeFileAtomic(missing, 'x')).rejects.toMatchObject({
      code: 'not_found',
      message: `${missing} does not exist.`,
    })
    await expect(writeFileAtomic(join(dir, 'x'.repeat(300)), 'x')).rejects.toMatchObject({ code: 'invalid_name' })
    await mkdir(join(dir, 'folder'))
    await expect(writeFileAtomic(join(dir, 'folder'), 'x')).rejects.toMatchObject({ code: 'already_exists' })
    expect(await readdir(dir)).toEqual(['folder'])
  })

  it.skipIf(process.platform !== 'linux')('says that the disk is full', async () => {
    // /dev/full takes nothing: as a folder for the temp file it cannot serve, so its own error is what is checked.
    const { toAppError } = await import('./app-error.ts')
    const full = await writeFile('/dev/full', 'x').catch((error: unknown) => error)
    expect(toAppError(full, 'flows/main.json')).toMatchObject({
      code: 'disk_full',
      message: 'The disk is full; flows/main.json was not written.',
    })
  })

  it('removes its temp file when the write itself fails, and keeps the old content', async () => {
    const path = join(dir, 'a.txt')
    await writeFile(path, 'old')
    // No text and no bytes: the write fails after the temp file was made, as on a full disk.
    await expect(writeFileAtomic(path, 5 as unknown as string)).rejects.toMatchObject({ name: 'AppError' })
    expect([await readFile(path, 'utf8'), await readdir(dir)]).toEqual(['old', ['a.txt']])
  })

  it('leaves whole content whoever else writes at the same time', async () => {
    const path = join(dir, 'a.txt')
    const texts = Array.from({ length: 20 }, (_, n) => String(n).repeat(100_000))
    await Promise.all(texts.map((text) => writeFileAtomic(path, text)))
    expect(texts).toContain(await readFile(path, 'utf8'))
    expect(await readdir(dir)).toEqual(['a.txt'])
  })

  it('clears what killed writes left', async () => {
    const left = '.nodeloom-0123456789abcdef.tmp'
    await writeFile(join(dir, left), '')
    await writeFile(join(dir, '.nodeloom-mine.tmp'), '')
    await removeTemporaryFiles(dir)
    expect([isTemporaryName(left), await readdir(dir)]).toEqual([true, ['.nodeloom-mine.tmp']])
  })
})

describe('file changes', () => {
  it('never write over what is there', async () => {
    await makeFolder(join(dir, 'a/b'))
    await makeFolder(join(dir, 'c'))
    await expect(renamePath(join(dir, 'a'), join(dir, 'c'))).rejects.toMatchObject({ code: 'already_exists' })
    await expect(copyFolder(join(dir, 'a'), join(dir, 'c'))).rejects.toMatchObject({ code: 'already_exists' })
    await removeFile(join(dir, 'gone'))
  })

  it('copy what is wanted, links as links', async () => {
    await makeFolder(join(dir, 'a/.venv'))
    await writeFile(join(dir, 'a/x.py'), 'x')
    await symlink('x.py', join(dir, 'a/l.py'))
    await copyFolder(join(dir, 'a'), join(dir, 'b'), (path) => !path.endsWith('.venv'))
    expect((await readdir(join(dir, 'b'))).sort()).toEqual(['l.py', 'x.py'])
    expect((await lstat(join(dir, 'b/l.py'))).isSymbolicLink()).toBe(true)
  })
})

describe('resolveInside', () => {
  it.each([
    ['..', 'path_outside_project'],
    ['../x', 'path_outside_project'],
    ['a/../../x', 'path_outside_project'],
    ['a/../b', 'path_outside_project'],
    ['/etc/passwd', 'path_outside_project'],
    ['\\\\server\\share', 'path_outside_project'],
    ['a\\..\\b', 'path_outside_project'],
    ['C:/x', 'path_outside_project'],
    ['c:x', 'path_outside_project'],
    ['a\0b', 'invalid_name'],
    ['', 'invalid_name'],
    ['a//b', 'invalid_name'],
    ['./a', 'invalid_name'],
    ['a/', 'invalid_name'],
    ['nul', 'invalid_name'],
    ['nodes/CON.py', 'invalid_name'],
    ['com1', 'invalid_name'],
    ['a.', 'invalid_name'],
    ['a ', 'invalid_name'],
    ['a.py:stream', 'invalid_name'],
    ['a\nb', 'invalid_name'],
  ])('refuses %j', async (path, code) => {
    await expect(resolveInside(dir, path)).rejects.toMatchObject({ code })
  })

  it.each(['a.py', 'nodes/a.py', 'nodes/tief/ä 😀.py', '..a', 'a..b', 'console.py', 'com10', '.nodeloom/x'])(
    'takes %j',
    async (path) => {
      expect(await resolveInside(dir, path)).toBe(join(dir, path))
    },
  )

  it('refuses links that lead out, to a file, a folder or nothing', async () => {
    const project = join(dir, 'project')
    await mkdir(join(project, 'nodes'), { recursive: true })
    await writeFile(join(dir, 'secret'), 'x')
    await symlink(dir, join(project, 'up'))
    await symlink('../../secret', join(project, 'nodes/secret'))
    await symlink('../../made', join(project, 'nodes/made'))
    await symlink('loop', join(project, 'loop'))
    for (const path of ['up', 'up/secret', 'nodes/secret', 'nodes/made']) {
      await expect(resolveInside(project, path)).rejects.toMatchObject({ code: 'path_outside_project' })
    }
    await expect(resolveInside(project, 'loop')).rejects.toMatchObject({ code: 'invalid_name' })
  })

  it('follows links that stay inside, also of the project folder itself', async () => {
    const project = join(dir, 'project')
    await mkdir(join(project, 'nodes'), { recursive: true })
    await writeFile(join(project, 'nodes/a.py'), '')
    await symlink('nodes/a.py', join(project, 'b.py'))
    await symlink(project, join(dir, 'alias'))
    expect(await resolveInside(join(dir, 'alias'), 'b.py')).toBe(join(project, 'nodes/a.py'))
  })

  it('never answers a path outside, whatever the text', async () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '.', '/', '\\', 'a', 'C:', '\0', 'nul', '~', '%2e', ' '),
      fc.string({ maxLength: 5 }),
    )
    const check = fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const path = await resolveInside(dir, pieces.join('')).catch(() => null)
        return path === null || (path.startsWith(`${dir}/`) && isInside(dir, dirname(path)))
      }),
      { numRuns: 1_000 },
    )
    await expect(check).resolves.toBeUndefined()
  })

  it('knows what is inside', () => {
    expect([isInside('/a', '/a'), isInside('/a', '/a/..b'), isInside('/a', '/ab'), isInside('/a', '/')]).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(nameProblem('clean')).toBeNull()
  })
})
