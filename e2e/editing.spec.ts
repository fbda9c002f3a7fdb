/** Drawing: every change can be undone and done again, copied, and seen in both themes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './support/pages/story.ts'

test.use({ openProject: 'hello' })

test('adding, moving, connecting, filling in and deleting are undone and redone', async ({
  workbench,
  project,
  page,
}) => {
  const { canvas } = workbench
  const { keyboard } = page
  const undo = (): Promise<void> => keyboard.press('ControlOrMeta+Z')
  const redo = (): Promise<void> => keyboard.press('ControlOrMeta+Shift+Z')
  const start = { flow: await project.read('flows/main.json'), layout: await project.layout() }
  await canvas.select('Card')
  const place = (): Promise<{ x: number; y: number } | null> => canvas.node('Card').boundingBox()

  const placed = await place()
  await canvas.move('Card', { x: 20, y: 70 })
  const moved = await place()
  expect(moved).not.toEqual(placed)
  await undo()
  await expect.poll(place).toEqual(placed)
  await redo()
  await expect.poll(place).toEqual(moved)

  await canvas.fillInput('Names', 'count', '5')
  await expect(canvas.inputField('Names', 'count')).toHaveText('5')
  await canvas.select('Names')
  await undo()
  await expect(canvas.inputField('Names', 'count')).toHaveText('3')
  await redo()
  await expect(canvas.inputField('Names', 'count')).toHaveText('5')

  await canvas.quickAdd('Extra', await canvas.at(340, 80))
  await expect.poll(() => project.read('nodes/extra.py').catch(() => '')).toContain('def main')
  await undo()
  await expect(canvas.node('Extra')).toBeHidden()
  await expect.poll(() => project.read('nodes/extra.py').catch(() => 'gone')).toBe('gone')
  await redo()
  await expect(canvas.port('input', { node: 'Extra', port: 'value' })).toBeVisible()
  await expect.poll(() => project.read('nodes/extra.py').catch(() => '')).toContain('def main')

  await canvas.connect({ node: 'Names', port: 'result' }, { node: 'Extra', port: 'value' })
  await canvas.expectConnected({ node: 'Names', port: 'result' }, { node: 'Extra', port: 'value' })
  await undo()
  await expect(canvas.port('input', { node: 'Extra', port: 'value' })).not.toHaveAccessibleName(/connected/)
  await redo()
  await canvas.expectConnected({ node: 'Names', port: 'result' }, { node: 'Extra', port: 'value' })

  await canvas.select('Greet')
  await keyboard.press('Delete')
  await expect(canvas.node('Greet')).toBeHidden()
  await expect(canvas.port('input', { node: 'Card', port: 'lines' })).not.toHaveAccessibleName(/connected/)
  await expect.poll(() => project.read('nodes/greet.py').catch(() => 'gone')).toBe('gone')
  await undo()
  await expect(canvas.node('Greet')).toBeVisible()
  await canvas.expectConnected({ node: 'Greet', port: 'result' }, { node: 'Card', port: 'lines' })
  await expect.poll(() => project.read('nodes/greet.py').catch(() => '')).toContain('Greet every name.')

  for (const step of ['Connect names.result to extra.value', 'Add Extra', 'Set names.count', 'Move Card']) {
    await undo()
    await expect(canvas.messages).toHaveText(`Undone: ${step}`)
  }
  await expect.poll(() => project.read('flows/main.json')).toBe(start.flow)
  await expect.poll(() => project.layout()).toEqual(start.layout)
})

test('nodes are copied with their wires and files', async ({ workbench, project, page }) => {
  const { canvas } = workbench
  await canvas.select('Names')
  await canvas
    .node('Greet')
    .getByText('Greet', { exact: true })
    .click({ modifiers: ['Shift'] })
  await expect(canvas.node('Greet')).toHaveAttribute('aria-current', 'true')
  await page.keyboard.press('ControlOrMeta+C')
  await expect(canvas.messages).toHaveText('Copied 2 nodes.')
  await page.keyboard.press('ControlOrMeta+V')
  await expect(canvas.nodes()).toHaveCount(5)
  await workbench.expectSaved()
  await expect.poll(async () => (await project.flow()).edges).toHaveLength(3)
  const { nodes, edges } = await project.flow()
  const copies = Object.entries(nodes).filter(([id]) => !['card', 'greet', 'names'].includes(id))
  expect(copies).toHaveLength(2)
  expect(
    edges.filter(
      ({ from, to }) =>
        copies.some(([id]) => from.startsWith(`${id}.`)) && copies.some(([id]) => to.startsWith(`${id}.`)),
    ),
  ).toHaveLength(1)
  const files = copies.map(([, node]) => node.file ?? '')
  expect(new Set([...files, 'nodes/names.py', 'nodes/greet.py']).size).toBe(4)
  for (const file of files) expect(await project.read(file)).toContain('def main(')
  await workbench.run(1)
})

test('dark and light by command, kept over a reload', async ({ workbench, page }) => {
  const root = page.locator('html')
  const { canvas, editor } = workbench
  await canvas.select('Greet')
  await editor.expectText('for name in names:')
  for (const theme of ['dark', 'light'] as const) {
    await workbench.command(`Theme: ${theme}`)
    await expect(root).toHaveAttribute('data-theme', theme)
    await editor.expectTheme(theme)
    await page.reload()
    await workbench.expectOpen('hello')
    await expect(root).toHaveAttribute('data-theme', theme)
    await editor.expectTheme(theme)
  }
})

test('panels are hidden and shown by keys, and stay so over a reload', async ({ app, workbench, page }) => {
  const { canvas, editor, panels } = workbench
  await canvas.select('Greet')
  await editor.expectText('for name in names:')
  for (const [keys, part] of [
    ['ControlOrMeta+B', page.getByRole('complementary')],
    ['ControlOrMeta+J', panels.tabs],
    ['ControlOrMeta+Alt+E', editor.region],
  ] as const) {
    await expect(part).toBeVisible()
    await page.keyboard.press(keys)
    await expect(part).toBeHidden()
  }
  // The layout is written a moment after its last change.
  await expect
    .poll(() => readFile(join(app.home, '.nodeloom', 'preferences.json'), 'utf8').catch(() => ''))
    .toMatch(/codeShown[^,]*false/)
  await page.reload()
  await workbench.expectOpen('hello')
  await expect(panels.tabs).toBeHidden()
  for (const keys of ['ControlOrMeta+B', 'ControlOrMeta+J', 'ControlOrMeta+Alt+E']) await page.keyboard.press(keys)
  await expect(page.getByRole('complementary')).toBeVisible()
  await expect(panels.tabs).toBeVisible()
  await expect(editor.region).toBeVisible()
})

test('deleting a node whose code is open closes its file without a question, and undo brings both back', async ({
  workbench,
  project,
  page,
}) => {
  const { canvas, editor } = workbench
  await canvas.select('Card')
  await editor.expectOpen('card.py')
  const code = await project.read('nodes/card.py')

  await canvas.application.focus()
  await canvas.select('Card')
  await page.keyboard.press('Delete')
  await expect(canvas.node('Card')).toBeHidden()
  await expect(page.getByRole('tab', { name: 'card.py' })).toBeHidden()
  await expect(editor.conflict).toBeHidden()
  await workbench.run(1)

  await canvas.application.focus()
  await page.keyboard.press('ControlOrMeta+Z')
  await expect(canvas.node('Card')).toBeVisible()
  await expect.poll(() => project.read('nodes/card.py').catch(() => '')).toBe(code)
  await expect(editor.conflict).toBeHidden()
  await workbench.run(2)
})

test('an id is renamed with its wires, and a taken one is refused at the field', async ({
  workbench,
  project,
  page,
}) => {
  const { canvas } = workbench
  const before = await project.read('flows/main.json')
  await canvas.select('Greet')
  const field = page.getByRole('textbox', { name: 'Id of Greet' })
  await page.getByRole('button', { name: /^Id of Greet/ }).click()
  await field.fill('names')
  await expect(page.getByText('There is already a node names.')).toBeVisible()
  await field.fill('welcome')
  await field.press('Enter')
  await expect.poll(() => project.read('flows/main.json')).toContain('{ "from": "welcome.result", "to": "card.lines" }')
  expect(await project.read('flows/main.json')).toContain('{ "from": "names.result", "to": "welcome.names" }')

  await canvas.application.focus()
  await page.keyboard.press('ControlOrMeta+Z')
  await expect.poll(() => project.read('flows/main.json')).toBe(before)
})
