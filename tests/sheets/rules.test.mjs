// The whole way of every file of the corpus, from bytes to issues by cell, as the package takes it on Node.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSheet, openSheet, readSheet, sheetTemplate } from 'payseal/sheet'
import { bytes, corpus } from './corpus.mjs'
import { found } from './found.mjs'

const options = { target: 'wechat-batch', locale: 'en' }

test('every file has the issues that stand in the list, or is refused as it says', async () => {
  for (const { file, issues } of corpus) assert.deepEqual(await found({ readSheet }, bytes(file)), issues, file)
})

/** What is said of a sheet, or why it is refused. */
const said = promise =>
  promise.then(
    report => report,
    ({ name, code, message }) => ({ name, code, message }),
  )

test('a sheet that is checked while it passes is found to be what the whole of it is', async () => {
  const whole = async (content, options) => {
    const sheet = await openSheet(content, options)
    try {
      return sheet.check()
    } finally {
      sheet.free()
    }
  }
  const agree = async (content, options, name) =>
    assert.deepEqual(await said(checkSheet(content, options)), await said(whole(content, options)), name)
  for (const { file } of corpus) {
    for (const target of ['wechat-batch', 'pingpp:alipay']) await agree(bytes(file), { target }, file)
  }
  const row = index =>
    [`d${index}`, `o${index}`, '张三', index % 7 === 0 ? '1.005' : `${index % 900}.50`, '"工,""资"'].join(',')
  const lines = Array.from({ length: 20_000 }, (_, index) => row(10_000 + index))
  const header = '商户明细单号,openid,姓名,金额(元),备注\n'
  const sheet = (rows, target) =>
    agree(new TextEncoder().encode(header + rows.join('\n')), {
      target,
      locale: 'en',
    })
  await sheet(lines, 'wechat-batch')
  await sheet(lines, 'wechat-bill')
  // It did pass: every piece of it was checked as it came.
  const [content, seen] = [new TextEncoder().encode(`${header}${lines.join('\n')}`), []]
  await checkSheet(content, {
    target: 'wechat-batch',
    onProgress: ({ phase, done }) => phase === 'check' && seen.push(done),
  })
  assert.ok(seen.length > 10 && seen.at(-1) === content.length)
  // Something stands twice: the last row again, and a payment.
  await sheet([...lines, lines.at(-1)], 'wechat-batch')
  await sheet([...lines, lines[5].replace('d10005', 'e1')], 'wechat-batch')
  await sheet([...lines, '"'], 'wechat-batch')
  await agree(new TextEncoder().encode(lines.join('\n')), { target: 'wechat-batch' })
  // What it is instead of a sheet is said, whatever encoding is insisted on.
  await agree(new TextEncoder().encode(`<p>\n${header}${lines[0]}`), { target: 'wechat-batch', encoding: 'utf-8' })
})

test('the same table gives the same rows and the same hash, whatever it was saved as', async () => {
  const forms = ['csv utf-8', 'csv gb18030', 'csv utf-16le', 'xlsx utf-8']
  const excel = ['same-utf8.csv', 'same-gbk.csv', 'same-utf16.txt', 'same.xlsx']
  const libreoffice = ['libreoffice.csv', 'libreoffice-gb18030.csv', 'libreoffice-utf16.txt', 'libreoffice.xlsx']
  const files = [...excel, ...libreoffice, 'gnumeric.xlsx']
  const sheets = await Promise.all(files.map(file => readSheet(bytes(file), options)))
  for (const { rows, hash, total } of sheets) {
    assert.deepEqual(rows, sheets[0].rows)
    assert.deepEqual([hash, total], [sheets[0].hash, 201279])
  }
  assert.deepEqual(
    sheets.map(({ format, encoding }) => `${format} ${encoding}`),
    [...forms, ...forms, 'xlsx utf-8'],
  )
})

test('a file, a stream and bytes are the same sheet', async () => {
  const content = bytes('same-gbk.csv')
  const stream = () =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < content.length; at += 50) controller.enqueue(content.slice(at, at + 50))
        controller.close()
      },
    })
  const sheets = await Promise.all(
    [content, content.buffer.slice(content.byteOffset), new Blob([content]), stream()].map(input =>
      readSheet(input, options),
    ),
  )
  for (const sheet of sheets) assert.deepEqual(sheet, sheets[0])
})

