/** Everybody can use it: axe-core in every state, the keyboard alone, a narrow screen. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { desktop, drop, grave, phone, settled, skip, startPanel } from './kit.mjs'
import { sheet } from './people.mjs'

let panel
before(async () => {
  if (!skip) panel = await startPanel()
})
after(() => panel?.close())

for (const colorScheme of ['light', 'dark']) {
  for (const [size, viewport] of Object.entries({ desktop, phone })) {
    test(`axe-core finds nothing serious: ${size}, ${colorScheme}`, { skip }, async () => {
      const { page, faults, close } = await panel.open({ colorScheme, viewport, touch: viewport === phone })
      const found = {}
      const look = async state => {
        const findings = await grave(page)
        if (findings.length > 0) found[state] = findings
      }
      await page.getByRole('heading', { level: 1 }).waitFor()
      await look('start')
      await drop(page, 'photo.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]))
      await page.locator('.notice').waitFor()
      await look('refused')
      for (const [state, bytes] of Object.entries({
        empty: sheet(0),
        good: sheet(20),
        unknown: Buffer.from('甲,乙\n1,2\n'),
        wrong: sheet(20, { mistakes: true }),
      })) {
        await drop(page, `${state}.csv`, bytes)
        await page.getByText(`${state}.csv`).waitFor()
        await settled(page)
        for (const tab of await page.getByRole('tab').all()) {
          await tab.click()
          await look(`${state}, ${await tab.getAttribute('id')}`)
        }
      }
      await page.getByRole('tab').first().click()
      await page.locator('.cell-link, .grid [data-cell]').first().click()
      await look('a cell is selected')
      if (viewport === desktop) {
        await page.keyboard.press('F2')
        await look('a cell is edited')
        await page.keyboard.press('Escape')
      }
      assert.deepEqual(found, {})
      assert.deepEqual(await faults(), [])
      await close()
    })
  }
}

test('the rows are one stop of the keyboard, and every cell is reached from it', { skip }, async () => {
  const { page, close } = await panel.open({ locale: 'en-US' })
  await drop(page, 'payouts.csv', sheet(2000, { mistakes: true }))
  await settled(page)
  const place = () => page.evaluate(() => document.activeElement.getAttribute('data-cell'))
  await page.getByRole('button', { name: 'Next issue' }).focus()
  await page.keyboard.press('Tab')
  assert.equal(await place(), '0:0')
  for (const [key, expected] of [
    ['ArrowDown', '1:0'],
    ['ArrowRight', '1:1'],
    ['End', '1:4'],
    ['ArrowRight', '1:4'],
    ['Control+End', '1999:4'],
    ['ArrowDown', '1999:4'],
    ['Control+Home', '0:0'],
    ['F8', '3:3'],
    ['Shift+F8', '3:3'],
  ]) {
    await page.keyboard.press(key)
    await page.waitForFunction(wanted => document.activeElement.getAttribute('data-cell') === wanted, expected)
  }
  await page.keyboard.press('Tab')
  assert.equal(await place(), null)
  const grid = page.getByRole('grid')
  assert.equal(await grid.getAttribute('aria-rowcount'), '2001')
  assert.ok((await grid.getByRole('row').count()) < 100)
  await close()
})

test('at 360 pixels nothing sticks out sideways', { skip }, async () => {
  const { page, close } = await panel.open({ viewport: phone, touch: true })
  const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.equal(await sideways(), 0)
  await drop(page, 'a-file-with-a-rather-long-name-of-november.csv', sheet(20, { mistakes: true }))
  await page.locator('.verdict').waitFor()
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click()
    assert.equal(await sideways(), 0)
  }
  await close()
})
