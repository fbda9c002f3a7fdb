import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { zJsonText } from '../../../src-shared/flow/document.ts'
import { zProjectPath } from '../../../src-shared/ids.ts'
import { changeInput, drawWire } from './edge-actions.ts'
import { FakeHost, openSession } from './fake-host.ts'
import type { FlowSession } from './flow-session.ts'
import {
  addCodeNode,
  addNodeOnFile,
  addValueNode,
  deleteNodes,
  duplicateNodes,
  moveBy,
  nodesAsText,
  pasteText,
} from './node-actions.ts'

const flow = `{
  "format": 1,
  "nodes": {
    "a": { "kind": "value", "value": 1 },
    "b": { "kind": "code", "file": "nodes/b.py" },
    "c": { "kind": "code", "file": "nodes/b.py", "title": "Other" }
  },
  "edges": [
    { "from": "a.result", "to": "b.x" }
  ]
}
`

let host: FakeHost
let session: FlowSession

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  host = new FakeHost()
  host.put('nodes/b.py', 'def main(x): return x\n')
  session = await openSession(host, flow)
})

afterEach(() => {
  session.dispose()
  vi.useRealTimers()
})

const ids = (): string[] => Object.keys(session.state.document.nodes).sort()
const edges = (): string[] =>
  session.state.document.edges.map(({ from, to }) => `${from.node}.${from.port} ${to.node}.${to.port}`)
const at = { x: 10, y: 20 }

describe('saving', () => {
  it('writes nothing for a flow that was only opened', async () => {
    expect(await session.flush()).toBe(true)
    expect(host.transactions).toEqual([])
  })

  it('writes a while after an edit, once for several', async () => {
    moveBy(session, ['a'], 5, 5)
    changeInput(session, 'b', 'y', zJsonText.parse('2.0'))
    expect(session.state.save.state).toBe('unsaved')
    await vi.advanceTimersByTimeAsync(299)
    expect(host.transactions).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(host.transactions).toEqual([['flows/main.json', 'flows/main.layout.json']])
    expect(host.text('flows/main.json')).toContain('"y": 2.0')
    expect(session.state.save.state).toBe('saved')
  })

  it('keeps what could not be written, and writes it with the next try', async () => {
    host.nextFailure = Object.assign(new Error('The disk is full.'), { code: 'disk_full', hint: 'Free some space.' })
    moveBy(session, ['a'], 5, 5)
    expect(await session.flush()).toBe(false)
    expect(session.state.save).toEqual({ state: 'failed', message: 'The disk is full.', hint: 'Free some space.' })
    expect(await session.flush()).toBe(true)
    expect(host.transactions).toEqual([['flows/main.layout.json']])
  })

  it('refuses edits of a flow that is read-only and says so', async () => {
    session.dispose()
    session = await openSession(host, flow, 'another window writes it')
    expect(moveBy(session, ['a'], 5, 5)).toBe(false)
    expect(session.state.notice?.text).toContain('another window writes it')
  })
})

describe('undo', () => {
  it('takes back graph, layout and selection as one, and does it again', async () => {
    const before = session.state
    session.select(['a'])
    expect(addValueNode(session, at, '7')).toBe('value')
    expect([ids(), [...session.state.selection], session.state.undoLabel]).toEqual([
      ['a', 'b', 'c', 'value'],
      ['value'],
      'Add Value',
    ])
    await session.undo()
    expect(session.state.document).toBe(before.document)
    expect([...session.state.selection]).toEqual(['a'])
    await session.redo()
    expect(ids()).toEqual(['a', 'b', 'c', 'value'])
    expect(session.state.layout.nodes['value']).toEqual(at)
  })

  it('joins typing in one field until something else happens', async () => {
    for (const text of ['1', '12', '123']) changeInput(session, 'b', 'y', zJsonText.parse(text))
    session.endGroup()
    changeInput(session, 'b', 'y', zJsonText.parse('4'))
    await session.undo()
    expect(session.state.document.nodes).toHaveProperty('b.inputs', { y: '123' })
    await session.undo()
    expect(session.state.document.nodes).not.toHaveProperty('b.inputs')
    expect(session.state.undoLabel).toBeNull()
  })

  it('makes the file of a new code node in the same transaction, and takes it away again', async () => {
    const made = addCodeNode(session, at, { title: 'Clean table' })
    expect(made).toEqual({ id: 'clean_table', file: 'nodes/clean_table.py' })
    await session.flush()
    expect(host.transactions).toEqual([['flows/main.json', 'flows/main.layout.json', 'nodes/clean_table.py']])
    const text = host.text('nodes/clean_table.py')
    expect(text).toContain('"""Clean table.')
    await session.undo()
    expect([host.text('nodes/clean_table.py'), ids()]).toEqual([null, ['a', 'b', 'c']])
    await session.redo()
    expect([host.text('nodes/clean_table.py'), ids()]).toEqual([text, ['a', 'b', 'c', 'clean_table']])
  })

  it('keeps the file of an undone node when somebody wrote into it, and says so', async () => {
    addCodeNode(session, at, { title: 'New' })
    await session.flush()
    host.put('nodes/new.py', 'def main(): return 42\n')
    await session.undo()
    expect([ids(), host.text('nodes/new.py')]).toEqual([['a', 'b', 'c'], 'def main(): return 42\n'])
    expect(session.state.notice?.text).toContain('nodes/new.py was changed since and is kept')
  })

  it('takes a new node out again when its file cannot be made', async () => {
    host.put('nodes/taken.py', 'mine\n')
    expect(addCodeNode(session, at, { title: 'Taken' })?.file).toBe('nodes/taken.py')
    await session.flush()
    expect([ids(), host.text('nodes/taken.py'), session.state.undoLabel]).toEqual([['a', 'b', 'c'], 'mine\n', null])
    expect(session.state.notice).toMatchObject({ tone: 'error' })
  })
})

