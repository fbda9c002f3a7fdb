import { expect, type Locator, type Page } from '@playwright/test'
import { CanvasPage } from './canvas.ts'
import { EditorPage } from './editor.ts'
import { PanelsPage } from './panels.ts'

/** The page with a project open. */
export class WorkbenchPage {
  readonly page: Page
  readonly canvas: CanvasPage
  readonly editor: EditorPage
  readonly panels: PanelsPage
  readonly runFlow: Locator
  readonly stop: Locator
  readonly status: Locator

  constructor(page: Page) {
    this.page = page
    this.canvas = new CanvasPage(page)
    this.editor = new EditorPage(page)
    this.panels = new PanelsPage(page)
    this.runFlow = page.getByRole('button', { name: 'Run flow' })
    this.stop = page.getByRole('button', { name: 'Stop' })
    this.status = page.getByRole('contentinfo', { name: 'Status' })
  }

  async expectOpen(name: string): Promise<void> {
    await expect(this.page.getByRole('banner').getByText(name, { exact: true })).toBeVisible()
    await expect(this.canvas.application).toBeVisible()
  }

  async expectSaved(): Promise<void> {
    await expect(this.status.getByText('saved', { exact: true })).toBeVisible()
  }

  /** Shows a side panel by the activity bar. */
  async showSide(name: 'Project' | 'Nodes' | 'Outline' | 'Packages'): Promise<void> {
    const button = this.page.getByRole('navigation', { name: 'Side panels' }).getByRole('button', { name })
    if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click()
    await expect(button).toHaveAttribute('aria-pressed', 'true')
  }

  /** Runs a command through the palette, by keys alone. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+K')
    const search = this.page.getByRole('dialog').getByRole('combobox')
    await expect(search).toBeFocused()
    await this.page.keyboard.type(title)
    await expect(this.page.getByRole('dialog').getByRole('option', { selected: true })).toContainText(title)
    await this.page.keyboard.press('Enter')
    await expect(search).toBeHidden()
  }

  /** Presses Run flow once it may be pressed, and waits for the end of that run: `Run 2: 3 of 3 · done in 4 ms`. */
  async run(number: number, end: 'done' | 'failed' | 'stopped' = 'done'): Promise<void> {
    await this.runFlow.click()
    await this.expectRun(number, end)
  }

  async expectRun(number: number, end: 'done' | 'failed' | 'stopped'): Promise<void> {
    await expect(this.status.getByText(new RegExp(`^Run ${number}: \\d+ of \\d+ · ${end} in `))).toBeVisible()
  }
}
