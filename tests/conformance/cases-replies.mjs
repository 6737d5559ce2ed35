/** Replies of every kind, given by a replaced fetch: what each means, above all for a payment. */
import { answering, batch, bytes, check, client, equal, refused, signed } from './kit.mjs'

const html = {
  status: 200,
  headers: { 'Content-Type': 'text/html' },
  body: '<!DOCTYPE html><html><body>Login</body></html>',
}
const refusal = (status, code, headers = {}) => ({
  status,
  headers: { 'Request-ID': 'REQ-1', ...headers },
  body: code
    ? JSON.stringify({ code, message: '说明', detail: { field: '/x', value: '林小满', issue: 'y', location: 'body' } })
    : '',
})

async function sendOne(t, reply, options) {
  const wechat = client(t, { fetch: answering(reply), ...options })
  return wechat.send(await wechat.sign({ method: 'GET', path: '/v3/x' }))
}

async function created(t, made, changes = {}) {
  return signed(
    t,
    JSON.stringify({
      out_batch_no: made.out_batch_no,
      batch_id: '1030',
      create_time: '2026-05-20T13:29:35+08:00',
      ...changes,
    }),
  )
}

/** Status, code, headers → outcome, next: spec 14.1 and 15. */
const answers = [
  [400, 'PARAM_ERROR', 'rejected', 'fix-and-resend'],
  [400, 'INVALID_REQUEST', 'unknown', 'query'],
  [400, 'SOMETHING_NEW', 'unknown', 'query'],
  [401, 'SIGN_ERROR', 'rejected', 'fix-and-resend'],
  [403, 'NO_AUTH', 'rejected', 'fix-and-resend'],
  [403, 'NOT_ENOUGH', 'rejected', 'retry-same-number'],
  [403, 'ACCOUNTERROR', 'rejected', 'human'],
  [404, '', 'unknown', 'query'],
  [429, 'FREQUENCY_LIMITED', 'unknown', 'retry-same-number'],
  [429, 'QUOTA_EXCEED', 'unknown', 'wait'],
  [500, 'SYSTEM_ERROR', 'unknown', 'retry-same-number'],
  [502, '', 'unknown', 'query'],
]

