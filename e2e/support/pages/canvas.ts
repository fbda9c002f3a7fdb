import { expect, type Locator, type Page } from '@playwright/test'

/** A point of the page, in CSS pixels. */
export interface Spot {
  readonly x: number
  readonly y: number
}

/** A port as a person names it: the node's title and the port's name. */
export interface PortName {
  readonly node: string
  readonly port: string
}

export type NodeKindTitle = 'Code' | 'Value' | 'View' | 'Note'

const escaped = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')

/** The flow canvas with its nodes, ports and popups. */
export class CanvasPage {
  readonly page: Page
  /** Takes the keys. */
  readonly application: Locator
  /** What was just done or refused, as it is said. */
  readonly messages: Locator

  constructor(page: Page) {
    this.page = page
    this.application = page.getByRole('application', { name: 'Flow canvas' })
    this.messages = page.getByRole('status', { name: 'Canvas messages' })
  }

  node(title: string): Locator {
    return this.application.getByRole('group', { name: new RegExp(`^${escaped(title)}, `) })
  }

  nodes(): Locator {
    return this.application.locator('[data-node]')
  }

  port(side: 'input' | 'output', { node, port }: PortName): Locator {
    const word = side === 'input' ? 'Input' : 'Output'
    return this.application.getByRole('img', { name: new RegExp(`^${word} ${escaped(port)} of ${escaped(node)}(,|$)`) })
  }

  /** Waits until both ends say that they are connected. */
  async expectConnected(from: PortName, to: PortName): Promise<void> {
    await expect(this.port('output', from)).toHaveAccessibleName(/, connected$/)
    await expect(this.port('input', to)).toHaveAccessibleName(/, connected$/)
  }

  /** A point of the canvas, from its upper left corner. */
  async at(x: number, y: number): Promise<Spot> {
    const box = await this.application.boundingBox()
    if (box === null) throw new Error('The canvas is not shown.')
    return { x: box.x + x, y: box.y + y }
  }

  async middleOf(locator: Locator): Promise<Spot> {
    await expect(locator).toBeVisible()
    const box = await locator.boundingBox()
    if (box === null) throw new Error('It is not shown.')
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }

  /** Drags from one point to another with real moves between them. */
  async drag(from: Spot, to: Spot): Promise<void> {
    const { mouse } = this.page
    await mouse.move(from.x, from.y)
    await mouse.down()
    await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
    await mouse.move(to.x, to.y, { steps: 4 })
    await mouse.up()
  }

  async connect(from: PortName, to: PortName): Promise<void> {
    await this.drag(await this.middleOf(this.port('output', from)), await this.middleOf(this.port('input', to)))
  }

  /** Moves a node by its header. */
  async move(title: string, by: Spot): Promise<void> {
    const from = await this.middleOf(this.node(title).getByText(title, { exact: true }))
    await this.drag(from, { x: from.x + by.x, y: from.y + by.y })
  }

  async select(title: string): Promise<void> {
    await this.node(title).getByText(title, { exact: true }).click()
    await expect(this.node(title)).toHaveAttribute('aria-current', 'true')
  }

  /** A new code node by a double click on the empty ground. */
  async quickAdd(title: string, spot: Spot): Promise<void> {
    await this.page.mouse.dblclick(spot.x, spot.y)
    await this.page.getByRole('combobox', { name: 'Add a node' }).fill(title)
    await this.page.getByRole('option', { name: `New code node “${title}”` }).click()
    await expect(this.node(title)).toBeVisible()
  }

  /** Drags a kind out of the Nodes panel, which must be shown. */
  async dropFromPanel(kind: NodeKindTitle, spot: Spot): Promise<void> {
    const entry = this.page.getByRole('region', { name: 'Nodes' }).getByRole('button', { name: kind })
    const box = await this.application.boundingBox()
    await entry.dragTo(this.application, {
      targetPosition: { x: spot.x - (box?.x ?? 0), y: spot.y - (box?.y ?? 0) },
    })
  }

  /** Gives a node another title, by its title's double click. */
  async rename(title: string, to: string): Promise<void> {
    await this.node(title).getByText(title, { exact: true }).dblclick()
    const field = this.page.getByRole('textbox', { name: `Title of ${title}` })
    await field.fill(to)
    await field.press('Enter')
    await expect(this.node(to)).toBeVisible()
  }

  /** Types a constant into the field of a node's row. */
  async fillInput(node: string, input: string, text: string): Promise<void> {
    await this.node(node)
      .getByRole('button', { name: new RegExp(`^${escaped(input)} of ${escaped(node)}:`) })
      .click()
    const field = this.node(node).getByRole('textbox', { name: `${input} of ${node}` })
    await field.fill(text)
    await field.press('Enter')
  }

  inputField(node: string, input: string): Locator {
    return this.node(node).getByRole('button', { name: new RegExp(`^${escaped(input)} of ${escaped(node)}:`) })
  }

  /** Waits until the node's last run ended so. */
  async expectStatus(title: string, status: string): Promise<void> {
    await expect(this.node(title)).toHaveAttribute('data-status', status)
  }
}
