import type { Locator, Page } from '@playwright/test'

export type PanelName = 'Result' | 'Output' | 'Problems' | 'Run timeline' | 'Environment log'

/** The lower panel's tabs. */
export class PanelsPage {
  readonly page: Page
  readonly tabs: Locator

  constructor(page: Page) {
    this.page = page
    this.tabs = page.getByRole('tablist', { name: 'Panels' })
  }

  tab(name: PanelName): Locator {
    return this.tabs.getByRole('tab', { name: new RegExp(`^${name}`) })
  }

  region(name: PanelName): Locator {
    return this.page.getByRole('region', { name, exact: true })
  }

  async open(name: PanelName): Promise<Locator> {
    await this.tab(name).click()
    return this.region(name)
  }

  /** The tab of one port inside the Result panel. */
  port(name: string): Locator {
    return this.region('Result').getByRole('tab', { name, exact: true })
  }
}
