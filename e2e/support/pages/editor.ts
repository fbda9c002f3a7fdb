import { expect, type Locator, type Page } from '@playwright/test'

/** The code beside the canvas. */
export class EditorPage {
  readonly page: Page
  readonly region: Locator
  /** Where the keys go. */
  readonly text: Locator
  /** The note of a conflict, with its buttons. */
  readonly conflict: Locator

  constructor(page: Page) {
    this.page = page
    this.region = page.getByRole('region', { name: 'Code' })
    this.text = this.region.getByRole('textbox', { name: /^Code editor/ })
    this.conflict = this.region.getByRole('alert', { name: 'Conflict' })
  }

  tab(file: string): Locator {
    return this.region.getByRole('tab', { name: new RegExp(`^${file.replaceAll('.', '\\.')}`) })
  }

  /** The lines on show; Monaco writes spaces as no-break spaces. */
  lines(): Locator {
    return this.region.locator('.view-lines')
  }

  async expectText(text: string | RegExp): Promise<void> {
    await expect(this.lines()).toBeVisible()
    if (typeof text === 'string') await expect.poll(() => this.shownText()).toContain(text)
    else await expect.poll(() => this.shownText()).toMatch(text)
  }

  async expectNoText(text: string): Promise<void> {
    await expect.poll(() => this.shownText()).not.toContain(text)
  }

  async shownText(): Promise<string> {
    const lines = await this.lines()
      .locator('.view-line')
      .evaluateAll((all) =>
        all
          .map((line) => ({ top: Number.parseFloat((line as HTMLElement).style.top), text: line.textContent }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text),
      )
    return lines.join('\n').replaceAll('\u00a0', ' ')
  }

  /** Waits until the file is the one on show and can be typed in. */
  async expectOpen(file: string): Promise<void> {
    await expect(this.tab(file)).toHaveAttribute('aria-selected', 'true')
    await expect(this.text).toBeAttached()
  }

  async focus(): Promise<void> {
    await this.lines().click()
    await expect(this.text).toBeFocused()
  }

  /**
   * Types lines as a person does, in place of all that is there: the editor indents after a colon and closes
   * brackets by itself, and typing the closing one goes over it. So give lines without their indent, with
   * `←` before one that leaves a block.
   */
  async typeLines(lines: readonly string[]): Promise<void> {
    const { keyboard } = this.page
    await keyboard.press('ControlOrMeta+A')
    await keyboard.press('Delete')
    for (const [index, line] of lines.entries()) {
      if (index > 0) await keyboard.press('Enter')
      const out = line.startsWith('←')
      if (out) await keyboard.press('Shift+Tab')
      await keyboard.type(out ? line.slice(1) : line)
    }
  }

  /** Selects the first word shown so with a double click and types over it; quotes around it stay. */
  async replaceWord(shown: string, to: string): Promise<void> {
    await this.lines().getByText(shown, { exact: true }).first().dblclick()
    await this.page.keyboard.type(to)
  }

  /** Waits until the ground of the text is dark or light. */
  async expectTheme(theme: 'dark' | 'light'): Promise<void> {
    const ground = this.region.locator('.monaco-editor-background').first()
    const isDark = (): Promise<boolean> =>
      ground.evaluate((element) => {
        const [red = 0, green = 0, blue = 0] =
          getComputedStyle(element).backgroundColor.match(/\d+/g)?.map(Number) ?? []
        return red + green + blue < 384
      })
    await expect.poll(isDark).toBe(theme === 'dark')
  }
}