describe('deleting and copying', () => {
  it('keeps a file that another node uses and deletes it with the last one; undo brings the text back', async () => {
    await deleteNodes(session, ['b'])
    await session.flush()
    expect([ids(), edges(), host.text('nodes/b.py')]).toEqual([['a', 'c'], [], 'def main(x): return x\n'])
    await deleteNodes(session, ['c'])
    await session.flush()
    expect(host.text('nodes/b.py')).toBeNull()
    await session.undo()
    await session.undo()
    expect([ids(), edges(), host.text('nodes/b.py')]).toEqual([
      ['a', 'b', 'c'],
      ['a.result b.x'],
      'def main(x): return x\n',
    ])
  })

  it('refuses an undo that would put back a file which is there again with another text', async () => {
    await deleteNodes(session, ['b', 'c'])
    await session.flush()
    host.put('nodes/b.py', 'something else\n')
    await session.undo()
    expect([ids(), host.text('nodes/b.py'), session.state.undoLabel]).toEqual([
      ['a'],
      'something else\n',
      'Delete 2 nodes',
    ])
    expect(session.state.notice?.text).toBe('nodes/b.py has changed since, so this step cannot be undone.')
    host.files.delete('nodes/b.py')
    await session.undo()
    expect([ids(), host.text('nodes/b.py')]).toEqual([['a', 'b', 'c'], 'def main(x): return x\n'])
  })

  it('keeps a file that a node of another flow uses, and every file when that flow cannot be read', async () => {
    for (const other of ['{"format": 1, "nodes": {"z": {"kind": "code", "file": "nodes/b.py"}}, "edges": []}', '{']) {
      host.put('flows/other.json', other)
      session.store.setState({ flows: ['main', 'other'] })
      await deleteNodes(session, ['b', 'c'])
      await session.flush()
      expect([ids(), host.text('nodes/b.py')]).toEqual([['a'], 'def main(x): return x\n'])
      await session.undo()
    }
  })

  it('does not remove a file that changed since it was read', async () => {
    const files = [{ path: zProjectPath.parse('nodes/b.py'), before: 'as it was read', after: null }]
    session.edit('Delete', () => ({ files }))
    await session.flush()
    expect([host.text('nodes/b.py'), session.state.undoLabel]).toEqual(['def main(x): return x\n', null])
    expect(session.state.notice?.text).toContain('nodes/b.py was changed by another program')
  })

  it('lets editors write what they hold before a file is read to be kept', async () => {
    const asked: string[] = []
    session.onWillTouchFiles(async (paths) => {
      asked.push(...paths)
      host.put('nodes/b.py', 'typed a moment ago\n')
    })
    await deleteNodes(session, ['b', 'c'])
    await session.undo()
    expect(asked[0]).toBe('nodes/b.py')
    expect(host.text('nodes/b.py')).toBe('typed a moment ago\n')
  })

  it('duplicates a node with a copy of its file', async () => {
    await duplicateNodes(session, ['b'])
    await session.flush()
    expect(session.state.document.nodes).toHaveProperty('b_2.file', 'nodes/b_2.py')
    expect(host.text('nodes/b_2.py')).toBe(host.text('nodes/b.py'))
  })

  it('pastes what was copied, with the edges between', async () => {
    const text = await nodesAsText(session, ['a', 'b'])
    expect(pasteText(session, text, { x: 500, y: 500 })).toBe(true)
    await session.flush()
    expect(edges()).toEqual(['a.result b.x', 'a_2.result b_2.x'])
    expect(pasteText(session, 'no nodes at all', at)).toBe(false)
  })

  it('puts a node on a file that is there', () => {
    expect(addNodeOnFile(session, at, 'nodes/b.py')).toBe('b_2')
    expect(session.state.document.nodes).toHaveProperty('b_2.title', 'B')
  })
})

