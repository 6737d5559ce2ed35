import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, call, create, get, PAYEES } from './app.mjs'

let sandbox
before(async () => {
  sandbox = await startSandbox()
})
after(() => sandbox.close())

const LIST = '/v1/batch_transfers'
const find = async id => (await get(sandbox, `${LIST}/${id}`)).json
const paidOf = ({ batch_no }) => sandbox.ledger().filter(entry => entry.batch === batch_no)

test('the sample of the reference goes from created to succeeded', async () => {
  const batch = {
    app: 'app_1Gqj58ynP0mHeX1q',
    batch_no: '2016101010380007',
    channel: 'alipay',
    amount: 8000,
    description: 'Your Description',
    recipients: [
      { account: 'account01@alipay.com', amount: 5000, name: '李狗' },
      { account: 'account02@alipay.com', amount: 3000, name: '伍香' },
    ],
    currency: 'cny',
    type: 'b2c',
    metadata: { note: 0.5 },
  }
  const created = (await create(sandbox, batch)).json
  assert.match(created.id, /^180\d{16}$/)
  const { id, created: seconds, recipients, ...rest } = created
  assert.ok(Math.abs(seconds - Date.now() / 1000) < 60)
  assert.deepEqual(rest, {
    object: 'batch_transfer',
    app: batch.app,
    amount: 8000,
    batch_no: batch.batch_no,
    channel: 'alipay',
    currency: 'cny',
    description: batch.description,
    extra: {},
    failure_msg: null,
    fee: 0,
    livemode: false,
    metadata: { note: 0.5 },
    status: 'created',
    time_succeeded: null,
    type: 'b2c',
  })
  const { transfer, order_no, ...first } = recipients[0]
  assert.match(transfer, /^tr_[0-9A-Za-z]{24}$/)
  assert.match(order_no, /^\d{16}$/)
  assert.deepEqual(first, {
    ...batch.recipients[0],
    status: 'pending',
    fee: 0,
    failure_msg: null,
    transaction_no: null,
  })
  assert.deepEqual(await find(id), created)
  await sandbox.advance(10)
  assert.equal((await find(id)).status, 'pending')
  await sandbox.advance(50)
  const end = await find(id)
  assert.equal(end.status, 'succeeded')
  assert.equal(end.time_succeeded - end.created, 60)
  assert.deepEqual(
    end.recipients.map(({ status }) => status),
    ['paid', 'paid'],
  )
  assert.deepEqual(paidOf(batch), [
    {
      provider: 'pingpp',
      number: order_no,
      batch: batch.batch_no,
      payee: 'account01@alipay.com',
      amount: 5000,
      state: 'paid',
    },
    {
      provider: 'pingpp',
      number: recipients[1].order_no,
      batch: batch.batch_no,
      payee: 'account02@alipay.com',
      amount: 3000,
      state: 'paid',
    },
  ])
})

test('every channel pays, and fails for payees that ask for it', async () => {
  const failing = { account: '0000000000000001', open_id: 'oFAIL_whatever', user: 'fail_007' }
  for (const [channel, payee] of Object.entries(PAYEES)) {
    const name = ['account', 'open_id', 'user'].find(member => member in payee)
    const bad = { [name]: channel === 'alipay' ? 'fail@example.com' : failing[name] }
    const ends = []
    const batches = [
      [{}, {}],
      [{}, bad],
      [bad, bad],
    ].map(recipients => batchOf(channel, recipients))
    for (const batch of batches) ends.push((await create(sandbox, batch)).json.id)
    await sandbox.advance(60)
    const statuses = await Promise.all(ends.map(async id => (await find(id)).status))
    assert.deepEqual(statuses, ['succeeded', 'partially_succeeded', 'failed'], channel)
    assert.deepEqual(
      batches.map(batch => paidOf(batch).map(({ state }) => state)),
      [
        ['paid', 'paid'],
        ['paid', 'failed'],
        ['failed', 'failed'],
      ],
    )
    assert.equal(paidOf(batches[1])[1].payee, bad[name])
    const { recipients } = await find(ends[1])
    assert.deepEqual([recipients[0].failure_msg, typeof recipients[1].failure_msg], [null, 'string'])
  }
})

test('generated order numbers keep the rules of the channel', async () => {
  const own = await startSandbox({ allinpayMerchant: '1234567890' })
  try {
    const number = async channel => (await create(own, batchOf(channel, [{}]))).json.recipients[0].order_no
    assert.match(await number('allinpay'), /^1234567890\d{20}$/)
    assert.match(await number('unionpay'), /^\d{16}$/)
  } finally {
    await own.close()
  }
})

