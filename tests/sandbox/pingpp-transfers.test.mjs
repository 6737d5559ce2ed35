import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, call, create as createBatch, get, UNSIGNED } from './app.mjs'

let sandbox
before(async () => {
  sandbox = await startSandbox()
})
after(() => sandbox.close())

const LIST = '/v1/transfers'
const BANK = { card_number: '6200000000000005', user_name: '测试甲', open_bank_code: '0102' }
const BRANCH = { sub_bank: '测试银行城东支行', sub_bank_code: '102100000001', prov: '广东', city: '广州' }
const PAYMENTS = {
  wx: { recipient: 'o9zpMs9jIaLynQY9N6yxcZ' },
  wx_pub: { recipient: 'o9zpMs9jIaLynQY9N6yxcZ', extra: { user_name: '测试甲', force_check: true } },
  wx_lite: { recipient: 'o9zpMs9jIaLynQY9N6yxcZ' },
  alipay: {
    recipient: 'payee@example.com',
    extra: { recipient_name: '测试甲', recipient_account_type: 'ALIPAY_LOGONID' },
  },
  unionpay: { extra: BANK },
  allinpay: { extra: { ...BANK, card_type: 0, business_code: '09900' } },
  jdpay: { extra: BANK },
  balance: { recipient: 'user_007' },
}

let count = 0
const transferOf = (channel, members = {}) => {
  count += 1
  const order_no = `9${String(count).padStart(channel === 'allinpay' ? 19 : 15, '0')}`
  const app = { id: 'app_1Gqj58ynP0mHeX1q' }
  return {
    app,
    channel,
    order_no,
    amount: 100,
    type: 'b2c',
    currency: 'cny',
    description: '差旅报销',
    ...PAYMENTS[channel],
    ...members,
  }
}
const post = (transfer, options = {}) =>
  call(sandbox, { method: 'POST', target: LIST, body: JSON.stringify(transfer), ...options })
const find = async id => (await get(sandbox, `${LIST}/${id}`)).json

test('a payment through every channel is pending, then paid', async () => {
  for (const channel of Object.keys(PAYMENTS)) {
    const transfer = transferOf(channel, { metadata: { note: 'x' } })
    const { status, json, text } = await post(transfer)
    assert.equal(status, 200, `${channel}: ${text}`)
    assert.match(json.id, /^tr_[0-9A-Za-z]{24}$/)
    const payee = transfer.recipient ?? BANK.card_number
    const { id, created, ...rest } = json
    assert.deepEqual(rest, {
      object: 'transfer',
      type: 'b2c',
      time_transferred: null,
      livemode: false,
      status: 'pending',
      app: transfer.app.id,
      channel,
      order_no: transfer.order_no,
      batch_no: null,
      amount: 100,
      amount_settle: 100,
      currency: 'cny',
      recipient: payee,
      description: transfer.description,
      transaction_no: null,
      failure_msg: null,
      extra: transfer.extra ?? {},
      metadata: { note: 'x' },
    })
    await sandbox.advance(60)
    const end = await find(id)
    assert.deepEqual([end.status, end.time_transferred - created], ['paid', 60])
    assert.deepEqual(sandbox.ledger().at(-1), {
      provider: 'pingpp',
      number: transfer.order_no,
      payee,
      amount: 100,
      state: 'paid',
    })
  }
})

test('the signature is demanded where the reference demands it, and checked wherever it is given', async () => {
  for (const channel of Object.keys(PAYMENTS)) {
    const { status } = await post(transferOf(channel), { headers: UNSIGNED })
    assert.equal(status, ['wx', 'wx_pub', 'balance'].includes(channel) ? 200 : 401, channel)
    assert.equal((await post(transferOf(channel), { message: 'other' })).status, 401, channel)
  }
  assert.equal((await get(sandbox, LIST, { headers: UNSIGNED })).status, 200)
  assert.equal((await get(sandbox, LIST, { message: 'other' })).status, 401)
})

