/** Sheets of recipients → sealed batches of Ping++: the same bytes as by hand, bound to what was approved. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pingpp } from '../../pkg/dist/entry/node.js'
import { openSheet, readSheet } from '../../pkg/dist/entry/node-sheet.js'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { client as wechatClient } from './fixture.mjs'
import { channels, client, example } from './pingpp-fixture.mjs'

const { batchTransfers } = client()
const bytes = text => new TextEncoder().encode(text)

/** The recipients of a batch as somebody would write them into a sheet. */
function sheetOf({ recipients }) {
  const names = [...new Set(recipients.flatMap(Object.keys))]
  const title = name => (name === 'amount' ? 'amount(分)' : name)
  const lines = recipients.map(recipient => names.map(name => recipient[name] ?? '').join(','))
  return bytes(`${[names.map(title).join(','), ...lines].join('\n')}\n`)
}

const headOf = ({ recipients: _, amount: __, ...head }) => head
const text = ({ body }) => Buffer.from(body).toString()

test('a sheet becomes the bytes that its rows become, over every channel, approved as CSV and sent as XLSX', async () => {
  for (const channel of channels) {
    const batch = example(channel)
    const csv = sheetOf(batch)
    const head = { ...headOf(batch), batch_no: 'sheet20261122' }
    const options = { target: `pingpp:${channel}`, type: batch.type }
    const { hash, ok, rows } = await readSheet(csv, options)
    assert.ok(ok, channel)
    const sheet = await openSheet(csv, options)
    const xlsx = await sheet.toXlsx()
    sheet.free()
    const [sealed, ...others] = await batchTransfers.prepareSheet(xlsx, head, { approved: hash })
    assert.deepEqual([sealed.number, others.length], ['sheet20261122001', 0])
    const whole = { ...batch, batch_no: sealed.number }
    assert.equal(text(sealed), text(await batchTransfers.prepare(whole)), channel)
    assert.equal(text(sealed), text(await batchTransfers.prepare({ ...whole, recipients: rows }, { approved: hash })))
    assert.equal(batchTransfers.approvalHash({ channel, type: batch.type, recipients: rows }), hash)
    const [part] = batchTransfers.split({ ...head, recipients: rows }, { approved: hash })
    assert.equal(text(sealed), text(await batchTransfers.prepare(part)))
  }
})

const header = '订单号,账户,姓名,金额(元)\n'
const lines = count => Array.from({ length: count }, (_, row) => `A${row},a${row}@alipay.com,张三,${row + 1}\n`)
const head = headOf({ ...example('alipay'), batch_no: 'sheet20261122' })

test('other rows than those that were approved are refused', async () => {
  const rows = lines(3)
  const { hash } = await readSheet(bytes(header + rows.join('')), { target: 'pingpp:alipay' })
  const refused = { name: 'BatchError', code: 'ERR_NOT_APPROVED' }
  for (const other of [rows.slice(1), rows.toReversed(), [...rows, 'A9,z@alipay.com,张三,1\n']]) {
    const file = bytes(header + other.join(''))
    await assert.rejects(batchTransfers.prepareSheet(file, head, { approved: hash }), refused)
    const { rows: recipients, total: amount } = await readSheet(file, { target: 'pingpp:alipay' })
    await assert.rejects(batchTransfers.prepare({ ...head, amount, recipients }, { approved: hash }), refused)
    assert.throws(() => batchTransfers.split({ ...head, recipients }, { approved: hash }), refused)
  }
  assert.throws(() => batchTransfers.approvalHash({ ...head, recipients: [{}] }), { code: 'ERR_BATCH_INVALID' })
  assert.throws(() => batchTransfers.approvalHash({ recipients: [] }), { code: 'ERR_BATCH_INVALID' })
  await assert.rejects(batchTransfers.prepareSheet(bytes(header + rows.join('')), head, { approved: 1 }), {
    code: 'ERR_OPTIONS',
  })
})

test('every issue is named by its cell, and no value is quoted', async () => {
  const file = bytes(`${header}A1,a@alipay.com,张三,1\nA1,secret account,李四,-1\n`)
  await assert.rejects(
    client({ locale: 'en' }).batchTransfers.prepareSheet(file, { ...head, batch_no: '短' }),
    error => {
      assert.deepEqual([error.name, error.code], ['BatchError', 'ERR_BATCH_INVALID'])
      const errors = error.issues.filter(({ severity }) => severity === 'error')
      assert.deepEqual(errors.map(({ path, code }) => `${path} ${code}`).sort(), [
        '/batch_no PP04',
        'A3 PP17',
        'D3 PP07',
      ])
      assert.doesNotMatch(JSON.stringify([error.message, error.issues]), /secret|李四|短|-1/)
      assert.ok(
        error.issues.every(({ message }) => /^[ -~]+$/.test(message)),
        'in the language of the client',
      )
      return true
    },
  )
})

