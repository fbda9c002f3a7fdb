/** A first flow by mouse and keyboard: built from nothing, run, broken, mended, and all there the next day. */
import { expect, projectFiles, test } from './support/pages/story.ts'

test('a new project: three nodes, their code, wires, a run, an error mended, closed and opened again', async ({
  app,
  welcome,
  workbench,
  page,
}) => {
  test.setTimeout(120_000)
  const { canvas, editor, panels } = workbench
  const project = projectFiles(await welcome.create('greetings'))
  await workbench.expectOpen('greetings')

  // One node out of the Nodes panel, two by a double click.
  await workbench.showSide('Nodes')
  await canvas.dropFromPanel('Code', await canvas.at(140, 90))
  await canvas.rename('New node', 'Names')
  await canvas.quickAdd('Greet', await canvas.at(390, 90))
  await canvas.quickAdd('Card', await canvas.at(620, 90))
  await expect(canvas.nodes()).toHaveCount(3)

  await canvas.select('Names')
  await editor.expectOpen('new_node.py')
  await editor.focus()
  await editor.typeLines(['def main(count: int = 3) -> list[str]:', 'return ["Ada", "Grace", "Katherine"][:count]'])
  await expect(canvas.port('input', { node: 'Names', port: 'count' })).toBeVisible()
  await canvas.select('Greet')
  await editor.expectOpen('greet.py')
  await editor.focus()
  await editor.typeLines([
    'def main(names: list[str], greeting: str = "Hello") -> list[str]:',
    'for name in names:',
    'print("greeting", name)',
    '←return [f"{greeting}, {name}!" for name in names]',
  ])
  await canvas.select('Card')
  await editor.expectOpen('card.py')
  await editor.focus()
  await editor.typeLines(['def main(lines: list[str]) -> str:', 'return " / ".join(lines)'])
  await expect(canvas.port('input', { node: 'Card', port: 'lines' })).toBeVisible()

  await canvas.connect({ node: 'Names', port: 'result' }, { node: 'Greet', port: 'names' })
  await canvas.expectConnected({ node: 'Names', port: 'result' }, { node: 'Greet', port: 'names' })
  await canvas.connect({ node: 'Greet', port: 'result' }, { node: 'Card', port: 'lines' })
  await canvas.expectConnected({ node: 'Greet', port: 'result' }, { node: 'Card', port: 'lines' })

  // Every value is seen: on the node, in Result, in Output.
  await workbench.run(1)
  for (const title of ['Names', 'Greet', 'Card']) await canvas.expectStatus(title, 'succeeded')
  await canvas.select('Card')
  await expect(await panels.open('Result')).toContainText('Hello, Ada! / Hello, Grace! / Hello, Katherine!')
  await canvas.select('Names')
  await expect(panels.region('Result').getByRole('treeitem').filter({ hasText: 'Katherine' })).toBeVisible()
  await canvas.select('Greet')
  await expect(await panels.open('Output')).toContainText('greeting Grace')

  await canvas.fillInput('Names', 'count', '2')
  await workbench.run(2)
  await canvas.select('Card')
  await expect(await panels.open('Result')).toContainText('Hello, Ada! / Hello, Grace!')
  await expect(panels.region('Result')).not.toContainText('Katherine')

  // An error in the code is told at the node, at the line and in the list, in the same words.
  await canvas.select('Greet')
  await editor.expectOpen('greet.py')
  await editor.replaceWord('greeting', 'greting')
  await expect(canvas.port('input', { node: 'Greet', port: 'greting' })).toBeVisible()
  await workbench.run(3, 'failed')
  await canvas.expectStatus('Names', 'succeeded')
  await canvas.expectStatus('Greet', 'failed')
  await canvas.expectStatus('Card', 'skipped')
  await expect(canvas.node('Greet')).toContainText('line 4 · NameError')
  const sentence = /NameError: name 'greeting' is not defined/
  await expect(editor.region.getByText(sentence)).toBeVisible()
  const row = (await panels.open('Problems')).getByRole('button').filter({ hasText: sentence })
  await expect(row).toContainText('nodes/greet.py:4')
  await row.click()
  await expect(workbench.status.getByText(/^Ln 4,/)).toBeVisible()
  await canvas.select('Greet')
  await expect(await panels.open('Result')).toContainText('NameError')

  await editor.replaceWord('greting', 'greeting')
  await workbench.run(4)
  await canvas.expectStatus('Greet', 'succeeded')
  await expect(await panels.open('Problems')).toContainText('No problems')

  await canvas.move('Card', { x: 60, y: -40 })
  await workbench.expectSaved()
  const before = {
    flow: await project.flow(),
    layout: await project.layout(),
    code: await project.read('nodes/greet.py'),
  }
  expect(before.flow.edges).toEqual([
    { from: 'greet.result', to: 'card.lines' },
    { from: 'new_node.result', to: 'greet.names' },
  ])
  const box = await canvas.node('Card').boundingBox()
  const other = await canvas.node('Greet').boundingBox()

  await page.goto('about:blank')
  await app.restart()
  await welcome.recentProject('greetings').click()
  await workbench.expectOpen('greetings')
  await expect(canvas.nodes()).toHaveCount(3)
  await canvas.expectConnected({ node: 'Names', port: 'result' }, { node: 'Greet', port: 'names' })
  await canvas.expectConnected({ node: 'Greet', port: 'result' }, { node: 'Card', port: 'lines' })
  await expect(canvas.inputField('Names', 'count')).toHaveText('2')
  await canvas.select('Greet')
  await editor.expectText('for name in names:')
  const after = {
    flow: await project.flow(),
    layout: await project.layout(),
    code: await project.read('nodes/greet.py'),
  }
  expect(after).toEqual(before)
  // The view may be another one, the picture is the same.
  const [card, greet] = [await canvas.node('Card').boundingBox(), await canvas.node('Greet').boundingBox()]
  const scale = (card?.width ?? 1) / (box?.width ?? 1)
  expect((card?.x ?? 0) - (greet?.x ?? 0)).toBeCloseTo(((box?.x ?? 0) - (other?.x ?? 0)) * scale, 0)
  expect((card?.y ?? 0) - (greet?.y ?? 0)).toBeCloseTo(((box?.y ?? 0) - (other?.y ?? 0)) * scale, 0)
})
