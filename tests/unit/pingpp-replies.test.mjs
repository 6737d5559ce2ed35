/** What comes from Ping++: replies, refusals and events, spoiled in every way. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CipherError, KeyError, ProviderError, SignatureError } from '../../pkg/dist/entry/node.js'
import {
  answering,
  app,
  client,
  collect,
  described,
  engines,
  event,
  number,
  sample,
  signature,
  signed,
  stranger,
} from './pingpp-fixture.mjs'

const get = fetch => client({ fetch }).batchTransfers.get('1801708311830114137')
const create = (reply, options) => client({ fetch: answering(reply), ...options }).batchTransfers.create(sample())

/** Every way a signature may fail, and what it is called. */
function spoiled(body) {
  const good = signed(body)
  const header = value => ({ ...good, headers: { 'X-Pingplusplus-Signature': value } })
  const flipped = Buffer.from(good.body)
  flipped[flipped.length >> 1] ^= 1
  return [
    ['ERR_SIGNATURE_HEADER_MISSING', { ...good, headers: {} }],
    ['ERR_SIGNATURE_HEADER_MISSING', header('')],
    ['ERR_SIGNATURE_BASE64', header(`${signature(good.body).slice(0, -1)}!`)],
    ['ERR_SIGNATURE_BASE64', header(`${signature(good.body)}, ${signature(good.body)}`)],
    ['ERR_SIGNATURE_LENGTH', header(Buffer.alloc(255, 7).toString('base64'))],
    ['ERR_SIGNATURE_INVALID', { ...good, body: flipped }],
    ['ERR_SIGNATURE_INVALID', { ...good, body: Buffer.concat([good.body, Buffer.from('\n')]) }],
    ['ERR_SIGNATURE_INVALID', signed(body, { key: stranger.privateKey })],
  ]
}

for (const engine of engines) {
  test(`a 2xx reply is verified, and each way of failing has its own code (${engine})`, async () => {
    const body = described(sample())
    const { outcome, reply, ...rest } = await create(signed(body), { engine })
    assert.deepEqual([outcome, reply.data], ['accepted', body])
    assert.deepEqual(rest, { next: 'query', number: body.batch_no }, 'and no request id where there is none')
    const named = await create(signed(body, { headers: { 'Request-Id': 'iar_1' } }), { engine })
    assert.equal(named.requestId, 'iar_1')
    for (const [code, wrong] of spoiled(body)) {
      const { outcome, next, error } = await create(wrong, { engine })
      assert.deepEqual([outcome, next, error.code], ['unknown', 'query', code])
      assert.ok(error instanceof SignatureError)
    }
  })

  test(`an event is read only when its bytes verify (${engine})`, async () => {
    const pingpp = client({ engine })
    const body = event(described(sample()), { later: { kept: [1] } })
    const told = await pingpp.event(signed(body))
    assert.deepEqual([told.id, told.type, told.created, told.livemode], [body.id, body.type, body.created, false])
    assert.deepEqual([told.request, told.pendingWebhooks, told.envelope], [null, 0, body])
    assert.deepEqual(told.data, { object: body.data.object })
    for (const [code, wrong] of spoiled(body)) {
      await assert.rejects(pingpp.event(wrong), { name: 'SignatureError', code })
      await assert.rejects(pingpp.verify(wrong), { name: 'SignatureError', code })
    }
  })
}

test('headers may be of any make, and the body text or bytes; a parsed body cannot be verified', async () => {
  const pingpp = client()
  const body = JSON.stringify(event(described(sample(), { description: '十月佣金' })))
  const value = signature(body)
  const makes = [
    new Headers({ 'X-Pingplusplus-Signature': value }),
    { 'x-pingplusplus-signature': value },
    [['X-PINGPLUSPLUS-SIGNATURE', value]],
  ]
  for (const headers of makes) {
    for (const given of [body, Buffer.from(body), new TextEncoder().encode(body).buffer])
      assert.equal((await pingpp.event({ headers, body: given })).data.object.description, '十月佣金')
    await assert.rejects(pingpp.event({ headers, body: JSON.parse(body) }), { code: 'ERR_BODY_PARSED' })
  }
  await assert.rejects(pingpp.event(), { code: 'ERR_BODY_PARSED' })
})

test('what is unknown today is tolerated and kept: statuses, fields, types, resources', async () => {
  const pingpp = client()
  const odd = described(sample(), {
    status: 'under_review',
    recipients: [{ status: 'frozen', later: 1 }],
    later: { a: 1 },
  })
  const fetch = answering(signed(odd))
  assert.deepEqual(await get(fetch), odd)
  const body = event({ object: 'something_new', id: 'x' }, { type: 'something.new' })
  body.data.previous_attributes = { status: 'pending' }
  const told = await pingpp.event(signed(body))
  assert.deepEqual([told.type, told.data.object], ['something.new', { object: 'something_new', id: 'x' }])
  assert.deepEqual(told.data.previousAttributes, { status: 'pending' })
})

