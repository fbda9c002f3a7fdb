// Serves a folder and echoes what comes over a WebSocket: the least that a page with a server can be.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { WebSocketServer } from 'ws'

const folder = process.argv[2] ?? '.'
const types = new Map([
  ['.html', 'text/html'],
  ['.js', 'text/javascript'],
])

const server = createServer((request, response) => {
  const path = request.url === '/' ? '/index.html' : (request.url ?? '')
  readFile(join(folder, path)).then(
    (body) => response.writeHead(200, { 'content-type': types.get(extname(path)) ?? 'text/plain' }).end(body),
    () => response.writeHead(404).end(),
  )
})
new WebSocketServer({ server }).on('connection', (socket) => {
  socket.on('message', (data) => socket.send(data, { binary: false }))
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))
