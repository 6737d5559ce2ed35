// What we write, as openpyxl reads it, in a virtual environment of its own under target/.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import '../../pkg/dist/entry/node-sheet.js'
import { files } from '../../pkg/dist/files.js'
import { build } from './corpus.mjs'

const here = name => fileURLToPath(new URL(name, import.meta.url))
const VENV = here('../../target/sheets-venv')
const PYTHON = join(VENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
const REQUIREMENTS = here('../data/sheets/requirements.txt')

/** Makes the environment unless one with the same requirements is there; returns why it could not be made. */
function prepare() {
  const requirements = readFileSync(REQUIREMENTS, 'utf8')
  const stamp = join(VENV, 'requirements.txt')
  if (existsSync(PYTHON) && existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return undefined
  const steps = [
    ['python3', '-m', 'venv', '--clear', VENV],
    [PYTHON, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS],
  ]
  for (const [command, ...parameters] of steps) {
    const { status, stderr, error } = spawnSync(command, parameters, { encoding: 'utf8' })
    if (status !== 0) {
      const reason = error?.message ?? stderr.trim().split('\n').at(-1)
      return `not run: ${command === 'python3' ? 'no virtual environment (install python3 and python3-venv)' : 'pip'}: ${reason}`
    }
  }
  writeFileSync(stamp, requirements)
  return undefined
}

const missing = prepare()
// On a developer's machine Python may be missing; where the result counts, that is a failure.
if (missing && process.env.CI) throw new Error(missing)

function read(workbook) {
  const folder = mkdtempSync(join(tmpdir(), 'payseal-sheets-'))
  try {
    const path = join(folder, 'written.xlsx')
    writeFileSync(path, workbook)
    const options = {
      input: path,
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' },
    }
    const { status, stdout, stderr } = spawnSync(PYTHON, [here('read_with_openpyxl.py')], options)
    assert.equal(status, 0, stderr)
    return JSON.parse(stdout)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('openpyxl finds every text as a text, numbers as numbers, the header bold and frozen', {
  skip: missing ?? false,
}, async () => {
  const number = 1
  const grid = build([
    { row: 1, cells: ['商户明细单号', '金额(元)', '备注'] },
    { row: 2, cells: ['000123', '12.50', '=HYPERLINK("http://example.com","x")'], flags: [0, number, 0] },
    { row: 4, cells: ['202611010000001234', '0.30', ' 两边 '], hidden: true },
    { row: 5, cells: ['202611010000001234', '46327', '@SUM(1)'], flags: [number, number | 32, 0] },
  ])
  const { writeXlsx } = await files.get()
  const found = read(writeXlsx(grid, '工资/九月'))
  assert.deepEqual(found.cells, [
    ['A1', 's', '商户明细单号', '@', true],
    ['B1', 's', '金额(元)', '@', true],
    ['C1', 's', '备注', '@', true],
    ['A2', 's', '000123', '@', false],
    ['B2', 'n', '12.5', 'General', false],
    ['C2', 's', '=HYPERLINK("http://example.com","x")', '@', false],
    ['A4', 's', '202611010000001234', '@', false],
    ['B4', 's', '0.30', '@', false],
    ['C4', 's', ' 两边 ', '@', false],
    ['A5', 's', '202611010000001234', '@', false],
    ['B5', 'd', '2026-11-01 00:00:00', 'mm-dd-yy', false],
    ['C5', 's', '@SUM(1)', '@', false],
  ])
  assert.deepEqual([found.title, found.frozen, found.hidden], ['工资九月', 'A2', [4]])
  assert.deepEqual(found.widths, { A: 19, B: 9, C: 37 })
})
