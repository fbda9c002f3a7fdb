import { describe, expect, test } from 'vitest'
import { addCounts, countLine, countPlaywright, countUnittest, judged, none } from './counts.ts'

describe('the last line', () => {
  test('names skipped tests only where there are some', () => {
    expect(countLine({ passed: 3, failed: 0, skipped: 0, notes: [] })).toBe('3 passed, 0 failed')
    expect(countLine({ passed: 3, failed: 1, skipped: 2, notes: [] })).toBe('3 passed, 1 failed, 2 skipped')
  })

  test('adds the stages up', () => {
    const one = { passed: 1, failed: 2, skipped: 3, notes: ['a'] }
    expect(addCounts([one, none, { ...one, notes: ['b'] }])).toEqual({
      passed: 2,
      failed: 4,
      skipped: 6,
      notes: ['a', 'b'],
    })
  })
})

describe('a runner that ends badly without a failed test', () => {
  test('fails the stage', () => {
    expect(judged({ ...none, passed: 4 }, 1)).toMatchObject({ passed: 4, failed: 1 })
  })

  test('fails the stage when nothing passed at all', () => {
    expect(judged(none, 0)).toMatchObject({ failed: 1, notes: ['no test passed'] })
  })

  test('leaves real counts alone', () => {
    expect(judged({ ...none, passed: 4 }, 0)).toEqual({ ...none, passed: 4 })
    expect(judged({ ...none, failed: 2 }, 1)).toEqual({ ...none, failed: 2 })
  })
})

describe('unittest', () => {
  test.each([
    ['Ran 12 tests in 0.1s\n\nOK\n', { passed: 12, failed: 0, skipped: 0, notes: [] }],
    ['Ran 1 test in 0.1s\n\nOK (skipped=1)\n', { passed: 0, failed: 0, skipped: 1, notes: [] }],
    [
      'Ran 9 tests in 2s\n\nFAILED (failures=1, errors=2, skipped=3)\n',
      { passed: 3, failed: 3, skipped: 3, notes: [] },
    ],
    ['Ran 5 tests in 2s\n\nFAILED (unexpected successes=1)\n', { passed: 4, failed: 1, skipped: 0, notes: [] }],
    ['Ran 5 tests in 2s\n\nOK (expected failures=1)\n', { passed: 5, failed: 0, skipped: 0, notes: [] }],
    ['Traceback: no module\n', { passed: 0, failed: 1, skipped: 0, notes: ['unittest printed no verdict'] }],
  ])('%j', (output, counts) => {
    expect(countUnittest(output)).toEqual(counts)
  })
})

test('Playwright: nested suites, flaky and skipped stories', () => {
  const spec = (title: string, status: string, annotations: object[] = []) => ({
    title,
    tests: [{ status, annotations }],
  })
  const report = {
    suites: [
      {
        title: 'a.spec.ts',
        specs: [spec('works', 'expected'), spec('breaks', 'unexpected')],
        suites: [
          {
            title: 'inner',
            specs: [spec('wobbles', 'flaky'), spec('waits', 'skipped', [{ type: 'skip', description: 'no display' }])],
          },
        ],
      },
    ],
  }
  expect(countPlaywright(report)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 1,
    notes: ['flaky: wobbles passed only on a later try', 'skipped: waits (no display)'],
  })
})
