import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, call, create, get, PAYEES } from './app.mjs'

let sandbox
before(async () => {
  sandbox = await startSandbox({ allinpayMerchant: '1234567890' })
})
after(() => sandbox.close())

let count = 0
const alnum = length => `n${String(++count)}`.padEnd(length, 'x')
const digits = length => String(++count).padStart(length, '0')
const allinpay = length => `1234567890${digits(length - 10)}`
const one = (channel, recipient, members) => () => batchOf(channel, [recipient], members)
const without = (channel, member) => one(channel, { [member]: undefined })
const B2B = { type: 'b2b' }
const BRANCH = { sub_bank: '测试银行城东支行', sub_bank_code: '102100000001', prov: '广东', city: '广州' }

test('a batch for two payees is accepted in every channel', async () => {
  for (const channel of Object.keys(PAYEES)) {
    const { status, text } = await create(sandbox, batchOf(channel))
    assert.equal(status, 200, `${channel}: ${text}`)
  }
})

const accepted = {
  'companies by alipay': one('alipay', {}, B2B),
  'companies by unionpay': one('unionpay', {}, B2B),
  'companies by jdpay': one('jdpay', {}, B2B),
  'companies by allinpay with the branch': one('allinpay', BRANCH, B2B),
  'a batch_no of 11': () => batchOf('alipay', [{}], { batch_no: alnum(11) }),
  'a batch_no of 32': () => batchOf('alipay', [{}], { batch_no: alnum(32) }),
  'a description of 200 letters': () => batchOf('alipay', [{}], { description: 'd'.repeat(200) }),
  'a description of 100 Chinese characters': () => batchOf('alipay', [{}], { description: '测'.repeat(100) }),
  yuan: () => batchOf('alipay', [{}], { currency: 'cny' }),
  '20 pairs of metadata': () =>
    batchOf('alipay', [{}], { metadata: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`k${i}`, i / 2])) }),
  '1000 characters of metadata': () => batchOf('alipay', [{}], { metadata: { k: '测'.repeat(999) } }),
  'the largest amount': one('alipay', { amount: Number.MAX_SAFE_INTEGER }),
  'members of another channel': one('alipay', { open_id: 'o1', note: 1 }),
  'alipay without a name': without('alipay', 'name'),
  'an alipay name of 50': one('alipay', { name: '名'.repeat(50) }),
  'an alipay user id': one('alipay', { account: '2088000000000001', account_type: 'ALIPAY_USERID' }),
  'an alipay login id': one('alipay', { account_type: 'ALIPAY_LOGONID' }),
  'an alipay order_no of 64': () => batchOf('alipay', [{ order_no: alnum(64) }]),
  'a unionpay bank by name': one('unionpay', { open_bank_code: undefined, open_bank: '招商银行' }),
  'a unionpay bank by name of 50': one('unionpay', { open_bank_code: undefined, open_bank: '行'.repeat(50) }),
  'a unionpay bank by both': one('unionpay', { open_bank: '招商银行' }),
  'a unionpay province and city': one('unionpay', { prov: '上'.repeat(20), city: '海'.repeat(40) }),
  'a passbook number with a hyphen': one('unionpay', { account: '62-00' }),
  'a unionpay order_no of 16 digits': () => batchOf('unionpay', [{ order_no: digits(16) }]),
  'a wx name that is checked': one('wx', { name: '测试甲', force_check: true }),
  'a check without a name': one('wx_pub', { force_check: true }),
  'a wx description of 99 letters': one('wx_lite', { description: 'd'.repeat(99) }),
  'a wx description of 33 Chinese characters': one('wx', { description: '测'.repeat(33) }),
  'a wx order_no of 32': () => batchOf('wx', [{ order_no: alnum(32) }]),
  'an allinpay order_no of 20': () => batchOf('allinpay', [{ order_no: allinpay(20) }]),
  'an allinpay order_no of 40': () => batchOf('allinpay', [{ order_no: allinpay(40) }]),
  'an allinpay credit card': one('allinpay', { card_type: 2, business_code: '09900' }),
  'an allinpay description of 30': one('allinpay', { description: '测'.repeat(30) }),
  'a jdpay description of 100': one('jdpay', { description: '测'.repeat(100) }),
  'a balance order_no with signs': () => batchOf('balance', [{ order_no: `${alnum(10)}-_` }]),
  'a balance description of 100': one('balance', { description: '测'.repeat(100) }),
}
for (const [name, build] of Object.entries(accepted)) {
  test(`${name}: accepted`, async () => {
    const { status, text } = await create(sandbox, build())
    assert.equal(status, 200, text)
  })
}

