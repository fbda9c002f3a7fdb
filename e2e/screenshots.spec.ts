/** The pictures of README and guide, made by `npm run screenshots` and by no other run. */
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, projectFiles, test } from './support/pages/story.ts'

test.use({ viewport: { width: 1600, height: 1000 } })

const images = join(import.meta.dirname, '..', 'docs', 'images')

/** Without pointer, caret and messages that come and go. */
const take = async (page: Page, name: string): Promise<void> => {
  await page.mouse.move(800, 998)
  await expect(page.getByRole('status', { name: 'Messages', exact: true })).toBeEmpty()
  await page.screenshot({ path: join(images, `${name}.png`), animations: 'disabled', caret: 'hide' })
}

test('the start page, wine in both themes, and an error', async ({ app, welcome, workbench, page }) => {
  test.setTimeout(300_000)
  const project = projectFiles(join(app.home, 'Nodeloom', 'wine'))
  const { canvas, editor, panels } = workbench
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(welcome.example('Wine')).toBeVisible()
  await take(page, 'welcome-dark')

  await welcome.example('Wine').click()
  await workbench.expectOpen('wine')
  await workbench.runFlow.click()
  await page.getByRole('dialog').getByRole('button', { name: 'Install and run' }).click()
  await expect(workbench.status.getByText(/^Run 1: 6 of 6 · done in /)).toBeVisible({ timeout: 240_000 })
  // Once more with warm workers, as it looks after the first minute.
  await workbench.run(2)
  await canvas.select('Compare')
  await editor.expectText('class Comparison')
  await panels.open('Result')
  await panels.port('figure').click()
  await expect(panels.region('Result').getByRole('img', { name: 'Compare, figure' })).toBeVisible()
  await page.getByRole('toolbar', { name: 'View' }).getByRole('button', { name: 'Fit' }).click()
  await editor.expectTheme('dark')
  await take(page, 'wine-dark')
  await workbench.command('Theme: light')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await editor.expectTheme('light')
  await take(page, 'wine-light')

  await workbench.command('Theme: dark')
  await canvas.select('Clean')
  await editor.expectTheme('dark')
  const clean = await project.read('nodes/clean.py')
  await project.write('nodes/clean.py', clean.replace('["alcohol"]', '["alcohl"]'))
  await editor.expectText('kept["alcohl"]')
  await workbench.run(3, 'failed')
  await panels.open('Problems')
  await expect(canvas.node('Clean')).toContainText('KeyError')
  await take(page, 'error-dark')
})
