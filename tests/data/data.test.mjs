// The example files are what the generator writes, and they are what they claim to be.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import Papa from 'papaparse'
import { count, files, header } from './generate.mjs'
import { mistakes } from './mistakes.mjs'

const read = name => readFileSync(new URL(name, import.meta.url))
const parse = name => Papa.parse(read(name).toString('utf8').replace('\uFEFF', ''), { skipEmptyLines: true }).data

for (const [name, bytes] of files()) {
  test(`${name} is byte for byte what the generator writes`, () => {
    assert.ok(read(name).equals(bytes), `run: node tests/data/generate.mjs`)
  })
}

test('the good file keeps every rule that its readers rely on', () => {
  const [first, ...rows] = parse('payouts-3000.csv')
  assert.deepEqual(first, header)
  assert.equal(rows.length, count)
  for (const [index, [number, openid, name, amount, remark]] of rows.entries()) {
    const row = `row ${index + 1}`
    assert.match(number, /^[0-9A-Za-z]{5,32}$/, row)
    assert.match(openid, /^o[0-9A-Za-z_-]{27}$/, row)
    assert.match(name, /^[\p{Script=Han}·]{2,30}$/u, row)
    assert.match(amount, /^(0|[1-9]\d*)\.\d\d$/, row)
    assert.ok(Number(amount) >= 0.3 && Number(amount) < 5000, row)
    assert.ok(remark.length >= 1 && remark.length <= 32, row)
    assert.doesNotMatch([name, remark].join(), /[\u{10000}-\u{10FFFF}]/u, row)
  }
  assert.equal(new Set(rows.map(row => row[0])).size, count)
  assert.equal(new Set(rows.map(row => row[1])).size, count)
  assert.ok(rows.filter(row => Number(row[3]) >= 2000).length >= 10, 'some amounts need a name')
  assert.equal(rows.filter(row => row[1].startsWith('oFAIL_')).length, 12)
})

test('the wrong file differs from the good one in the rows that are named, and nowhere else', () => {
  const good = parse('payouts-3000.csv')
  const wrong = parse('payouts-3000-wrong.csv')
  assert.equal(wrong.length, good.length)
  const different = wrong.flatMap((row, index) => (row.join('\0') === good[index].join('\0') ? [] : [index]))
  assert.deepEqual(
    different,
    mistakes.map(mistake => mistake.row),
  )
})

test('the mixed file holds four hundred payees over all eight channels, some of whom fail', () => {
  const { payees, allinpay_merchant } = JSON.parse(read('pingpp/payouts-mixed.json').toString('utf8'))
  assert.equal(payees.length, 400)
  assert.equal(new Set(payees.map(({ channel }) => channel)).size, 8)
  assert.equal(new Set(payees.map(({ order_no }) => order_no)).size, 400)
  const accounts = payees.map(({ account, open_id, user }) => account ?? open_id ?? user)
  assert.equal(new Set(accounts).size, 400)
  const failing = payees.filter((_, index) => /^(fail|oFAIL_|000000)/.test(accounts[index]))
  assert.equal(new Set(failing.map(({ channel }) => channel)).size, 8, 'every channel has one who fails')
  for (const { channel, order_no, amount } of payees) {
    assert.ok(Number.isSafeInteger(amount) && amount >= 100 && amount < 100_000, order_no)
    if (channel === 'allinpay') assert.ok(order_no.startsWith(allinpay_merchant))
  }
})