const R = field => `recipients[0][${field}]`
const refused = {
  'no app': [() => batchOf('alipay', [{}], { app: undefined }), 'app'],
  'an app as an object': [() => batchOf('alipay', [{}], { app: { id: sandbox.pingpp.app } }), 'app'],
  'another app': [() => batchOf('alipay', [{}], { app: 'app_0000000000000000' }), 'app', 404],
  'no channel': [() => batchOf('alipay', [{}], { channel: undefined }), 'channel'],
  'an unknown channel': [() => batchOf('alipay', [{}], { channel: 'chanpay' }), 'channel'],
  'a channel of every object': [() => batchOf('alipay', [{}], { channel: 'toString' }), 'channel'],
  'no type': [() => batchOf('alipay', [{}], { type: undefined }), 'type'],
  'an unknown type': [() => batchOf('alipay', [{}], { type: 'c2c' }), 'type'],
  'companies by wx': [one('wx', {}, B2B), 'type'],
  'companies by wx_pub': [one('wx_pub', {}, B2B), 'type'],
  'companies by wx_lite': [one('wx_lite', {}, B2B), 'type'],
  'companies by balance': [one('balance', {}, B2B), 'type'],
  'a batch_no of 10': [() => batchOf('alipay', [{}], { batch_no: alnum(10) }), 'batch_no'],
  'a batch_no of 33': [() => batchOf('alipay', [{}], { batch_no: alnum(33) }), 'batch_no'],
  'a batch_no with an underscore': [() => batchOf('alipay', [{}], { batch_no: 'batch_no_2016' }), 'batch_no'],
  'a batch_no as a number': [() => batchOf('alipay', [{}], { batch_no: 2016101010380007 }), 'batch_no'],
  'no description': [() => batchOf('alipay', [{}], { description: undefined }), 'description'],
  'an empty description': [() => batchOf('alipay', [{}], { description: '' }), 'description'],
  'a description of 201 letters': [() => batchOf('alipay', [{}], { description: 'd'.repeat(201) }), 'description'],
  'a description of 101 Chinese characters': [
    () => batchOf('alipay', [{}], { description: '测'.repeat(101) }),
    'description',
  ],
  dollars: [() => batchOf('alipay', [{}], { currency: 'usd' }), 'currency'],
  '21 pairs of metadata': [
    () =>
      batchOf('alipay', [{}], { metadata: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, ''])) }),
    'metadata',
  ],
  '1001 characters of metadata': [() => batchOf('alipay', [{}], { metadata: { k: '测'.repeat(1000) } }), 'metadata'],
  'metadata as a list': [() => batchOf('alipay', [{}], { metadata: [] }), 'metadata'],
  'no recipients': [() => batchOf('alipay', [{}], { recipients: undefined }), 'recipients'],
  'an empty list': [() => batchOf('alipay', []), 'recipients'],
  'recipients as text': [() => batchOf('alipay', [{}], { recipients: '[]' }), 'recipients'],
  'a recipient that is text': [() => batchOf('alipay', [{}], { recipients: ['x'] }), 'recipients[0]'],
  'a wrong sum': [() => batchOf('alipay', [{}], { amount: 101 }), 'amount'],
  'an amount as text': [() => batchOf('alipay', [{}], { amount: '100' }), 'amount'],
  'a recipient without an amount': [() => batchOf('alipay', [{ amount: undefined }], { amount: 100 }), R('amount')],
  'a recipient with nothing': [one('alipay', { amount: 0 }), R('amount')],
  'a recipient with less than nothing': [one('alipay', { amount: -5 }), R('amount')],
  'an amount of 2^53': [one('alipay', { amount: 2 ** 53 }), R('amount')],
  'alipay without an account': [without('alipay', 'account'), R('account')],
  'a blank alipay account': [one('alipay', { account: ' ' }), R('account')],
  'an alipay name of 51': [one('alipay', { name: '名'.repeat(51) }), R('name')],
  'an unknown account_type': [one('alipay', { account_type: 'EMAIL' }), R('account_type')],
  'a user id that does not begin with 2088': [
    one('alipay', { account: '1088000000000001', account_type: 'ALIPAY_USERID' }),
    R('account'),
  ],
  'a user id of 15 digits': [
    one('alipay', { account: '208800000000001', account_type: 'ALIPAY_USERID' }),
    R('account'),
  ],
  'an alipay description of 201 bytes': [one('alipay', { description: `${'测'.repeat(100)}d` }), R('description')],
  'an alipay order_no of 65': [() => batchOf('alipay', [{ order_no: alnum(65) }]), R('order_no')],
  'an alipay order_no with a hyphen': [one('alipay', { order_no: 'a-b' }), R('order_no')],
  'an order_no as a number': [one('alipay', { order_no: 12345 }), R('order_no')],
  'an empty order_no': [one('alipay', { order_no: '' }), R('order_no')],
  'unionpay without an account': [without('unionpay', 'account'), R('account')],
  'a card number as a number': [one('unionpay', { account: 6200000000000005 }), R('account')],
  'a card number of 33': [one('unionpay', { account: '6'.repeat(33) }), R('account')],
  'unionpay without a name': [without('unionpay', 'name'), R('name')],
  'a blank unionpay name': [one('unionpay', { name: ' ' }), R('name')],
  'a unionpay name of 101': [one('unionpay', { name: '名'.repeat(101) }), R('name')],
  'unionpay without a bank': [without('unionpay', 'open_bank_code'), R('open_bank_code')],
  'a bank code of 3 digits': [one('unionpay', { open_bank_code: '100' }), R('open_bank_code')],
  'a bank code as a number': [one('unionpay', { open_bank_code: 1000 }), R('open_bank_code')],
  'a bank name of 51': [one('unionpay', { open_bank: '行'.repeat(51) }), R('open_bank')],
  'a province of 21': [one('unionpay', { prov: '上'.repeat(21) }), R('prov')],
  'a city of 41': [one('unionpay', { city: '海'.repeat(41) }), R('city')],
  'a unionpay description of 201': [one('unionpay', { description: 'd'.repeat(201) }), R('description')],
  'a unionpay order_no of 17': [() => batchOf('unionpay', [{ order_no: digits(17) }]), R('order_no')],
  'a unionpay order_no of letters': [one('unionpay', { order_no: 'abc' }), R('order_no')],
  'wx without an open_id': [without('wx', 'open_id'), R('open_id')],
  'wx_pub with an account instead': [one('wx_pub', { open_id: undefined, account: 'o1' }), R('open_id')],
  'a check that is text': [one('wx', { force_check: 'true' }), R('force_check')],
  'a wx description of 100 letters': [one('wx', { description: 'd'.repeat(100) }), R('description')],
  'a wx description of 34 Chinese characters': [one('wx_lite', { description: '测'.repeat(34) }), R('description')],
  'a wx description with an emoji': [one('wx', { description: '\u{1f389}' }), R('description')],
  'a wx description with a tab': [one('wx', { description: 'a\tb' }), R('description')],
  'a wx order_no of 33': [() => batchOf('wx', [{ order_no: alnum(33) }]), R('order_no')],
  'allinpay without a name': [without('allinpay', 'name'), R('name')],
  'allinpay without a bank': [without('allinpay', 'open_bank_code'), R('open_bank_code')],
  'allinpay with the bank by name': [
    one('allinpay', { open_bank_code: undefined, open_bank: '招商银行' }),
    R('open_bank_code'),
  ],
  'an allinpay description of 31': [one('allinpay', { description: '测'.repeat(31) }), R('description')],
  'a business code of 4': [one('allinpay', { business_code: '0990' }), R('business_code')],
  'a card type of 3': [one('allinpay', { card_type: 3 }), R('card_type')],
  'a card type as text': [one('allinpay', { card_type: '0' }), R('card_type')],
  'an allinpay order_no of 19': [() => batchOf('allinpay', [{ order_no: allinpay(19) }]), R('order_no')],
  'an allinpay order_no of 41': [() => batchOf('allinpay', [{ order_no: allinpay(41) }]), R('order_no')],
  'an allinpay order_no of another merchant': [() => batchOf('allinpay', [{ order_no: digits(30) }]), R('order_no')],
  'an allinpay company without a branch': [one('allinpay', { ...BRANCH, sub_bank: undefined }, B2B), R('sub_bank')],
  'an allinpay company without a branch code': [
    one('allinpay', { ...BRANCH, sub_bank_code: undefined }, B2B),
    R('sub_bank_code'),
  ],
  'a branch code of 13': [one('allinpay', { ...BRANCH, sub_bank_code: '1'.repeat(13) }, B2B), R('sub_bank_code')],
  'a branch of 81': [one('allinpay', { ...BRANCH, sub_bank: '行'.repeat(81) }, B2B), R('sub_bank')],
  'an allinpay company without a province': [one('allinpay', { ...BRANCH, prov: undefined }, B2B), R('prov')],
  'an allinpay company without a city': [one('allinpay', { ...BRANCH, city: undefined }, B2B), R('city')],
  'jdpay without an account': [without('jdpay', 'account'), R('account')],
  'jdpay without a name': [without('jdpay', 'name'), R('name')],
  'jdpay without a bank': [without('jdpay', 'open_bank_code'), R('open_bank_code')],
  'a jdpay description of 101': [one('jdpay', { description: '测'.repeat(101) }), R('description')],
  'a jdpay order_no of 65': [() => batchOf('jdpay', [{ order_no: alnum(65) }]), R('order_no')],
  'balance without a user': [without('balance', 'user'), R('user')],
  'a balance description of 101': [one('balance', { description: '测'.repeat(101) }), R('description')],
  'a balance order_no with a dot': [one('balance', { order_no: 'a.b' }), R('order_no')],
  'a balance order_no of 65': [() => batchOf('balance', [{ order_no: alnum(65) }]), R('order_no')],
  'an order_no twice in a batch': [
    () => batchOf('alipay', [{ order_no: 'twice' }, { order_no: 'twice' }]),
    'recipients[1][order_no]',
  ],
}
for (const [name, [build, param, expected = 400]] of Object.entries(refused)) {
  test(`${name}: refused and not created`, async () => {
    const batch = build()
    const { status, json } = await create(sandbox, batch)
    assert.deepEqual([status, json.error.type, json.error.param], [expected, 'invalid_request_error', param])
    const { data } = (await get(sandbox, '/v1/batch_transfers?per_page=100')).json
    assert.ok(!data.some(({ batch_no }) => batch_no === batch.batch_no))
  })
}

