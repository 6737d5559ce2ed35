/** A real network on loopback: what each way of failing means. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { startSandbox } from 'payseal/sandbox'
import { WechatPay } from '../../pkg/dist/entry/node.js'
import { batch, client, signed } from './fixture.mjs'

async function serving(t, handle) {
  const server = createServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${server.address().port}`
}

async function outcome(t, handle, options) {
  const baseUrl = await serving(t, handle)
  return client({ baseUrl, ...options }).transferBatches.create(batch(1, 'unitnetwork1'))
}

test('nobody listens', async t => {
  const baseUrl = await serving(t, () => {})
  const port = new URL(baseUrl).port
  const free = `http://127.0.0.1:${port === '1' ? 2 : 1}`
  const { outcome: kind, next, error } = await client({ baseUrl: free }).transferBatches.create(batch(1))
  assert.deepEqual([kind, next, error.code], ['unknown', 'query', 'ERR_CONNECTION'])
})

test('the connection is cut before, and in the middle of, the reply', async t => {
  const cut = await outcome(t, request => request.socket.destroy())
  assert.deepEqual([cut.outcome, cut.error.code, cut.error.outcome], ['unknown', 'ERR_CONNECTION', 'unknown'])
  const half = await outcome(t, (_, response) => {
    response.writeHead(200, { 'Content-Length': 100 })
    response.write('{"out', () => response.destroy())
  })
  assert.deepEqual([half.outcome, half.error.code], ['unknown', 'ERR_CONNECTION'])
})

test('headers that never come, and a body that never ends', async t => {
  const silent = await outcome(t, () => {}, { timeoutMs: 50 })
  assert.deepEqual([silent.outcome, silent.error.code], ['unknown', 'ERR_TIMEOUT'])
  const endless = await outcome(t, (_, response) => response.writeHead(200).write('{'), { timeoutMs: 50 })
  assert.deepEqual([endless.outcome, endless.error.code], ['unknown', 'ERR_TIMEOUT'])
})

test('a redirect is not followed, and the signature goes nowhere else', async t => {
  let reached = false
  const elsewhere = await serving(t, (_, response) => {
    reached = true
    response.end()
  })
  const got = await outcome(t, (_, response) => response.writeHead(307, { Location: `${elsewhere}/v3/x` }).end())
  assert.deepEqual([got.outcome, got.error.code, reached], ['unknown', 'ERR_REDIRECT', false])
})

test('the bytes on the wire are the bytes that were signed', async t => {
  let arrived
  const baseUrl = await serving(t, async (request, response) => {
    const chunks = await request.toArray()
    arrived = { body: Buffer.concat(chunks), url: request.url, headers: request.headers }
    const reply = signed(JSON.stringify({ out_batch_no: 'unitwire01', batch_id: '1' }))
    response.writeHead(200, reply.headers).end(reply.body)
  })
  const wechat = client({ baseUrl })
  const sealed = await wechat.transferBatches.prepare(batch(3, 'unitwire01'))
  assert.equal((await wechat.transferBatches.create(sealed)).outcome, 'accepted')
  assert.deepEqual(arrived.body, Buffer.from(sealed.body))
  assert.equal(arrived.url, '/v3/transfer/batches')
  assert.equal(arrived.headers['content-length'], `${sealed.body.length}`)
  assert.equal(arrived.headers['wechatpay-serial'], sealed.serial)
  assert.match(arrived.headers['user-agent'], /^payseal\//)
})

test('a merchant that has only the public key gets an empty list of certificates', async t => {
  const sandbox = await startSandbox({ platform: 'public-key' })
  t.after(() => sandbox.close())
  const wechat = new WechatPay(sandbox.wechat)
  assert.deepEqual(await wechat.certificates(), [])
  assert.match((await wechat.encrypt('x')).serial, /^PUB_KEY_ID_/)
})

test('a list of certificates whose signature is wrong, missing or old is not kept', async t => {
  const sandbox = await startSandbox({ platform: 'certificate' })
  t.after(() => sandbox.close())
  const wechat = new WechatPay({ ...sandbox.wechat, platformKeys: [] })
  for (const kind of ['bad-signature', 'no-headers', 'probe', 'stale']) {
    sandbox.fault({ kind, path: '/v3/certificates' })
    await assert.rejects(wechat.certificates(), { name: 'SignatureError' }, kind)
    await assert.rejects(wechat.encrypt('x'), { code: 'ERR_PLATFORM_KEY_MISSING' })
  }
  assert.equal((await wechat.certificates()).length, 1)
})

test('after a rotation the new certificate is fetched, and what it signs verifies', async t => {
  const sandbox = await startSandbox({ platform: 'certificate' })
  t.after(() => sandbox.close())
  const wechat = new WechatPay(sandbox.wechat)
  const { serialNo } = await sandbox.rotateCertificate()
  const list = await wechat.certificates()
  assert.ok(list.some(one => one.serialNo === serialNo))
  const made = batch(2)
  assert.equal((await wechat.transferBatches.create(made)).outcome, 'accepted')
  await sandbox.advance(7200)
  assert.equal((await wechat.transferBatches.get({ outBatchNo: made.out_batch_no })).transfer_batch.success_num, 2)
})

test('notifications of the sandbox verify and open', async t => {
  const sandbox = await startSandbox()
  t.after(() => sandbox.close())
  const wechat = new WechatPay(sandbox.wechat)
  const received = []
  const url = await serving(t, async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    received.push(await wechat.notification({ headers: request.headers, body }).catch(error => error))
    response.writeHead(204).end()
  })
  const made = { ...batch(2), notify_url: `${url}/notify` }
  assert.equal((await wechat.transferBatches.create(made)).outcome, 'accepted')
  await sandbox.advance(7200)
  assert.equal(received.length, 1)
  assert.equal(received[0].eventType, 'MCHTRANSFER.BATCH.FINISHED')
  assert.equal(received[0].resource.out_batch_no, made.out_batch_no)
})