test('a batch can fail as a whole, or wait for somebody to confirm', async () => {
  const createAfter = async fault => {
    sandbox.fault(fault)
    return (await create(sandbox, batchOf('alipay'))).json.id
  }
  const failed = await createAfter({ kind: 'close-batch' })
  const waiting = await createAfter({ kind: 'wait-pay', seconds: 600 })
  const forgotten = await createAfter({ kind: 'wait-pay' })
  await sandbox.advance(60)
  assert.equal((await find(failed)).status, 'failed')
  const pending = await find(waiting)
  assert.equal(pending.status, 'pending')
  assert.match(pending.failure_msg, /^https:/)
  await sandbox.advance(600)
  const confirmed = await find(waiting)
  assert.deepEqual([confirmed.status, confirmed.failure_msg], ['succeeded', null])
  await sandbox.advance(30 * 86_400)
  assert.equal((await find(forgotten)).status, 'pending')
})

test('a scheduled batch can be cancelled, as until 2018, and no other', async () => {
  const cancel = (id, body = '{"status":"canceled"}') => call(sandbox, { method: 'PUT', target: `${LIST}/${id}`, body })
  const schedule = async () => {
    sandbox.fault({ kind: 'schedule-batch' })
    return (await create(sandbox, batchOf('unionpay'))).json
  }
  const batch = await schedule()
  assert.deepEqual([batch.status, batch.recipients[0].status], ['scheduled', 'scheduled'])
  assert.deepEqual((await cancel(batch.id, '{"status":"pending"}')).json.error.param, 'status')
  await sandbox.advance(299)
  const { status, json } = await cancel(batch.id)
  assert.deepEqual([status, json.status, json.recipients[1].status], [200, 'canceled', 'canceled'])
  await sandbox.advance(600)
  assert.deepEqual(
    [(await find(batch.id)).status, paidOf(batch).map(({ state }) => state)],
    ['canceled', ['canceled', 'canceled']],
  )
  assert.equal((await cancel(batch.id)).status, 400)

  const late = await schedule()
  await sandbox.advance(300)
  assert.equal((await find(late.id)).status, 'scheduled')
  await sandbox.advance(10)
  assert.deepEqual([(await find(late.id)).status, (await cancel(late.id)).status], ['pending', 400])
  await sandbox.advance(50)
  assert.equal((await find(late.id)).status, 'succeeded')

  sandbox.fault({ kind: 'schedule-batch' })
  const alipay = (await create(sandbox, batchOf('alipay'))).json
  assert.equal(alipay.status, 'created', 'only unionpay was ever scheduled')
  assert.equal((await cancel(alipay.id)).status, 400)
  assert.equal((await create(sandbox, batchOf('unionpay'))).json.status, 'scheduled', 'the fault was still waiting')
})

test('batches are listed newest first, by pages and by time', async () => {
  const own = await startSandbox()
  try {
    const list = async query => (await get(own, `${LIST}?${query}`)).json
    const numbers = []
    for (let index = 0; index < 12; index += 1) {
      const { batch_no } = (await create(own, batchOf('alipay', [{}]))).json
      numbers.unshift(batch_no)
      if (index === 5) await own.advance(3600)
    }
    const first = await list('')
    assert.deepEqual([first.object, first.url, first.has_more, first.data.length], ['list', LIST, true, 10])
    assert.deepEqual(
      first.data.map(({ batch_no }) => batch_no),
      numbers.slice(0, 10),
    )
    const second = await list('page=2')
    assert.deepEqual([second.has_more, second.data.map(({ batch_no }) => batch_no)], [false, numbers.slice(10)])
    const third = await list('page=3&per_page=4')
    assert.deepEqual([third.has_more, third.data.map(({ batch_no }) => batch_no)], [false, numbers.slice(8)])
    assert.equal((await list('page=2&per_page=4')).has_more, true)
    assert.deepEqual((await list('page=9')).data, [])
    const between = first.data.at(-1).created + 1800
    const count = async query => (await list(`per_page=100&${query}`)).data.length
    assert.equal(await count(`created%5Bgte%5D=${between}`), 6)
    assert.equal(await count(`created[lt]=${between}`), 6)
    const newest = first.data[0].created
    const same = first.data.filter(({ created }) => created === newest).length
    assert.equal(await count(`created[gt]=${newest}`), 0)
    assert.equal(await count(`created[gte]=${newest}`), same)
    assert.equal(await count(`created[lte]=${newest}`), 12)
    assert.equal(await count(`created[lt]=${newest}`), 12 - same)
    assert.equal(await count(`app=${own.pingpp.app}&created[gt]=${between}&created[lte]=${newest}`), 6)
    for (const [query, param] of [
      ['page=0', 'page'],
      ['page=1000000001', 'page'],
      ['per_page=0', 'per_page'],
      ['per_page=101', 'per_page'],
      ['per_page=x', 'per_page'],
      ['created[gt]=yesterday', 'created[gt]'],
      ['app=app_0000000000000000', 'app'],
    ]) {
      assert.equal((await list(query)).error.param, param, query)
    }
  } finally {
    await own.close()
  }
})
