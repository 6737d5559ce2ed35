/** What a finance person does: drop → issues → fix → hash → download. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { readSheet } from 'payseal/sheet'
import { drop, settled, skip, startPanel } from './kit.mjs'
import { sheet, wrong } from './people.mjs'

const words = {
  'zh-CN': {
    bad: '4 行会失败或付错',
    good: '全部通过',
    fixAll: /全部修正（1）/,
    edit: '编辑',
    cell: 'D10 的内容',
    approve: '批准',
    copy: '复制',
    compare: '与已有哈希比对',
    match: '一致：就是已批准的数据。',
    mismatch: '不一致：与已批准的数据有差别。',
    files: '文件',
    corrected: '修改后的文件: CSV',
    undo: '撤销上一步',
    total: '合计',
  },
  'en-US': {
    bad: '4 rows would fail or pay wrongly',
    good: 'Every row passes',
    fixAll: /Fix all 1/,
    edit: 'Edit',
    cell: 'Content of D10',
    approve: 'Approve',
    copy: 'Copy',
    compare: 'Compare with a hash',
    match: 'Match: these are the approved rows.',
    mismatch: 'No match: something differs from what was approved.',
    files: 'Files',
    corrected: 'Corrected file: CSV',
    undo: 'Undo the last',
    total: 'Total',
  },
}

let panel
before(async () => {
  if (!skip) panel = await startPanel()
})
after(() => panel?.close())

for (const [locale, said] of Object.entries(words)) {
  test(`a file is dropped, corrected, approved and written back: ${locale}`, { skip }, async () => {
    const { page, faults, close } = await panel.open({ locale })
    await drop(page, 'payouts.csv', sheet(20, { mistakes: true }))
    await settled(page)
    await page.getByText(said.bad).waitFor()

    // Every issue leads to its cell.
    const links = page.locator('.issue .cell-link')
    assert.deepEqual(await links.allInnerTexts(), ['D5', 'B7', 'D10', 'E13'])
    await links.nth(2).click()
    await page.waitForFunction(() => document.activeElement.getAttribute('data-cell') === '8:3')
    assert.equal(await page.locator('.cell-name').innerText(), 'D10')

    // Certain fixes are offered, and change nothing before they are taken.
    const fixes = page.getByRole('button', { name: said.fixAll })
    assert.equal(await fixes.count(), 2)
    await fixes.first().click()
    await page.waitForFunction(() => document.querySelectorAll('.issue').length === 3)
    await fixes.first().click()
    await page.waitForFunction(() => document.querySelectorAll('.issue').length === 2)

    // The rest is typed, and checked at once: with the button, and with the keyboard.
    await links.nth(0).click()
    await page.getByRole('button', { name: said.edit, exact: true }).click()
    await page.getByLabel(said.cell).fill(wrong.precise.right)
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelectorAll('.issue').length === 1)
    await page.locator('.grid [data-cell]:focus, .grid [tabindex="0"]').first().focus()
    await page.keyboard.press('F8')
    await page.waitForFunction(() => document.querySelector('.cell-name')?.textContent === 'E13')
    await page.keyboard.press('Enter')
    await page.keyboard.type(wrong.empty.right)
    await page.keyboard.press('Enter')
    await page.getByText(said.good).waitFor()

    // The hash is the one that the package gives for the file that is downloaded.
    await page.getByRole('tab', { name: said.approve }).click()
    const hash = (await page.locator('.hash-value').innerText()).replace(/\s/g, '')
    await page.getByRole('tab', { name: said.files }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: said.corrected }).click(),
    ])
    assert.equal(download.suggestedFilename(), 'payouts.corrected.csv')
    const corrected = await readSheet(readFileSync(await download.path()), { target: 'wechat-batch' })
    assert.deepEqual(
      corrected.issues.filter(issue => issue.severity === 'error'),
      [],
    )
    assert.equal(corrected.hash, hash)
    const [yuan, fen] = (await page.locator('.figure', { hasText: said.total }).locator('dd').innerText())
      .replace(/[¥,]/g, '')
      .split('.')
    assert.equal(`${yuan}${fen}`, String(corrected.total))

    // It goes to the clipboard, and another one is told from it.
    await page.getByRole('tab', { name: said.approve }).click()
    await page.getByRole('button', { name: said.copy, exact: true }).click()
    await page.waitForFunction(async expected => (await navigator.clipboard.readText()) === expected, hash)
    await page.getByLabel(said.compare).fill(` ${hash.toUpperCase()}\n`)
    await page.getByText(said.match).waitFor()
    await page.getByLabel(said.compare).fill(hash.replace(/^./, digit => (digit === '0' ? '1' : '0')))
    await page.getByText(said.mismatch).waitFor()

    // Every change stands in the list, and is taken back step by step.
    await page.getByRole('tab', { name: said.files }).click()
    await page.waitForFunction(() => document.querySelectorAll('.changes li').length === 4)
    await page.getByRole('button', { name: said.undo }).click()
    await page.waitForFunction(() => document.querySelectorAll('.changes li').length === 3)
    assert.deepEqual(await faults(), [])
    await close()
  })
}

test('language and colours are remembered, and follow the browser before that', { skip }, async () => {
  const { page, faults, close } = await panel.open({ locale: 'de-DE', colorScheme: 'dark' })
  await page.getByRole('heading', { level: 1, name: 'See which cell would cost money' }).waitFor()
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  const dark = await background()
  await page.getByRole('button', { name: 'Light' }).click()
  assert.notEqual(await background(), dark)
  await page.getByRole('button', { name: '中文' }).click()
  await page.reload()
  await page.getByRole('heading', { level: 1, name: '付款之前' }).waitFor()
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN')
  assert.notEqual(await background(), dark)
  assert.deepEqual(await faults(), [])
  await close()
})