test('what is signed and no event is refused', async () => {
  for (const text of ['', '[]', '<html>', '{"id":"evt_1","object":"charge"}', JSON.stringify(event(undefined))]) {
    await assert.rejects(client().event(signed(text)), error => {
      assert.ok(error instanceof CipherError)
      return error.code === 'ERR_NOTIFICATION_FORMAT'
    })
  }
})

test('without the platform key replies are taken as they are, and events cannot be read', async () => {
  const options = { platformPublicKey: undefined }
  const plain = { status: 200, headers: {}, body: JSON.stringify(described(sample())) }
  assert.equal((await create(plain, options)).outcome, 'accepted')
  const body = event(described(sample()))
  await assert.rejects(client(options).event(signed(body)), error => {
    assert.ok(error instanceof KeyError)
    return error.code === 'ERR_PLATFORM_KEY_MISSING'
  })
})

test('live money is not taken for test money, nor the other way round (PP30)', async () => {
  const live = { apiKey: `sk_live_${'a'.repeat(24)}` }
  for (const [options, livemode] of [
    [{}, true],
    [live, false],
    [{}, 'false'],
  ]) {
    const body = described(sample(), { livemode })
    const { outcome, next, error } = await create(signed(body), options)
    assert.deepEqual([outcome, next, error.code], ['unknown', 'query', 'ERR_REPLY_MISMATCH'])
    assert.match(error.message, /PP30/)
    const pingpp = client({ ...options, fetch: answering(signed(body)) })
    await assert.rejects(pingpp.batchTransfers.get(body.id), { code: 'ERR_REPLY_MISMATCH' })
    const list = { object: 'list', has_more: false, data: [body] }
    const listing = client({ ...options, fetch: answering(signed(list)) })
    await assert.rejects(collect(listing.batchTransfers.list()), { code: 'ERR_REPLY_MISMATCH' })
    if (typeof livemode === 'boolean')
      await assert.rejects(pingpp.event(signed(event(body, { livemode }))), { code: 'ERR_REPLY_MISMATCH' })
  }
  assert.equal((await create(signed(described(sample(), { livemode: true })), live)).outcome, 'accepted')
  const { livemode: _, ...silent } = described(sample())
  assert.equal((await create(signed(silent))).outcome, 'accepted', 'a reply that does not say')
})

test('a reply about something else than what was asked is none', async () => {
  for (const changes of [{ batch_no: number() }, { id: 7 }, { object: 'transfer' }, { amount: 8001 }]) {
    const { outcome, error } = await create(signed(described(sample(), changes)))
    assert.deepEqual([outcome, error.code], ['unknown', 'ERR_REPLY_MISMATCH'], JSON.stringify(changes))
  }
  const transfer = {
    app,
    channel: 'balance',
    order_no: 'order1',
    amount: 100,
    type: 'b2c',
    description: 'x',
    recipient: 'u1',
  }
  const paying = changes => {
    const state = { id: 'tr_a', object: 'transfer', livemode: false, ...transfer, ...changes }
    return client({ fetch: answering(signed(state)) }).transfers.create(transfer)
  }
  assert.equal((await paying({})).outcome, 'accepted')
  for (const changes of [{ order_no: 'order2' }, { object: 'batch_transfer' }, { id: undefined }, { amount: 1 }]) {
    const { outcome, error } = await paying(changes)
    assert.deepEqual([outcome, error.code], ['unknown', 'ERR_REPLY_MISMATCH'], JSON.stringify(changes))
  }
  for (const body of [described(sample(), { id: '1801708311830114138' }), null, {}, []])
    await assert.rejects(get(answering(signed(body))), { code: 'ERR_REPLY_MISMATCH' })
  for (const list of [
    null,
    {},
    { data: [], has_more: true },
    { data: {}, has_more: false },
    { data: [{}], has_more: false },
    { data: [] },
  ])
    await assert.rejects(collect(client({ fetch: answering(signed(list)) }).batchTransfers.list()), {
      code: 'ERR_REPLY_MISMATCH',
    })
})

