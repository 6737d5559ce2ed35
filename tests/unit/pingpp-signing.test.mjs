/** What Ping++ is asked, judged by node:crypto: the signature, and the bytes on the wire. */
import assert from 'node:assert/strict'
import { createPrivateKey, randomBytes, randomInt, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { PayoutError, version } from '../../pkg/dist/entry/node.js'
import { apiKey, client, engines, merchant, platform, privatePem, signature } from './pingpp-fixture.mjs'

const words = [
  'created[gte]',
  'created[lt]',
  'app[id]',
  'a b',
  '批次',
  '收款 人',
  'x=y&z',
  '+',
  '%',
  '"',
  "~!*()'",
  '/?#',
  '🎉',
  '',
]
const pick = list => list[randomInt(list.length)]
const timestamp = 1_476_067_095

/** RFC 3986: what encodeURIComponent leaves, and the five characters that it should not. */
const encoded = text =>
  encodeURIComponent(text).replace(/[!'()*]/g, found => `%${found.charCodeAt(0).toString(16).toUpperCase()}`)

for (const engine of engines) {
  test(`signatures over random bodies and queries are byte for byte those of node:crypto (${engine})`, async () => {
    const pingpp = client({ engine })
    for (let round = 0; round < 60; round += 1) {
      const method = pick(['GET', 'POST', 'PUT', 'DELETE'])
      const takesBody = method === 'POST' || method === 'PUT'
      const body = takesBody
        ? pick([
            randomBytes(randomInt(1, 400)),
            JSON.stringify({ description: pick(words), n: round }),
            { 备注: pick(words) },
          ])
        : undefined
      const query = Array.from({ length: randomInt(4) }, () => [pick(words), pick(words)])
      const at = randomInt(1_000_000_000, 2_000_000_000)
      const signed = await pingpp.sign({ method, path: '/v1/batch_transfers', query, body, timestamp: at })
      const search = query.map(pair => pair.map(encoded).join('=')).join('&')
      const target = `/v1/batch_transfers${search && `?${search}`}`
      assert.equal(signed.url, `https://api.pingxx.com${target}`)
      const expected =
        Buffer.isBuffer(body) || typeof body === 'string'
          ? Buffer.from(body)
          : Buffer.from(body ? JSON.stringify(body) : '')
      assert.deepEqual(Buffer.from(signed.body ?? ''), expected)
      const message = Buffer.concat([expected, Buffer.from(`${target}${at}`)])
      assert.equal(signed.headers['Pingplusplus-Signature'], signature(message, merchant.privateKey))
      assert.ok(
        verify('sha256', message, merchant.publicKey, Buffer.from(signed.headers['Pingplusplus-Signature'], 'base64')),
      )
    }
  })
}

test('the message of the worked example is signed', async () => {
  const path = '/v1/batch_transfers/181610101014367590'
  const { headers, body } = await client().sign({ method: 'PUT', path, body: { status: 'canceled' }, timestamp })
  assert.equal(Buffer.from(body).toString(), '{"status":"canceled"}')
  const message = '{"status":"canceled"}/v1/batch_transfers/1816101010143675901476067095'
  assert.equal(headers['Pingplusplus-Signature'], signature(message, merchant.privateKey))
})

test('every request carries the documented headers, and only a body has a type', async () => {
  const basic = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`
  const headers = {
    Accept: 'application/json',
    'User-Agent': `payseal/${version}`,
    'Accept-Language': 'zh-CN',
    Authorization: basic,
    'Pingplusplus-Request-Timestamp': String(timestamp),
  }
  const without = async (pingpp, options) => {
    const { 'Pingplusplus-Signature': _, ...rest } = (await pingpp.sign({ timestamp, ...options })).headers
    return rest
  }
  const get = { method: 'GET', path: '/v1/transfers' }
  assert.deepEqual(await without(client(), get), headers)
  assert.deepEqual(await without(client(), { ...get, method: 'POST', body: {} }), {
    ...headers,
    'Content-Type': 'application/json; charset=UTF-8',
  })
  assert.deepEqual(await without(client({ auth: 'bearer', locale: 'en' }), get), {
    ...headers,
    Authorization: `Bearer ${apiKey}`,
    'Accept-Language': 'en',
  })
  assert.equal((await without(client({ locale: 'en', language: 'zh-CN' }), get))['Accept-Language'], 'zh-CN')
})

test('both engines, a KeyObject, DER, bare base64 and a signer give the same signature', async () => {
  const der = merchant.privateKey.export({ type: 'pkcs8', format: 'der' })
  const signer = { sign: async message => Buffer.from(signature(message, merchant.privateKey), 'base64') }
  const keys = [privatePem, createPrivateKey(privatePem), der, der.toString('base64'), signer]
  keys.push(merchant.privateKey.export({ type: 'pkcs1', format: 'pem' }))
  const all = new Set()
  for (const engine of engines) {
    for (const privateKey of keys) {
      const options = { method: 'GET', path: '/v1/transfers', timestamp }
      all.add((await client({ engine, privateKey }).sign(options)).headers['Pingplusplus-Signature'])
    }
  }
  assert.deepEqual([...all], [signature(`/v1/transfers${timestamp}`, merchant.privateKey)])
})

test('the target and the body on the wire are byte for byte what was signed', async t => {
  const arrived = []
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    arrived.push({ target: request.url, headers: request.headers, body: Buffer.concat(chunks) })
    const body = JSON.stringify({ object: 'list', has_more: false, data: [] })
    response.writeHead(200, { 'X-Pingplusplus-Signature': signature(body, platform.privateKey) }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const pingpp = client({ baseUrl: `http://127.0.0.1:${server.address().port}` })
  const queries = [undefined, [], { 'created[gte]': 1, app: 'a b+c' }, ...words.map(word => [[word, word]])]
  for (const query of queries) await pingpp.send(await pingpp.sign({ method: 'GET', path: '/v1/transfers', query }))
  await pingpp.send(await pingpp.sign({ method: 'POST', path: '/v1/transfers?x=%5B1%5D', body: '{"描述": "a/b <&>"}' }))
  for await (const _ of pingpp.batchTransfers.list({ created: { gte: 1_476_067_095, lt: 1_476_067_100 } }))
    assert.fail()
  for await (const _ of pingpp.transfers.list({ created: { gt: 1 }, channel: 'wx_pub' })) assert.fail()
  assert.equal(arrived.length, queries.length + 3)
  for (const { target, headers, body } of arrived) {
    const message = Buffer.concat([body, Buffer.from(`${target}${headers['pingplusplus-request-timestamp']}`)])
    const sent = Buffer.from(headers['pingplusplus-signature'], 'base64')
    assert.ok(verify('sha256', message, merchant.publicKey, sent), target)
  }
  assert.deepEqual(
    arrived.slice(-2).map(({ target }) => target),
    [
      '/v1/batch_transfers?page=1&per_page=100&created%5Bgte%5D=1476067095&created%5Blt%5D=1476067100&app=app_1Gqj58ynP0mHeX1q',
      '/v1/transfers?app%5Bid%5D=app_1Gqj58ynP0mHeX1q&limit=100&created%5Bgt%5D=1&channel=wx_pub',
    ],
  )
})

test('what cannot be signed is refused before anything is sent', async () => {
  const refused = (code, options) =>
    assert.rejects(client().sign({ method: 'GET', path: '/v1/transfers', ...options }), error => {
      assert.ok(error instanceof PayoutError)
      assert.equal(error.code, code)
      return true
    })
  await refused('ERR_METHOD', { method: 'get' })
  await refused('ERR_METHOD', { method: 'PATCH' })
  await refused('ERR_PATH', { path: '/v1/批次' })
  await refused('ERR_PATH', { path: '/v1/../x' })
  await refused('ERR_BODY_NOT_ALLOWED', { body: {} })
  await refused('ERR_TIMESTAMP_FORMAT', { timestamp: 1.5 })
  await refused('ERR_OPTIONS', { path: undefined })
  await refused('ERR_BODY_FORMAT', { method: 'POST', body: '\ud83d' })
})

test('a signed request goes to no other host', async () => {
  const pingpp = client()
  const signed = await pingpp.sign({ method: 'GET', path: '/v1/transfers' })
  const elsewhere = { ...signed, url: 'https://example.com/v1/transfers' }
  await assert.rejects(pingpp.send(elsewhere), { code: 'ERR_URL', outcome: 'not-sent' })
})
