/** Pictures for people to look at, and how long the page was busy: nothing here depends on how fast the machine is. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { after, before, test } from 'node:test'
import { choose, desktop, output, phone, settled, shot, skip, startPanel } from './kit.mjs'
import { sheet } from './people.mjs'

let panel
before(async () => {
  if (!skip) panel = await startPanel()
})
after(() => panel?.close())

const large = 300_000

for (const [size, viewport] of Object.entries({ desktop, phone })) {
  for (const colorScheme of ['light', 'dark']) {
    // Both languages are seen, without twice as many pictures.
    const locale = colorScheme === 'light' ? 'zh-CN' : 'en-US'
    test(`pictures: ${size}, ${colorScheme}`, { skip }, async () => {
      const { page, faults, close } = await panel.open({ colorScheme, viewport, locale, touch: viewport === phone })
      const name = state => `${size}-${colorScheme}-${state}`
      await page.getByRole('heading', { level: 1 }).waitFor()
      await shot(page, name('start'))
      const open = async (file, bytes) => {
        await page.reload()
        await choose(page, `${file}.csv`, bytes)
        await settled(page)
      }
      const tabs = async (file, wanted) => {
        for (const tab of wanted) {
          await page.locator(`#tab-${tab}`).click()
          // Charts are drawn, hashes computed.
          await page.waitForTimeout(file === 'rows-300000' ? 2000 : 500)
          await shot(page, name(`${file}-${tab}`))
        }
      }
      const rows = viewport === phone ? ['table'] : []
      await open('rows-0', sheet(0))
      await tabs('rows-0', [...rows, 'issues'])
      await open('rows-20', sheet(20, { mistakes: true }))
      await page.locator('.cell-link').first().click()
      await tabs('rows-20', [...rows, 'issues', 'columns', 'charts', 'approve', 'files'])
      await open('rows-20-good', sheet(20))
      await tabs('rows-20-good', ['approve'])
      await page.locator('.hash + .field input').fill('0'.repeat(64))
      await page.locator('.seal textarea').scrollIntoViewIfNeeded()
      await shot(page, name('rows-20-good-compared'))
      await page.locator('.seal textarea').fill('-----BEGIN PRIVATE KEY-----\n')
      await page.locator('dialog').waitFor()
      await shot(page, name('private-key'))
      await open('unknown-columns', Buffer.from('编号,谁,多少\n1,张三,5\n2,李四,6\n'))
      await shot(page, name('unknown-columns'))
      await open('rows-300000', sheet(large, { mistakes: true }))
      await tabs('rows-300000', [...rows, 'issues', 'charts', 'approve'])
      assert.deepEqual(await faults(), [])
      await close()
    })
  }
}

test('300,000 rows: what is asked of the page while the worker works', { skip }, async () => {
  const { page, faults, close } = await panel.open({ locale: 'en-US' })
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForTimeout(1000)
  const bytes = sheet(large, { mistakes: true })
  await page.evaluate(() => {
    window.long = []
    new PerformanceObserver(list => window.long.push(...list.getEntries().map(entry => entry.duration))).observe({
      type: 'longtask',
    })
    new MutationObserver(() => {
      if (!window.shown && document.querySelector('.issue')) window.shown = performance.now()
    }).observe(document.body, { childList: true, subtree: true })
    document.addEventListener(
      'change',
      () => {
        window.given ??= performance.now()
      },
      true,
    )
  })
  const steps = {}
  const step = async (name, run) => {
    await panel.trace(page)
    await run()
    const tasks = await panel.traced()
    const long = await page.evaluate(() => window.long.splice(0))
    steps[name] = { longTasks: long.length, longest: Math.round(Math.max(0, ...long)), ...tasks }
  }
  await step('open', async () => {
    await choose(page, 'large.csv', bytes)
    await settled(page)
    await page.locator('.issue').first().waitFor()
  })
  const untilIssues = await page.evaluate(() => Math.round(window.shown - window.given))
  await step('scroll', async () => {
    await page.locator('.grid').hover()
    for (let turn = 0; turn < 60; turn++) {
      await page.mouse.wheel(0, 500 + turn * 400)
      await page.waitForTimeout(30)
    }
  })
  await step('jump to the end', async () => {
    await page.locator('.grid [tabindex="0"]').first().focus()
    await page.keyboard.press('Control+End')
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-cell') === '299999:4')
    await settled(page)
  })
  assert.ok((await page.locator('.grid [role=row]').count()) < 100)
  await step('filter', async () => {
    await page.locator('.kind-name').first().click()
    await settled(page)
  })
  await step('edit', async () => {
    await page.locator('.grid [data-cell="0:3"]').dblclick()
    await page.keyboard.type('12.34')
    await page.keyboard.press('Enter')
    await page.waitForTimeout(300)
    await settled(page)
  })
  await step('charts', async () => {
    await page.getByRole('tab', { name: 'Charts' }).click()
    await page.locator('.picture canvas').nth(1).waitFor()
    await page.waitForTimeout(500)
  })
  const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize)
  const timing = {
    rows: large,
    bytes: bytes.length,
    untilIssuesMs: untilIssues,
    steps,
    pageHeapBytes: heap,
    load: loadavg(),
  }
  writeFileSync(`${output}timing.json`, `${JSON.stringify(timing, null, 2)}\n`)
  console.log(`until issues ${untilIssues} ms; ${JSON.stringify(steps)}`)
  // The page never holds the rows: a few pages of them, and the machinery.
  assert.ok(heap < 100e6)
  assert.deepEqual(await faults(), [])
  await close()
})
