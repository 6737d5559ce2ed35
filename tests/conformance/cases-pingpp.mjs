/** Ping++: signing and verifying judged by the host's WebCrypto, payments by the sandbox. */
import { answering, bytes, check, der, equal, fromBase64, random, refused, sign, toBase64 } from './kit.mjs'

const timestamp = 1_476_067_095

/** A client whose platform key is the judge's, and whose network is `fetch`. */
function client(t, options = {}) {
  const { pingpp, judge } = t.credentials
  const { app, apiKey, privateKey } = pingpp
  return new t.payseal.Pingpp({
    app,
    apiKey,
    privateKey,
    platformPublicKey: judge.publicKey,
    engine: t.engine,
    ...options,
  })
}

/** A client of the sandbox. */
function sandboxed(t, options = {}) {
  return new t.payseal.Pingpp({ ...t.credentials.pingpp, engine: t.engine, fetch: t.fetch, ...options })
}

/** A reply or event as Ping++ would sign it. */
async function signed(t, content, status = 200) {
  const body = bytes(JSON.stringify(content))
  const signature = await sign(fromBase64(t.credentials.judge.privateKey), body)
  return { status, headers: { 'X-Pingplusplus-Signature': toBase64(signature) }, body }
}

async function control(t, path, body) {
  const init = body
    ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    : {}
  const response = await t.fetch(`${t.credentials.pingpp.baseUrl}/_sandbox/${path}`, init)
  check(response.ok, `the sandbox answered ${response.status} to ${path}`)
  return response.status === 204 ? undefined : response.json()
}

let counter = 0

/** A valid batch of two invented people under fresh numbers. */
function batch(t, changes = {}) {
  counter += 1
  const number = `conf${Date.now().toString(36)}${toBase64(random(6)).replace(/\W/g, 'x')}${counter}`
  const recipients = ['林小满', '周子墨'].map((name, index) => ({
    account: `payee${index}@example.com`,
    amount: 100 + index,
    name,
    order_no: `${number}r${index}`,
  }))
  const head = { app: t.credentials.pingpp.app, batch_no: number, channel: 'alipay', amount: 201, type: 'b2c' }
  return { ...head, description: '十月佣金结算', recipients, ...changes }
}

const event = (object, livemode = false) => ({
  ...{ id: 'evt_400161010101436761001614', object: 'event', created: timestamp, livemode },
  ...{ type: 'batch_transfer.succeeded', data: { object } },
})

