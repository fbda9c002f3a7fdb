import { describe, expect, it } from 'vitest'
import type { FileAnalysis } from '../../../src-shared/contract/analysis.ts'
import type { NodeResult } from '../../../src-shared/contract/run.ts'
import type { FlowNode } from '../../../src-shared/flow/document.ts'
import { duration, footWords, headWords, nodeProblem, spokenName } from './status-words.ts'

const code: FlowNode = { kind: 'code', file: 'nodes/a.py' }
const analysis: FileAnalysis = {
  status: 'ok',
  message: null,
  line: null,
  column: null,
  functions: {},
  stale: false,
  imports: [],
  dependsOn: [],
}
const result = (change: Partial<NodeResult>): NodeResult => ({
  status: 'succeeded',
  reason: 'ran',
  why: '',
  durationMs: 38.2,
  outputs: {},
  ...change,
})
const preview = { type: 'int', text: '7\nmore', family: 'number' } as const

describe('duration', () => {
  it('is short and never runs over into the next unit', () => {
    expect([0.3, 38.2, 999.7, 3100, 59_960, 125_000].map(duration)).toEqual([
      '<1 ms',
      '38 ms',
      '1.0 s',
      '3.1 s',
      '1 min 0 s',
      '2 min 5 s',
    ])
  })
})

describe('headWords', () => {
  it('says every state in a word or a duration', () => {
    expect(headWords(code, { status: 'succeeded', result: result({}) }, null).text).toBe('38 ms')
    expect(headWords(code, { status: 'running', progress: { fraction: 0.62, text: '' } }, null).text).toBe('62 %')
    expect(headWords(code, { status: 'skipped', result: result({ reason: 'upstream_failed' }) }, null).text).toBe(
      'blocked',
    )
    expect(headWords(code, { status: 'skipped', result: result({ reason: 'not_taken' }) }, null).text).toBe('skipped')
    expect(headWords({ ...code, settings: { disabled: true } }, { status: 'failed' }, null).tone).toBe('disabled')
  })
})

describe('footWords', () => {
  it('says the most useful thing', () => {
    const error = { type: 'KeyError', message: "'Churn'", file: 'nodes/a.py', line: 14, traceback: '' }
    const failed = { status: 'failed', result: result({ status: 'failed', error }) } as const
    expect(footWords(code, analysis, failed, null, String)).toEqual({ text: 'line 14 · KeyError', tone: 'error' })
    expect(
      footWords(
        code,
        analysis,
        {
          status: 'succeeded',
          result: result({
            outputs: { a: preview, b: { ...preview, summary: 'big' }, result: { ...preview, summary: 'both' } },
          }),
        },
        null,
        String,
      ).text,
    ).toBe('7 · big')
    expect(
      footWords(code, analysis, { status: 'skipped', result: result({ why: 'fit_forest failed.' }) }, null, (id) =>
        id === 'fit_forest' ? 'Fit forest' : id,
      ).text,
    ).toBe('waits for Fit forest')
    expect(footWords(code, analysis, null, null, String)).toEqual({ text: 'nodes/a.py', tone: 'quiet' })
  })
})

describe('nodeProblem', () => {
  it('says what keeps a node from running', () => {
    expect(nodeProblem(code, undefined)).toBeNull()
    expect(nodeProblem(code, { ...analysis, status: 'syntax_error', line: 3 })).toBe('line 3 · syntax error')
    expect(nodeProblem(code, { ...analysis, status: 'missing' })).toBe('file missing')
    expect(nodeProblem(code, analysis)).toBe('no function main')
    expect(nodeProblem({ kind: 'loop' }, undefined)).toBe('loop: not run by this version')
    expect(nodeProblem({ kind: 'note' }, undefined)).toBeNull()
  })
})

describe('spokenName', () => {
  it('has title, kind and state', () => {
    const head = headWords(code, { status: 'succeeded', result: result({}) }, null)
    expect(spokenName('Clean table', code, head)).toBe('Clean table, code node, succeeded in 38 ms')
  })
})
