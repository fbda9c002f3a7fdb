import { beforeEach, describe, expect, it } from 'vitest'
import type { Problem } from '../../../src-shared/contract/problem.ts'
import { listedProblems, setFailures, setProblems, setRefusal, useProblems } from './problems-store.ts'

const lacks = (port: string): Problem => ({
  code: 'missing-input',
  severity: 'error',
  message: `${port} has no value.`,
  file: 'flows/main.json',
  line: 4,
  node: port.split('.', 1)[0] ?? '',
  port,
  edge: null,
})
const said = (): string[] => listedProblems(useProblems.getState()).map((one) => one.message)

beforeEach(() => {
  setProblems([])
  setRefusal([])
  setFailures([])
})

describe('the list of problems', () => {
  it('names once what both the checks and a refused run found', () => {
    setProblems([lacks('a.x'), lacks('b.y')])
    setRefusal([lacks('b.y')])
    expect(said()).toEqual(['b.y has no value.', 'a.x has no value.'])
  })

  it('drops what a refused run said once it is mended, and keeps what the checks never knew', () => {
    setProblems([lacks('a.x'), lacks('b.y')])
    setRefusal([lacks('a.x'), lacks('only.run')])
    setProblems([lacks('b.y')])
    expect(said()).toEqual(['only.run has no value.', 'b.y has no value.'])
    expect(useProblems.getState().refusal).toEqual([lacks('only.run')])
  })

  it('keeps a refusal that comes before the checks’ own list', () => {
    setRefusal([lacks('a.x')])
    setProblems([lacks('a.x')])
    expect(useProblems.getState().refusal).toEqual([lacks('a.x')])
    setProblems([])
    expect(said()).toEqual([])
  })
})