test('a batch number and an order number are good once', async () => {
  const first = batchOf('alipay', [{ order_no: alnum(20) }])
  assert.equal((await create(sandbox, first)).status, 200)
  const again = await create(sandbox, first)
  assert.deepEqual([again.status, again.json.error.param], [400, 'batch_no'])
  const other = batchOf('alipay', [{}, { order_no: first.recipients[0].order_no }])
  const reused = await create(sandbox, other)
  assert.deepEqual([reused.status, reused.json.error.param], [400, 'recipients[1][order_no]'])
  assert.equal(
    (await create(sandbox, { ...other, recipients: other.recipients.map(({ order_no, ...rest }) => rest) })).status,
    200,
  )
})

test('a body must be one JSON object whose amounts are written as integers', async () => {
  const text = JSON.stringify(batchOf('alipay', [{}]))
  const post = (body, headers) => call(sandbox, { method: 'POST', target: '/v1/batch_transfers', body, headers })
  for (const body of ['', 'x', '[]', 'null', text.replaceAll(':100', ':100.0'), text.replaceAll(':100', ':1e2')]) {
    const { status, json } = await post(body)
    assert.deepEqual([status, json.error.type], [400, 'invalid_request_error'], body.slice(0, 20))
  }
  assert.equal((await post(text, { 'Content-Type': 'application/x-www-form-urlencoded' })).status, 400)
  assert.equal((await post(text, { 'Content-Type': 'application/json' })).status, 200)
})
