import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, call, create, get, isSigned, UNSIGNED } from './app.mjs'

let sandbox
before(async () => {
  sandbox = await startSandbox()
})
after(() => sandbox.close())

const LIST = '/v1/batch_transfers'
const now = () => Math.floor(Date.now() / 1000)

test('the credentials have the documented shapes', () => {
  const { app, apiKey, privateKey, platformPublicKey, baseUrl } = sandbox.pingpp
  assert.match(app, /^app_[0-9A-Za-z]{16}$/)
  assert.match(apiKey, /^sk_test_[0-9A-Za-z]{24}$/)
  assert.match(privateKey, /^-----BEGIN PRIVATE KEY-----/)
  assert.match(platformPublicKey, /^-----BEGIN PUBLIC KEY-----/)
  assert.equal(baseUrl, sandbox.url)
})

test('the key is taken as Basic with an empty password and as Bearer, and no other way', async () => {
  const { apiKey } = sandbox.pingpp
  const basic = text => `Basic ${Buffer.from(text).toString('base64')}`
  for (const Authorization of [`Bearer ${apiKey}`, basic(`${apiKey}:`)]) {
    assert.equal((await get(sandbox, LIST, { headers: { Authorization } })).status, 200)
  }
  const wrong = [
    undefined,
    '',
    apiKey,
    `Bearer ${apiKey}x`,
    basic(apiKey),
    basic(`${apiKey}:x`),
    `Bearer ${apiKey.slice(0, -1)}`,
  ]
  for (const Authorization of wrong) {
    const { status, json } = await get(sandbox, LIST, { headers: { Authorization } })
    assert.deepEqual([status, json.error.type], [401, 'invalid_request_error'])
  }
})

test('every reply is signed over its body, errors included', async () => {
  const good = await get(sandbox, LIST)
  const bad = await get(sandbox, '/v1/nothing')
  assert.deepEqual([good.status, bad.status], [200, 404])
  for (const reply of [good, bad]) {
    assert.ok(isSigned(reply, sandbox.pingpp))
    assert.equal(isSigned({ ...reply, text: `${reply.text} ` }, sandbox.pingpp), false)
  }
})

test('every call to batch_transfers must be signed', async () => {
  for (const [method, target] of [
    ['POST', LIST],
    ['GET', LIST],
    ['GET', `${LIST}/1`],
    ['PUT', `${LIST}/1`],
  ]) {
    const { status, json } = await call(sandbox, {
      method,
      target,
      body: method === 'GET' ? '' : '{}',
      headers: UNSIGNED,
    })
    assert.deepEqual([status, json.error.type], [401, 'invalid_request_error'], `${method} ${target}`)
    assert.match(json.error.message, /Pingplusplus-Signature/)
  }
})

test('a signature covers body, target and time as they were sent', async () => {
  const timestamp = now()
  const target = `${LIST}?app=${sandbox.pingpp.app}&created%5Bgte%5D=0&note=%E6%B5%8B+a%20b`
  assert.equal((await get(sandbox, target)).status, 200)
  assert.equal((await get(sandbox, `${LIST}?`)).status, 200, 'the lone question mark that one client sends')
  const messages = {
    'the path without the query': LIST + timestamp,
    'a decoded query': decodeURIComponent(target) + timestamp,
    'another time': `${target}${timestamp + 1}`,
    'no time': target,
    'the whole URL': sandbox.url + target + timestamp,
    'line feeds between the parts': `\n${target}\n${timestamp}`,
  }
  for (const [name, message] of Object.entries(messages)) {
    assert.equal((await get(sandbox, target, { message, timestamp })).status, 401, name)
  }
  const body = `${JSON.stringify(batchOf('alipay'), null, 2)}\n`
  const post = { method: 'POST', target: LIST, body, timestamp }
  const compact = JSON.stringify(JSON.parse(body))
  assert.equal((await call(sandbox, { ...post, message: compact + LIST + timestamp })).status, 401)
  assert.equal((await call(sandbox, { ...post, message: body })).status, 401, 'the body alone, as until 2016')
  assert.equal((await call(sandbox, post)).status, 200)
})

test('the time must be there and at most five minutes away', async () => {
  for (const offset of [-290, 290]) {
    assert.equal((await get(sandbox, LIST, { timestamp: now() + offset })).status, 200)
  }
  for (const offset of [-320, 320]) {
    assert.equal((await get(sandbox, LIST, { timestamp: now() + offset })).status, 401)
  }
  for (const time of [undefined, '', 'abc', `${now()}000`, `0${now()}`]) {
    const headers = { 'Pingplusplus-Request-Timestamp': time }
    assert.equal((await get(sandbox, LIST, { headers, message: LIST + (time ?? '') })).status, 401, String(time))
  }
})

test('a signature that is not base64 of the right length is refused', async () => {
  for (const signature of ['', 'x', '!'.repeat(344), Buffer.alloc(255).toString('base64')]) {
    const headers = { 'Pingplusplus-Signature': signature }
    assert.equal((await get(sandbox, LIST, { headers })).status, 401)
  }
})

test('messages come in the language that is accepted', async () => {
  const message = async language =>
    (await get(sandbox, '/v1/nothing', { headers: { 'Accept-Language': language } })).json.error.message
  assert.equal(await message('en'), 'no such path')
  assert.match(await message('zh-CN'), /找不到/)
  assert.match(await message(undefined), /找不到/)
})

test('unknown paths and methods are told in the envelope', async () => {
  for (const [method, target] of [
    ['GET', '/v1/charges'],
    ['DELETE', LIST],
    ['GET', `${LIST}/1/recipients`],
    ['GET', `${LIST}/1`],
    ['GET', '/v1/transfers/tr_1'],
    ['GET', '/v1/events/evt_1'],
  ]) {
    const { status, json } = await call(sandbox, { method, target })
    assert.deepEqual([status, json.error.type], [404, 'invalid_request_error'], `${method} ${target}`)
  }
})

test('the faults of the wire speak the language of this provider', async () => {
  const reply = async kind => {
    sandbox.fault({ kind, path: '/v1/' })
    return create(sandbox, batchOf('alipay'))
  }
  const limit = await reply('rate-limit')
  assert.deepEqual([limit.status, limit.json.error.type], [403, 'invalid_request_error'])
  const broken = await reply('http-500')
  assert.deepEqual([broken.status, broken.json.error.type], [500, 'api_error'])
  assert.equal((await reply('http-502-html')).status, 502)
  assert.equal(isSigned(await reply('bad-signature'), sandbox.pingpp), false)
  assert.equal((await reply('no-headers')).headers['x-pingplusplus-signature'], undefined)
  assert.ok(isSigned(await create(sandbox, batchOf('alipay')), sandbox.pingpp))
})
