/** The built panel in the system's Chromium: every console error and every breach of the policy is a failure. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PANEL_PATH, panelPages } from '../../pkg/dist/sandbox/panel.js'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const executablePath = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find(path => path && existsSync(path))

/** Why the suite cannot run, for `test(name, { skip })`. */
export const skip = executablePath ? false : 'chromium is missing: apt-get install chromium'

/** Pictures and measurements for people to look at. */
export const output = fileURLToPath(new URL('../../target/panel/', import.meta.url))

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const desktop = { width: 1440, height: 900 }
export const phone = { width: 360, height: 740 }

export async function startPanel() {
  const { chromium } = await import('playwright-core')
  mkdirSync(output, { recursive: true })
  const pages = panelPages()
  if (!pages) throw new Error('the panel is not built: cargo xtask test panel')
  const server = createServer(({ method, url }, response) => {
    const { status, headers, body } = pages({ method, path: url.split('?')[0] }) ?? { status: 404, headers: {} }
    response.writeHead(status, headers).end(body)
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${server.address().port}`
  const browser = await chromium.launch({ executablePath, args: flags })
  return {
    origin,
    /** A fresh page; `faults` collects what must not happen, `requests` what left for anywhere else. */
    async open({ locale = 'zh-CN', viewport = desktop, colorScheme = 'light', touch = false } = {}) {
      const context = await browser.newContext({
        locale,
        viewport,
        colorScheme,
        hasTouch: touch,
        acceptDownloads: true,
        permissions: ['clipboard-read', 'clipboard-write'],
      })
      const page = await context.newPage()
      const faults = []
      page.on('console', message => {
        if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`)
      })
      page.on('pageerror', error => faults.push(`page: ${error.message}`))
      page.on('request', request => {
        const { protocol, origin: to } = new URL(request.url())
        if (to !== origin && protocol !== 'blob:') faults.push(`request: ${request.url()}`)
      })
      await page.addInitScript(() => {
        window.breaches = []
        document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
          window.breaches.push(`${violatedDirective} ${blockedURI}`),
        )
      })
      await page.goto(`${origin}${PANEL_PATH}`)
      return {
        page,
        faults: async () => [...faults, ...(await page.evaluate(() => window.breaches))],
        close: () => context.close(),
      }
    },
    /** From here on the tasks of the page are recorded. */
    trace: page => browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline'] }),
    /**
     * The tasks of the page's main thread over 50 ms: by the clock, and by the time the thread really ran, which other
     * work on the machine does not lengthen.
     */
    async traced() {
      const { traceEvents: events } = JSON.parse((await browser.stopTracing()).toString())
      const main = events.find(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      const tasks = events.filter(
        ({ name, pid, tid, ph }) => name === 'RunTask' && pid === main?.pid && tid === main?.tid && ph === 'X',
      )
      const over = (key, tasks) => tasks.map(task => (task[key] ?? 0) / 1000).filter(ms => ms > 50)
      const [byClock, byThread] = [over('dur', tasks), over('tdur', tasks)]
      return {
        tasks: tasks.length,
        over50ByClock: byClock.length,
        over50ByThread: byThread.length,
        longestByThread: Math.round(Math.max(0, ...tasks.map(task => (task.tdur ?? 0) / 1000))),
      }
    },
    async close() {
      await browser.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Drops a file on the page as a person would. */
export async function drop(page, name, bytes) {
  await page.evaluate(
    ({ name, base64 }) => {
      const data = new DataTransfer()
      data.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name))
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }))
      }
    },
    { name, base64: bytes.toString('base64') },
  )
}

const folders = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Chooses a file on the disk with the button, as a person would; the bytes do not pass through the page. */
export async function choose(page, name, bytes) {
  const folder = mkdtempSync(join(tmpdir(), 'payseal-panel-'))
  writeFileSync(join(folder, name), bytes)
  await page.locator('input[type=file]').first().setInputFiles(join(folder, name))
  // The page reads it when it wants to, and once more when it is read in another way.
  folders.push(folder)
}

/** Waits until a file was checked and its rows are on the screen. */
export async function settled(page) {
  await page.locator('.verdict').waitFor()
  await page.waitForFunction(
    () => !document.querySelector('.busy progress') && !document.querySelector('.grid-waiting'),
  )
}

/** Findings of axe-core that are serious or worse. It is run through the protocol, which the page's policy does not bind. */
export async function grave(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ target, failureSummary }) => `${target} (${failureSummary})`).join('; ')}`,
    )
}

export async function shot(page, name) {
  await page.screenshot({ path: `${output}${name}.png` })
}