export const cases = {
  async 'Ping++: signatures over random inputs are byte for byte the ones of WebCrypto'(t) {
    const pingpp = client(t)
    const pkcs8 = der(t.credentials.pingpp.privateKey)
    for (let round = 0; round < 12; round += 1) {
      const body = round % 3 === 0 ? undefined : random(round * 37)
      const method = body ? ['POST', 'PUT'][round % 2] : 'GET'
      const query = [
        ['created[gte]', `${round}`],
        ['批次', `佣金 &=+${toBase64(random(4))}`],
      ]
      const { url, headers } = await pingpp.sign({ method, path: '/v1/batch_transfers', query, body })
      const { pathname, search } = new URL(url)
      const end = bytes(`${pathname}${search}${headers['Pingplusplus-Request-Timestamp']}`)
      const message = new Uint8Array([...(body ?? []), ...end])
      equal(headers['Pingplusplus-Signature'], toBase64(await sign(pkcs8, message)), `round ${round}`)
    }
  },

  async 'Ping++: both engines, and auto, sign the same bytes'(t) {
    const options = {
      method: 'PUT',
      path: '/v1/batch_transfers/181610101014367590',
      body: { status: 'canceled' },
      timestamp,
    }
    const [wasm, host, auto] = await Promise.all(
      ['wasm', 'host', 'auto'].map(engine => client(t, { engine }).sign(options)),
    )
    equal(wasm.headers, host.headers)
    equal(wasm.headers, auto.headers)
    equal(new TextDecoder().decode(wasm.body), '{"status":"canceled"}')
    const request = new Request(wasm.url, wasm)
    equal([request.method, request.url, await request.text()], ['PUT', wasm.url, '{"status":"canceled"}'])
  },

  async 'Ping++: an event is read only when its bytes verify'(t) {
    const pingpp = client(t)
    const object = {
      object: 'batch_transfer',
      id: '1801708311830114137',
      status: 'something_new',
      later: { kept: true },
    }
    const sent = await signed(t, event(object))
    const told = await pingpp.event(sent)
    equal([told.id, told.type, told.data.object], ['evt_400161010101436761001614', 'batch_transfer.succeeded', object])
    const flipped = sent.body.slice()
    flipped[20] ^= 1
    const wrong = {
      ERR_SIGNATURE_INVALID: { ...sent, body: flipped },
      ERR_SIGNATURE_HEADER_MISSING: { ...sent, headers: {} },
      ERR_SIGNATURE_BASE64: { ...sent, headers: { 'X-Pingplusplus-Signature': '!' } },
      ERR_SIGNATURE_LENGTH: { ...sent, headers: { 'X-Pingplusplus-Signature': 'AAAA' } },
      ERR_BODY_PARSED: { ...sent, body: event(object) },
      ERR_REPLY_MISMATCH: await signed(t, event(object, true)),
      ERR_NOTIFICATION_FORMAT: await signed(t, { ...event(object), object: 'charge' }),
    }
    for (const [code, incoming] of Object.entries(wrong)) await refused(t, code, () => pingpp.event(incoming))
    await refused(t, 'ERR_SIGNATURE_INVALID', () => sandboxed(t).event(sent), 'another key')
    await refused(t, 'ERR_PLATFORM_KEY_MISSING', () => client(t, { platformPublicKey: undefined }).event(sent))
    await refused(t, 'ERR_EVENT_REPLAYED', () => client(t, { seen: async () => true }).event(sent))
    await refused(t, 'ERR_KEY_MISSING', () => client(t, { platformPublicKey: '' }), 'an empty key')
  },

  async 'Ping++: an unverified or foreign reply to a payment is unknown'(t) {
    const made = batch(t)
    const object = { id: '1801708311830114137', object: 'batch_transfer', livemode: false, ...made }
    const good = await signed(t, object)
    const replies = [
      { ...good, headers: {} },
      { ...good, body: bytes(`${JSON.stringify(object)} `) },
      await signed(t, { ...object, livemode: true }),
      await signed(t, { ...object, batch_no: 'another0001' }),
      { status: 200, headers: { 'Content-Type': 'text/html' }, body: bytes('<html></html>') },
      { status: 502, headers: {}, body: bytes('<html></html>') },
      { status: 403, headers: {}, body: bytes('{"error":{"type":"api_error"}}') },
      new TypeError('gone'),
    ]
    for (const reply of replies) {
      const { outcome, next } = await client(t, { fetch: answering(reply) }).batchTransfers.create(made)
      equal([outcome, next === 'new-number'], ['unknown', false])
    }
    equal((await client(t, { fetch: answering(good) }).batchTransfers.create(made)).outcome, 'accepted')
  },

  async 'Ping++: a batch is checked, sealed, created, found, settled and paid once, even when the reply is lost'(t) {
    const { batchTransfers } = sandboxed(t)
    const since = new Date()
    const made = batch(t)
    equal(batchTransfers.validate(made), { ok: true, count: 2, total: 201, issues: [] })
    const sealed = t.payseal.SealedRequest.from(JSON.stringify(await batchTransfers.prepare(made)))
    await control(t, 'faults', { kind: 'drop-reply', path: '/v1/batch_transfers' })
    equal((await batchTransfers.create(sealed)).outcome, 'unknown')
    const { id } = await batchTransfers.find(sealed.number, { since })
    const again = await batchTransfers.create(sealed)
    equal([again.outcome, again.next], ['unknown', 'query'])
    await control(t, 'advance', { seconds: 60 })
    equal((await batchTransfers.get(id)).status, 'succeeded')
    const paid = (await control(t, 'ledger')).filter(entry => entry.batch === sealed.number && entry.state === 'paid')
    equal(paid.length, 2)
  },

  async 'Ping++: a refusal says its type and parameter, and a broken batch is not sent'(t) {
    const error = await refused(t, 'ERR_PROVIDER', () => sandboxed(t).batchTransfers.get('1801708311830114137'))
    equal([error.status, error.type], [404, 'invalid_request_error'])
    const fetch = answering()
    const wrong = batch(t)
    wrong.recipients[1].order_no = wrong.recipients[0].order_no
    const invalid = await refused(t, 'ERR_BATCH_INVALID', () => client(t, { fetch }).batchTransfers.create(wrong))
    equal(
      invalid.issues.map(({ code, row }) => [code, row]),
      [['PP17', 2]],
    )
    equal(fetch.asked.length, 0)
  },

  async 'Ping++: single transfers are made, listed and reversed'(t) {
    const { transfers } = sandboxed(t)
    const order_no = batch(t).batch_no.slice(0, 32)
    const transfer = { app: t.credentials.pingpp.app, channel: 'wx_lite', order_no, amount: 100, type: 'b2c' }
    const { outcome, reply } = await transfers.create({
      ...transfer,
      description: '佣金',
      recipient: 'o9zpMs9jIaLynQY9N6',
    })
    equal(outcome, 'accepted')
    for await (const newest of transfers.list({ limit: 1 })) {
      equal(newest.id, reply.data.id)
      break
    }
    equal((await transfers.reverse(reply.data.id)).status, 'failed')
  },
}