export const cases = {
  async 'a verified reply is parsed, and carries its raw bytes'(t) {
    const reply = await sendOne(t, await signed(t, '{"a":"中"}'))
    equal([reply.status, reply.data, reply.requestId], [200, { a: '中' }, '08F78BB5AF0610D302189F9EA'])
    equal(new TextDecoder().decode(reply.body), '{"a":"中"}')
    equal(reply.headers['wechatpay-serial'], t.credentials.judge.id)
    equal((await sendOne(t, await signed(t, '', { status: 204 }))).data, undefined)
  },

  async 'a reply without signature headers is refused'(t) {
    const { headers: _, ...bare } = await signed(t, '{"a":1}')
    await refused(t, 'ERR_SIGNATURE_HEADER_MISSING', () => sendOne(t, { ...bare, headers: {} }))
  },

  async 'a web page in place of JSON is named, signed or not'(t) {
    await refused(t, 'ERR_REPLY_NOT_JSON', () => sendOne(t, html))
    await refused(t, 'ERR_REPLY_NOT_JSON', async () => sendOne(t, await signed(t, html.body)))
    await refused(t, 'ERR_REPLY_NOT_JSON', async () => sendOne(t, await signed(t, new Uint8Array([0x22, 0xff, 0x22]))))
    const error = await refused(t, 'ERR_PROVIDER', () => sendOne(t, { ...html, status: 502 }))
    equal([error.status, error.outcome, error.providerCode], [502, 'unknown', undefined])
  },

  async 'a refusal carries status, code, Request-ID and field, and no value'(t) {
    const error = await refused(t, 'ERR_PROVIDER', () =>
      sendOne(t, refusal(400, 'PARAM_ERROR', { 'Retry-After': '7' })),
    )
    check(error instanceof t.payseal.ProviderError, 'class')
    const { status, providerCode, providerMessage, requestId, detail, outcome, retryAfterMs } = error
    equal(
      { status, providerCode, providerMessage, requestId, detail, outcome, retryAfterMs },
      {
        status: 400,
        providerCode: 'PARAM_ERROR',
        providerMessage: '说明',
        requestId: 'REQ-1',
        detail: { field: '/x', issue: 'y', location: 'body' },
        outcome: 'rejected',
        retryAfterMs: 7000,
      },
    )
  },

  async 'redirects are not followed, connection errors are unknown, an early abort is not sent'(t) {
    const redirect = { status: 302, headers: { Location: 'https://evil.example/' }, body: '' }
    equal((await refused(t, 'ERR_REDIRECT', () => sendOne(t, redirect))).outcome, 'unknown')
    const lost = Object.assign(new TypeError('fetch failed: 林小满'), { cause: { code: 'ECONNRESET' } })
    const error = await refused(t, 'ERR_CONNECTION', () => sendOne(t, lost))
    equal([error.outcome, error.reason, error instanceof t.payseal.TransportError], ['unknown', 'ECONNRESET', true])
    const wechat = client(t, { fetch: answering(lost) })
    const request = await wechat.sign({ method: 'GET', path: '/v3/x' })
    const aborted = await refused(t, 'ERR_ABORTED', () => wechat.send(request, { signal: AbortSignal.abort() }))
    equal(aborted.outcome, 'not-sent')
    const elsewhere = { ...request, url: 'https://evil.example/v3/x' }
    equal((await refused(t, 'ERR_URL', () => wechat.send(elsewhere))).outcome, 'not-sent')
    equal((await refused(t, 'ERR_URL', () => wechat.send({ ...request, url: 'x' }))).outcome, 'not-sent')
  },

  async 'a fetch that never answers, or stops half way, ends at the deadline'(t) {
    const silent = () => new Promise(() => {})
    const half = async () => ({ status: 200, headers: {}, arrayBuffer: () => new Promise(() => {}) })
    for (const fetch of [silent, half]) {
      const wechat = client(t, { fetch, timeoutMs: 30 })
      const error = await refused(t, 'ERR_TIMEOUT', async () =>
        wechat.send(await wechat.sign({ method: 'GET', path: '/v3/x' })),
      )
      equal(error.outcome, 'unknown')
    }
    const controller = new AbortController()
    const wechat = client(t, { fetch: silent })
    const request = await wechat.sign({ method: 'GET', path: '/v3/x' })
    const pending = wechat.send(request, { signal: controller.signal })
    controller.abort()
    equal((await refused(t, 'ERR_ABORTED', () => pending)).outcome, 'unknown')
  },

  async 'creating: a verified yes is accepted'(t) {
    const made = batch(2)
    const fetch = answering(await created(t, made))
    const outcome = await client(t, { fetch }).transferBatches.create(made)
    equal(
      [outcome.outcome, outcome.next, outcome.number, outcome.error],
      ['accepted', 'query', made.out_batch_no, undefined],
    )
    equal(outcome.reply.data.batch_id, '1030')
    equal([fetch.asked.length, fetch.asked[0].method, fetch.asked[0].redirect], [1, 'POST', 'manual'])
    equal(fetch.asked[0].headers['Wechatpay-Serial'], t.credentials.judge.id)
  },

  async 'creating: every answer has its outcome, and none allows a new number'(t) {
    for (const [status, code, outcome, next] of answers) {
      const fetch = answering(refusal(status, code, { 'Retry-After': '2' }))
      const got = await client(t, { fetch }).transferBatches.create(batch(1))
      equal(
        [got.outcome, got.next, got.requestId, got.retryAfterMs],
        [outcome, next, 'REQ-1', 2000],
        `${status} ${code}`,
      )
      equal([got.error.code, fetch.asked.length], ['ERR_PROVIDER', 1])
    }
  },

  async 'creating: whatever cannot be trusted is unknown'(t) {
    const made = batch(1)
    const good = await created(t, made)
    const damaged = {
      'no headers': { ...good, headers: {} },
      'a probe': await signed(t, new TextDecoder().decode(good.body), { signature: 'WECHATPAY/SIGNTEST/AAAA' }),
      'an old reply': await signed(t, good.body, { timestamp: 1_600_000_000 }),
      'another body': { ...good, body: bytes('{}') },
      'half a body': { ...good, body: good.body.slice(0, 20) },
      'a web page': html,
      'a redirect': { status: 307, headers: {}, body: '' },
      'a lost connection': new TypeError('fetch failed'),
      'an answer about another batch': await created(t, made, { out_batch_no: 'another1' }),
      'a signed reply without content': await signed(t, '{}'),
      'signed text that is no object': await signed(t, 'null'),
    }
    for (const [what, reply] of Object.entries(damaged)) {
      const got = await client(t, { fetch: answering(reply) }).transferBatches.create(made)
      equal([got.outcome, got.next, got.number], ['unknown', 'query', made.out_batch_no], what)
      check(got.error instanceof t.payseal.PayoutError && got.reply === undefined, what)
    }
  },

  async 'creating: a retry sends the same bytes, with another nonce and signature'(t) {
    const made = batch(2)
    const fetch = answering(new TypeError('lost'), await created(t, made))
    const { transferBatches } = client(t, { fetch })
    const sealed = await transferBatches.prepare(made)
    equal((await transferBatches.create(sealed)).outcome, 'unknown')
    equal((await transferBatches.create(t.payseal.SealedRequest.from(JSON.stringify(sealed)))).outcome, 'accepted')
    const [one, two] = fetch.asked
    equal(Array.from(one.body), Array.from(two.body))
    check(one.headers.Authorization !== two.headers.Authorization, 'the nonce is used twice')
  },

  async 'creating: bytes that were written into are not sent, nor another merchant’s'(t) {
    const fetch = answering(new TypeError('must not be sent'))
    const { transferBatches } = client(t, { fetch })
    const other = await client(t, { mchid: '1900009999' }).transferBatches.prepare(batch(1))
    await refused(t, 'ERR_SEALED_MERCHANT', () => transferBatches.create(other))
    const sealed = await transferBatches.prepare(batch(1))
    sealed.body[30] ^= 1
    await refused(t, 'ERR_SEALED_CHANGED', () => transferBatches.create(sealed))
    await refused(t, 'ERR_SEALED_CHANGED', () => JSON.stringify(sealed))
    equal(fetch.asked.length, 0)
  },

  async 'creating: invalid rows and a failing signer throw, since nothing was sent'(t) {
    const fetch = answering(new TypeError('must not be sent'))
    await refused(t, 'ERR_BATCH_INVALID', () => client(t, { fetch }).transferBatches.create(batch(0)))
    const privateKey = { sign: () => Promise.reject(new Error('down')) }
    await refused(t, 'ERR_SIGNER', () => client(t, { fetch, privateKey }).transferBatches.create(batch(1)))
    equal(fetch.asked.length, 0)
  },

  async 'queries refuse an answer to another question, and wrong parameters'(t) {
    const { mchid } = t.credentials.wechat
    const state = {
      transfer_batch: { mchid, out_batch_no: 'another1', batch_id: '1', batch_status: 'FINISHED', total_num: 1 },
    }
    const { transferBatches } = client(t, { fetch: answering(await signed(t, JSON.stringify(state))) })
    await refused(t, 'ERR_REPLY_MISMATCH', () => transferBatches.get({ outBatchNo: 'plfk2020042013' }))
    await refused(t, 'ERR_REPLY_MISMATCH', () => transferBatches.get({ batchId: '2' }))
    equal(await transferBatches.get({ batchId: '1' }), state)
    await refused(t, 'ERR_REPLY_MISMATCH', () => transferBatches.details({ batchId: '1' }).next(), 'a page too few')
    for (const selector of [undefined, null, 'x']) await refused(t, 'ERR_OPTIONS', () => transferBatches.get(selector))
    for (const selector of [{}, { outBatchNo: '../x' }, { outBatchNo: 'a', batchId: 'b' }]) {
      await refused(t, 'ERR_QUERY_INVALID', () => transferBatches.get(selector), JSON.stringify(selector))
    }
    for (const options of [{ limit: 19 }, { limit: 101 }, { offset: -1 }, { details: 'SOME' }]) {
      await refused(
        t,
        'ERR_QUERY_INVALID',
        () => transferBatches.get({ batchId: '1' }, options),
        JSON.stringify(options),
      )
    }
  },
}
