// S5: the system's Chromium, on a page from loopback.

import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withSandbox } from './sandboxed.mjs'
import { comparison } from './statistics.mjs'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync']
const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.csv': 'text/csv' }
/** What the page may read. */
const open = ['pkg/dist/', 'pkg/wasm/', 'xtask/js/bench/', 'tests/data/']

export async function browser({ quick, wants, progress }) {
  if (!wants('S5')) return []
  const facts = {
    id: 'S5',
    job: '3,000 payees, CSV → signed bodies',
    ours: 'payseal',
    theirs: 'subtle.encrypt × 3,000 alone',
  }
  const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const executablePath = places.find(place => place && existsSync(place))
  if (!executablePath) return [{ ...facts, goal: 0.8, met: null, missing: 'Chromium: apt-get install chromium' }]
  progress('3,000 payees in Chromium')
  const { chromium } = await import('playwright-core')
  const server = await serve()
  const started = await chromium.launch({ executablePath, args: flags })
  try {
    const tab = await started.newPage()
    await tab.goto(`http://127.0.0.1:${server.address().port}/`)
    const times = await withSandbox(async (credentials, { judge }) => {
      const given = { credentials, rounds: quick ? 5 : 15 }
      const { requests, times } = await tab.evaluate(
        async given => (await import('/xtask/js/bench/page.mjs')).measure(given),
        given,
      )
      await judge('payseal in Chromium', requests)
      return times
    })
    const floor = { what: 'sealing alone', turns: times.floor }
    const row = comparison({ ...facts, goal: 0.8, floor }, times.ours, times.theirs)
    return [{ ...row, node: `Chromium ${started.version()}` }]
  } finally {
    await started.close()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}

async function serve() {
  const { exports } = JSON.parse(readFileSync(join(root, 'pkg/package.json'), 'utf8'))
  const file = name => join('/pkg', exports[name].browser)
  const imports = { payseal: file('.'), 'payseal/sheet': file('./sheet') }
  const page = `<!doctype html><meta charset="utf-8"><script type="importmap">${JSON.stringify({ imports })}</script>`
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    if (pathname === '/') return response.writeHead(200, { 'Content-Type': 'text/html' }).end(page)
    const path = normalize(decodeURIComponent(pathname)).slice(1)
    const type = types[extname(path)]
    const readable = type && open.some(folder => path.startsWith(folder)) && existsSync(join(root, path))
    if (!readable) return response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': type }).end(readFileSync(join(root, path)))
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}
