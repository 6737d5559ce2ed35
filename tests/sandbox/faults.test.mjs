import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, create, get, isSigned } from './merchant.mjs'

let sandbox
before(async () => {
  sandbox = await startSandbox()
})
after(() => sandbox.close())

let count = 0
const fresh = () => batchOf(`fault${++count}`)
const exists = async ({ out_batch_no }) =>
  (await get(sandbox, `/v3/transfer/batches/out-batch-no/${out_batch_no}?need_query_detail=false`)).status === 200

test('a dropped request is not processed', async () => {
  const batch = fresh()
  sandbox.fault({ kind: 'drop-request' })
  await assert.rejects(create(sandbox, batch))
  assert.equal(await exists(batch), false)
})

test('a dropped reply leaves the batch accepted, and a repetition gets the first answer', async () => {
  const batch = fresh()
  sandbox.fault({ kind: 'drop-reply' })
  await assert.rejects(create(sandbox, batch))
  assert.equal(await exists(batch), true)
  assert.equal((await create(sandbox, batch)).status, 200)
  await sandbox.advance(60)
  assert.equal(sandbox.ledger().filter(entry => entry.batch === batch.out_batch_no).length, 2)
})

test('a delayed reply comes late and intact', async () => {
  sandbox.fault({ kind: 'delay', ms: 200 })
  const start = performance.now()
  const reply = await create(sandbox, fresh())
  assert.ok(performance.now() - start >= 195)
  assert.ok(isSigned(reply, sandbox.wechat.platformKeys))
})

test('server errors are unsigned, and processed only when asked for', async () => {
  for (const [kind, status] of [
    ['http-500', 500],
    ['http-502-html', 502],
  ]) {
    for (const processed of [false, true]) {
      const batch = fresh()
      sandbox.fault({ kind, processed })
      const reply = await create(sandbox, batch)
      assert.deepEqual([reply.status, reply.headers['wechatpay-signature']], [status, undefined])
      assert.equal(reply.json?.code, kind === 'http-500' ? 'SYSTEM_ERROR' : undefined)
      assert.equal(reply.text.startsWith('<html>'), kind === 'http-502-html')
      assert.equal(await exists(batch), processed)
    }
  }
})

test('a rate limit refuses without processing', async () => {
  const batch = fresh()
  sandbox.fault({ kind: 'rate-limit' })
  const { status, json } = await create(sandbox, batch)
  assert.deepEqual([status, json.code], [429, 'FREQUENCY_LIMITED'])
  assert.equal(await exists(batch), false)
})

test('a truncated reply has lost half of its body and kept its headers', async () => {
  const batch = fresh()
  const whole = await create(sandbox, batch)
  sandbox.fault({ kind: 'truncate' })
  const reply = await create(sandbox, batch)
  assert.equal(reply.status, 200)
  assert.equal(reply.text, whole.text.slice(0, whole.text.length >> 1))
  assert.ok(reply.headers['wechatpay-signature'])
  assert.equal(isSigned(reply, sandbox.wechat.platformKeys), false)
  assert.ok(isSigned({ ...reply, text: whole.text }, sandbox.wechat.platformKeys), 'signed before it was cut')
})

test('signatures can be spoiled in four ways, and the batch is accepted all the same', async () => {
  for (const kind of ['bad-signature', 'probe', 'no-headers', 'stale']) {
    const batch = fresh()
    sandbox.fault({ kind })
    const reply = await create(sandbox, batch)
    assert.equal(reply.status, 200)
    assert.equal(isSigned(reply, sandbox.wechat.platformKeys), kind === 'stale')
    const signature = reply.headers['wechatpay-signature']
    if (kind === 'bad-signature') assert.match(signature, /^[A-Za-z0-9+/]{342}==$/)
    if (kind === 'probe') assert.match(signature, /^WECHATPAY\/SIGNTEST\//)
    if (kind === 'no-headers')
      assert.deepEqual(
        Object.keys(reply.headers).filter(name => name.startsWith('wechatpay-')),
        [],
      )
    if (kind === 'stale') assert.ok(Date.now() / 1000 - reply.headers['wechatpay-timestamp'] > 590)
    assert.equal(await exists(batch), true)
    assert.equal(isSigned(await create(sandbox, batch), sandbox.wechat.platformKeys), true, 'the next one is sound')
  }
})

test('a fault that spoils signatures waits for a reply that has one', async () => {
  sandbox.fault({ kind: 'no-headers' })
  assert.equal((await get(sandbox, '/v3/transfer/batches/out-batch-no/none?need_query_detail=false')).status, 404)
  assert.equal((await create(sandbox, fresh())).headers['wechatpay-signature'], undefined)
})

test('a fault hits the paths it names, as often as it says, in the order they were armed', async () => {
  sandbox.fault({ kind: 'rate-limit', path: '/v3/transfer/', times: 2 })
  sandbox.fault({ kind: 'http-500', path: '/v3/transfer/' })
  assert.equal((await get(sandbox, '/v3/certificates')).status, 200)
  const statuses = []
  for (let index = 0; index < 4; index += 1) statuses.push((await create(sandbox, fresh())).status)
  assert.deepEqual(statuses, [429, 429, 500, 200])
})

test('what is not a fault is refused with the list of those there are', () => {
  assert.throws(() => sandbox.fault({ kind: 'explode' }), /unknown kind of fault.*drop-reply.*wait-pay/s)
  assert.throws(() => sandbox.fault({ kind: 'drop-reply', colour: 'red' }), /has no member "colour"/)
  for (const fault of [
    undefined,
    null,
    'drop-reply',
    {},
    { kind: 'toString' },
    { kind: 'drop-reply', times: 0 },
    { kind: 'drop-reply', times: 1.5 },
    { kind: 'drop-reply', path: 'v3' },
    { kind: 'drop-reply', ms: 5 },
    { kind: 'delay' },
    { kind: 'delay', ms: -1 },
    { kind: 'rate-limit', processed: true },
  ]) {
    assert.throws(() => sandbox.fault(fault), TypeError, JSON.stringify(fault))
  }
})
