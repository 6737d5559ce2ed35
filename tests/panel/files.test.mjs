/** Every kind of file that finance people have, and what they do with it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { openSheet, readSheet } from 'payseal/sheet'
import { drop, settled, skip, startPanel } from './kit.mjs'
import { sheet } from './people.mjs'

let panel
before(async () => {
  if (!skip) panel = await startPanel()
})
after(() => panel?.close())

const target = 'wechat-batch'

async function xlsx(bytes) {
  const open = await openSheet(bytes, { target })
  try {
    return Buffer.from(await open.toXlsx())
  } finally {
    open.free()
  }
}

const hashOf = async page => {
  await page.getByRole('tab', { name: 'Approve' }).click()
  await page.locator('.hash-value').waitFor()
  return (await page.locator('.hash-value').innerText()).replace(/\s/g, '')
}

async function downloaded(page, name) {
  await page.getByRole('tab', { name: 'Files' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
  return readFileSync(await download.path())
}

test('the same rows as UTF-8, UTF-16 and XLSX have the same approval hash, and say what they are', {
  skip,
}, async () => {
  const { page, faults, close } = await panel.open({ locale: 'en-US' })
  const csv = sheet(20)
  const { hash } = await readSheet(csv, { target })
  const files = { 'a.csv': csv, 'b.txt': Buffer.from(csv.toString(), 'utf16le'), 'c.xlsx': await xlsx(csv) }
  for (const [name, bytes] of Object.entries(files)) {
    await drop(page, name, bytes)
    await page.getByRole('heading', { name }).waitFor()
    await settled(page)
    assert.equal(await hashOf(page), hash, name)
  }
  await page.getByLabel('Worksheet').waitFor()
  assert.equal(await page.getByLabel('Encoding').count(), 0)
  assert.deepEqual(await faults(), [])
  await close()
})

test('GBK is told from the bytes, shown, and can be overruled', { skip }, async () => {
  const { page, close } = await panel.open({ locale: 'en-US' })
  // 单号,openid,金额(元),备注 and one row, in GBK.
  const head = 'b5a5bac52c6f70656e69642cbdf0b6ee28d4aa292cb1b8d7a2'
  const row = `${Buffer.from('P0000001,oabcdefghijklmnopqrstuvwxyz1,8.80,').toString('hex')}b8e5b7d1`
  await drop(page, 'gbk.csv', Buffer.from(`${head}0d0a${row}0d0a`, 'hex'))
  await settled(page)
  const encoding = page.getByLabel('Encoding')
  assert.equal(await encoding.inputValue(), 'gb18030')
  await page.getByRole('gridcell', { name: '稿费' }).waitFor()
  // What cannot be read that way leaves everything as it was.
  await encoding.selectOption('utf-8')
  await page.getByRole('alert').getByText('ERR_SHEET_FORMAT').waitFor()
  assert.equal(await encoding.inputValue(), 'gb18030')
  await page.getByRole('gridcell', { name: '稿费' }).waitFor()
  await close()
})

test('what is downloaded says what the page says', { skip }, async () => {
  const { page, faults, close } = await panel.open({ locale: 'en-US' })
  await drop(page, 'payouts.csv', sheet(20, { mistakes: true }))
  await settled(page)
  const before = await readSheet(sheet(20, { mistakes: true }), { target })
  for (const format of ['CSV', 'XLSX']) {
    const corrected = await readSheet(await downloaded(page, `Corrected file: ${format}`), { target })
    assert.deepEqual(corrected.rows, before.rows, format)
    const report = await readSheet(await downloaded(page, `Issue report: ${format}`), { target })
    assert.equal(report.count, 20)
    assert.equal(report.headers.length, before.headers.length + 1)
    const template = await openSheet(await downloaded(page, `Template: ${format}`), { target })
    assert.deepEqual([template.rowCount, template.facts().missing], [0, []])
    template.free()
  }
  assert.deepEqual(await faults(), [])
  await close()
})

test('payees of an earlier file are warned about, and changes stay', { skip }, async () => {
  const { page, faults, close } = await panel.open({ locale: 'en-US' })
  await drop(page, 'now.csv', sheet(20, { mistakes: true }))
  await settled(page)
  await page
    .getByRole('button', { name: /Fix all 1/ })
    .first()
    .click()
  await page.waitForFunction(() => document.querySelectorAll('.issue').length === 3)
  await page.getByRole('tab', { name: 'Files' }).click()
  const earlier = sheet(20)
    .toString()
    .split('\r\n')
    .filter((_, line) => line === 0 || line === 2)
  await page
    .locator('.save input[type=file]')
    .setInputFiles({ name: 'paid.csv', mimeType: 'text/csv', buffer: Buffer.from(earlier.join('\r\n')) })
  await page.getByText('Compared with paid.csv').waitFor()
  await settled(page)
  assert.equal(await page.locator('.changes li').count(), 1)
  await page.getByRole('tab', { name: 'Issues' }).click()
  await page.locator('.issue', { hasText: 'SH09' }).locator('.cell-link', { hasText: /3$/ }).waitFor()
  assert.equal(await page.locator('.issue', { hasText: 'SH04' }).count(), 0)
  assert.deepEqual(await faults(), [])
  await close()
})

test('columns that are not recognised are mapped by hand, for another provider too', { skip }, async () => {
  const { page, faults, close } = await panel.open({ locale: 'en-US' })
  await page.getByLabel('What the payouts are for').selectOption('pingpp:alipay')
  await drop(
    page,
    'other.csv',
    Buffer.from('who,where,much\r\n张三,account01@alipay.com,5.20\r\n李四,account02@alipay.com,6\r\n'),
  )
  await page.getByText('The columns are not settled yet').waitFor()
  await page.locator('.mapping select').nth(0).selectOption('B')
  await page.waitForFunction(() => document.querySelectorAll('.mapping-missing').length === 2)
  await page.locator('.mapping select').nth(1).selectOption('C')
  await page.waitForFunction(() => document.querySelectorAll('.mapping-missing').length === 1)
  await page.getByRole('radio', { name: 'Yuan' }).check()
  await settled(page)
  await page.getByText('¥11.20').first().waitFor()
  assert.match(await hashOf(page), /^[0-9a-f]{64}$/)
  await page.getByText('Ping++ takes names in the clear').waitFor()
  assert.deepEqual(await faults(), [])
  await close()
})

test('companies are checked as companies, where the provider tells them from persons', { skip }, async () => {
  const { page, faults, close } = await panel.open({ locale: 'en-US' })
  const payees = page.getByLabel('Payees')
  assert.equal(await payees.count(), 0)
  await page.getByLabel('What the payouts are for').selectOption('pingpp:allinpay')
  await payees.selectOption('b2b')
  const rows = '6225000000000000,某公司,1,0308,某支行,102100,,广州'
  await drop(page, 'companies.csv', Buffer.from(`卡号,户名,金额(元),银行编号,支行,联行号,省,市\n${rows}\n`))
  await settled(page)
  await page.getByText('PP27').first().waitFor()
  // Persons have no branch: what is filled in is said, and nothing is missing.
  await payees.selectOption('b2c')
  await page.getByText('PP27').first().waitFor({ state: 'detached' })
  await payees.selectOption('b2b')
  await page.getByText('PP27').first().waitFor()
  // WeChat Pay knows no types, and is not asked about any.
  await page.getByLabel('Checked for').selectOption('wechat-batch')
  await page.getByText('The columns are not settled yet').waitFor()
  assert.equal(await payees.count(), 0)
  assert.deepEqual(await faults(), [])
  await close()
})

test("a merchant's own limit is applied at once, and remembered", { skip }, async () => {
  const { page, faults, close } = await panel.open({ locale: 'en-US' })
  await drop(page, 'payouts.csv', sheet(20))
  await settled(page)
  await page.getByText('Every row passes').waitFor()
  await page.getByRole('tab', { name: 'Columns' }).click()
  await page.getByLabel('Warn about amounts above').fill('0.1.1')
  await page.keyboard.press('Tab')
  await page.getByText('Yuan with at most two decimals.').waitFor()
  await page.getByLabel('Warn about amounts above').fill('50')
  await page.keyboard.press('Tab')
  await page.getByText('No errors, some warnings').waitFor()
  await page.reload()
  await drop(page, 'payouts.csv', sheet(20))
  await page.getByText('No errors, some warnings').waitFor()
  assert.deepEqual(await faults(), [])
  await close()
})

test('without a network it opens, and reads an XLSX whose module was not needed before', { skip }, async () => {
  const { page, close } = await panel.open({ locale: 'en-US' })
  await page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state)
  await page.waitForFunction(async () => (await navigator.serviceWorker.ready).active?.state === 'activated')
  await page.reload()
  await page.context().setOffline(true)
  await page.reload()
  await drop(page, 'payouts.xlsx', await xlsx(sheet(20)))
  await settled(page)
  await page.getByText('Every row passes').waitFor()
  await page.getByRole('tab', { name: 'Charts' }).click()
  await page.locator('.picture canvas').first().waitFor()
  await close()
})