describe('wires', () => {
  it('says why a wire cannot be drawn', () => {
    expect(drawWire(session, { node: 'b', port: 'result' }, { node: 'a', port: 'x' })).toBe(false)
    expect(session.state.notice?.tone).toBe('refused')
    expect(drawWire(session, { node: 'a', port: 'result' }, { node: 'c', port: 'x' })).toBe(true)
    expect(edges()).toEqual(['a.result b.x', 'a.result c.x'])
  })

  it('re-routes in one step', async () => {
    const [edge] = session.state.document.edges
    drawWire(session, { node: 'a', port: 'result' }, { node: 'c', port: 'x' }, edge)
    expect(edges()).toEqual(['a.result c.x'])
    await session.undo()
    expect(edges()).toEqual(['a.result b.x'])
  })
})

describe('changes by other programs', () => {
  const other = flow.replace('"value": 1', '"value": 99')

  it('are taken over while nothing is unsaved, and can be undone', async () => {
    host.change('flows/main.json', other)
    await session.flush()
    expect(session.state.document.nodes).toHaveProperty('a.value', '99')
    await session.undo()
    await session.flush()
    expect(host.text('flows/main.json')).toContain('"value": 1 }')
  })

  it('wait for a decision while something is unsaved; mine replaces theirs', async () => {
    changeInput(session, 'b', 'y', zJsonText.parse('5'))
    host.change('flows/main.json', other)
    await session.flush()
    const { conflict } = session.state
    expect([conflict?.theirs, conflict?.mine.includes('"y": 5')]).toEqual([other, true])
    expect(host.text('flows/main.json')).toBe(other)
    expect(moveBy(session, ['a'], 1, 1)).toBe(false)
    await session.resolveConflict('mine')
    expect([session.state.conflict, host.text('flows/main.json')?.includes('"y": 5')]).toEqual([null, true])
  })

  it('are taken by choice, and mine comes back with undo', async () => {
    changeInput(session, 'b', 'y', zJsonText.parse('5'))
    host.change('flows/main.json', other)
    await session.flush()
    await session.resolveConflict('theirs')
    expect(session.state.document.nodes).toHaveProperty('a.value', '99')
    expect(host.text('flows/main.json')).toBe(other)
    await session.undo()
    expect(session.state.document.nodes).toHaveProperty('b.inputs', { y: '5' })
  })

  it('are not seen in news of an own save that a later save has replaced', async () => {
    moveBy(session, ['a'], 5, 5)
    changeInput(session, 'b', 'y', zJsonText.parse('2'))
    await session.flush()
    const earlier = host.files.get('flows/main.json')
    changeInput(session, 'b', 'y', zJsonText.parse('3'))
    await session.flush()
    await session.undo()
    host.emit('file.changed', {
      projectId: session.state.projectId,
      path: zProjectPath.parse('flows/main.json'),
      revision: earlier?.revision ?? null,
      text: earlier?.text ?? null,
    })
    await session.flush()
    expect(session.state.redoLabel).toBe('Set b.y')
    expect(session.state.conflict).toBeNull()
  })

  it('are found by the write itself when no event came', async () => {
    host.put('flows/main.json', other)
    changeInput(session, 'b', 'y', zJsonText.parse('5'))
    expect(await session.flush()).toBe(false)
    expect(session.state.conflict?.theirs).toBe(other)
    expect(host.text('flows/main.json')).toBe(other)
  })

  it('never show a damaged file as an empty flow, nor write over it', async () => {
    host.change('flows/main.json', '{ "format": 1, "nodes": {')
    await session.flush()
    expect(session.state.damaged?.kind).toBe('damaged')
    expect(addValueNode(session, at)).toBeNull()
    expect(host.text('flows/main.json')).toBe('{ "format": 1, "nodes": {')
    await session.repair('lastGood')
    expect([session.state.damaged, ids()]).toEqual([null, ['kept']])
  })
})

describe('a layout that cannot be read', () => {
  it('gives the nodes new places, says so, and is replaced by the next change of the layout only', async () => {
    session.dispose()
    host.put('flows/main.layout.json', '<<<<<<< mine')
    session = await openSession(host, flow)
    expect([Object.keys(session.state.layout.nodes).sort(), session.state.notice?.tone]).toEqual([
      ['a', 'b', 'c'],
      'error',
    ])
    await session.flush()
    expect(host.text('flows/main.layout.json')).toBe('<<<<<<< mine')
    moveBy(session, ['a'], 5, 5)
    await session.flush()
    expect(host.replaced).toEqual(['flows/main.layout.json'])
  })

  it('of a newer version makes the flow read-only', async () => {
    session.dispose()
    host.put('flows/main.layout.json', '{"format": 2, "nodes": {}}')
    session = await openSession(host, flow)
    expect(session.state.readOnly).toContain('newer')
  })
})

describe('a flow of a newer version', () => {
  it('opens read-only', async () => {
    session.dispose()
    session = await openSession(host, flow.replace('"format": 1', '"format": 2'))
    expect(ids()).toEqual(['a', 'b', 'c'])
    expect(session.state.readOnly).toContain('newer')
  })
})
