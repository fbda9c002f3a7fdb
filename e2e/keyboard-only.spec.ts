/** From the start page to the result of a flow built from nothing, by keys alone. */
import type { Page } from '@playwright/test'
import { expect, projectFiles, test } from './support/pages/story.ts'

/** Fails the story when the page gets a pointer event; clicks that a key makes have no pointer. */
const watchPointer = async (page: Page): Promise<() => Promise<string[]>> => {
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(globalThis, { seenPointer: seen })
    for (const type of ['pointerdown', 'mousedown', 'dragstart', 'wheel', 'touchstart']) {
      globalThis.addEventListener(type, () => seen.push(type), { capture: true })
    }
  })
  await page.reload()
  return () => page.evaluate(() => (globalThis as unknown as { seenPointer: string[] }).seenPointer)
}

/** Presses a key until the element has the focus, as one walks there with Tab. */
const walkTo = async (page: Page, name: string, key = 'Tab'): Promise<void> => {
  const target = page.getByRole('button', { name, exact: true })
  await expect(async () => {
    await page.keyboard.press(key)
    await expect(target).toBeFocused({ timeout: 100 })
  }).toPass({ intervals: [1], timeout: 10_000 })
}

test('hello is built from nothing and run without a pointer', async ({ app, workbench, page }) => {
  test.setTimeout(120_000)
  const { canvas, editor, panels } = workbench
  const { keyboard } = page
  const pointer = await watchPointer(page)

  await walkTo(page, 'New project')
  await keyboard.press('Enter')
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await keyboard.type('hello-by-keys')
  await expect(page.getByRole('dialog')).toContainText(/hello-by-keys/)
  await expect(page.getByRole('button', { name: 'Create' })).toBeEnabled()
  await keyboard.press('Enter')
  await workbench.expectOpen('hello-by-keys')
  const project = projectFiles(`${app.home}/Nodeloom/hello-by-keys`)

  const add = async (title: string, lines: readonly string[]): Promise<void> => {
    await keyboard.press('ControlOrMeta+1')
    await expect(page.locator(':focus')).not.toHaveRole('button')
    await keyboard.press('a')
    await expect(page.getByRole('combobox', { name: 'Add a node' })).toBeFocused()
    await keyboard.type(title)
    await keyboard.press('Enter')
    await expect(canvas.node(title)).toBeFocused()
    await keyboard.press('Enter')
    await editor.expectOpen(`${title.toLowerCase()}.py`)
    await expect(editor.text).toBeFocused()
    await editor.typeLines(lines)
  }
  await add('Names', ['def main(count: int = 3) -> list[str]:', 'return ["Ada", "Grace", "Katherine"][:count]'])
  await add('Greet', [
    'def main(names: list[str], greeting: str = "Hello") -> list[str]:',
    'return [f"{greeting}, {name}!" for name in names]',
  ])
  await add('Card', ['def main(lines: list[str]) -> str:', 'return " / ".join(lines)'])
  await expect(canvas.port('input', { node: 'Card', port: 'lines' })).toBeVisible()

  // Each node is gone to by its title in the palette, then connected by choosing both ends.
  const goTo = async (title: string): Promise<void> => {
    await keyboard.press('ControlOrMeta+K')
    await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
    await keyboard.type(title)
    await expect(page.getByRole('dialog').getByRole('option', { selected: true })).toContainText(title)
    await keyboard.press('Enter')
    await expect(canvas.node(title)).toBeFocused()
  }
  const connect = async (from: string, to: string, port: string): Promise<void> => {
    await goTo(from)
    await keyboard.press('c')
    await expect(page.getByRole('combobox', { name: `Connect from ${from}: choose an output` })).toBeFocused()
    await keyboard.press('Enter')
    await expect(page.getByRole('combobox', { name: /choose where it goes$/ })).toBeFocused()
    await keyboard.type(`${to} ${port}`)
    await expect(page.getByRole('option', { selected: true })).toContainText(`${to} · ${port}`)
    await keyboard.press('Enter')
    await canvas.expectConnected({ node: from, port: 'result' }, { node: to, port })
  }
  await connect('Names', 'Greet', 'names')
  await connect('Greet', 'Card', 'lines')

  // An input is filled in, then the flow is run and its result read.
  await goTo('Names')
  await keyboard.press('i')
  await expect(page.getByRole('textbox', { name: 'count of Names' })).toBeFocused()
  await keyboard.type('2')
  await keyboard.press('Enter')
  await expect(canvas.inputField('Names', 'count')).toHaveText('2')
  await expect(workbench.runFlow).toBeEnabled()
  await keyboard.press('ControlOrMeta+Enter')
  await workbench.expectRun(1, 'done')
  await goTo('Card')
  await keyboard.press('ControlOrMeta+3')
  await expect(panels.tabs.getByRole('tab', { selected: true })).toBeFocused()
  await expect(panels.tab('Result')).toHaveAttribute('aria-selected', 'true')
  await expect(panels.region('Result')).toContainText('Hello, Ada! / Hello, Grace!')
  await keyboard.press('Tab')
  await expect(panels.region('Result')).toBeVisible()

  // The other panels by arrow keys, and back to the canvas by F6.
  await keyboard.press('ControlOrMeta+3')
  await keyboard.press('ArrowRight')
  await expect(panels.tab('Output')).toBeFocused()
  await keyboard.press('ControlOrMeta+1')
  await expect(canvas.node('Card')).toBeFocused()

  await workbench.expectSaved()
  expect((await project.flow()).edges).toEqual([
    { from: 'greet.result', to: 'card.lines' },
    { from: 'names.result', to: 'greet.names' },
  ])
  expect(await pointer()).toEqual([])
})
