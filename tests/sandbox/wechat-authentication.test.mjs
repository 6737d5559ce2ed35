import assert from 'node:assert/strict'
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import {
  batchOf,
  call,
  certificateOf,
  create,
  exchange,
  get,
  isSigned,
  publicKeyOf,
  signedHeaders,
} from './merchant.mjs'

let sandbox
before(async () => {
  sandbox = await startSandbox()
})
after(() => sandbox.close())

const TARGET = '/v3/certificates'
const SCHEME = 'WECHATPAY2-SHA256-RSA2048'
const now = () => Math.floor(Date.now() / 1000)

/** Refusals of a GET whose Authorization header is made by `build(correct header)`. */
const withHeader = build => {
  const headers = signedHeaders(sandbox.wechat, { method: 'GET', target: TARGET })
  return exchange(sandbox.url, { target: TARGET, headers: { ...headers, Authorization: build(headers.Authorization) } })
}

test('a correct request is answered and the answer is signed with the key it names', async () => {
  const { platformKeys } = sandbox.wechat
  for (const serial of [publicKeyOf(sandbox).id, certificateOf(sandbox).serialNumber]) {
    const reply = await get(sandbox, TARGET, { serial })
    assert.equal(reply.status, 200)
    assert.equal(reply.headers['wechatpay-serial'], serial)
    assert.equal(reply.headers['wechatpay-signature-type'], SCHEME)
    assert.ok(Math.abs(reply.headers['wechatpay-timestamp'] - now()) < 60)
    assert.ok(isSigned(reply, platformKeys))
    assert.ok(reply.headers['request-id'])
  }
})

test('a batch is answered with the public key when the request names no key', async () => {
  const reply = await create(sandbox, batchOf('defaultkey'), { serial: undefined })
  assert.equal(reply.status, 200)
  assert.equal(reply.headers['wechatpay-serial'], publicKeyOf(sandbox).id)
})

test('the merchant certificate carries the serial and the key that sign', async () => {
  const { wechat } = await (await fetch(`${sandbox.url}/_sandbox/credentials`)).json()
  const { X509Certificate } = await import('node:crypto')
  const certificate = new X509Certificate(wechat.merchantCertificate)
  assert.equal(certificate.serialNumber, wechat.serialNo)
  assert.match(wechat.serialNo, /^[4-7][0-9A-F]{39}$/)
  assert.ok(certificate.checkPrivateKey(createPrivateKey(wechat.privateKey)))
  assert.ok(certificate.verify(certificate.publicKey))
  assert.ok(new Date(certificate.validFrom) < new Date() && new Date() < new Date(certificate.validTo))
})

test('a serial in lower case is the same serial, as a common client sends it', async () => {
  const reply = await get(sandbox, TARGET, { change: { serial_no: sandbox.wechat.serialNo.toLowerCase() } })
  assert.equal(reply.status, 200)
})

test('the pairs may stand in any order', async () => {
  const reply = await withHeader(header => {
    const pairs = header.slice(SCHEME.length + 1).split(',')
    return `${SCHEME} ${pairs.reverse().join(',')}`
  })
  assert.equal(reply.status, 200)
})

