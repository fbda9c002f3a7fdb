/** What is wrong is told where it is, in one sentence with the next step. */
import { expect, test } from './support/pages/story.ts'

test.use({ openProject: 'hello' })

test('a run that lacks an input is refused by its port’s name, and starts once it is there', async ({ workbench }) => {
  const { canvas, panels } = workbench
  const input = canvas.port('input', { node: 'Greet', port: 'names' })
  await canvas.drag(await canvas.middleOf(input), await canvas.at(300, 60))
  // A wire let go over nothing asks for a node to add.
  await workbench.page.keyboard.press('Escape')
  await expect(input).not.toHaveAccessibleName(/connected/)

  await workbench.runFlow.click()
  const problems = panels.region('Problems')
  await expect(problems.getByRole('alert')).toContainText('The run did not start')
  await expect(problems.getByRole('button').filter({ hasText: 'greet.names has no value' })).toHaveCount(1)
  await expect(workbench.status.getByText('1 problem')).toBeVisible()
  for (const title of ['Names', 'Greet', 'Card']) await canvas.expectStatus(title, 'idle')

  await problems.getByRole('button').filter({ hasText: 'greet.names has no value' }).click()
  await expect(canvas.node('Greet')).toHaveAttribute('aria-current', 'true')
  await canvas.connect({ node: 'Names', port: 'result' }, { node: 'Greet', port: 'names' })
  await canvas.expectConnected({ node: 'Names', port: 'result' }, { node: 'Greet', port: 'names' })
  await expect(problems).toContainText('No problems')
  await workbench.run(1)
})

test('a wire that would close a cycle is refused when drawn', async ({ workbench, project }) => {
  const { canvas } = workbench
  const before = await project.flow()
  const from = await canvas.middleOf(canvas.port('output', { node: 'Card', port: 'result' }))
  const to = await canvas.middleOf(canvas.port('input', { node: 'Names', port: 'count' }))
  await canvas.drag(from, to)
  await expect(canvas.messages).toContainText(/cycle/i)
  await expect(canvas.port('input', { node: 'Names', port: 'count' })).not.toHaveAccessibleName(/connected/)

  // The same by keys: what cannot be taken says why.
  await canvas.select('Card')
  await workbench.page.keyboard.press('c')
  await expect(workbench.page.getByRole('combobox', { name: /choose an output$/ })).toBeFocused()
  await workbench.page.keyboard.press('Enter')
  const option = workbench.page.getByRole('option', { name: /^Names · count/ })
  await expect(option).toHaveAttribute('aria-disabled', 'true')
  await expect(option).toContainText(/cycle/i)
  await workbench.page.keyboard.press('Escape')
  await workbench.expectSaved()
  expect(await project.flow()).toEqual(before)
})

test('a syntax error is told at node, line and list while typing, and leaves the ports', async ({
  workbench,
  page,
}) => {
  const { canvas, editor, panels } = workbench
  await canvas.select('Greet')
  await editor.expectText('for name in names:')
  await editor.lines().getByText('for', { exact: true }).first().dblclick()
  await page.keyboard.type('fro')
  await expect(canvas.node('Greet')).toContainText('line 8 · syntax error')
  await expect(canvas.port('input', { node: 'Greet', port: 'names' })).toHaveAccessibleName(/connected/)
  const problems = await panels.open('Problems')
  await expect(problems.getByRole('button').filter({ hasText: 'nodes/greet.py:8' })).toContainText('syntax error')
  await expect(editor.region.locator('.squiggly-error').first()).toBeVisible()

  await workbench.runFlow.click()
  await expect(problems.getByRole('alert')).toContainText('The run did not start')
  await editor.focus()
  await page.keyboard.press('ControlOrMeta+Z')
  await expect(problems).toContainText('No problems')
  await workbench.run(1)
})

test('a node that raises blocks what it feeds and nothing else', async ({ workbench, project }) => {
  const { canvas, editor, panels } = workbench
  await project.write(
    'nodes/greet.py',
    'def main(names: list[str]) -> list[str]:\n    people = {"Ada": 1}\n    return [people[name] for name in names]\n',
  )
  await expect(canvas.port('input', { node: 'Greet', port: 'greeting' })).toBeHidden()
  await workbench.run(1, 'failed')
  await canvas.expectStatus('Names', 'succeeded')
  await canvas.expectStatus('Greet', 'failed')
  await canvas.expectStatus('Card', 'skipped')
  await expect(canvas.node('Greet')).toContainText('line 3 · KeyError')
  await expect(canvas.node('Card')).toContainText('blocked')
  await canvas.select('Greet')
  const result = await panels.open('Result')
  await expect(result).toContainText('KeyError')
  await result.getByRole('button', { name: 'nodes/greet.py, line 3' }).click()
  await editor.expectOpen('greet.py')
  await expect(workbench.status.getByText(/^Ln 3,/)).toBeVisible()
  await expect(editor.region.getByText(/^KeyError: 'Grace'/)).toBeVisible()
})
