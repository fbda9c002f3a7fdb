import { expect, type Locator, type Page } from '@playwright/test'

/** The start page. */
export class WelcomePage {
  readonly page: Page
  readonly newProject: Locator
  readonly open: Locator
  readonly recent: Locator

  constructor(page: Page) {
    this.page = page
    this.newProject = page.getByRole('button', { name: 'New project' })
    this.open = page.getByRole('button', { name: 'Open a project' })
    this.recent = page.getByRole('list', { name: 'Recent projects' })
  }

  example(title: 'Hello' | 'Wine' | 'Logs'): Locator {
    return this.page.getByRole('button', { name: title, exact: true })
  }

  /** The button of a recent project that opens it. */
  recentProject(name: string): Locator {
    return this.recent.getByRole('listitem').filter({ hasText: name }).getByRole('button').first()
  }

  /** Makes a project by its name, in the folder that the page suggests; answers that folder. */
  async create(name: string): Promise<string> {
    await this.newProject.click()
    const dialog = this.page.getByRole('dialog', { name: 'New project' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
    const folder = dialog.getByText(new RegExp(`[\\\\/]${name}$`))
    await expect(folder).toBeVisible()
    const path = (await folder.textContent()) ?? ''
    await dialog.getByRole('button', { name: 'Create' }).click()
    return path
  }
}
