import { expect, it } from 'vitest'
import { emptyFlow, FLOW_FORMAT, zJsonText } from './document.ts'
import { flowMigrations, migrateFlow, type FlowMigration } from './migrations.ts'

/** Notes itself in the document, with the number of notes there were. */
const step = (from: number): FlowMigration => ({
  from,
  migrate: (document) => {
    const notes = document.extra ?? {}
    return { ...document, extra: { ...notes, [`from${from}`]: zJsonText.parse(String(Object.keys(notes).length)) } }
  },
})

it('goes from step to step, in order, up to the target and no further', () => {
  const migrated = migrateFlow(emptyFlow(), [step(2), step(1), step(3)], 3)
  expect(migrated).toEqual({ format: 3, nodes: {}, edges: [], extra: { from1: '0', from2: '1' } })
})

it('leaves a present or newer document alone', () => {
  const newer = { ...emptyFlow(), format: 9 }
  expect([migrateFlow(emptyFlow()), migrateFlow(newer, [step(1)], 3)]).toEqual([emptyFlow(), newer])
})

it('has a step for every older format', () => {
  const formats = Array.from({ length: FLOW_FORMAT - 1 }, (_, index) => index + 1)
  expect(flowMigrations.map((one) => one.from)).toEqual(formats)
})
