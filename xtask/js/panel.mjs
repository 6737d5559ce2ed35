/** Serves the built admin panel on loopback: `node xtask/js/panel.mjs [--port PORT]`. */
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { PANEL_PATH, panelPages } from '../../pkg/dist/sandbox/panel.js'

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } })
const port = Number(values.port)
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error('--port takes a number from 0 to 65535')
  process.exit(2)
}
const panel = panelPages()
if (!panel) {
  console.error('the panel is not built: cargo xtask panel')
  process.exit(1)
}

const server = createServer(({ method, url = '/' }, response) => {
  const { status, headers, body } = panel({ method, path: url.split('?')[0] }) ?? { status: 404, headers: {}, body: '' }
  response.writeHead(status, headers).end(body)
})
server.on('error', error => {
  console.error(error.code === 'EADDRINUSE' ? `port ${port} is taken: choose another with --port` : error.message)
  process.exit(1)
})
server.listen(port, '127.0.0.1', () => {
  console.log(`panel: http://127.0.0.1:${server.address().port}${PANEL_PATH}  (Ctrl+C stops it)`)
})
