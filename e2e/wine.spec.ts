/** The wine example by one click: packages confirmed, two models at once, a figure and a table. */
import { expect, test } from './support/pages/story.ts'

test('wine installs its packages after one question and shows figure and table', async ({
  welcome,
  workbench,
  page,
}) => {
  test.setTimeout(240_000)
  const { canvas, panels } = workbench
  await welcome.example('Wine').click()
  await workbench.expectOpen('wine')
  await expect(canvas.nodes()).toHaveCount(6)

  await workbench.runFlow.click()
  const question = page.getByRole('dialog', { name: 'Install packages for this project?' })
  const packages = question.getByRole('list', { name: 'Packages to install' })
  for (const name of ['scikit-learn', 'matplotlib', 'pandas']) await expect(packages).toContainText(name)
  await question.getByRole('button', { name: 'Install and run' }).click()
  await expect(question.getByRole('status')).toBeVisible()

  // It runs by itself when they are there, and the two models work at the same time.
  await expect(question).toBeHidden({ timeout: 180_000 })
  const timeline = await panels.open('Run timeline')
  await expect(workbench.status.getByText(/^Run 1: 6 of 6 · done in /)).toBeVisible({ timeout: 60_000 })
  const bar = async (title: string): Promise<{ from: number; to: number }> => {
    const row = timeline.getByRole('listitem').filter({ hasText: title })
    const box = await row.locator('.run-bar').boundingBox()
    if (box === null) throw new Error(`${title} has no bar.`)
    return { from: box.x, to: box.x + box.width }
  }
  const [forest, logistic] = [await bar('Fit forest'), await bar('Fit logistic')]
  expect(forest.from).toBeLessThan(logistic.to)
  expect(logistic.from).toBeLessThan(forest.to)
  for (const title of ['Load', 'Clean', 'Split', 'Fit forest', 'Fit logistic', 'Compare']) {
    await canvas.expectStatus(title, 'succeeded')
  }

  await canvas.select('Clean')
  const result = await panels.open('Result')
  await expect(result.getByText('176 rows × 14 columns')).toBeVisible()
  await expect(result.getByRole('columnheader', { name: /^alcohol/ })).toBeVisible()

  await canvas.select('Compare')
  await panels.port('figure').click()
  const figure = result.getByRole('img', { name: 'Compare, figure' })
  await expect(figure).toBeVisible()
  expect(await figure.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(200)
  await panels.port('metrics').click()
  const table = result.getByRole('table', { name: 'Compare, metrics' })
  await expect(table.getByRole('columnheader', { name: /^accuracy/ })).toBeVisible()
  await expect(table.getByRole('row')).toHaveCount(3)
  const accuracies = await table
    .getByRole('cell')
    .filter({ hasText: /^0\.9|^1/ })
    .count()
  expect(accuracies).toBeGreaterThan(0)
})
