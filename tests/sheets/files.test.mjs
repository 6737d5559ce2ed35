// The module for files, as the package loads it on Node.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSheet } from '../../pkg/dist/entry/node-sheet.js'
import { BatchError } from '../../pkg/dist/errors.js'
import { files } from '../../pkg/dist/files.js'
import { build, bytes, corpus, rows } from './corpus.mjs'

const module = await files.get()

test('the module is loaded once', async () => {
  assert.equal(await files.get(), module)
})

test('every workbook is read cell by cell', () => {
  for (const expected of corpus.filter(({ result, format }) => result === 'ok' && format === 'xlsx')) {
    const { grid, ...facts } = module.readXlsx(bytes(expected.file))
    const { worksheet, worksheets, hiddenColumns = [] } = expected
    assert.deepEqual(facts, { worksheet, worksheets, hiddenColumns }, expected.file)
    const found = rows(grid)
    if (expected.shape) {
      assert.deepEqual([found.length, Math.max(...found.map(({ cells }) => cells.length))], expected.shape)
    } else {
      assert.deepEqual(found, expected.cells, expected.file)
    }
  }
})

test('what is no workbook is refused as our own error, with a reason', () => {
  for (const { file, code, reason = '' } of corpus.filter(({ result }) => result === 'error')) {
    assert.throws(
      () => module.readXlsx(bytes(file)),
      error => error instanceof BatchError && error.code === code && error.message.includes(reason),
      file,
    )
  }
})

test('a refusal leaves the module as it was', () => {
  assert.throws(() => module.readXlsx(bytes('bomb.xlsx')), { code: 'ERR_SHEET_FORMAT' })
  assert.throws(() => module.readXlsx(bytes('far-right.xlsx')), { code: 'ERR_SHEET_TOO_LARGE' })
  assert.equal(module.readXlsx(bytes('same.xlsx')).worksheet, '工资')
})

test('a worksheet is chosen by its name', () => {
  const { grid, worksheet } = module.readXlsx(bytes('hidden-sheet.xlsx'), 'A & B')
  assert.deepEqual([worksheet, rows(grid)], ['A & B', [{ row: 1, cells: ['别的'] }]])
  assert.throws(() => module.readXlsx(bytes('same.xlsx'), '没有'), {
    code: 'ERR_SHEET_FORMAT',
    message: /of this name/,
  })
})

test('the encoding of every text is found, and GB18030 becomes the UTF-8 that was meant', () => {
  const texts = corpus.filter(({ result, encoding }) => result === 'ok' && /^(utf-8|gb18030)$/.test(encoding))
  assert.ok(texts.length > 30)
  for (const { file, encoding, confident = true, cells } of texts) {
    const content = bytes(file)
    assert.deepEqual(module.decide(content), { encoding, confident }, file)
    if (encoding !== 'gb18030') continue
    const text = new TextDecoder('utf-8', { fatal: true }).decode(module.decode(content, encoding))
    for (const cell of cells.flatMap(row => row.cells)) assert.ok(text.includes(cell), file)
  }
  assert.throws(() => module.decode(bytes('same-gbk.csv'), 'big5'), { code: 'ERR_OPTIONS' })
})

test('what was read is written and read again', () => {
  for (const file of [
    'same.xlsx',
    'gaps.xlsx',
    'kinds.xlsx',
    'date-formats.xlsx',
    'shared-strings.xlsx',
    'filtered.xlsx',
  ]) {
    const { grid } = module.readXlsx(bytes(file))
    const again = rows(module.readXlsx(module.writeXlsx(grid, 'x')).grid)
    // Only numbers, and dates among them, leave as what they were; the rest becomes text.
    const kept = ({ flags, ...row }) => {
      const left = flags?.map(value => (value & 1 ? value & 33 : 0))
      return left?.some(value => value !== 0) ? { ...row, flags: left } : row
    }
    assert.deepEqual(again, rows(grid).map(kept), file)
  }
  const lines = [{ row: 1, cells: ['', '长\u0000\uffff\r\n_x000D_'] }]
  assert.deepEqual(rows(module.readXlsx(module.writeXlsx(build(lines), '')).grid), lines)
})

test('a grid that is none, and a cell that Excel would cut, are refused', () => {
  assert.throws(() => module.writeXlsx(new Uint8Array(3), 'x'), { name: 'BatchError', code: 'ERR_SHEET_FORMAT' })
  const long = build([{ row: 1, cells: ['x'.repeat(32_768)] }])
  assert.throws(() => module.writeXlsx(long, 'x'), { name: 'BatchError', code: 'ERR_SHEET_TOO_LARGE' })
})

test('an amount that Excel stores with 17 digits is the one it shows, and an id that has lost digits is not made up', async () => {
  const { rows, issues } = await readSheet(bytes('excel-numbers.xlsx'), { target: 'wechat-batch' })
  assert.deepEqual(
    rows.map(row => row.transfer_amount),
    [7, 123456789, 1250],
  )
  const found = issues.filter(({ severity }) => severity === 'error').map(({ code, path }) => `${code} ${path}`)
  assert.ok(found.includes('SH01 A4'), `${found}`)
  assert.ok(!found.some(issue => /^SH.* D/.test(issue)), `${found}`)
})

test('one table in four kinds of file gives the same rows and the same hash', async () => {
  const names = ['same-utf8.csv', 'same-gbk.csv', 'same-utf16.txt', 'same.xlsx']
  const sheets = await Promise.all(names.map(name => readSheet(bytes(name), { target: 'wechat-batch' })))
  for (const { rows, hash } of sheets) assert.deepEqual([rows, hash], [sheets[0].rows, sheets[0].hash])
  assert.equal(sheets[0].count, 3)
})
