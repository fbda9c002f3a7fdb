/**
 * `npm run dev [-- PROJECT]`: the page from vite's server, reloaded as you type, in front of a host that restarts when
 * its source changes. Open the address it prints.
 */
import { spawn } from 'node:child_process'
import { createServer as createProbe } from 'node:net'
import { createServer } from 'vite'
import { page } from '../electron.vite.config.ts'
import { inRoot } from './lib/paths.ts'

const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const probe = createProbe()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address !== null && typeof address === 'object') done(address.port)
        else fail(new Error('No free port.'))
      })
    })
  })

const hostPort = await freePort()
const hostOrigin = `http://127.0.0.1:${hostPort}`

const vite = await createServer({
  ...page,
  configFile: false,
  server: {
    host: '127.0.0.1',
    port: 0,
    proxy: {
      // The host accepts its own origin only, so the proxy speaks as that.
      '/ws': { target: hostOrigin, ws: true, changeOrigin: true, headers: { origin: hostOrigin } },
      '/api': { target: hostOrigin, changeOrigin: true, headers: { origin: hostOrigin } },
    },
  },
})
await vite.listen()
const pageOrigin = (vite.resolvedUrls?.local[0] ?? '').replace(/\/$/, '')

const watched = ['--watch', '--watch-preserve-output', inRoot('src-main/serve.ts')]
const host = spawn(process.execPath, [...watched, ...process.argv.slice(2), '--no-open', '--port', String(hostPort)], {
  stdio: ['inherit', 'pipe', 'inherit'],
})
host.stdout.on('data', (chunk: Buffer) => {
  process.stdout.write(chunk.toString('utf8').replaceAll(hostOrigin, pageOrigin))
})

const stop = async (): Promise<void> => {
  host.kill('SIGTERM')
  await vite.close()
}
process.once('SIGINT', () => void stop())
process.once('SIGTERM', () => void stop())
host.once('exit', (code) => {
  process.exitCode = code ?? 0
  void vite.close()
})
