// payseal/sheet: bytes in, rows and issues out.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSheet } from '../../pkg/dist/entry/node-sheet.js'

const csv = text => new TextEncoder().encode(text)
const header = '商户明细单号,openid,姓名,金额(元),备注\n'

test('amounts come out as the fen they are, and numbers keep their zeros', async () => {
  const sheet = await readSheet(csv(`${header}000001,o-1,张三,0.29,工资\n000002,o-2,李四,1999.9,工资\n`), {
    target: 'wechat-batch',
  })
  assert.deepEqual(
    sheet.rows.map(row => [row.out_detail_no, row.transfer_amount]),
    [
      ['000001', 29],
      ['000002', 199990],
    ],
  )
  assert.deepEqual([sheet.count, sheet.total, sheet.encoding], [2, 200019, 'utf-8'])
  assert.deepEqual(sheet.columns, {
    out_detail_no: 'A',
    openid: 'B',
    user_name: 'C',
    transfer_amount: 'D',
    transfer_remark: 'E',
  })
  assert.match(sheet.hash, /^[0-9a-f]{64}$/)
})

test('an issue names the cell, and never what is in it', async () => {
  const sheet = await readSheet(csv(`${header}000001,o 1,张三,1.234,工资\n`), { target: 'wechat-batch', locale: 'en' })
  const found = sheet.issues.map(({ code, path, row, column }) => [code, path, row, column])
  assert.deepEqual(found.sort(), [
    ['V09', 'D2', 2, 'D'],
    ['V15', 'B2', 2, 'B'],
  ])
  assert.doesNotMatch(JSON.stringify(sheet.issues), /1\.234|张三|o 1/)
})

test('a misspelled option is refused instead of being overlooked', async () => {
  const sheet = csv(`${header}000001,o-1,张三,1,工资\n`)
  const refused = options => assert.rejects(readSheet(sheet, options), { name: 'KeyError', code: 'ERR_OPTIONS' })
  await refused({ target: 'wechat-batch', amountUnits: 'yuan' })
  await refused({ target: 'wechat-batch', limits: { minAmounts: 1 } })
  await refused({ target: 'wechat-bach' })
  await readSheet(sheet, {
    target: 'wechat-batch',
    amountUnit: undefined,
    limits: { minAmount: 1, maxAmount: undefined },
  })
})

test('what is not a sheet says so', async () => {
  const refused = (bytes, code) => assert.rejects(readSheet(bytes, { target: 'wechat-batch' }), { code })
  await refused(csv('PK\u0003\u0004'), 'ERR_SHEET_FORMAT')
  await refused(Uint8Array.of(0xff, 0xfe, 0x41, 0, 0x42), 'ERR_SHEET_FORMAT')
  await refused(new Uint8Array(0), 'ERR_SHEET_FORMAT')
  await refused(csv('a,b\n1,2\n'), 'ERR_SHEET_COLUMNS')
  await refused('text', 'ERR_SHEET_FORMAT')
})

test('where no entry said how to load the module for files, the error says what to import', async () => {
  const { files } = await import('../../pkg/dist/files.js?without-an-entry')
  await assert.rejects(files.get(), error => {
    assert.deepEqual([error.name, error.code], ['KeyError', 'ERR_ENGINE_UNAVAILABLE'])
    return /import 'payseal\/sheet'/.test(error.message)
  })
})