test('an endless stream is left at the limit, and what is too large is refused before it is read', async () => {
  let given = 0
  let left = false
  const endless = new ReadableStream({
    pull(controller) {
      given += 1
      controller.enqueue(new Uint8Array(1024).fill(0x61))
    },
    cancel() {
      left = true
    },
  })
  await assert.rejects(readSheet(endless, { ...options, maxBytes: 100_000 }), { code: 'ERR_SHEET_TOO_LARGE' })
  assert.ok(left && given < 110, `${given} pieces`)
  await assert.rejects(readSheet(new Uint8Array(11), { ...options, maxBytes: 10 }), { code: 'ERR_SHEET_TOO_LARGE' })
  await assert.rejects(readSheet(new Blob(['a'.repeat(11)]), { ...options, maxBytes: 10 }), {
    code: 'ERR_SHEET_TOO_LARGE',
  })
  await assert.rejects(readSheet(endless, { ...options, maxBytes: 1.5 }), { code: 'ERR_OPTIONS' })
})

test('an encoding and a separator can be insisted on, and are refused where they cannot be', async () => {
  const gbk = await checkSheet(bytes('same-gbk.csv'), { ...options, encoding: 'gb18030', separator: ',' })
  assert.deepEqual([gbk.encoding, gbk.separator, gbk.count], ['gb18030', ',', 3])
  await assert.rejects(checkSheet(bytes('same-gbk.csv'), { ...options, encoding: 'utf-8' }), {
    code: 'ERR_SHEET_FORMAT',
  })
  await assert.rejects(checkSheet(bytes('same-utf8.csv'), { ...options, encoding: 'latin1' }), { code: 'ERR_OPTIONS' })
  await assert.rejects(checkSheet(bytes('same-utf8.csv'), { ...options, separator: '|' }), { code: 'ERR_OPTIONS' })
})

test('corrections are offered, made when asked for, and the file is written back without anything to run', async () => {
  const sheet = await openSheet(bytes('blanks.csv'), options)
  const before = sheet.check()
  const offered = before.issues.filter(issue => issue.fix)
  assert.ok(offered.length >= 5)
  for (const issue of offered) sheet.applyFix(issue)
  assert.equal(sheet.check().issues.filter(issue => issue.fix).length, 0)
  sheet.edit(2, 'E', '=HYPERLINK("http://example.com")')
  const written = new TextDecoder().decode(sheet.toCsv())
  assert.match(written, /'=HYPERLINK/)
  assert.throws(() => sheet.edit(1, 'A', 'x'), { code: 'ERR_OPTIONS' }, 'the header is no row')
  assert.throws(() => sheet.edit(2, 'A1', 'x'), { code: 'ERR_OPTIONS' })
  const again = await readSheet(await sheet.toXlsx(), options)
  assert.equal(again.count, before.count)
  assert.match(new TextDecoder().decode(await sheet.issueReport('csv')), /E2 transfer_remark begins like a formula/)
  sheet.free()
})

test('options that are refused change nothing, and what is missing can be said', async () => {
  const sheet = await openSheet(bytes('no-unit.csv'), options)
  assert.throws(() => sheet.check(), { code: 'ERR_SHEET_COLUMNS' })
  assert.throws(() => sheet.configure({ amountUnit: 'dollar' }), { code: 'ERR_OPTIONS' })
  sheet.configure({ amountUnit: 'yuan' })
  const { count } = sheet.check()
  assert.throws(() => sheet.configure({ columns: { openid: 'ZZZZ' } }), { code: 'ERR_OPTIONS' })
  assert.equal(sheet.check().count, count)
  sheet.free()
})

test('payments of another file are warned about', async () => {
  const report = await checkSheet(bytes('same-utf8.csv'), { ...options, against: bytes('same.xlsx') })
  assert.deepEqual(
    report.issues.filter(({ code }) => code === 'SH09').map(({ row }) => row),
    [2, 3, 4],
  )
})

test('a template is read back as an empty sheet', async () => {
  for (const format of ['csv', 'xlsx']) {
    for (const target of ['wechat-batch', 'pingpp:allinpay']) {
      const { missing, amountUnit, issues } = await checkSheet(await sheetTemplate(target, format, 'en'), { target })
      assert.deepEqual([missing, amountUnit, issues.map(({ code }) => code)], [[], 'yuan', ['SH13']])
    }
  }
})
