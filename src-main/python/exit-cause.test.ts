import { expect, test } from 'vitest'
import { describeExit } from './exit-cause.ts'

test.each([
  [{ kind: 'signal', signal: 9 } as const, true, 'worker died (signal 9)'],
  [{ kind: 'signal', signal: 11 } as const, true, 'worker died (signal 11): a crash in native code'],
  [{ kind: 'code', code: 3 } as const, true, 'worker exited with code 3 in the middle of the node'],
  [{ kind: 'code', code: 0 } as const, false, 'worker exited with code 0'],
  [{ kind: 'not_started', reason: 'No such file' } as const, false, 'worker could not be started: No such file'],
  [
    { kind: 'lost', reason: 'the supervisor ended (SIGKILL)' } as const,
    true,
    'worker was lost: the supervisor ended (SIGKILL)',
  ],
])('%j', (exit, inCall, words) => {
  expect(describeExit(exit, inCall)).toBe(words)
})
