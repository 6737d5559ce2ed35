/** Calls as people who hurry write them, without types: what is meant cannot be guessed, so nothing is done, and nothing is broken. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openSheet, readSheet, sheetTemplate } from 'payseal/sheet'
import { answering, batch, client, options as configured, signed } from './fixture.mjs'
import { client as pingpp, sample } from './pingpp-fixture.mjs'

const refused = { name: 'KeyError', code: 'ERR_OPTIONS' }
const merchantId = configured.mchid
const selector = { outBatchNo: 'unit01' }
/** A client whose requests are counted. */
function counting(make) {
  let sent = 0
  const made = make({
    fetch: async () => {
      sent += 1
      throw new Error('nothing was to be sent')
    },
  })
  return { made, sent: () => sent }
}

test('an approval that is not there, or is misspelt, is not passed over', async () => {
  for (const [{ made, sent }, payout] of [
    [counting(client), batch()],
    [counting(pingpp), sample()],
  ]) {
    const { transferBatches = made.batchTransfers } = made
    for (const options of [{ approved: null }, { aproved: 'x' }, { approved: 1 }, null, 'approved']) {
      await assert.rejects(transferBatches.prepare(payout, options), refused)
      assert.throws(() => transferBatches.split(payout, options), refused)
    }
    await assert.rejects(transferBatches.create(payout, { approved: 'x' }), refused)
    assert.equal(sent(), 0)
  }
  assert.throws(() => client().transferBatches.validate(batch(), { sealdFor: 'x' }), refused)
})

test('a controller instead of its signal is refused before anything is sent, and leaves no clock running', async () => {
  const { made, sent } = counting(client)
  const request = await made.transferBatches.prepare(batch())
  for (const options of [{ signal: new AbortController() }, { signal: null }, { signal: 'x' }, null]) {
    await assert.rejects(made.transferBatches.create(request, options), refused)
    await assert.rejects(pingpp().batchTransfers.create(sample(), options), refused)
  }
  const get = await made.sign({ method: 'GET', path: '/v3/certificates' })
  await assert.rejects(made.send(get, { signal: new AbortController() }), refused)
  for (const nothing of [undefined, null, 'GET']) {
    await assert.rejects(made.sign(nothing), refused)
    await assert.rejects(made.send(nothing), refused)
  }
  assert.equal(sent(), 0)
})

test('a serial that no header can hold is refused while it is signed', async () => {
  const sign = serial => client().sign({ method: 'GET', path: '/v3/x', serial })
  for (const serial of ['a\r\nX: y', '', 'a b', 'é', 5]) await assert.rejects(sign(serial), refused)
  assert.equal((await sign('PUB_KEY_ID_01')).headers['Wechatpay-Serial'], 'PUB_KEY_ID_01')
})

test('a filter that does not exist filters nothing, so it is refused', async () => {
  const { made, sent } = counting(client)
  for (const options of [{ details: 'FAIL' }, { state: 'FAIL' }, 'FAIL', null])
    await assert.rejects(made.transferBatches.details(selector, options).next(), refused)
  for (const options of [{ status: 'FAIL' }, null])
    await assert.rejects(made.transferBatches.get(selector, options), refused)
  assert.equal(sent(), 0)
})

test('a detail of another merchant is no answer', async () => {
  const detail = mchid => ({ mchid, out_batch_no: 'unit01', batch_id: '1', out_detail_no: 'detail01', detail_id: '2' })
  const asked = { ...selector, outDetailNo: 'detail01' }
  const answered = mchid =>
    client({ fetch: answering(signed(JSON.stringify(detail(mchid)))) }).transferBatches.detail(asked)
  assert.equal((await answered(merchantId)).detail_id, '2')
  await assert.rejects(answered('1999999999'), { name: 'SignatureError', code: 'ERR_REPLY_MISMATCH' })
})

test('a BigInt is signed digit by digit or not at all', async () => {
  const sign = body => client().sign({ method: 'POST', path: '/v3/x', body })
  assert.equal(Buffer.from((await sign({ id: 9_007_199_254_740_991n })).body).toString(), '{"id":9007199254740991}')
  for (const id of [9_007_199_254_740_993n, -9_007_199_254_740_993n])
    await assert.rejects(sign({ id }), { name: 'BatchError', code: 'ERR_BODY_FORMAT' })
})

test('a value of the wrong kind is refused, and the core goes on', async () => {
  const text = '商家明细单号,转账金额(元),转账备注,收款用户openid\nd0001,1.00,x,oU1\n'
  const sheet = await openSheet(new TextEncoder().encode(text), { target: 'wechat-batch' })
  for (const wrong of [5, -1, Number.NaN, true, {}, ['A'], { length: 5 }, 10n, Symbol('x'), new Date(), null]) {
    assert.throws(() => sheet.edit(2, 'B', wrong), refused)
    assert.throws(() => sheet.edit(2, wrong, '1'), refused)
    await assert.rejects(sheetTemplate(wrong, 'csv'), refused)
    if (wrong === null) continue
    assert.throws(() => sheet.applyFix({ row: 2, column: wrong, fix: wrong }), refused)
    await assert.rejects(
      openSheet(new TextEncoder().encode(text), { target: 'wechat-batch', separator: wrong }),
      refused,
    )
  }
  assert.equal(sheet.check().ok, true)
  sheet.free()
  sheet.free()
  assert.throws(() => sheet.check(), refused)
})

test('an option that is wrong is named, whatever is wrong with it', async () => {
  const named = (call, what) =>
    assert.rejects(async () => call(), { ...refused, message: `an option is wrong: ${what}` }, what)
  const limits = { maxDetails: '1000', minAmount: 10.5, maxAmount: -1, nameRequiredFrom: new Map(), localNotifyUrl: 1 }
  for (const [name, value] of Object.entries(limits)) await named(() => client({ limits: { [name]: value } }), name)
  await named(() => pingpp({ limits: { alipayProduct: () => 'mapi' } }), 'alipayProduct')
  const sheet = options => () => readSheet(new Uint8Array(9), { target: 'wechat-batch', ...options })
  for (const options of [
    { target: 'wechat' },
    { target: undefined },
    { locale: 'fr' },
    { encoding: 'latin1' },
    { separator: '::' },
    { amountUnit: 'cents' },
    { columns: { openid: 3 } },
    { columns: { openid: '7' } },
    { columns: { nobody: 'A' } },
  ])
    await named(sheet(options), Object.keys(options)[0])
  await named(sheet({ limits: { minAmount: '1' } }), 'minAmount')
  await named(sheet({ amountunit: 'yuan' }), 'there is no amountunit')
  const { transferBatches } = client()
  await named(() => transferBatches.get(selector, { limit: '20' }), 'limit')
  await named(() => transferBatches.split(batch(), { size: 1001 }), 'size must be at least 1 and at most maxDetails')
  await named(
    () =>
      pingpp()
        .batchTransfers.list({ created: { gte: 'yesterday' } })
        .next(),
    'gte',
  )
})
