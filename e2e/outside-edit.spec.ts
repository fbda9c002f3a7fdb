/** Another program writes a file that is open here. */
import { holdSaves } from './support/hold-saves.ts'
import { expect, test } from './support/pages/story.ts'

test.use({ openProject: 'hello' })

const theirs = `"""Two people."""


def main(count: int = 2) -> list[str]:
    """Return two names."""
    return ["Edsger", "Barbara"][:count]
`

test('a clean file that another program wrote is picked up, ports and result too', async ({ workbench, project }) => {
  const { canvas, editor, panels } = workbench
  await canvas.select('Names')
  await editor.expectText('"Ada", "Grace"')

  await project.write('nodes/names.py', theirs.replace('count: int = 2', 'most: int = 2').replace(':count', ':most'))
  await editor.expectText('"Edsger", "Barbara"')
  await expect(canvas.port('input', { node: 'Names', port: 'most' })).toBeVisible()

  await project.write('nodes/names.py', theirs)
  await expect(canvas.port('input', { node: 'Names', port: 'most' })).toBeHidden()
  await workbench.run(1)
  await canvas.select('Card')
  await expect(await panels.open('Result')).toContainText('* Hello, Edsger!')
})

for (const keep of ['mine', 'theirs'] as const) {
  test(`a file typed in and written elsewhere at once is a conflict: ${keep} is kept`, async ({
    workbench,
    project,
    page,
  }) => {
    const { canvas, editor } = workbench
    await canvas.select('Names')
    await editor.expectText('"Ada", "Grace"')
    await editor.focus()

    // Typed and not saved yet when the other program writes: the page saves a moment after the last key.
    await page.keyboard.press('ControlOrMeta+Home')
    const typing = page.keyboard.type('# typed here and not saved yet', { delay: 20 })
    await expect(editor.region.getByLabel('not saved yet')).toBeVisible()
    await project.write('nodes/names.py', theirs)
    await expect(editor.conflict).toBeVisible()
    await typing

    await expect(editor.conflict).toContainText('Another program changed nodes/names.py')
    await editor.conflict.getByRole('button', { name: 'Show both texts' }).click()
    await expect(editor.conflict.getByRole('figure', { name: 'Yours' })).toContainText('"Ada", "Grace"')
    await expect(editor.conflict.getByRole('figure', { name: 'On disk' })).toContainText('"Edsger", "Barbara"')
    expect(await project.read('nodes/names.py')).toBe(theirs)

    if (keep === 'mine') {
      await editor.conflict.getByRole('button', { name: 'Keep mine' }).click()
      await expect(editor.conflict).toBeHidden()
      await expect.poll(() => project.read('nodes/names.py')).toContain('# typed here and not saved yet')
      expect(await project.read('nodes/names.py')).toContain('"Ada", "Grace"')
    } else {
      await editor.conflict.getByRole('button', { name: 'Take theirs' }).click()
      await expect(editor.conflict).toBeHidden()
      await editor.expectText('"Edsger", "Barbara"')
      await editor.expectNoText('# typed here')
      expect(await project.read('nodes/names.py')).toBe(theirs)
    }
    await workbench.run(1)
    await canvas.select('Card')
    const first = keep === 'mine' ? 'Ada' : 'Edsger'
    await expect(await workbench.panels.open('Result')).toContainText(`* Hello, ${first}!`)
  })
}

test('a flow that another program wrote is picked up, and can be undone', async ({ workbench, project }) => {
  const { canvas } = workbench
  await expect(canvas.node('Greet')).toBeVisible()
  const before = await project.read('flows/main.json')

  await project.write('flows/main.json', before.replace('"Greet"', '"Salute"'))
  await expect(canvas.node('Salute')).toBeVisible()
  await expect(canvas.node('Greet')).toBeHidden()

  await canvas.application.focus()
  await workbench.page.keyboard.press('ControlOrMeta+Z')
  await expect(canvas.node('Greet')).toBeVisible()
  await expect.poll(() => project.read('flows/main.json')).toBe(before)
})

for (const keep of ['mine', 'theirs'] as const) {
  test(`a flow changed here and elsewhere at once is a conflict: ${keep} is kept`, async ({
    workbench,
    project,
    page,
  }) => {
    const { canvas } = workbench
    const saves = await holdSaves(page)
    await page.reload()
    await canvas.select('Greet')
    const before = await project.read('flows/main.json')
    const elsewhere = before.replace('"Names"', '"People"')

    // Renamed here, written there, and only then is the page's own save on its way.
    saves.hold()
    await page.keyboard.press('F2')
    const title = page.getByRole('textbox', { name: 'Title of Greet' })
    await title.fill('Salute')
    await title.press('Enter')
    await saves.untilHeld()
    await project.write('flows/main.json', elsewhere)
    saves.release()
    const question = page.getByRole('dialog', { name: 'flows/main.json changed on disk' })
    await expect(question).toBeVisible()

    await expect(question.getByRole('region', { name: 'My version' })).toContainText('"Salute"')
    await expect(question.getByRole('region', { name: 'Version on disk' })).toContainText('"People"')
    expect(await project.read('flows/main.json')).toBe(elsewhere)

    await question.getByRole('button', { name: keep === 'mine' ? 'Keep mine' : 'Take theirs' }).click()
    await expect(question).toBeHidden()
    if (keep === 'mine') {
      await expect(canvas.node('Salute')).toBeVisible()
      await expect.poll(() => project.read('flows/main.json')).toBe(before.replace('"Greet"', '"Salute"'))
    } else {
      await expect(canvas.node('People')).toBeVisible()
      await expect(canvas.node('Greet')).toBeVisible()
      expect(await project.read('flows/main.json')).toBe(elsewhere)
    }
  })
}