test('a sheet is split by size or by the limit, and progress is told', async () => {
  const file = bytes(header + lines(7).join(''))
  const progress = []
  const onProgress = step => progress.push(step)
  const sealed = await batchTransfers.prepareSheet(file, head, { size: 3, onProgress })
  assert.deepEqual(
    sealed.map(({ number, count, total }) => [number, count, total]),
    [
      ['sheet20261122001', 3, 600],
      ['sheet20261122002', 3, 1500],
      ['sheet20261122003', 1, 700],
    ],
  )
  assert.deepEqual(
    progress,
    [3, 6, 7].map(done => ({ done, total: 7 })),
  )
  const limited = client({ limits: { maxRecipients: 4 } }).batchTransfers
  assert.deepEqual(
    (await limited.prepareSheet(file, head)).map(({ count }) => count),
    [4, 3],
  )
  const { rows: recipients } = await readSheet(file, { target: 'pingpp:alipay' })
  assert.deepEqual(
    limited.split({ ...head, recipients }).map(batch => batch.amount),
    [1000, 1800],
  )
  await assert.rejects(limited.prepareSheet(file, head, { size: 5 }), { code: 'ERR_OPTIONS' })
})

test('what makes no sense is refused before a sheet is read', async () => {
  const file = bytes(header + lines(1).join(''))
  for (const size of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN, null, '3']) {
    await assert.rejects(batchTransfers.prepareSheet(file, head, { size }), { name: 'KeyError', code: 'ERR_OPTIONS' })
    assert.throws(() => batchTransfers.split({ ...head, recipients: [] }, { size }), { code: 'ERR_OPTIONS' })
    assert.throws(() => wechatClient().transferBatches.split({}, { size }), { code: 'ERR_OPTIONS' })
  }
  for (const wrong of [undefined, null, '{}', { ...head, channel: 'chanpay' }, { ...head, recipients: [] }]) {
    await assert.rejects(batchTransfers.prepareSheet(file, wrong), { code: 'ERR_OPTIONS' })
  }
  await assert.rejects(batchTransfers.prepareSheet(file, { ...head, app: 'app_1Gqj58ynP0mHeX1r' }), {
    code: 'ERR_SEALED_MERCHANT',
  })
  await assert.rejects(batchTransfers.prepareSheet(file, { ...head, type: 'b2x' }), error => {
    assert.deepEqual([error.code, error.issues[0].code, error.issues[0].field], ['ERR_BATCH_INVALID', 'PP05', 'type'])
    return true
  })
})

test('a sheet of companies is checked as one', async () => {
  const columns = '卡号,户名,金额(元),银行编号'
  const short = bytes(`${columns}\n6225000000000000,某公司,1,0308\n`)
  const file = bytes(`${columns},支行,联行号,省,市\n6225000000000000,某公司,1,0308,某支行,102100,,广州\n`)
  const target = 'pingpp:allinpay'
  assert.ok((await readSheet(short, { target })).ok)
  await assert.rejects(readSheet(short, { target, type: 'b2b' }), { code: 'ERR_SHEET_COLUMNS' })
  const found = ({ issues }) => issues.map(({ path, code }) => `${path} ${code}`)
  assert.deepEqual(found(await readSheet(file, { target, type: 'b2b' })), ['G2 PP27'])
  const companies = { ...headOf(example('allinpay')), batch_no: 'sheet20261122', type: 'b2b' }
  await assert.rejects(batchTransfers.prepareSheet(file, companies), error => {
    assert.deepEqual([error.code, found(error)], ['ERR_BATCH_INVALID', ['G2 PP27']])
    return true
  })
  const sheet = await openSheet(file, { target, type: 'b2b' })
  sheet.edit(2, 'G', '广东')
  assert.ok(sheet.check().ok)
  sheet.configure({ type: 'b2c' })
  assert.equal(sheet.check().issues.length, 4, 'persons have no branch')
  sheet.free()
  for (const wrong of [
    { target, type: 'b2x' },
    { target: 'wechat-batch', type: 'b2c' },
  ]) {
    await assert.rejects(readSheet(file, wrong), { code: 'ERR_OPTIONS' })
  }
})

test('what a sheet became is taken by the provider, once', async () => {
  const sandbox = await startSandbox({ port: 0 })
  try {
    const pingpp = new Pingpp(sandbox.pingpp)
    const own = { ...head, app: sandbox.pingpp.app }
    const sealed = await pingpp.batchTransfers.prepareSheet(bytes(header + lines(5).join('')), own, { size: 2 })
    for (const request of sealed) assert.equal((await pingpp.batchTransfers.create(request)).outcome, 'accepted')
    await pingpp.batchTransfers.create(sealed[0])
    await sandbox.advance(3600)
    assert.deepEqual(
      sandbox.ledger().map(({ number, amount }) => [number, amount]),
      [1, 2, 3, 4, 5].map((yuan, row) => [`A${row}`, 100 * yuan]),
    )
  } finally {
    await sandbox.close()
  }
})
