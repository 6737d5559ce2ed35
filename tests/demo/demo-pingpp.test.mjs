// The demo of Ping++ as a newcomer runs it: it has to settle everybody, and to refuse a file that breaks a rule.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const example = 'tests/data/pingpp/payouts-mixed.json'
const content = () => JSON.parse(readFileSync(join(root, example), 'utf8'))

/** Runs the demo to its end: exit code and output. */
function demo(file) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['xtask/js/demo-pingpp.mjs', 'pingpp', file], {
      cwd: root,
      env: { ...process.env, LC_ALL: 'C' },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', chunk => (stdout += chunk))
    child.stderr.on('data', chunk => (stderr += chunk))
    child.on('error', reject)
    child.on('close', code => resolve({ code, stdout, stderr }))
  })
}

/** Runs the demo with a file of this content. */
async function demoOf(t, text) {
  const folder = mkdtempSync(join(tmpdir(), 'payseal-demo-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'payouts.json')
  writeFileSync(file, text)
  return demo(file)
}

const cells = stdout =>
  stdout
    .split('\n')
    .filter(line => line.startsWith('│'))
    .map(line => line.split('│').slice(1, -1))
    .map(line => line.map(cell => cell.trim()))

const fen = text => Math.round(Number(text.replaceAll(',', '')) * 100)
const fails = ({ account, open_id, user }) => /^(fail|oFAIL_|000000)/.test(account ?? open_id ?? user)

test('the demo settles everybody in the mixed file, one batch per channel, and its sums are those of the file', async () => {
  const { payees } = content()
  const { code, stdout, stderr } = await demo(example)
  assert.equal(stderr, '')
  assert.equal(code, 0, stdout)
  const lines = cells(stdout)
  const total = list => list.reduce((sum, { amount }) => sum + amount, 0)
  const channels = [...new Set(payees.map(({ channel }) => channel))]
  assert.equal(channels.length, 8)
  for (const channel of [...channels, 'total']) {
    const all = payees.filter(payee => channel === 'total' || payee.channel === channel)
    const failed = all.filter(fails)
    const paid = all.filter(payee => !fails(payee))
    const [, ...numbers] = lines.find(([first]) => first === channel)
    const expected = [all, paid, failed].flatMap(list => [list.length * 100, total(list)])
    assert.deepEqual(numbers.map(fen), [...expected, 0], channel)
  }
  for (const { order_no } of payees.filter(fails))
    assert.ok(
      lines.some(([first]) => first === order_no),
      order_no,
    )
  assert.match(stdout, /\nthe reply to the batch of \w+ was lost; the batch was found by its number\n/)
  assert.doesNotMatch(stdout, /✘/)
  assert.match(stdout, /\nsettled: 400 payees, [\d,]+\.\d\d yuan in 8 batches\n$/)
})

test('a file with one broken row is refused with its rule, nothing is sent, and nobody is named', async t => {
  const file = content()
  const wrong = file.payees.find(({ channel }) => channel === 'unionpay')
  wrong.open_bank_code = 102
  const { code, stdout, stderr } = await demoOf(t, JSON.stringify(file))
  assert.deepEqual([code, stderr], [1, ''])
  assert.match(stdout, /unionpay open_bank_code │ PP23 │ error/)
  assert.match(stdout, /\n1 errors, 1 warnings: nothing was sent\n$/)
  for (const value of [wrong.account, wrong.name]) assert.ok(!stdout.includes(value))
})

test('a file that is not there, or no list of payees, is one sentence and exit code 1', async t => {
  const missing = await demo('tests/data/pingpp/no-such-file.json')
  assert.match(missing.stderr, /^demo: there is no file .*no-such-file\.json\n$/)
  assert.deepEqual([missing.code, missing.stdout], [1, ''])
  for (const text of ['{"payees": [张三', '[]', 'null', '{"payees": 1}']) {
    const { code, stderr } = await demoOf(t, text)
    assert.equal(code, 1)
    assert.match(stderr, /^demo: Error: the file (is not JSON|has no list of payees)\n$/)
  }
})
