import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, create, get, receiver } from './merchant.mjs'

let sandbox
before(async () => {
  sandbox = await startSandbox()
})
after(() => sandbox.close())

const page = (path, body) =>
  fetch(`${sandbox.url}/_sandbox/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })

test('another process can read what it needs to be a merchant', async () => {
  const credentials = await (await page('credentials')).json()
  assert.deepEqual(credentials.pingpp, sandbox.pingpp)
  const { merchantCertificate, platformCertificate, ...options } = credentials.wechat
  assert.equal(credentials.url, sandbox.url)
  assert.deepEqual(options, sandbox.wechat)
  assert.deepEqual(options.limits, { localNotifyUrl: true })
  assert.equal(options.baseUrl, sandbox.url)
  assert.match(options.apiV3Key, /^[0-9A-Za-z]{32}$/)
  assert.match(options.mchid, /^\d{10}$/)
  assert.ok(new X509Certificate(merchantCertificate).checkPrivateKey(createPrivateKey(options.privateKey)))
  assert.ok(options.platformKeys.some(key => key.certificate === platformCertificate))
})

test('another process can move the clock, arm faults, rotate and read the results', async () => {
  const inbox = await receiver()
  try {
    assert.equal((await page('faults', { kind: 'rate-limit' })).status, 200)
    assert.equal((await create(sandbox, batchOf('control'))).status, 429)
    assert.equal((await create(sandbox, batchOf('control', [100], { notify_url: inbox.url }))).status, 200)
    assert.equal((await page('advance', { seconds: 60 })).status, 200)
    assert.equal(inbox.received.length, 1, 'deliveries are over when the answer comes')
    assert.deepEqual(await (await page('ledger')).json(), sandbox.ledger())
    assert.equal(sandbox.ledger().length, 1)
    assert.deepEqual(await (await page('deliveries')).json(), sandbox.deliveries())
    const { serialNo } = await (await page('rotate-certificate', {})).json()
    assert.equal(new X509Certificate(sandbox.wechat.platformKeys.at(-1).certificate).serialNumber, serialNo)
  } finally {
    inbox.close()
  }
})

test('mistakes are answered with a sentence', async () => {
  for (const [path, body] of [
    ['faults', { kind: 'explode' }],
    ['advance', { seconds: -1 }],
    ['advance', { seconds: '60' }],
    ['advance', {}],
  ]) {
    const reply = await page(path, body)
    assert.equal(reply.status, 400)
    assert.ok((await reply.json()).error)
  }
  const reply = await fetch(`${sandbox.url}/_sandbox/faults`, { method: 'POST', body: '{' })
  assert.equal(reply.status, 400)
  assert.equal((await page('nothing')).status, 404)
  assert.equal((await fetch(`${sandbox.url}/_sandbox/ledger`, { method: 'POST' })).status, 404)
})

test('closing frees the port', async () => {
  const own = await startSandbox()
  const port = Number(new URL(own.url).port)
  await own.close()
  const again = await startSandbox({ port })
  assert.equal(again.url, own.url)
  await assert.rejects(startSandbox({ port }), { code: 'EADDRINUSE' })
  await again.close()
})

test('closing cuts the requests under way', async () => {
  const own = await startSandbox()
  own.fault({ kind: 'delay', ms: 600_000 })
  const waiting = assert.rejects(create(own, batchOf('waiting')))
  while (!(await exists(own, 'waiting'))) await new Promise(setImmediate)
  await own.close()
  await waiting
})

const exists = async (own, number) =>
  (await get(own, `/v3/transfer/batches/out-batch-no/${number}?need_query_detail=false`)).status === 200

test('closing cuts the deliveries under way', async () => {
  const own = await startSandbox()
  const moved = []
  const inbox = await receiver(() => {
    moved.push(own.close())
    return new Promise(() => {})
  })
  await create(own, batchOf('underway', [100], { notify_url: inbox.url }))
  await own.advance(60)
  await Promise.all(moved)
  inbox.close()
  const [{ attempts, state }] = own.deliveries()
  assert.deepEqual([moved.length, attempts.length, state], [1, 1, 'pending'])
  assert.match(attempts[0].error, /^(?!.*timeout).*abort/)
  await own.advance(3600)
  assert.equal(own.deliveries()[0].attempts.length, 1, 'and nothing happens any more')
})
