import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, call, create, get, isSigned } from './app.mjs'
import { receiver } from './merchant.mjs'

let shared
before(async () => {
  shared = await startSandbox()
})
after(() => shared.close())

/** Runs `body` with the shared sandbox, whose events go to a receiver that answers as told. */
async function withReceiver(body, answer) {
  const inbox = await receiver(answer)
  try {
    shared.webhook(inbox.url)
    await body(shared, inbox)
  } finally {
    inbox.close()
  }
}

const deliveriesTo = url => shared.deliveries().filter(delivery => delivery.url === url)

const BAD = { account: 'fail@example.com' }
const eventOf = notification => JSON.parse(notification.text)

test('a finished batch is told in a signed event that can be fetched again', () =>
  withReceiver(async (sandbox, { received, url }) => {
    const { json: created } = await create(sandbox, batchOf('alipay'))
    await sandbox.advance(59)
    assert.equal(received.length, 0)
    await sandbox.advance(1)
    assert.equal(received.length, 1)
    assert.ok(isSigned(received[0], sandbox.pingpp))
    assert.equal(isSigned({ ...received[0], text: received[0].text.replace('evt_', 'evt-') }, sandbox.pingpp), false)
    const event = eventOf(received[0])
    const { id, created: seconds, data, ...rest } = event
    assert.match(id, /^evt_[0-9A-Za-z]{24}$/)
    assert.equal(seconds - created.created, 60)
    assert.deepEqual(rest, {
      object: 'event',
      livemode: false,
      type: 'batch_transfer.succeeded',
      pending_webhooks: 1,
      request: null,
    })
    assert.deepEqual(data.object, (await get(sandbox, `/v1/batch_transfers/${created.id}`)).json)
    assert.deepEqual((await get(sandbox, `/v1/events/${id}`)).json, event)
    const [delivery] = deliveriesTo(url)
    assert.deepEqual(
      [delivery.provider, delivery.id, delivery.event, delivery.state],
      ['pingpp', id, rest.type, 'delivered'],
    )
  }))

test('the type of the event says how it ended; a batch paid in part has succeeded', () =>
  withReceiver(async (sandbox, { received }) => {
    for (const recipients of [
      [{}, {}],
      [{}, BAD],
      [BAD, BAD],
    ])
      await create(sandbox, batchOf('alipay', recipients))
    await sandbox.advance(60)
    const ends = received.map(eventOf).map(({ type, data }) => [type, data.object.status])
    assert.deepEqual(ends, [
      ['batch_transfer.succeeded', 'succeeded'],
      ['batch_transfer.succeeded', 'partially_succeeded'],
      ['batch_transfer.failed', 'failed'],
    ])
  }))

test('a payment made alone has its own events', () =>
  withReceiver(async (sandbox, { received }) => {
    const pay = async (order_no, recipient) => {
      const body = JSON.stringify({
        app: { id: sandbox.pingpp.app },
        channel: 'wx',
        order_no,
        amount: 100,
        type: 'b2c',
        description: '差旅报销',
        recipient,
      })
      return (await call(sandbox, { method: 'POST', target: '/v1/transfers', body })).json.id
    }
    await pay('alone1', 'o1')
    await pay('alone2', 'oFAIL_1')
    const id = await pay('alone3', 'o3')
    await call(sandbox, { method: 'POST', target: `/v1/transfers/${id}/reverse`, body: '{}' })
    assert.deepEqual(
      received.map(eventOf).map(({ data }) => data.object.order_no),
      ['alone3'],
    )
    await sandbox.advance(60)
    const ends = received.map(eventOf).map(({ type, data }) => [data.object.order_no, type, data.object.status])
    assert.deepEqual(ends, [
      ['alone3', 'transfer.failed', 'failed'],
      ['alone1', 'transfer.succeeded', 'paid'],
      ['alone2', 'transfer.failed', 'failed'],
    ])
  }))

const SCHEDULE = [5, 10, 120, 300, 600, 1800, 3600, 7200, 21_600, 54_000]

test('an event that is not accepted is repeated ten times on the documented schedule, then given up', () =>
  withReceiver(
    async (sandbox, { received, url }) => {
      await create(sandbox, batchOf('alipay'))
      await sandbox.advance(60)
      for (const [index, delay] of SCHEDULE.entries()) {
        await sandbox.advance(delay - 1)
        assert.equal(received.length, index + 1)
        await sandbox.advance(1)
        assert.equal(received.length, index + 2)
      }
      await sandbox.advance(200_000)
      assert.equal(received.length, 11)
      assert.equal(new Set(received.map(({ text }) => text)).size, 1)
      assert.equal(deliveriesTo(url)[0].state, 'given-up')
    },
    () => 500,
  ))

test('any 2xx ends the repetitions', () =>
  withReceiver(
    async (sandbox, { received, url }) => {
      await create(sandbox, batchOf('alipay'))
      await sandbox.advance(100_000)
      assert.equal(received.length, 3)
      assert.equal(deliveriesTo(url)[0].state, 'delivered')
    },
    (_notification, index) => [302, 400, 299][index],
  ))

test('events can be doubled, reordered and spoiled', () =>
  withReceiver(
    async (sandbox, { received }) => {
      const numbers = () => received.map(notification => eventOf(notification).data.object.batch_no)
      sandbox.fault({ kind: 'duplicate-notification' })
      const twice = (await create(sandbox, batchOf('alipay'))).json.batch_no
      await sandbox.advance(60)
      assert.deepEqual(numbers(), [twice, twice])
      sandbox.fault({ kind: 'reorder-notifications' })
      const earlier = (await create(sandbox, batchOf('alipay'))).json.batch_no
      const later = (await create(sandbox, batchOf('alipay'))).json.batch_no
      await sandbox.advance(60)
      assert.deepEqual(numbers().slice(2), [later, earlier])
      sandbox.fault({ kind: 'notification-bad-signature' })
      sandbox.fault({ kind: 'notification-no-headers' })
      await create(sandbox, batchOf('alipay'))
      await sandbox.advance(60 + 5 + 10)
      const spoiled = received.slice(4)
      assert.deepEqual(
        spoiled.map(notification => isSigned(notification, sandbox.pingpp)),
        [false, false, true],
      )
      assert.equal(spoiled[1].headers['x-pingplusplus-signature'], undefined)
    },
    (_notification, index) => ([4, 5].includes(index) ? 500 : 200),
  ))

test('without a webhook events are kept and not sent; the option and the method both set it', async () => {
  const inbox = await receiver()
  const silent = await startSandbox()
  const told = await startSandbox({ webhook: inbox.url })
  try {
    for (const sandbox of [silent, told]) {
      await create(sandbox, batchOf('alipay'))
      await sandbox.advance(60)
    }
    assert.deepEqual([silent.deliveries().length, told.deliveries().length, inbox.received.length], [0, 1, 1])
    told.webhook('https://merchant.example/hook')
    await create(told, batchOf('alipay'))
    await told.advance(60)
    assert.equal(told.deliveries()[1].state, 'not-sent')
    for (const url of ['nowhere', 'ftp://127.0.0.1/', '/hook']) assert.throws(() => told.webhook(url), TypeError)
    await assert.rejects(startSandbox({ webhook: 'nowhere' }), TypeError)
  } finally {
    inbox.close()
    await silent.close()
    await told.close()
  }
})