const refused = {
  'an app as text': [() => transferOf('alipay', { app: 'app_1Gqj58ynP0mHeX1q' }), 'app[id]'],
  'another app': [() => transferOf('alipay', { app: { id: 'app_0000000000000000' } }), 'app[id]', 404],
  'no order_no': [() => transferOf('alipay', { order_no: undefined }), 'order_no'],
  'a wx order_no of 33': [() => transferOf('wx', { order_no: 'a'.repeat(33) }), 'order_no'],
  'no amount': [() => transferOf('wx', { amount: undefined }), 'amount'],
  'companies by wx': [() => transferOf('wx', { type: 'b2b' }), 'type'],
  dollars: [() => transferOf('wx', { currency: 'usd' }), 'currency'],
  'no description': [() => transferOf('wx', { description: undefined }), 'description'],
  'an alipay description of 101': [() => transferOf('alipay', { description: '测'.repeat(101) }), 'description'],
  'a unionpay description of 100': [() => transferOf('unionpay', { description: '测'.repeat(100) }), 'description'],
  'an allinpay description of 31': [() => transferOf('allinpay', { description: '测'.repeat(31) }), 'description'],
  'a balance description of 256': [() => transferOf('balance', { description: '测'.repeat(256) }), 'description'],
  'a wx description of 34 Chinese characters': [
    () => transferOf('wx', { description: '测'.repeat(34) }),
    'description',
  ],
  'wx without a recipient': [() => transferOf('wx', { recipient: undefined }), 'recipient'],
  'alipay without a recipient': [() => transferOf('alipay', { recipient: undefined }), 'recipient'],
  'balance without a recipient': [() => transferOf('balance', { recipient: undefined }), 'recipient'],
  'unionpay with a recipient': [() => transferOf('unionpay', { recipient: 'x' }), 'recipient'],
  'an extra that is text': [() => transferOf('unionpay', { extra: '{}' }), 'extra'],
  'unionpay without a card': [
    () => transferOf('unionpay', { extra: { ...BANK, card_number: undefined } }),
    'extra[card_number]',
  ],
  'unionpay without a name': [
    () => transferOf('unionpay', { extra: { ...BANK, user_name: undefined } }),
    'extra[user_name]',
  ],
  'unionpay without a bank': [
    () => transferOf('unionpay', { extra: { ...BANK, open_bank_code: undefined } }),
    'extra[open_bank_code]',
  ],
  'an alipay name of 51': [
    () => transferOf('alipay', { extra: { recipient_name: '名'.repeat(51) } }),
    'extra[recipient_name]',
  ],
  'an unknown alipay account type': [
    () => transferOf('alipay', { extra: { recipient_account_type: 'X' } }),
    'extra[recipient_account_type]',
  ],
  'an allinpay company without a branch': [() => transferOf('allinpay', { type: 'b2b' }), 'extra[sub_bank]'],
  'metadata as text': [() => transferOf('wx', { metadata: 'x' }), 'metadata'],
}
for (const [name, [build, param, expected = 400]] of Object.entries(refused)) {
  test(`a payment with ${name} is refused`, async () => {
    const { status, json } = await post(build())
    assert.deepEqual([status, json.error.type, json.error.param], [expected, 'invalid_request_error', param])
  })
}

test('what is at the limits is accepted', async () => {
  for (const transfer of [
    transferOf('alipay', { description: '测'.repeat(100) }),
    transferOf('unionpay', { description: '测'.repeat(99) }),
    transferOf('balance', { description: '测'.repeat(255), order_no: `a-_${count}` }),
    transferOf('allinpay', { type: 'b2b', extra: { ...BANK, ...BRANCH } }),
    transferOf('jdpay', { recipient: 'ignored' }),
  ]) {
    const { status, json, text } = await post(transfer)
    assert.equal(status, 200, text)
    assert.equal(
      json.recipient,
      transfer.extra?.card_number ?? transfer.recipient,
      'a card number goes before a recipient',
    )
  }
})

test('an order number is good once, in batches and alone', async () => {
  const transfer = transferOf('wx')
  assert.equal((await post(transfer)).status, 200)
  assert.equal((await post(transfer)).json.error.param, 'order_no')
  const batch = batchOf('wx', [{ order_no: transfer.order_no }])
  assert.equal((await createBatch(sandbox, batch)).json.error.param, 'recipients[0][order_no]')
  const { json } = await createBatch(sandbox, batchOf('wx', [{ order_no: 'frombatch1' }]))
  assert.equal((await post(transferOf('wx', { order_no: 'frombatch1' }))).json.error.param, 'order_no')
  const child = await find(json.recipients[0].transfer)
  assert.deepEqual([child.order_no, child.batch_no, child.description], ['frombatch1', json.batch_no, json.description])
})

