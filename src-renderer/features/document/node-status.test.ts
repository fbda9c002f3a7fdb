import { beforeEach, describe, expect, it } from 'vitest'
import {
  clearNodeStatuses,
  nodeStatus,
  onDidChangeNodeStatus,
  replaceNodeStatuses,
  setNodeStatus,
  subscribeNodeStatus,
} from './node-status.ts'

beforeEach(clearNodeStatuses)

describe('node status', () => {
  it('tells only the listeners of the node that changed', () => {
    const heard: string[] = []
    const stop = subscribeNodeStatus('a', () => heard.push('a'))
    subscribeNodeStatus('b', () => heard.push('b'))
    const all = onDidChangeNodeStatus((node) => heard.push(`any ${node}`))
    setNodeStatus('a', { status: 'running' })
    stop()
    setNodeStatus('a', { status: 'succeeded' })
    all.dispose()
    setNodeStatus('a', null)
    expect(heard).toEqual(['a', 'any a', 'any a'])
    expect(nodeStatus('a')).toBeNull()
  })

  it('forgets what a new picture does not have', () => {
    const kept = { status: 'succeeded' } as const
    replaceNodeStatuses({ a: kept, b: { status: 'failed' } })
    const heard: string[] = []
    const all = onDidChangeNodeStatus((node) => heard.push(node))
    replaceNodeStatuses({ a: kept, c: { status: 'waiting' } })
    all.dispose()
    expect([heard.sort(), nodeStatus('b'), nodeStatus('c')]).toEqual([['b', 'c'], null, { status: 'waiting' }])
  })
})
