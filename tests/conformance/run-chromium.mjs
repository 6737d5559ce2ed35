/** The system's Chromium, on a page from loopback, with the sandbox behind the same origin. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const tests = fileURLToPath(new URL('..', import.meta.url))
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A name that is not loopback, so that its pages are not secure contexts.
  '--host-resolver-rules=MAP insecure.test 127.0.0.1',
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
  const { wechat, pingpp } = credentials
  const reached = { ...credentials, wechat: { ...wechat, baseUrl: origin }, pingpp: { ...pingpp, baseUrl: origin } }
  return {
    version: browser.version(),
    async run(engine) {
      const results = await tab.evaluate(
        async given => {
          const [payseal, { readSheet }, { runSuite }] = await Promise.all(
            ['payseal', 'payseal/sheet', '/suite/suite.mjs'].map(name => import(name)),
          )
          return runSuite({ payseal, readSheet, ...given, fetch: (url, init) => fetch(url, init) })
        },
        { engine, credentials: reached },
      )
      return [
        ...results,
        await insecure(browser, origin, credentials, engine),
        await threads(tab, reached, engine),
        await sheets(tab),
        await alone(browser, origin, reached),
      ]
    },
    async close() {
      await browser.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** The suite needs WebCrypto as its judge; what a page without it must do is little enough to be asked for here. */
async function insecure(browser, origin, { wechat }, engine) {
  const name = 'a page without TLS works with the core, signs the same bytes, and says why the host cannot'
  const sign = async ({ wechat, engine }) => {
    const { WechatPay } = await import('payseal')
    const options = { method: 'GET', path: '/v3/certificates', timestamp: 1_700_000_000, nonce: 'A'.repeat(32) }
    const attempt = async engine => (await new WechatPay({ ...wechat, engine }).sign(options)).headers.Authorization
    const refusal = await attempt('host').catch(error => error.code)
    const seal = async () => new WechatPay({ ...wechat, engine }).encrypt('x')
    const sealed = await seal().catch(error => error.code)
    return {
      subtle: Boolean(crypto.subtle),
      refusal,
      sealed,
      authorization: await attempt(engine === 'host' ? 'auto' : engine),
    }
  }
  const visit = async url => {
    const tab = await browser.newPage()
    await tab.goto(`${url}/page.html`)
    const result = await tab.evaluate(sign, { wechat, engine })
    await tab.close()
    return result
  }
  const [there, here] = [await visit(origin.replace('127.0.0.1', 'insecure.test')), await visit(origin)]
  const refused = there.refusal === 'ERR_ENGINE_UNAVAILABLE' && here.refusal === here.authorization
  const sealed = engine === 'host' ? there.sealed === 'ERR_ENGINE_UNAVAILABLE' : there.sealed.ciphertext?.length === 344
  const ok = !there.subtle && here.subtle && refused && sealed && there.authorization === here.authorization
  return ok ? { name, ok } : { name, ok, error: JSON.stringify({ there, here }) }
}

/** Every file of tests/data/sheets, through both modules as a page loads them. */
async function sheets(tab) {
  const name = 'every file of the corpus of sheets has the issues that are expected'
  const wrong = await tab.evaluate(async () => {
    const [{ readSheet }, { found }] = await Promise.all(
      ['payseal/sheet', '/sheets/found.mjs'].map(name => import(name)),
    )
    const { files } = await (await fetch('/data/sheets/expected.json')).json()
    const wrong = files.length > 60 ? [] : ['the list']
    for (const { file, issues } of files) {
      const bytes = new Uint8Array(await (await fetch(`/data/sheets/${file}`)).arrayBuffer())
      if (JSON.stringify(await found({ readSheet }, bytes)) !== JSON.stringify(issues)) wrong.push(file)
    }
    return wrong
  })
  return wrong.length === 0 ? { name, ok: true } : { name, ok: false, error: `not as expected: ${wrong.join(', ')}` }
}

/** The other pages import payseal/sheet too; here nobody does. */
async function alone(browser, origin, { wechat }) {
  const name = 'payseal alone makes a batch of an XLSX, and asks for the module for files only then'
  const tab = await browser.newPage()
  const asked = []
  tab.on('request', request => asked.push(request.url()))
  await tab.goto(`${origin}/page.html`)
  const early = await tab.evaluate(async () => Boolean(await import('payseal'))).then(() => asked.length)
  const count = await tab.evaluate(async wechat => {
    const { WechatPay } = await import('payseal')
    const bytes = await (await fetch('/data/sheets/same.xlsx')).arrayBuffer()
    const head = { appid: 'wxf636efh567hg4356', out_batch_no: 'sheet1', batch_name: 'n', batch_remark: 'r' }
    const [sealed] = await new WechatPay(wechat).transferBatches.prepareSheet(bytes, head)
    return sealed.count
  }, wechat)
  await tab.close()
  const first = asked.findIndex(url => url.endsWith('files_bg.wasm'))
  const ok = count === 3 && first >= early
  return ok ? { name, ok } : { name, ok, error: JSON.stringify({ count, early, first }) }
}

/** The suite sees that names are sealed right, not by whom: here the page counts what its workers are asked. */
async function threads(tab, credentials, engine) {
  const name = 'module workers seal the names of a large batch, and close ends them'
  const found = await tab.evaluate(
    async ({ credentials, engine }) => {
      const [payseal, { batch, client }] = await Promise.all(['payseal', '/suite/kit.mjs'].map(name => import(name)))
      const asked = []
      const Original = globalThis.Worker
      globalThis.Worker = class extends Original {
        postMessage(order, moved) {
          super.postMessage(order, moved)
          asked.push([order.lengths.length || 'copied', order.plaintexts.byteLength])
        }
      }
      const wechat = client({ payseal, engine, credentials }, { workers: 2 })
      // How long workers take to start is nobody's promise, so: batch after batch until they have.
      for (let round = 0; round < 200 && asked.length < 4; round += 1) await wechat.transferBatches.prepare(batch(601))
      globalThis.Worker = Original
      await wechat.close()
      return asked
    },
    { credentials, engine },
  )
  // The browser tells of their end a moment after it.
  await Promise.all(tab.workers().map(worker => worker.waitForEvent('close')))
  const moved = found.every(([count, left]) => count === 'copied' && left === 0)
  const ok = found.length >= 4 && moved
  return ok ? { name, ok } : { name, ok, error: JSON.stringify(found) }
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
    if (/^\/(v1|v3|_sandbox)\//.test(pathname)) return forward(sandboxUrl, incoming, outgoing)
    // The corpus of sheets and what reads it stand beside this folder.
    const root = /^\/(sheets|data)\//.test(pathname) ? tests : project
    const path = join(root, normalize(decodeURIComponent(pathname)))
    const type = types[extname(path)] ?? (root === tests ? 'application/octet-stream' : undefined)
    if (!path.startsWith(root) || !type || !existsSync(path)) return outgoing.writeHead(404).end()
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
