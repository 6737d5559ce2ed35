import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, certificateOf, create, isSigned, openResource, publicKeyOf, receiver } from './merchant.mjs'

let shared
before(async () => {
  shared = await startSandbox()
})
after(() => shared.close())

/** Runs `body` with a sandbox (the shared one unless another is given) and a receiver that answers as told. */
async function withReceiver(body, { answer, sandbox = shared } = {}) {
  const inbox = await receiver(answer)
  try {
    await body(sandbox, inbox, (number, amounts) =>
      create(sandbox, batchOf(number, amounts, { notify_url: inbox.url })),
    )
  } finally {
    inbox.close()
  }
}

const deliveriesTo = (sandbox, url) => sandbox.deliveries().filter(delivery => delivery.url === url)

const opened = (notification, sandbox) =>
  JSON.parse(openResource(JSON.parse(notification.text).resource, sandbox.wechat.apiV3Key))

test('a finished batch is announced once, signed and sealed', () =>
  withReceiver(async (sandbox, { received, url }, pay) => {
    const { json: created } = await pay('finished', [1000, 9])
    await sandbox.advance(59)
    assert.equal(received.length, 0)
    await sandbox.advance(1)
    assert.equal(received.length, 1)
    const [notification] = received
    assert.ok(isSigned(notification, sandbox.wechat.platformKeys))
    assert.equal(notification.headers['wechatpay-serial'], publicKeyOf(sandbox).id)
    assert.equal(notification.path, '/notify')
    const { id, create_time, resource, ...envelope } = JSON.parse(notification.text)
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.match(create_time, /\+08:00$/)
    assert.deepEqual(envelope, {
      event_type: 'MCHTRANSFER.BATCH.FINISHED',
      resource_type: 'encrypt-resource',
      summary: '商家转账批次完成通知',
    })
    assert.deepEqual(
      [resource.original_type, resource.algorithm, resource.associated_data, resource.nonce.length],
      ['mch_payment', 'AEAD_AES_256_GCM', 'mch_payment', 12],
    )
    assert.deepEqual(opened(notification, sandbox), {
      out_batch_no: 'finished',
      batch_id: created.batch_id,
      batch_status: 'FINISHED',
      total_num: 2,
      total_amount: 1009,
      success_amount: 1000,
      success_num: 1,
      fail_amount: 9,
      fail_num: 1,
      update_time: create_time,
    })
    await sandbox.advance(100_000)
    assert.equal(received.length, 1)
    const [delivery] = deliveriesTo(sandbox, url)
    assert.deepEqual(
      [delivery.provider, delivery.id, delivery.event, delivery.state],
      ['wechat', id, envelope.event_type, 'delivered'],
    )
    assert.deepEqual(delivery.attempts, [{ at: create_time, status: 204 }])
  }))

test('a closed batch is announced as closed', () =>
  withReceiver(async (sandbox, { received }, pay) => {
    sandbox.fault({ kind: 'close-batch' })
    const { json: created } = await pay('closed', [1000])
    await sandbox.advance(60)
    const [notification] = received
    assert.equal(JSON.parse(notification.text).event_type, 'MCHTRANSFER.BATCH.CLOSED')
    const { update_time, ...resource } = opened(notification, sandbox)
    assert.match(update_time, /\+08:00$/)
    assert.deepEqual(resource, {
      mchid: sandbox.wechat.mchid,
      out_batch_no: 'closed',
      batch_id: created.batch_id,
      batch_status: 'CLOSED',
      total_num: 1,
      total_amount: 1000,
      close_reason: 'OVERDUE_CLOSE',
    })
  }))

const SCHEDULE = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600]

test('a notification that is not accepted is repeated on the documented schedule, then given up', () =>
  withReceiver(
    async (sandbox, { received, url }, pay) => {
      await pay('refusing', [1000])
      await sandbox.advance(60)
      assert.equal(received.length, 1)
      for (const [index, delay] of SCHEDULE.entries()) {
        await sandbox.advance(delay - 1)
        assert.equal(received.length, index + 1, `before repetition ${index + 1}`)
        await sandbox.advance(1)
        assert.equal(received.length, index + 2, `at repetition ${index + 1}`)
      }
      await sandbox.advance(200_000)
      assert.equal(received.length, 16)
      assert.equal(new Set(received.map(({ text }) => JSON.parse(text).id)).size, 1)
      assert.equal(new Set(received.map(({ headers }) => headers['wechatpay-nonce'])).size, 16)
      assert.ok(received.every(notification => isSigned(notification, sandbox.wechat.platformKeys)))
      const [{ state, attempts }] = deliveriesTo(sandbox, url)
      assert.deepEqual([state, attempts.length], ['given-up', 16])
      const times = attempts.map(({ at }) => Date.parse(at) / 1000)
      assert.deepEqual(
        times.slice(1).map((time, index) => Math.abs(time - times[index] - SCHEDULE[index]) <= 1),
        SCHEDULE.map(() => true),
      )
    },
    { answer: () => 500 },
  ))

