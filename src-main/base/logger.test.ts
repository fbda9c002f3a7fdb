import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createLogger } from './logger.ts'

it('writes lines of its level and above, without secrets, also to a file', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'nodeloom-log-'))
  try {
    const lines: string[] = []
    const file = join(dir, 'logs', 'a.log')
    const logger = createLogger({ level: 'info', file, write: (line) => lines.push(line) })
    logger.debug('unseen')
    logger.warn('open http://127.0.0.1:1/#token=canary', { apiKey: 'canary', header: 'Bearer canary', port: 1 })
    logger.error('failed', { error: new Error('with password=canary') })
    const text = await readFile(file, 'utf8')
    expect(lines.join('')).toBe(text)
    expect(lines).toHaveLength(2)
    expect(text).not.toContain('canary')
    expect(lines[0]).toMatch(
      /^\S+ warn open http:\/\/127\.0\.0\.1:1\/#token=\[hidden\] \{"apiKey":"\[hidden\]","header":"Bearer \[hidden\]","port":1\}\n$/,
    )
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
