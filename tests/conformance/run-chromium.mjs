/** The system's Chromium, on a page from loopback, with the sandbox behind the same origin. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { extname, join, normalize } from 'node:path'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' }

export async function start({ project, credentials, sandboxUrl }) {
  const executablePath = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ].find(path => path && existsSync(path))
  if (!executablePath) return { missing: 'apt-get install chromium' }
  const { chromium } = await import('playwright-core')
  writeFileSync(join(project, 'page.html'), page(project))
  const { server, origin } = await serve(project, sandboxUrl)
  const browser = await chromium.launch({ executablePath, args: flags })
  const tab = await browser.newPage()
  tab.on('pageerror', error => console.error(`chromium: ${error.message}`))
  await tab.goto(`${origin}/page.html`)
  const reached = { ...credentials, wechat: { ...credentials.wechat, baseUrl: origin } }
  return {
    version: browser.version(),
    run: engine =>
      tab.evaluate(
        async given => {
          const [payseal, { readSheet }, { runSuite }] = await Promise.all(
            ['payseal', 'payseal/sheet', '/suite/suite.mjs'].map(name => import(name)),
          )
          return runSuite({ payseal, readSheet, ...given, fetch: (url, init) => fetch(url, init) })
        },
        { engine, credentials: reached },
      ),
    async close() {
      await browser.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** What a bundler would do: names → the files that the package exports for browsers. */
function page(project) {
  const manifest = JSON.parse(readFileSync(join(project, 'node_modules/payseal/package.json'), 'utf8'))
  const file = name => join('/node_modules/payseal', manifest.exports[name].browser)
  const imports = { payseal: file('.'), 'payseal/sheet': file('./sheet') }
  return `<!doctype html><meta charset="utf-8"><title>payseal</title><script type="importmap">${JSON.stringify({ imports })}</script>\n`
}

async function serve(project, sandboxUrl) {
  const server = createServer((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url, 'http://localhost')
    if (/^\/(v3|_sandbox)\//.test(pathname)) return forward(sandboxUrl, incoming, outgoing)
    const path = join(project, normalize(decodeURIComponent(pathname)))
    const type = types[extname(path)]
    if (!path.startsWith(project) || !type || !existsSync(path)) return outgoing.writeHead(404).end()
    outgoing.writeHead(200, { 'Content-Type': type }).end(readFileSync(path))
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return { server, origin: `http://127.0.0.1:${server.address().port}` }
}

/** Bytes through, both ways; a connection that the sandbox cuts is cut here too. */
function forward(sandboxUrl, incoming, outgoing) {
  const onward = request(
    new URL(incoming.url, sandboxUrl),
    { method: incoming.method, headers: incoming.headers },
    answer => {
      // Chromium sends a request again by itself when a connection that it used before is cut: none is used twice here.
      outgoing.writeHead(answer.statusCode, { ...answer.headers, connection: 'close' })
      answer.pipe(outgoing)
      answer.on('error', () => outgoing.destroy())
    },
  )
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
}
