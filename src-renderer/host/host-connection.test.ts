import { afterEach, expect, it, vi } from 'vitest'
import type { MessagePortLike } from '../../src-shared/rpc/port.ts'
import { createMemoryPair } from '../../src-shared/rpc/memory-pair.ts'
import { HostConnection } from './host-connection.ts'

const nextTurn = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

/** A host of one method that the test can cut off. */
function fakeHost() {
  const servers: MessagePortLike[] = []
  const refusals: string[] = []
  const connect = async (): Promise<MessagePortLike> => {
    const refusal = refusals.shift()
    if (refusal !== undefined) throw new Error(refusal)
    const [page, server] = createMemoryPair()
    servers.push(server)
    server.onMessage((message) => {
      const { id, method } = JSON.parse(String(message)) as { id: number; method: string }
      if (method === 'app.forgetRecent') server.post(JSON.stringify({ t: 'result', id, value: {} }))
    })
    return page
  }
  const cut = (): void => servers.at(-1)?.close()
  const tell = (path: string): void =>
    servers.at(-1)?.post(JSON.stringify({ t: 'event', event: 'app.openPath', payload: { path } }))
  return { connect, cut, tell, servers, refusals }
}

afterEach(() => vi.useRealTimers())

it('connects with the first request and again after a loss; listeners stay', async () => {
  vi.useFakeTimers()
  const fake = fakeHost()
  const host = new HostConnection(fake.connect)
  const log: string[] = []
  host.onDidConnect(() => log.push('connected'))
  host.onDidDisconnect((reason) => log.push(`lost: ${reason}`))
  host.onEvent('app.openPath', ({ path }) => log.push(path))
  expect(await host.request('app.forgetRecent', { path: 'x' })).toEqual({})
  fake.tell('one')
  await nextTurn()
  const pending = host.request('app.info', {})
  await nextTurn()
  fake.cut()
  await expect(pending).rejects.toMatchObject({ code: 'connection_lost' })
  expect(host.state).toBe('lost')
  const later = host.request('app.forgetRecent', { path: 'x' })
  await vi.advanceTimersByTimeAsync(250)
  expect(await later).toEqual({})
  fake.tell('two')
  await nextTurn()
  expect(log).toEqual(['connected', 'one', 'lost: The connection was closed.', 'connected', 'two'])
  host.dispose()
})

it('waits longer after each refusal and says why', async () => {
  vi.useFakeTimers()
  const fake = fakeHost()
  fake.refusals.push('no 1', 'no 2', 'no 3')
  const host = new HostConnection(fake.connect)
  const reasons: string[] = []
  host.onDidDisconnect((reason) => reasons.push(reason))
  host.start()
  await vi.advanceTimersByTimeAsync(0)
  expect(reasons).toEqual(['no 1'])
  await vi.advanceTimersByTimeAsync(250)
  expect(reasons).toEqual(['no 1', 'no 2'])
  await vi.advanceTimersByTimeAsync(499)
  expect(reasons).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1)
  expect([reasons.length, host.reason]).toEqual([3, 'no 3'])
  host.retryNow()
  await vi.advanceTimersByTimeAsync(0)
  expect([host.state, host.reason]).toEqual(['connected', ''])
  host.dispose()
})

it('lets a waiting request be cancelled', async () => {
  const host = new HostConnection(() => new Promise(() => undefined))
  const abort = new AbortController()
  const request = host.request('app.info', {}, { signal: abort.signal })
  abort.abort()
  await expect(request).rejects.toMatchObject({ code: 'cancelled' })
  host.dispose()
})
