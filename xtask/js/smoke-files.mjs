// Loads a freshly built module for files and uses it once, as smoke.mjs does with the core.
// Usage: node smoke-files.mjs FOLDER, where FOLDER holds files.js and files_bg.wasm.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = resolve(process.argv[2])
const files = await import(pathToFileURL(`${folder}/files.js`).href)
files.initSync({ module: readFileSync(`${folder}/files_bg.wasm`) })

// A grid of one row with one cell, written, read again, and found to be the same.
const cell = new TextEncoder().encode('姓名')
const grid = new Uint8Array(22 + cell.length)
const view = new DataView(grid.buffer)
grid.set(new TextEncoder().encode('PSG1'))
for (const [at, number] of [1, 1].entries()) view.setUint32(4 + 4 * at, number, true)
view.setUint32(13, 1, true)
view.setUint32(18, cell.length, true)
grid.set(cell, 22)
const workbook = files.readXlsx(files.writeXlsx(grid, '工资'))
assert.deepEqual(workbook.grid, grid)
assert.deepEqual([workbook.worksheet, workbook.worksheets, workbook.hiddenColumns], ['工资', ['工资'], []])

const gbk = Uint8Array.of(0xd0, 0xd5, 0xc3, 0xfb, 0x81, 0x30, 0x81, 0x30)
assert.equal(new TextDecoder().decode(files.decode(gbk, 'gb18030')), '姓名\u0080')
assert.deepEqual(files.decide(gbk.subarray(0, 4)), { encoding: 'gb18030', confident: true })

// A failure has to arrive as an Error with a code: that path crosses the boundary in the other direction.
assert.throws(
  () => files.readXlsx(new Uint8Array(8)),
  error => error instanceof Error && error.code === 'ERR_SHEET_FORMAT',
)
