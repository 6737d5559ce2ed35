// The demo as a newcomer runs it, without a terminal: it has to settle everybody, and to refuse the wrong file.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import Papa from 'papaparse'
import { mistakes } from '../data/mistakes.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Runs the demo to its end: exit code and output. */
function demo(file, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['xtask/js/demo.mjs', 'wechat', file], {
      cwd: root,
      env: { ...process.env, LC_ALL: 'C', ...env },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', chunk => (stdout += chunk))
    child.stderr.on('data', chunk => (stderr += chunk))
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
}

/** The cells of the rows of every table in the output. */
const cells = stdout =>
  stdout
    .split('\n')
    .filter(line => line.startsWith('│'))
    .map(line =>
      line
        .split('│')
        .slice(1, -1)
        .map(cell => cell.trim()),
    )

const fen = text => Math.round(Number(text.replaceAll(',', '')) * 100)
const count = text => Number(text.replaceAll(',', ''))

test('the demo settles everybody in the file, and its sums are those of the file', async () => {
  const text = readFileSync(`${root}tests/data/payouts-3000.csv`, 'utf8').replace('\uFEFF', '')
  const [, ...rows] = Papa.parse(text, { skipEmptyLines: true }).data
  const failing = rows.filter(([, openid]) => openid.startsWith('oFAIL_'))
  const total = list => list.reduce((sum, [, , , yuan]) => sum + fen(yuan), 0)

  const { code, stdout, stderr } = await demo('tests/data/payouts-3000.csv')
  assert.equal(stderr, '')
  assert.equal(code, 0, stdout)
  const lines = cells(stdout)
  const batches = lines.filter(([first]) => /^DEMO[0-9A-Z]+$/.test(first))
  assert.equal(batches.length, 3)

  const [, payees, yuan, paid, paidYuan, failed, failedYuan, unknown] = lines.find(([first]) => first === 'total')
  assert.equal(count(payees), rows.length)
  assert.equal(fen(yuan), total(rows))
  assert.equal(count(failed), failing.length)
  assert.equal(fen(failedYuan), total(failing))
  assert.equal(count(paid), rows.length - failing.length)
  assert.equal(fen(paidYuan), total(rows) - total(failing))
  assert.equal(count(unknown), 0)
  for (const column of [1, 3, 5, 7]) {
    assert.equal(
      batches.reduce((sum, batch) => sum + count(batch[column]), 0),
      count(lines.find(([first]) => first === 'total')[column]),
    )
  }
  for (const [number, openid] of failing) {
    const line = lines.find(([first]) => first === number)
    assert.ok(line, `${number} is listed as failed`)
    assert.ok(openid.startsWith(`oFAIL_${line[2]}`), `${number} is listed with its reason`)
  }
  assert.doesNotMatch(stdout, /✘/)
  assert.match(stdout, /\nsettled: 3,000 payees, [\d,]+\.\d\d yuan in 3 batches\n$/)
})

test('the demo names no payee', async () => {
  const text = readFileSync(`${root}tests/data/payouts-3000-wrong.csv`, 'utf8')
  const { stdout, stderr } = await demo('tests/data/payouts-3000-wrong.csv')
  const rows = Papa.parse(text.replace('\uFEFF', ''), { skipEmptyLines: true }).data.slice(1)
  for (const { row } of mistakes) {
    const [, openid, name] = rows[row - 1]
    if (openid.length > 20) assert.ok(!`${stdout}${stderr}`.includes(openid))
    if (name.length > 2) assert.ok(!`${stdout}${stderr}`.includes(name))
  }
})

for (const [locale, language] of [
  ['C', /[a-z]{4}/],
  ['zh_CN.UTF-8', /\p{Script=Han}{4}/u],
]) {
  test(`the wrong file is refused with every mistake in its row, and no other row named (${locale})`, async () => {
    const { code, stdout, stderr } = await demo('tests/data/payouts-3000-wrong.csv', { LC_ALL: locale })
    assert.equal(stderr, '')
    assert.equal(code, 1)
    const issues = cells(stdout).filter(([line]) => /^\d+$/.test(line))
    const column = { out_detail_no: 'A', openid: 'B', user_name: 'C', transfer_amount: 'D', transfer_remark: 'E' }
    for (const { row, field, severity, comment } of mistakes) {
      const found = issues.filter(
        ([line, where, , how]) => Number(line) === row + 1 && where === column[field] && how === severity,
      )
      assert.equal(found.length, 1, `${comment}, line ${row + 1}`)
      assert.match(found[0][2], /^(V\d\d[a-z]?|SH\d\d)$/)
      assert.match(found[0][4], language)
    }
    const expected = new Set(mistakes.map(({ row }) => row + 1))
    for (const [line] of issues) assert.ok(expected.has(Number(line)), `line ${line} is right`)
    const errors = mistakes.filter(({ severity }) => severity === 'error').length
    assert.match(
      stdout,
      new RegExp(`\\n${errors + 1} errors, ${mistakes.length - errors} warnings: nothing was sent\\n$`),
    )
  })
}

test('a file that is not there is one sentence and exit code 1', async () => {
  const { code, stdout, stderr } = await demo('tests/data/no-such-file.csv')
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /^demo: there is no file .*no-such-file\.csv\n$/)
})
