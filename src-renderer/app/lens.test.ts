import { expect, test } from 'vitest'
import type { RunSnapshot } from '../../src-shared/contract/run.ts'
import { zRunId } from '../../src-shared/ids.ts'
import { emptyFlow } from '../../src-shared/flow/document.ts'
import { lensText } from './lens.ts'

const node = { kind: 'code', file: 'nodes/fit.py', title: 'Fit forest' }
const document = {
  ...emptyFlow(),
  nodes: { fit: node, compare: { kind: 'code', file: 'nodes/compare.py', title: 'Compare' } },
  edges: [{ from: { node: 'fit', port: 'result' }, to: { node: 'compare', port: 'models' } }],
}
const run: RunSnapshot = {
  runId: zRunId.parse('r'),
  number: 1,
  flow: 'main',
  startedAt: 1000,
  seq: 9,
  status: 'failed',
  durationMs: 10,
  nodes: { fit: { status: 'failed', finishedAtMs: 10, output: [] } },
}

test('the line over the code names the node, what it feeds and how it ended', () => {
  expect(lensText(document, run, 'nodes/fit.py', null, 2000)).toBe('Fit forest · feeds Compare · failed just now')
  expect(lensText(document, null, 'nodes/fit.py', null, 2000)).toBe('Fit forest · feeds Compare')
})

test('a file without a node has no such line', () => {
  expect(lensText(document, run, 'pyproject.toml', null, 2000)).toBeNull()
})
