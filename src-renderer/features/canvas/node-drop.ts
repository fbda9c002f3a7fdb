/** What may be dropped on the canvas: nodes from the panel, and files from outside. */
import { zProjectPath } from '../../../src-shared/ids.ts'
import { asWireError } from '../../lib/wire-error.ts'
import { addCodeNode, addValueNode } from '../document/index.ts'
import type { CanvasController } from './canvas-controller.ts'
import { NODE_WIDTH, type Point } from './geometry.ts'
import { addFromSource, NODE_DRAG_TYPE, zNodeSource } from './node-kinds.ts'

const MOST_BYTES = 5_000_000

function sourceIn(data: DataTransfer) {
  try {
    return zNodeSource.safeParse(JSON.parse(data.getData(NODE_DRAG_TYPE)))
  } catch {
    return null
  }
}

export async function addFromDrop(controller: CanvasController, data: DataTransfer, spot: Point): Promise<void> {
  const { session } = controller
  const at = { x: spot.x - NODE_WIDTH / 2, y: spot.y - 15 }
  const source = sourceIn(data)
  if (source?.success) {
    addFromSource(session, source.data, at)
    controller.focusElement()
    return
  }
  // The list is empty after the first wait, so the files are taken out now.
  const files = [...data.files]
  for (const [index, file] of files.entries()) await addFile(controller, file, { x: at.x, y: at.y + index * 90 })
}

/** A Python file becomes a code node; any other text file is put into the project with a value that names it. */
async function addFile(controller: CanvasController, file: File, at: Point): Promise<void> {
  const { session } = controller
  if (file.size > MOST_BYTES) {
    session.say(`${file.name} is larger than 5 MB.`, 'error', 'Copy it into the project folder instead.')
    return
  }
  const text = await file.text()
  if (text.includes('\0') || text.includes('\ufffd')) {
    session.say(`${file.name} is no text file.`, 'error', 'Copy it into the project folder instead.')
    return
  }
  if (file.name.endsWith('.py')) {
    addCodeNode(session, at, { title: file.name.replace(/\.py$/, '').replaceAll('_', ' '), text })
    return
  }
  const path = zProjectPath.safeParse(file.name)
  if (!path.success || session.state.files.has(file.name)) {
    session.say(`The project already has ${file.name}.`, 'error', 'Rename the file before dropping it.')
    return
  }
  try {
    await session.host.request('file.write', {
      projectId: session.state.projectId,
      writes: [{ path: path.data, text, base: null }],
    })
    addValueNode(session, at, JSON.stringify(file.name), file.name)
  } catch (thrown) {
    const error = asWireError(thrown)
    session.say(error.message, 'error', error.hint)
  }
}
