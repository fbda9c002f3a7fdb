/** A parameter renamed in code: the port follows, its wire shows the problem, undo brings both back. */
import { expect, test } from './support/pages/story.ts'

test.use({ openProject: 'hello' })

test('a renamed parameter takes its port along and leaves the wire broken until undo', async ({ workbench }) => {
  const { canvas, editor, panels } = workbench
  await canvas.expectConnected({ node: 'Names', port: 'result' }, { node: 'Greet', port: 'names' })

  await canvas.select('Greet')
  await editor.expectOpen('greet.py')
  await editor.expectText('def main(names: list[str]')
  await editor.replaceWord('names', 'people')
  await expect(canvas.port('input', { node: 'Greet', port: 'people' })).toBeVisible()

  const problems = await panels.open('Problems')
  const sentence = problems.getByText(/greet\.names/)
  await expect(sentence).toBeVisible()
  await expect(canvas.port('input', { node: 'Greet', port: 'names' })).toBeVisible()
  await expect(canvas.port('input', { node: 'Greet', port: 'people' })).not.toHaveAccessibleName(/connected/)

  await editor.focus()
  await workbench.page.keyboard.press('ControlOrMeta+Z')
  await expect(canvas.port('input', { node: 'Greet', port: 'people' })).toBeHidden()
  await canvas.expectConnected({ node: 'Names', port: 'result' }, { node: 'Greet', port: 'names' })
  await expect(sentence).toBeHidden()

  await workbench.run(1)
  await canvas.select('Card')
  await expect(await panels.open('Result')).toContainText('* Hello, Ada!')
})