const malformed = {
  'no header': () => '',
  'an unquoted value': header => header.replace(/mchid="(\d+)"/, 'mchid=$1'),
  'a pair too few': header => header.replace(/,serial_no="[^"]*"/, ''),
  'a pair too many': header => `${header},extra="1"`,
  'a pair twice': header => header.replace(/(nonce_str="[^"]*")/, '$1,$1'),
  'a blank after a comma': header => header.replace(',', ', '),
  'two blanks after the scheme': header => header.replace(' ', '  '),
  'a timestamp in milliseconds': header => header.replace(/timestamp="(\d+)"/, 'timestamp="$1000"'),
  'a timestamp that is not a number': header => header.replace(/timestamp="\d+"/, 'timestamp="abc"'),
  'a nonce with a sign in it': header => header.replace(/nonce_str="./, 'nonce_str="-'),
  'an empty nonce': header => header.replace(/nonce_str="[^"]*"/, 'nonce_str=""'),
  'a nonce of 33 characters': header => header.replace(/nonce_str="[^"]*"/, `nonce_str="${'a'.repeat(33)}"`),
  'a signature with a line break escaped': header => header.replace(/signature="(.{76})/, 'signature="$1\\n'),
  'a signature without padding': header => header.replace(/=="/, '"'),
}
for (const [name, build] of Object.entries(malformed)) {
  test(`${name} is a malformed Authorization`, async () => {
    const { status, json, headers } = await withHeader(build)
    assert.deepEqual([status, json.code], [401, 'SIGN_ERROR'])
    assert.match(json.message, /Authorization值格式错误/)
    assert.equal(headers['wechatpay-signature'], undefined)
  })
}

test('another scheme is refused by name', async () => {
  const { status, json } = await withHeader(header => header.replace(SCHEME, 'WECHATPAY2-SM2-WITH-SM3'))
  assert.deepEqual([status, json.code, json.message], [401, 'SIGN_ERROR', 'HTTP头Authorization认证类型不正确'])
})

test('an unknown merchant and an unknown serial are refused', async () => {
  const merchant = await get(sandbox, TARGET, { change: { mchid: '1900000000' } })
  assert.deepEqual([merchant.status, merchant.json.code], [401, 'SIGN_ERROR'])
  for (const serial_no of ['A'.repeat(40), `00${sandbox.wechat.serialNo}`.slice(0, 40)]) {
    const serial = await get(sandbox, TARGET, { change: { serial_no } })
    assert.deepEqual([serial.status, serial.json.code], [401, 'SIGN_ERROR'])
    assert.match(serial.json.message, /商户证书序列号有误/)
  }
})

test('a timestamp may be five minutes away either way, and no more, whatever the business clock says', async () => {
  await sandbox.advance(86_400)
  for (const offset of [-290, 290]) {
    assert.equal((await get(sandbox, TARGET, { timestamp: now() + offset })).status, 200, `${offset} s`)
  }
  for (const offset of [-320, 320]) {
    const { status, json } = await get(sandbox, TARGET, { timestamp: now() + offset })
    assert.deepEqual([status, json.code], [401, 'SIGN_ERROR'], `${offset} s`)
    assert.match(json.message, /不得超过5分钟/)
  }
})

test('a time out of range is told before a wrong signature', async () => {
  const { json } = await get(sandbox, TARGET, { timestamp: now() - 900, message: 'other' })
  assert.match(json.message, /不得超过5分钟/)
})

test('a wrong signature is refused with what should have been signed', async () => {
  const timestamp = now()
  const nonce = randomBytes(16).toString('hex')
  const correct = `GET\n${TARGET}\n${timestamp}\n${nonce}\n\n`
  const wrong = {
    'no final line feed': correct.slice(0, -1),
    'carriage returns': correct.replaceAll('\n', '\r\n'),
    'the whole URL': correct.replace(TARGET, sandbox.url + TARGET),
    'lower-case method': correct.replace('GET', 'get'),
  }
  for (const [name, message] of Object.entries(wrong)) {
    const { status, json } = await get(sandbox, TARGET, { timestamp, nonce, message })
    assert.deepEqual([status, json.code, json.detail.issue], [401, 'SIGN_ERROR', 'sign not match'], name)
    assert.deepEqual(json.detail.sign_information, {
      method: 'GET',
      url: TARGET,
      truncated_sign_message: correct,
      sign_message_length: correct.length,
    })
  }
})

test('a signature by another key is refused', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const headers = signedHeaders({ ...sandbox.wechat, privateKey }, { method: 'GET', target: TARGET })
  const { status, json } = await exchange(sandbox.url, { target: TARGET, headers })
  assert.deepEqual([status, json.detail.issue], [401, 'sign not match'])
})

test('the query is signed as it is sent, byte for byte', async () => {
  const target = `${TARGET}?algorithm_type=%52SA&note=%E6%B5%8B+a%20b`
  assert.equal((await get(sandbox, target)).status, 200)
  const timestamp = now()
  const decoded = `GET\n${decodeURIComponent(target)}\n${timestamp}\nabcdefghijklmnop\n\n`
  const reply = await get(sandbox, target, { timestamp, nonce: 'abcdefghijklmnop', message: decoded })
  assert.equal(reply.status, 401)
})

test('the body is signed as it is sent, byte for byte', async () => {
  const body = `${JSON.stringify(batchOf('bodybytes'), null, 1)}\n`
  const post = { method: 'POST', target: '/v3/transfer/batches', body }
  assert.equal((await call(sandbox, post)).status, 200)
  const timestamp = now()
  const message = `POST\n${post.target}\n${timestamp}\nabcdefghijklmnop\n${JSON.stringify(JSON.parse(body))}\n`
  assert.equal((await call(sandbox, { ...post, timestamp, nonce: 'abcdefghijklmnop', message })).status, 401)
})

test('Accept and User-Agent are needed, and looked for before the signature', async () => {
  for (const change of [
    { Accept: undefined },
    { 'User-Agent': undefined },
    { Accept: 'text/html' },
    { 'User-Agent': ' ' },
  ]) {
    const headers = { ...signedHeaders(sandbox.wechat, { method: 'GET', target: TARGET, message: 'wrong' }), ...change }
    for (const name of Object.keys(headers)) if (headers[name] === undefined) delete headers[name]
    const { status, json } = await exchange(sandbox.url, { target: TARGET, headers })
    assert.deepEqual([status, json.code, json.message], [400, 'INVALID_REQUEST', 'Http头缺少Accept或User-Agent'])
  }
  assert.equal((await get(sandbox, TARGET, { headers: { Accept: '*/*' } })).status, 200)
})

test('a body must be declared as JSON', async () => {
  const reply = await create(sandbox, batchOf('plaintext'), { headers: { 'Content-Type': 'text/plain' } })
  assert.deepEqual([reply.status, reply.json.code], [400, 'INVALID_REQUEST'])
})

test('unknown paths and wrong methods get an empty answer', async () => {
  for (const [method, target, status] of [
    ['GET', '/v3/nothing', 404],
    ['GET', '/', 404],
    ['GET', '/v3/transfer/batches/batch-id', 404],
    ['GET', '/v3/transfer/batches', 405],
    ['DELETE', '/v3/certificates', 405],
    ['POST', '/v3/transfer/batches/batch-id/1', 405],
  ]) {
    const reply = await call(sandbox, { method, target })
    assert.deepEqual(
      [reply.status, reply.text, reply.headers['wechatpay-signature']],
      [status, '', undefined],
      `${method} ${target}`,
    )
  }
})

test('a body that is too large for any batch is not read on', async () => {
  const reply = await call(sandbox, { method: 'POST', target: '/v3/transfer/batches', body: 'x'.repeat(9 * 2 ** 20) })
  assert.equal(reply.status, 413)
})

test('the sandbox listens on loopback only', async () => {
  const { port } = new URL(sandbox.url)
  const { networkInterfaces } = await import('node:os')
  const others = Object.values(networkInterfaces())
    .flat()
    .filter(({ internal, family }) => !internal && family === 'IPv4')
  for (const { address } of others) {
    const socket = connect(Number(port), address)
    const [error] = await once(socket, 'error')
    assert.equal(error.code, 'ECONNREFUSED')
  }
})
