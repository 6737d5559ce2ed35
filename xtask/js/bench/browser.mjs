// S5, and S8 once more: the system's Chromium, on pages from loopback.

import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { job, ours, rowCount, theirs } from './large-sheets.mjs'
import { withSandbox } from './sandboxed.mjs'
import { comparison } from './statistics.mjs'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync']
const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.csv': 'text/csv' }
/** What the page may read. */
const open = ['pkg/dist/', 'pkg/wasm/', 'xtask/js/bench/', 'tests/data/']

/** What is measured in a page: what the row says of it, and how its turns come about. */
const measurements = [
  {
    facts: {
      id: 'S5',
      job: '3,000 payees, CSV → signed bodies',
      ours: 'payseal',
      theirs: 'subtle.encrypt × 3,000 alone',
      goal: 0.8,
    },
    floor: 'sealing alone',
    turns: (tab, quick) =>
      withSandbox(async (credentials, { judge }) => {
        const { requests, times } = await inPage(tab, 'wholeJob', { credentials, rounds: quick ? 5 : 15 })
        await judge('payseal in Chromium', requests)
        return times
      }),
  },
  {
    facts: { id: 'S8', job, ours, theirs, goal: 1 / 15 },
    turns: (tab, quick) => inPage(tab, 'largeSheet', { rowCount, rounds: quick ? 2 : 5 }),
  },
]

const inPage = (tab, name, given) =>
  tab.evaluate(async ([name, given]) => (await import('/xtask/js/bench/page.mjs'))[name](given), [name, given])

export async function browser({ quick, wants, progress }) {
  const wanted = measurements.filter(({ facts }) => wants(facts.id))
  if (wanted.length === 0) return []
  const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  const executablePath = places.find(place => place && existsSync(place))
  if (!executablePath) {
    const missing = 'Chromium: apt-get install chromium'
    return wanted.map(({ facts }) => ({ ...facts, met: null, missing }))
  }
  const { chromium } = await import('playwright-core')
  const server = await serve()
  const started = await chromium.launch({ executablePath, args: flags })
  try {
    const rows = []
    for (const { facts, floor, turns } of wanted) {
      progress(`Chromium: ${facts.job}`)
      const tab = await started.newPage()
      await tab.goto(`http://127.0.0.1:${server.address().port}/`)
      const times = await turns(tab, quick)
      const what = floor && { floor: { what: floor, turns: times.floor } }
      rows.push({
        ...comparison({ ...facts, ...what }, times.ours, times.theirs),
        node: `Chromium ${started.version()}`,
      })
      await tab.close()
    }
    return rows
  } finally {
    await started.close()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}

async function serve() {
  const { exports } = JSON.parse(readFileSync(join(root, 'pkg/package.json'), 'utf8'))
  const file = name => join('/pkg', exports[name].browser)
  const imports = { payseal: file('.'), 'payseal/sheet': file('./sheet'), papaparse: '/papaparse.mjs' }
  // It comes as a script for Node or for a page, and not as a module.
  const script = readFileSync(join(root, 'node_modules/papaparse/papaparse.js'), 'utf8')
  const papaparse = `const module = { exports: {} }, { exports } = module;\n${script};\nexport default module.exports`
  const page = `<!doctype html><meta charset="utf-8"><script type="importmap">${JSON.stringify({ imports })}</script>`
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    if (pathname === '/') return response.writeHead(200, { 'Content-Type': 'text/html' }).end(page)
    if (pathname === imports.papaparse) return response.writeHead(200, { 'Content-Type': types['.mjs'] }).end(papaparse)
    const path = normalize(decodeURIComponent(pathname)).slice(1)
    const type = types[extname(path)]
    const readable = type && open.some(folder => path.startsWith(folder)) && existsSync(join(root, path))
    if (!readable) return response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': type }).end(readFileSync(join(root, path)))
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}
