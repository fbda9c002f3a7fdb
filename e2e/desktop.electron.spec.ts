/** The desktop shell in a real Electron: its window, what the page can reach, a run, and the end. */
import { processesOf } from './support/processes.ts'
import { expect, test } from './support/test.ts'

test('one window, sandboxed and isolated, that goes nowhere else', async ({ desktop }) => {
  const { electron, page } = desktop
  expect(page.url()).toBe('app://nodeloom/index.html')
  const reach = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'nodeloom'].map(
      (name): unknown => Reflect.get(globalThis, name) ?? null,
    ),
  )
  expect(reach).toEqual([null, null, null, null, { shell: 'desktop', platform: process.platform }])
  const preferences = await electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map(({ webContents }): unknown => {
      // Electron's types leave this method out; it tells what the window was really made with.
      const made = webContents as unknown as { getLastWebPreferences(): unknown }
      return made.getLastWebPreferences()
    }),
  )
  expect(preferences).toEqual([
    expect.objectContaining({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    }),
  ])
  expect(await electron.evaluate(({ app }) => app.commandLine.hasSwitch('no-sandbox'))).toBe(!desktop.sandboxed)
  const opened = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.injected = true'
    document.body.append(script)
    return [window.open('https://example.org/') === null, Reflect.has(window, 'injected')]
  })
  expect(opened).toEqual([true, false])
  expect(electron.windows()).toHaveLength(1)
})

test('hello is opened and run, its code is shown, and quitting leaves no process', async ({ desktop, places }) => {
  const { page } = desktop
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  await page
    .getByRole('button', { name: /^Hello/ })
    .first()
    .click()
  const run = page.getByRole('button', { name: 'Run flow' })
  await expect(run).toBeEnabled({ timeout: 20_000 })
  await run.click()
  const card = page.getByRole('group', { name: /^Card, code node, succeeded/ })
  await expect(card).toBeVisible({ timeout: 20_000 })
  await card.getByText('Card', { exact: true }).click()
  await expect(page.getByRole('tabpanel', { name: 'Result' })).toContainText('* Hello, Katherine! *')
  // The editor's program and its module workers come over app:// too; colours are the text worker's doing.
  const code = page.getByRole('region', { name: 'Code' })
  await expect(code.getByText('Draw `lines` in a frame')).toBeVisible({ timeout: 20_000 })
  const colours = (): Promise<number> =>
    code
      .locator('.view-line span[class*=mtk]')
      .evaluateAll((spans) => new Set(spans.map((span) => span.getAttribute('class'))).size)
  await expect.poll(colours).toBeGreaterThan(2)
  expect(page.workers().length).toBeGreaterThan(0)
  expect(page.workers().every((worker) => /^(app:\/\/nodeloom\/|blob:app:\/\/nodeloom\/)/.test(worker.url()))).toBe(
    true,
  )
  expect(faults).toEqual([])

  expect((await processesOf(places.root)).length).toBeGreaterThan(2)
  await desktop.stop()
  expect(await processesOf(places.root)).toEqual([])
})

test('a killed host is started again, and the window works on', async ({ desktop, places }) => {
  const { page } = desktop
  const hello = page.getByRole('button', { name: /^Hello/ }).first()
  await expect(hello).toBeVisible()
  const host = async (): Promise<number | undefined> =>
    (await processesOf(places.root)).find(
      ({ command }) => command.includes('host.cjs') && !command.includes('electron'),
    )?.pid
  const first = await host()
  if (first === undefined) throw new Error('There is no host.')
  process.kill(first, 'SIGKILL')
  await expect.poll(host, { timeout: 20_000 }).not.toBe(first)
  await hello.click()
  await expect(page.getByRole('application', { name: 'Flow canvas' })).toBeVisible({ timeout: 20_000 })
})
