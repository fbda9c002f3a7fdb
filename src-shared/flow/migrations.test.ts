import { expect, it } from 'vitest'
import { emptyFlow, FLOW_FORMAT } from './document.ts'
import { flowMigrations, migrateFlow, type FlowMigration } from './migrations.ts'

const noted = (from: number): FlowMigration => ({
  from,
  migrate: (document) => ({
    ...document,
    extra: { ...document.extra, [`from${from}`]: document.extra?.['from1'] ?? (document.nodes && emptyText) },
  }),
})
const emptyText = JSON.parse('"{}"')

it('goes from step to step, in order, up to the target and no further', () => {
  const steps = [noted(2), noted(1), noted(3)]
  expect(migrateFlow(emptyFlow(), steps, 3)).toEqual({
    format: 3,
    nodes: {},
    edges: [],
    extra: { from1: '{}', from2: '{}' },
  })
})

it('leaves a present or newer document alone', () => {
  const newer = { ...emptyFlow(), format: 9 }
  expect([migrateFlow(emptyFlow()), migrateFlow(newer, [noted(1)], 3)]).toEqual([emptyFlow(), newer])
})

it('has a step for every older format', () => {
  const formats = Array.from({ length: FLOW_FORMAT - 1 }, (_, index) => index + 1)
  expect(flowMigrations.map((step) => step.from)).toEqual(formats)
})
