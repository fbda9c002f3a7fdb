/** The start page: examples, recent projects, opening, and folders that are not trusted. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './support/pages/story.ts'

const hello = join(import.meta.dirname, '..', 'resources', 'examples', 'hello')

test('hello is one click and one run away; recent projects are renamed, copied, deleted and forgotten', async ({
  app,
  welcome,
  workbench,
  page,
}) => {
  const projects = join(app.home, 'Nodeloom')
  await welcome.example('Hello').click()
  await workbench.expectOpen('hello')
  await workbench.run(1)
  await workbench.canvas.select('Card')
  await expect(await workbench.panels.open('Result')).toContainText('* Hello, Ada!')

  await workbench.command('Close the project')
  await expect(welcome.recentProject('hello')).toBeVisible()
  const choose = async (name: string, item: string): Promise<void> => {
    await page.getByRole('button', { name: `More for ${name}`, exact: true }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  await choose('hello', 'Rename')
  const rename = page.getByRole('dialog', { name: 'Rename hello' })
  await rename.getByRole('textbox', { name: 'Name' }).fill('salute')
  await rename.getByRole('button', { name: 'Rename' }).click()
  await expect(welcome.recentProject('salute')).toBeVisible()
  await expect(rename).toBeHidden()
  expect(existsSync(join(projects, 'hello'))).toBe(false)
  expect(await readFile(join(projects, 'salute', 'pyproject.toml'), 'utf8')).toContain('name = "salute"')

  await choose('salute', 'Duplicate')
  await expect(page.getByRole('status', { name: 'Messages', exact: true })).toContainText('salute-copy')
  expect(existsSync(join(projects, 'salute-copy', 'nodes', 'greet.py'))).toBe(true)

  await choose('salute', 'Delete')
  const confirm = page.getByRole('dialog')
  await confirm.getByRole('button', { name: 'Delete' }).click()
  await expect(confirm).toBeHidden()
  await expect.poll(() => existsSync(join(projects, 'salute'))).toBe(false)

  // A folder that someone took away is marked, and can be forgotten.
  await page.getByRole('status', { name: 'Messages', exact: true }).getByRole('button', { name: 'Open' }).click()
  await workbench.expectOpen('salute-copy')
  await workbench.command('Close the project')
  await rm(join(projects, 'salute-copy'), { recursive: true })
  await page.reload()
  await expect(welcome.recentProject('salute-copy')).toBeDisabled()
  await expect(welcome.recentProject('salute-copy')).toContainText('missing')
  await choose('salute-copy', 'Forget')
  await expect(page.getByText('Projects that you open are listed here.')).toBeVisible()
})

test('a folder from elsewhere is looked at without running anything of it, until it is trusted', async ({
  app,
  welcome,
  workbench,
  page,
}) => {
  const dir = join(app.projectsDir, 'from-elsewhere')
  const canary = join(app.projectsDir, 'canary')
  await cp(hello, dir, { recursive: true })
  const sing = `open(${JSON.stringify(canary)}, "a").write(__name__ + "\\n")\n`
  for (const file of ['sitecustomize.py', 'usercustomize.py', 'conftest.py', 'typing.py', 'ast.py']) {
    await writeFile(join(dir, file), sing)
  }
  await mkdir(join(dir, '.vscode'))
  await writeFile(join(dir, 'pyrightconfig.json'), '{ "venvPath": ".", "venv": ".venv" }\n')
  const names = await readFile(join(dir, 'nodes', 'names.py'), 'utf8')
  await writeFile(join(dir, 'nodes', 'names.py'), `${names}\n\n${sing}`)

  await welcome.open.click()
  const dialog = page.getByRole('dialog', { name: 'Open a project' })
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(app.projectsDir)
  await dialog.getByRole('button', { name: 'Go' }).click()
  await dialog.getByRole('button', { name: /^from-elsewhere/ }).click()
  await dialog.getByRole('button', { name: 'Open', exact: true }).click()
  await workbench.expectOpen('hello')

  // Looking and editing work: ports, code, a moved node.
  const { canvas, editor } = workbench
  const banner = page.getByRole('region', { name: 'Trust' })
  await expect(banner).toBeVisible()
  await canvas.expectConnected({ node: 'Names', port: 'result' }, { node: 'Greet', port: 'names' })
  await canvas.select('Greet')
  await editor.expectText('for name in names:')
  await canvas.move('Greet', { x: 10, y: 40 })
  await workbench.expectSaved()
  await expect(workbench.runFlow).toBeDisabled()
  await expect(workbench.runFlow).toHaveAttribute('title', /Trust this folder/)
  await canvas.application.focus()
  await page.keyboard.press('ControlOrMeta+Enter')
  await expect(page.getByRole('status', { name: 'Messages', exact: true })).toContainText('Trust this folder first')
  expect(existsSync(canary)).toBe(false)
  expect(existsSync(join(dir, '.venv'))).toBe(false)

  // Once trusted it runs, and the canary shows that it would have been heard.
  for (const file of ['typing.py', 'ast.py']) await rm(join(dir, file))
  await banner.getByRole('button', { name: 'Trust this folder' }).click()
  await expect(banner).toBeHidden()
  await workbench.run(1)
  expect(await readFile(canary, 'utf8')).toContain('nodes.names')
})

test('a folder that is no project is named, and nothing is put into it', async ({ app, welcome, page }) => {
  await mkdir(join(app.projectsDir, 'plain'))
  await welcome.open.click()
  const dialog = page.getByRole('dialog', { name: 'Open a project' })
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(join(app.projectsDir, 'nothing-here'))
  await dialog.getByRole('button', { name: 'Go' }).click()
  await expect(dialog.getByRole('alert')).toContainText('nothing-here')
  await dialog.getByRole('textbox', { name: 'Folder' }).fill(app.projectsDir)
  await dialog.getByRole('button', { name: 'Go' }).click()
  await dialog.getByRole('button', { name: 'plain' }).click()
  await expect(dialog.getByText('No folders in here.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'was not opened' })).toContainText(
    join(app.projectsDir, 'plain'),
  )
  await expect(welcome.newProject).toBeVisible()
  expect(await readdir(join(app.projectsDir, 'plain'))).toEqual([])
})
