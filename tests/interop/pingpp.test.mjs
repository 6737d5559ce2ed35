// pingpp for Node, unchanged: the host is set by its own `setHost`. It never ends a request on a socket that is used a
// second time (it waits for the `connect` of a socket that is connected), so keep-alive is off for its requests.
import assert from 'node:assert/strict'
import http from 'node:http'
import { after, before, test } from 'node:test'
import library from 'pingpp'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf } from '../sandbox/app.mjs'

let sandbox
let pingpp
let keepAlive
before(async () => {
  keepAlive = http.globalAgent
  http.globalAgent = new http.Agent({ keepAlive: false })
  sandbox = await startSandbox()
  pingpp = library(sandbox.pingpp.apiKey)
  pingpp.setHost('127.0.0.1', new URL(sandbox.url).port, 'http')
  pingpp.setPrivateKey(sandbox.pingpp.privateKey)
})
after(async () => {
  http.globalAgent = keepAlive
  await sandbox.close()
})

/** Its callback style as a promise. */
const done = run => new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value))))

test('creates a batch, finds it and follows it to its end', async () => {
  const batch = batchOf('unionpay', [{ order_no: '0000000000000001' }, { order_no: '0000000000000002' }])
  const created = await done(callback => pingpp.batchTransfers.create(batch, callback))
  assert.deepEqual([created.status, created.batch_no], ['created', batch.batch_no])
  await sandbox.advance(60)
  const found = await done(callback => pingpp.batchTransfers.retrieve(created.id, callback))
  assert.equal(found.status, 'succeeded')
  const wanted = { page: 1, per_page: 3, app: sandbox.pingpp.app, created: { gte: created.created } }
  const list = await done(callback => pingpp.batchTransfers.list(wanted, callback))
  assert.deepEqual(list.data, [found])
  await assert.rejects(
    done(callback => pingpp.batchTransfers.create(batch, callback)),
    error => {
      assert.deepEqual([error.raw.type, error.raw.param], ['invalid_request_error', 'batch_no'])
      return true
    },
  )
  assert.equal(sandbox.ledger().length, 2)
})

test('cancels a scheduled batch', async () => {
  sandbox.fault({ kind: 'schedule-batch' })
  const { id } = await done(callback => pingpp.batchTransfers.create(batchOf('unionpay'), callback))
  assert.equal((await done(callback => pingpp.batchTransfers.cancel(id, callback))).status, 'canceled')
})

test('makes a single payment and lists it', async () => {
  const transfer = {
    order_no: '2016123123456789',
    app: { id: sandbox.pingpp.app },
    channel: 'wx_pub',
    amount: 100,
    currency: 'cny',
    type: 'b2c',
    recipient: 'o9zpMs9jIaLynQY9N6yxcZ',
    description: '差旅报销 & <test>',
    extra: { user_name: '测试甲', force_check: true },
  }
  const created = await done(callback => pingpp.transfers.create(transfer, callback))
  await sandbox.advance(60)
  const found = await done(callback => pingpp.transfers.retrieve(created.id, callback))
  assert.equal(found.status, 'paid')
  const list = await done(callback =>
    pingpp.transfers.list({ 'app[id]': sandbox.pingpp.app, limit: 3, status: 'paid' }, callback),
  )
  assert.deepEqual(list.data.at(0), found)
})

test('is refused with another key or without a signature', async () => {
  const stranger = library('sk_test_000000000000000000000000')
  stranger.setHost('127.0.0.1', new URL(sandbox.url).port, 'http')
  const unsigned = library(sandbox.pingpp.apiKey)
  unsigned.setHost('127.0.0.1', new URL(sandbox.url).port, 'http')
  for (const client of [stranger, unsigned]) {
    await assert.rejects(
      done(callback => client.batchTransfers.create(batchOf('alipay'), callback)),
      { type: 'PingppAuthenticationError' },
    )
  }
})