test('a WeChat payment can be reversed while it is under way, and no other', async () => {
  const reverse = (id, body = '{}') => call(sandbox, { method: 'POST', target: `${LIST}/${id}/reverse`, body })
  for (const body of ['{}', '[]', '']) {
    const { id, order_no } = (await post(transferOf('wx'))).json
    const { status, json } = await reverse(id, body)
    assert.deepEqual([status, json.id, json.status], [200, id, 'failed'])
    await sandbox.advance(120)
    assert.equal((await find(id)).status, 'failed')
    assert.deepEqual(
      sandbox
        .ledger()
        .filter(({ number }) => number === order_no)
        .map(({ state }) => state),
      ['failed'],
    )
    assert.equal((await reverse(id)).status, 400)
  }
  const paid = (await post(transferOf('wx'))).json
  await sandbox.advance(60)
  const alipay = (await post(transferOf('alipay'))).json
  const child = (await createBatch(sandbox, batchOf('wx', [{}]))).json.recipients[0].transfer
  for (const id of [paid.id, alipay.id, child]) assert.equal((await reverse(id)).status, 400)
  assert.equal((await reverse('tr_unknown')).status, 404)
})

test('payments are listed newest first, by cursor and by what they are', async () => {
  const own = await startSandbox()
  try {
    const list = async query => (await get(own, `${LIST}?${query}`)).json
    const ids = []
    for (let index = 0; index < 12; index += 1) {
      const channel = index % 3 === 0 ? 'alipay' : 'wx'
      const body = JSON.stringify(transferOf(channel, index === 0 ? { type: 'b2b' } : {}))
      ids.unshift((await call(own, { method: 'POST', target: LIST, body })).json.id)
      if (index === 5) await own.advance(3600)
    }
    const found = async query => (await list(query)).data.map(({ id }) => id)
    const first = await list('')
    assert.deepEqual([first.object, first.url, first.has_more], ['list', LIST, true])
    assert.deepEqual(
      first.data.map(({ id }) => id),
      ids.slice(0, 10),
    )
    assert.deepEqual(await found(`starting_after=${ids[9]}`), ids.slice(10))
    assert.deepEqual(await found(`starting_after=${ids[2]}&limit=3`), ids.slice(3, 6))
    assert.deepEqual(await found(`ending_before=${ids[5]}&limit=3`), ids.slice(2, 5))
    assert.deepEqual(
      [
        (await list(`ending_before=${ids[5]}&limit=5`)).has_more,
        (await list(`ending_before=${ids[5]}&limit=4`)).has_more,
      ],
      [false, true],
    )
    assert.deepEqual(
      [(await list(`starting_after=${ids[9]}&limit=2`)).has_more, (await list('limit=12')).has_more],
      [false, false],
    )
    assert.equal((await found('channel=alipay')).length, 4)
    assert.equal((await found('status=paid&limit=100')).length, 6)
    assert.equal((await found('status=pending&channel=wx')).length, 4)
    assert.deepEqual(await found('type=b2b'), [ids.at(-1)])
    const between = first.data[0].created - 1800
    assert.equal((await found(`created[lt]=${between}&limit=100`)).length, 6)
    assert.equal((await found(`app%5Bid%5D=${own.pingpp.app}&created%5Bgt%5D=${between}&limit=100`)).length, 6)
    await own.advance(30 * 86_400)
    assert.deepEqual(await found('limit=100'), [])
    assert.equal((await found('created[gte]=0&limit=100')).length, 12)
    for (const [query, param] of [
      ['limit=0', 'limit'],
      ['limit=101', 'limit'],
      ['starting_after=tr_x', 'starting_after'],
      ['ending_before=tr_x', 'ending_before'],
      ['app[id]=app_0000000000000000', 'app[id]'],
    ]) {
      assert.equal((await list(query)).error.param, param, query)
    }
  } finally {
    await own.close()
  }
})
