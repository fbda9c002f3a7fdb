import { describe, expect, it } from 'vitest'
import { zProjectId } from '../../src-shared/ids.ts'
import { Writers } from './writers.ts'

const project = zProjectId.parse('p-1')

describe('Writers', () => {
  it('lets the first page write, and the next one when it goes', () => {
    const writers = new Writers<string>()
    writers.add(project, 'first')
    writers.add(project, 'second')
    const before = [writers.isWriter(project, 'first'), writers.isWriter(project, 'second')]
    const next = writers.remove(project, 'first')
    expect({ before, next, after: writers.isWriter(project, 'second') }).toEqual({
      before: [true, false],
      next: 'second',
      after: true,
    })
  })

  it('says nothing when a reader goes, or a page that opened twice closes once', () => {
    const writers = new Writers<string>()
    for (const page of ['first', 'first', 'second']) writers.add(project, page)
    expect([
      writers.remove(project, 'second'),
      writers.remove(project, 'first'),
      writers.isWriter(project, 'first'),
      writers.remove(project, 'first'),
    ]).toEqual([null, null, true, null])
  })
})
