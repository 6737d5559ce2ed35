/** Ping++ payouts through the sandbox, from a batch to the ledger. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { startSandbox } from 'payseal/sandbox'
import { Pingpp, SealedRequest } from '../../pkg/dist/entry/node.js'
import { channels, collect, engines, example, number, sample } from './pingpp-fixture.mjs'

async function sandboxed(t, options = {}) {
  const sandbox = await startSandbox({ port: 0 })
  t.after(() => sandbox.close())
  return { sandbox, pingpp: new Pingpp({ ...sandbox.pingpp, ...options }) }
}

/** Reads the sandbox's events with this client; keeps what it is told, or the code of what is wrong. */
async function listening(t, { sandbox, pingpp }) {
  const told = []
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    try {
      told.push(await pingpp.event({ headers: request.headers, body: Buffer.concat(chunks) }))
      response.writeHead(200).end()
    } catch (error) {
      told.push(error)
      response.writeHead(error.code === 'ERR_EVENT_REPLAYED' ? 200 : 401).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  sandbox.webhook(`http://127.0.0.1:${server.address().port}/events`)
  return told
}

const paid = (sandbox, batch) => sandbox.ledger().filter(entry => entry.batch === batch && entry.state === 'paid')
const now = () => Math.floor(Date.now() / 1000)

for (const engine of engines) {
  test(`the sample of the API reference goes through create, get, event, settled (${engine})`, async t => {
    const { sandbox, pingpp } = await sandboxed(t, { engine })
    const told = await listening(t, { sandbox, pingpp })
    const batch = sample()
    assert.deepEqual(pingpp.batchTransfers.validate(batch), { ok: true, count: 2, total: 8000, issues: [] })
    const sealed = await pingpp.batchTransfers.prepare(batch)
    assert.deepEqual([sealed.number, sealed.count, sealed.total], ['2016101010380007', 2, 8000])
    const { outcome, next, reply } = await pingpp.batchTransfers.create(sealed)
    assert.deepEqual([outcome, next, reply.data.status], ['accepted', 'query', 'created'])
    await sandbox.advance(10)
    assert.equal((await pingpp.batchTransfers.get(reply.data.id)).status, 'pending')
    assert.deepEqual(sandbox.ledger(), [], 'accepted is not paid')
    await sandbox.advance(50)
    const settled = await pingpp.batchTransfers.get(reply.data.id)
    assert.equal(settled.status, 'succeeded')
    assert.deepEqual(
      settled.recipients.map(({ status, amount }) => [status, amount]),
      [
        ['paid', 5000],
        ['paid', 3000],
      ],
    )
    assert.equal(told.length, 1)
    assert.deepEqual(
      [told[0].type, told[0].livemode, told[0].data.object],
      ['batch_transfer.succeeded', false, settled],
    )
    assert.deepEqual(
      sandbox.ledger().map(({ batch: of, payee, amount, state }) => [of, payee, amount, state]),
      [
        ['2016101010380007', 'account01@alipay.com', 5000, 'paid'],
        ['2016101010380007', 'account02@alipay.com', 3000, 'paid'],
      ],
    )
  })
}

for (const channel of channels) {
  test(`the example of ${channel} is valid and pays`, async t => {
    const { sandbox, pingpp } = await sandboxed(t)
    const told = await listening(t, { sandbox, pingpp })
    const batch = example(channel)
    const { outcome, reply, error } = await pingpp.batchTransfers.create(batch)
    assert.equal(outcome, 'accepted', error?.providerMessage)
    await sandbox.advance(60)
    const { status, recipients } = await pingpp.batchTransfers.get(reply.data.id)
    assert.equal(status, 'succeeded')
    assert.deepEqual(
      paid(sandbox, batch.batch_no).map(entry => [entry.number, entry.payee, entry.amount]),
      batch.recipients.map((recipient, index) => [
        recipient.order_no ?? recipients[index].order_no,
        recipient.account ?? recipient.open_id ?? recipient.user,
        recipient.amount,
      ]),
    )
    assert.deepEqual(
      told.map(event => event.data.object.channel),
      [channel],
    )
  })
}

test('a batch that was paid in part is announced as succeeded, and says who was not paid', async t => {
  const { sandbox, pingpp } = await sandboxed(t)
  const told = await listening(t, { sandbox, pingpp })
  const batch = example('balance', number())
  batch.recipients[1].user = 'fail_user'
  const { reply } = await pingpp.batchTransfers.create(batch)
  await sandbox.advance(60)
  const state = await pingpp.batchTransfers.get(reply.data.id)
  assert.deepEqual([state.status, told[0].type], ['partially_succeeded', 'batch_transfer.succeeded'])
  assert.deepEqual(
    state.recipients.map(({ status }) => status),
    ['paid', 'failed'],
  )
  const child = await pingpp.transfers.get(state.recipients[1].transfer)
  assert.deepEqual([child.status, child.failure_msg, child.batch_no], ['failed', '收款账户异常', batch.batch_no])
})

test('a lost reply is unknown; find shows the batch, sending again is no refusal, and everybody is paid once', async t => {
  const { sandbox, pingpp } = await sandboxed(t)
  const since = now()
  const sealed = await pingpp.batchTransfers.prepare(example('wx', number()))
  sandbox.fault({ kind: 'drop-reply', path: '/v1/batch_transfers' })
  const lost = await pingpp.batchTransfers.create(sealed)
  assert.deepEqual([lost.outcome, lost.next, lost.error.code], ['unknown', 'query', 'ERR_CONNECTION'])
  const found = await pingpp.batchTransfers.find(sealed.number, { since })
  assert.deepEqual([found.batch_no, found.status], [sealed.number, 'created'])
  const again = await pingpp.batchTransfers.create(SealedRequest.from(JSON.stringify(sealed)))
  assert.equal(again.error.param, 'batch_no')
  assert.deepEqual([again.outcome, again.next, again.error.outcome], ['unknown', 'query', 'unknown'])
  await sandbox.advance(60)
  assert.equal((await pingpp.batchTransfers.get(found.id)).status, 'succeeded')
  assert.equal(paid(sandbox, sealed.number).length, 2)
})

test('a lost request is unknown; find shows nothing, and the same sealed request is paid once', async t => {
  const { sandbox, pingpp } = await sandboxed(t)
  const since = new Date()
  const sealed = await pingpp.batchTransfers.prepare(example('unionpay', number()))
  sandbox.fault({ kind: 'drop-request', path: '/v1/batch_transfers' })
  assert.equal((await pingpp.batchTransfers.create(sealed)).outcome, 'unknown')
  assert.equal(await pingpp.batchTransfers.find(sealed.number, { since }), undefined)
  assert.equal((await pingpp.batchTransfers.create(sealed)).outcome, 'accepted')
  assert.equal((await pingpp.batchTransfers.find(sealed.number, { since })).batch_no, sealed.number)
  await sandbox.advance(60)
  assert.equal(paid(sandbox, sealed.number).length, 2)
})

test('a spoiled reply to a payment is unknown, and never asks for a new number', async t => {
  const { sandbox, pingpp } = await sandboxed(t)
  const expected = {
    'bad-signature': 'ERR_SIGNATURE_INVALID',
    'no-headers': 'ERR_SIGNATURE_HEADER_MISSING',
    truncate: 'ERR_SIGNATURE_INVALID',
    'http-500': 'ERR_PROVIDER',
    'http-502-html': 'ERR_PROVIDER',
    'rate-limit': 'ERR_PROVIDER',
  }
  for (const [kind, code] of Object.entries(expected)) {
    sandbox.fault({ kind, path: '/v1/batch_transfers' })
    const { outcome, next, error } = await pingpp.batchTransfers.create({ ...sample(), batch_no: number() })
    assert.deepEqual([outcome, error.code], ['unknown', code], kind)
    assert.notEqual(next, 'new-number', kind)
    if (kind === 'rate-limit') assert.deepEqual([error.status, next], [403, 'retry-same-number'])
  }
})

test('batches are listed newest first, page by page, by the time they were created', async t => {
  const { sandbox, pingpp } = await sandboxed(t)
  const made = []
  for (let index = 0; index < 7; index += 1) {
    const batch = example('balance', number())
    for (const recipient of batch.recipients) recipient.order_no = `${number()}`
    made.unshift((await pingpp.batchTransfers.create(batch)).reply.data)
    await sandbox.advance(100)
  }
  const numbers = async options => (await collect(pingpp.batchTransfers.list(options))).map(batch => batch.batch_no)
  const all = made.map(batch => batch.batch_no)
  assert.deepEqual(await numbers(), all)
  assert.deepEqual(await numbers({ perPage: 2 }), all)
  assert.deepEqual(await numbers({ perPage: 3, page: 2 }), all.slice(3))
  assert.deepEqual(
    await numbers({ perPage: 2, created: { gte: made[4].created, lt: made[1].created } }),
    all.slice(2, 5),
  )
  assert.deepEqual(await numbers({ created: { gt: made[0].created } }), [])
})

test('a new batch between two pages neither repeats nor hides one', async t => {
  const { pingpp } = await sandboxed(t)
  const create = async () => {
    const batch = example('balance', number())
    for (const recipient of batch.recipients) recipient.order_no = number()
    assert.equal((await pingpp.batchTransfers.create(batch)).outcome, 'accepted')
    return batch.batch_no
  }
  const made = []
  for (let index = 0; index < 4; index += 1) made.unshift(await create())
  const listed = []
  for await (const { batch_no } of pingpp.batchTransfers.list({ perPage: 2 })) {
    listed.push(batch_no)
    if (listed.length === 1) await create()
  }
  assert.deepEqual(listed, made)
})

test('a scheduled batch is cancelled, as until 2018', async t => {
  const { sandbox, pingpp } = await sandboxed(t)
  sandbox.fault({ kind: 'schedule-batch' })
  const { reply } = await pingpp.batchTransfers.create(example('unionpay', number()))
  assert.equal(reply.data.status, 'scheduled')
  assert.equal((await pingpp.batchTransfers.cancel(reply.data.id)).status, 'canceled')
  await assert.rejects(pingpp.batchTransfers.cancel(reply.data.id), { name: 'ProviderError', status: 400 })
})

const single = (order_no, changes = {}) => ({
  app: { id: 'app_1Gqj58ynP0mHeX1q' },
  channel: 'wx_lite',
  order_no,
  amount: 100,
  type: 'b2c',
  description: '十月佣金',
  recipient: 'o9zpMs9jIaLynQY9N6yxcZ',
  ...changes,
})

test('single transfers are made, told, listed by cursor both ways, found and reversed', async t => {
  const { sandbox, pingpp } = await sandboxed(t)
  const told = await listening(t, { sandbox, pingpp })
  const since = now()
  const made = []
  for (let index = 1; index <= 5; index += 1) {
    const { outcome, reply } = await pingpp.transfers.create(single(`order000${index}`))
    assert.equal(outcome, 'accepted')
    made.unshift(reply.data)
  }
  const ids = async options => (await collect(pingpp.transfers.list(options))).map(transfer => transfer.id)
  const all = made.map(transfer => transfer.id)
  assert.deepEqual(await ids(), all)
  assert.deepEqual(await ids({ limit: 2 }), all)
  assert.deepEqual(await ids({ limit: 2, startingAfter: all[1] }), all.slice(2))
  assert.deepEqual(await ids({ limit: 2, endingBefore: all[4] }), [all[2], all[3], all[0], all[1]])
  assert.deepEqual(await ids({ channel: 'alipay' }), [])
  assert.deepEqual(await ids({ status: 'pending', type: 'b2c', created: { gte: since } }), all)
  assert.equal((await pingpp.transfers.find('order0002', { since })).id, all[3])
  assert.equal(await pingpp.transfers.find('order0009', { since, channel: 'wx_lite' }), undefined)
  assert.deepEqual((({ status, failure_msg }) => [status, failure_msg])(await pingpp.transfers.reverse(all[0])), [
    'failed',
    '已撤销',
  ])
  await sandbox.advance(60)
  assert.equal((await pingpp.transfers.get(all[1])).status, 'paid')
  assert.deepEqual(told.map(event => event.type).sort(), ['transfer.failed', ...Array(4).fill('transfer.succeeded')])
})

test('a lost reply to a single transfer is unknown, and it is paid once', async t => {
  const { sandbox, pingpp } = await sandboxed(t)
  const since = now()
  const sealed = await pingpp.transfers.prepare(single('order0001'))
  sandbox.fault({ kind: 'drop-reply', path: '/v1/transfers' })
  assert.equal((await pingpp.transfers.create(sealed)).outcome, 'unknown')
  assert.equal((await pingpp.transfers.find(sealed.number, { since })).order_no, 'order0001')
  const again = await pingpp.transfers.create(sealed)
  assert.deepEqual([again.outcome, again.next, again.error.param], ['unknown', 'query', 'order_no'])
  await sandbox.advance(60)
  assert.equal(sandbox.ledger().length, 1)
})

test('Basic and Bearer are both let in, and messages come in the language asked for', async t => {
  for (const auth of ['basic', 'bearer']) {
    for (const [language, said] of [
      ['zh-CN', /找不到/],
      ['en', /no such/],
    ]) {
      const { pingpp } = await sandboxed(t, { auth, language })
      await assert.rejects(pingpp.batchTransfers.get('1801708311830114137'), error => {
        assert.deepEqual(
          [error.name, error.status, error.type, error.providerCode],
          ['ProviderError', 404, 'invalid_request_error', undefined],
        )
        return said.test(error.providerMessage)
      })
    }
  }
})

test('another private key is a refusal, and nothing is paid', async t => {
  const { privateKey } = (await import('./pingpp-fixture.mjs')).stranger
  const { sandbox, pingpp } = await sandboxed(t, { privateKey })
  const { outcome, next, error } = await pingpp.batchTransfers.create(sample())
  assert.deepEqual([outcome, next, error.status], ['rejected', 'fix-and-resend', 401])
  await sandbox.advance(60)
  assert.deepEqual(sandbox.ledger(), [])
})

test('an event that is sent twice is a replay the second time', async t => {
  const handled = new Set()
  const seen = async id => {
    const before = handled.has(id)
    handled.add(id)
    return before
  }
  const { sandbox, pingpp } = await sandboxed(t, { seen })
  const told = await listening(t, { sandbox, pingpp })
  sandbox.fault({ kind: 'duplicate-notification' })
  await pingpp.batchTransfers.create(sample())
  await sandbox.advance(60)
  assert.deepEqual([told.length, told[0].type, told[1].code], [2, 'batch_transfer.succeeded', 'ERR_EVENT_REPLAYED'])
})

test('events that are spoiled are refused, and come again', async t => {
  const { sandbox, pingpp } = await sandboxed(t)
  const told = await listening(t, { sandbox, pingpp })
  for (const kind of ['notification-bad-signature', 'notification-no-headers']) sandbox.fault({ kind })
  await pingpp.batchTransfers.create(sample())
  await sandbox.advance(80)
  assert.deepEqual(
    told.map(({ code, type }) => code ?? type),
    ['ERR_SIGNATURE_INVALID', 'ERR_SIGNATURE_HEADER_MISSING', 'batch_transfer.succeeded'],
  )
})