test('the error envelope becomes a ProviderError, and what is no envelope keeps status and text', async () => {
  const error = {
    type: 'invalid_request_error',
    message: '参数不正确',
    code: 'channel_parameter_error',
    param: 'recipients[0][account]',
  }
  const refuse = (status, body, headers = {}) => create({ status, headers, body })
  const whole = await refuse(402, JSON.stringify({ error }), { 'Request-Id': 'iar_1', 'Retry-After': '3' })
  assert.deepEqual(
    [whole.outcome, whole.next, whole.requestId, whole.retryAfterMs],
    ['rejected', 'fix-and-resend', 'iar_1', 3000],
  )
  const facts = ({ status, type, providerCode, param, providerMessage, requestId }) => [
    status,
    type,
    providerCode,
    param,
    providerMessage,
    requestId,
  ]
  assert.deepEqual(facts(whole.error), [402, error.type, error.code, error.param, error.message, 'iar_1'])
  assert.ok(whole.error instanceof ProviderError)
  assert.equal(whole.error.message, 'Ping++ answered 402 channel_parameter_error about recipients[0][account]')
  const page = '<!DOCTYPE html><html><body>502 Bad Gateway</body></html>'
  for (const [status, body, text] of [
    [502, page, page],
    [500, '', undefined],
    [503, '{"message":"x"}', '{"message":"x"}'],
    [400, '{"error":"text"}', '{"error":"text"}'],
    [400, Buffer.from([0xff, 0xfe]), undefined],
    [404, 'null', 'null'],
  ]) {
    const { error } = await refuse(status, body)
    assert.deepEqual(facts(error), [status, undefined, undefined, undefined, text, undefined])
  }
  const long = await refuse(502, `<html>${'x'.repeat(2000)}`)
  assert.equal(long.error.providerMessage.length, 512, 'the beginning of a page is enough')
  const odd = await refuse(
    400,
    JSON.stringify({ error: { type: 5, code: 'Bad Code', param: '张三 6200', message: ['x'] } }),
  )
  assert.deepEqual(facts(odd.error), [400, undefined, undefined, undefined, undefined, undefined])
  assert.equal(odd.error.message, 'Ping++ answered 400 without an error envelope')
})

test('a page with status 200 is no reply, with or without a key', async () => {
  const page = { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>please wait</html>' }
  for (const options of [{}, { platformPublicKey: undefined }]) {
    const { outcome, next, error } = await create(page, options)
    assert.deepEqual([outcome, next, error.code], ['unknown', 'query', 'ERR_REPLY_NOT_JSON'])
  }
})

test('an objection to a number may come from an earlier try, so it is not known what became of that', async () => {
  // Which code, or which parameter, says that a number was used is not published.
  for (const param of ['batch_no', 'order_no', 'recipients[1][order_no]', 'recipients[1].order_no', undefined]) {
    const body = JSON.stringify({ error: { type: 'invalid_request_error', message: 'x', param } })
    const { outcome, next } = await create({ status: 400, headers: {}, body })
    assert.deepEqual([outcome, next], ['unknown', 'query'], param)
  }
  for (const param of ['amount', 'recipients[0][account]']) {
    const body = JSON.stringify({ error: { type: 'invalid_request_error', message: 'x', param } })
    assert.equal((await create({ status: 400, headers: {}, body })).outcome, 'rejected', param)
  }
})

test('an event that was handled before, or that is too old, is refused where asked for', async () => {
  const body = signed(event(described(sample())))
  const asked = []
  const seen = answer => id => {
    asked.push(id)
    return answer
  }
  assert.equal((await client({ seen: seen(false) }).event(body)).id, 'evt_400161010101436761001614')
  assert.deepEqual(asked, ['evt_400161010101436761001614'])
  await assert.rejects(client({ seen: seen(true) }).event(body), { name: 'SignatureError', code: 'ERR_EVENT_REPLAYED' })
  await assert.rejects(client({ seen: seen(Promise.resolve(true)) }).event(body), { code: 'ERR_EVENT_REPLAYED' })
  for (const forgotten of [undefined, null, 1, 'no'])
    await assert.rejects(client({ seen: seen(forgotten) }).event(body), { code: 'ERR_OPTIONS' })
  await assert.rejects(
    client({ seen: () => Promise.reject(new Error('the database is away')) }).event(body),
    /database/,
  )
  asked.length = 0
  await assert.rejects(client({ seen: seen(false) }).event({ ...body, body: Buffer.from('{}') }), {
    code: 'ERR_SIGNATURE_INVALID',
  })
  assert.deepEqual(asked, [], 'nobody is asked about what does not verify')
  const at = seconds => client({ eventToleranceSeconds: 90_000, now: () => (1_476_067_102 + seconds) * 1000 })
  for (const near of [0, 90_000, -90_000]) assert.ok(await at(near).event(body))
  for (const far of [90_001, -90_001]) await assert.rejects(at(far).event(body), { code: 'ERR_TIMESTAMP_SKEW' })
})