test('one long step of the clock passes through every repetition in order', () =>
  withReceiver(
    async (sandbox, { received }, pay) => {
      await pay('onestep', [1000])
      await sandbox.advance(60 + SCHEDULE.reduce((sum, delay) => sum + delay, 0))
      assert.equal(received.length, 16)
    },
    { answer: () => 404 },
  ))

test('200 and 204 end the repetitions; other statuses and cut connections do not', () =>
  withReceiver(
    async (sandbox, { received, url }, pay) => {
      await pay('statuses', [1000])
      await sandbox.advance(60 + 15 + 15 + 30 + 180)
      assert.equal(received.length, 5)
      await sandbox.advance(100_000)
      assert.equal(received.length, 5)
      const [{ state, attempts }] = deliveriesTo(sandbox, url)
      assert.equal(state, 'delivered')
      assert.deepEqual(
        attempts.map(({ status }) => status),
        [201, 302, undefined, 503, 200],
      )
      assert.ok(attempts[2].error)
    },
    { answer: (_notification, index) => [201, 302, undefined, 503, 200][index] },
  ))

test('a receiver that does not answer within five seconds has not accepted', () =>
  withReceiver(
    async (sandbox, { received, url }, pay) => {
      await pay('silent', [1000])
      await sandbox.advance(60)
      assert.equal(received.length, 1)
      assert.ok(deliveriesTo(sandbox, url)[0].attempts[0].error)
      await sandbox.advance(15)
      assert.equal(deliveriesTo(sandbox, url)[0].state, 'delivered')
    },
    { answer: (_notification, index) => (index === 0 ? new Promise(() => {}) : 204) },
  ))

test('nothing is delivered anywhere but to this machine', async () => {
  const before = shared.deliveries().length
  await create(shared, batchOf('faraway', [1000], { notify_url: 'https://merchant.example/notify' }))
  await create(shared, batchOf('nowhere', [1000]))
  await shared.advance(60)
  const [delivery, ...others] = shared.deliveries().slice(before)
  assert.deepEqual([delivery.state, delivery.attempts, others], ['not-sent', [], []])
})

test('a notification can be sent twice', () =>
  withReceiver(async (sandbox, { received }, pay) => {
    sandbox.fault({ kind: 'duplicate-notification', path: '/notify' })
    await pay('twice', [1000])
    await sandbox.advance(60)
    assert.equal(received.length, 2)
    assert.equal(received[0].text, received[1].text)
    assert.notEqual(received[0].headers['wechatpay-nonce'], received[1].headers['wechatpay-nonce'])
  }))

test('notifications can arrive out of order, and a late one arrives even when no other follows', () =>
  withReceiver(async (sandbox, { received }, pay) => {
    const numbers = () => received.map(notification => opened(notification, sandbox).out_batch_no)
    sandbox.fault({ kind: 'reorder-notifications' })
    await pay('earlier', [1000])
    await sandbox.advance(5)
    await pay('later', [1000])
    await sandbox.advance(60)
    assert.deepEqual(numbers(), ['later', 'earlier'])
    sandbox.fault({ kind: 'reorder-notifications' })
    await pay('alone', [1000])
    await sandbox.advance(60)
    assert.equal(received.length, 2)
    await sandbox.advance(60)
    assert.deepEqual(numbers(), ['later', 'earlier', 'alone'])
  }))

test('attempts can be spoiled, and the repetition is sound', () =>
  withReceiver(
    async (sandbox, { received }, pay) => {
      const kinds = ['bad-signature', 'probe', 'no-headers', 'stale']
      for (const kind of kinds) sandbox.fault({ kind: `notification-${kind}` })
      await pay('spoiled', [1000])
      await sandbox.advance(60 + 15 + 15 + 30 + 180)
      assert.equal(received.length, 5)
      const [bad, probe, none, stale, sound] = received
      const keys = sandbox.wechat.platformKeys
      assert.deepEqual(
        received.map(notification => isSigned(notification, keys)),
        [false, false, false, true, true],
      )
      assert.match(bad.headers['wechatpay-signature'], /^[A-Za-z0-9+/]{342}==$/)
      assert.match(probe.headers['wechatpay-signature'], /^WECHATPAY\/SIGNTEST\//)
      assert.equal(none.headers['wechatpay-timestamp'], undefined)
      const age = notification => Date.now() / 1000 - notification.headers['wechatpay-timestamp']
      assert.ok(age(stale) > 590 && age(sound) < 60)
    },
    { answer: (_notification, index) => (index === 4 ? 200 : 401) },
  ))

test('without a public key, the newest certificate signs', async () => {
  const sandbox = await startSandbox({ platform: 'certificate' })
  try {
    await withReceiver(
      async (_sandbox, { received }, pay) => {
        const old = certificateOf(sandbox).serialNumber
        const { serialNo } = await sandbox.rotateCertificate()
        await pay('certificate', [1000])
        await sandbox.advance(60)
        assert.notEqual(serialNo, old)
        assert.equal(received[0].headers['wechatpay-serial'], serialNo)
        assert.ok(isSigned(received[0], sandbox.wechat.platformKeys))
      },
      { sandbox },
    )
  } finally {
    await sandbox.close()
  }
})
