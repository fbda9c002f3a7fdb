/** The page is reloaded while a flow runs, and the host goes away under the page. */
import { expect, test } from './support/pages/story.ts'

test.use({ openProject: 'hello' })

/** Tells that it began and goes on when the file `go` is there. */
const waiting = `"""People, once told to go."""

import time
from pathlib import Path


def main(count: int = 3) -> list[str]:
    """Wait for the file go."""
    print("first words")
    while not Path("go").exists():
        time.sleep(0.01)
    print("last words")
    return ["Ada", "Grace", "Katherine"][:count]
`

test('a run goes on over a reload, and the page shows the same state', async ({ workbench, project, page }) => {
  const { canvas, panels } = workbench
  await project.write('nodes/names.py', waiting)
  await expect(canvas.node('Names')).toContainText('Wait for the file go.')
  await workbench.runFlow.click()
  await canvas.expectStatus('Names', 'running')
  await canvas.select('Names')
  await expect(await panels.open('Output')).toContainText('first words')

  const statuses = (): Promise<string[]> =>
    canvas
      .nodes()
      .evaluateAll((nodes) =>
        nodes
          .map((node) => `${(node as HTMLElement).dataset['node']} ${(node as HTMLElement).dataset['status']}`)
          .sort(),
      )
  const before = await statuses()
  expect(before).toEqual(['card waiting', 'greet waiting', 'names running'])

  await page.reload()
  await workbench.expectOpen('hello')
  await expect.poll(statuses).toEqual(before)
  await expect(workbench.status.getByText(/^Run 1: 0 of 3$/)).toBeVisible()
  await expect(workbench.stop).toBeEnabled()
  await canvas.select('Names')
  await expect(await panels.open('Output')).toContainText('first words')

  await project.write('go', '')
  await workbench.expectRun(1, 'done')
  await expect(panels.region('Output')).toContainText('last words')
  expect(await statuses()).toEqual(['card succeeded', 'greet succeeded', 'names succeeded'])
  await canvas.select('Card')
  await expect(await panels.open('Result')).toContainText('* Hello, Katherine!')

  // And once more with all of it behind: the values are still there.
  await page.reload()
  await workbench.expectOpen('hello')
  await expect.poll(statuses).toEqual(['card succeeded', 'greet succeeded', 'names succeeded'])
  await canvas.select('Card')
  await expect(await panels.open('Result')).toContainText('* Hello, Katherine!')
})

test('a run that goes on can be stopped after a reload', async ({ workbench, project, page }) => {
  const { canvas } = workbench
  await project.write('nodes/names.py', waiting)
  await expect(canvas.node('Names')).toContainText('Wait for the file go.')
  await workbench.runFlow.click()
  await canvas.expectStatus('Names', 'running')
  await page.reload()
  await workbench.expectOpen('hello')
  await canvas.expectStatus('Names', 'running')
  await workbench.stop.click()
  await workbench.expectRun(1, 'stopped')
  await canvas.expectStatus('Names', 'cancelled')
})

test('the page says that the host is gone', async ({ app, workbench }) => {
  await app.stopHost('SIGKILL')
  await expect(app.page.getByRole('alert').filter({ hasText: 'The host stopped; reconnecting' })).toBeVisible()
  await expect(workbench.canvas.node('Greet')).toBeVisible()
})
