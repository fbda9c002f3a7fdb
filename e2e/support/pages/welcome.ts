import type { Locator, Page } from '@playwright/test'

/** The start page. */
export class WelcomePage {
  readonly page: Page
  readonly newProject: Locator
  readonly open: Locator

  constructor(page: Page) {
    this.page = page
    this.newProject = page.getByRole('button', { name: 'New project' })
    this.open = page.getByRole('button', { name: 'Open a project' })
  }

  example(title: 'Hello' | 'Wine' | 'Logs'): Locator {
    return this.page.getByRole('button', { name: title })
  }
}
