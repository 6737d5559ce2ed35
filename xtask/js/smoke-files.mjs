// Loads a freshly built module for files and uses it once, as smoke.mjs does with the core.
// Usage: node smoke-files.mjs FOLDER, where FOLDER holds files.js and files_bg.wasm.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = resolve(process.argv[2])
const files = await import(pathToFileURL(`${folder}/files.js`).href)
files.initSync({ module: readFileSync(`${folder}/files_bg.wasm`) })

// A failure has to arrive as an Error with a code: that path crosses the boundary in the other direction.
assert.throws(
  () => files.readXlsx(new Uint8Array(8)),
  error => error instanceof Error && error.code === 'ERR_SHEET_FORMAT',
)
