/** What Ping++ clients are given: batches, options, sealed requests; and what is refused before anything is sent. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { BatchError, KeyError, Pingpp, SealedRequest } from '../../pkg/dist/entry/node.js'
import { vectors, batch as wechatBatch, client as wechatClient } from './fixture.mjs'
import {
  answering,
  apiKey,
  app,
  client,
  collect,
  described,
  example,
  number,
  privatePem,
  publicPem,
  sample,
  signed,
} from './pingpp-fixture.mjs'

/** `validate` and `prepare` agree that this batch breaks exactly these rules; resolves to the issues. */
async function refused(batch, rules, changes = {}) {
  const { ok, issues } = client(changes).batchTransfers.validate(batch)
  const errors = issues.filter(issue => issue.severity === 'error')
  assert.deepEqual([ok, [...new Set(errors.map(issue => issue.code))]], [false, rules])
  await assert.rejects(client(changes).batchTransfers.prepare(batch), error => {
    assert.ok(error instanceof BatchError)
    assert.deepEqual([error.code, error.issues], ['ERR_BATCH_INVALID', issues])
    return true
  })
  return errors
}

const changed = (channel, change) => {
  const batch = example(channel)
  change(batch, batch.recipients)
  return batch
}

test('batches have the issues of the vectors, and are prepared when they have no error', async t => {
  for (const { id, comment, batch, json, limits, expect } of vectors('pingpp-batches').cases) {
    await t.test(`${id} ${comment}`, async () => {
      const pingpp = client({ limits })
      const report = pingpp.batchTransfers.validate(json ?? batch)
      const found = report.issues.map(({ code, reason, severity, field, row }) => ({
        code,
        reason,
        severity,
        field,
        row,
      }))
      const sorted = list =>
        list
          .map(({ code, reason, severity, field, row }) => JSON.stringify({ code, reason, severity, field, row }))
          .sort()
      assert.deepEqual(sorted(found), sorted(expect))
      const valid = expect.every(({ severity }) => severity !== 'error')
      assert.equal(report.ok, valid)
      const preparing = pingpp.batchTransfers.prepare(json ?? batch)
      if (!valid) return assert.rejects(preparing, { name: 'BatchError', code: 'ERR_BATCH_INVALID' })
      const given = batch ?? JSON.parse(json)
      if (given.app !== app) return assert.rejects(preparing, { code: 'ERR_SEALED_MERCHANT' })
      const sealed = await preparing
      assert.deepEqual([sealed.number, sealed.total], [given.batch_no, given.amount])
    })
  }
})

test('recipients of mixed channels are refused, and the foreign fields named', async () => {
  const mixed = changed('alipay', (_, recipients) => {
    recipients[1] = example('wx').recipients[1]
  })
  await refused({ ...mixed, amount: 5501 }, ['PP13'])
  const { issues } = client().batchTransfers.validate({ ...mixed, amount: 5501 })
  assert.ok(issues.some(({ code, field, row }) => code === 'PP14' && field === 'open_id' && row === 2))
})

test('a bank code as a number is refused, because its zero is lost', async () => {
  const [issue] = await refused(
    changed('unionpay', (_, [first]) => (first.open_bank_code = 308)),
    ['PP23'],
  )
  assert.deepEqual([issue.reason, issue.path, issue.row], ['number-for-text', '/recipients/0/open_bank_code', 1])
})

test('sums that overflow and amounts of 2^53 are refused, as numbers, as text and as BigInt', async () => {
  const most = Number.MAX_SAFE_INTEGER
  const overflowing = changed('balance', (batch, recipients) => {
    for (const recipient of recipients) recipient.amount = most
    batch.amount = most
  })
  await refused(overflowing, ['PP08'])
  for (const amount of [2 ** 53, 2n ** 53n, 2n ** 64n, 1e21, -1, 0, 1.5, '100', Number.NaN, true]) {
    await refused(
      changed('balance', (_, [first]) => (first.amount = amount)),
      ['PP07'],
    )
  }
  await refused(JSON.stringify(example('balance')).replace('"amount":5000', '"amount":9007199254740993'), ['PP07'])
  const whole = changed('balance', (batch, recipients) => {
    recipients.length = 1
    recipients[0].amount = BigInt(most)
    batch.amount = BigInt(most)
  })
  assert.equal((await client().batchTransfers.prepare(whole)).total, most)
})

test('metadata of more than twenty pairs, or a thousand characters, is refused', async () => {
  const pairs = count => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']))
  assert.equal(client().batchTransfers.validate({ ...sample(), metadata: pairs(20) }).ok, true)
  await refused({ ...sample(), metadata: pairs(21) }, ['PP11'])
  await refused({ ...sample(), metadata: { k: '字'.repeat(1000) } }, ['PP11'])
})

test('an empty or damaged public key is refused at once, and each damage is named', () => {
  const codes = {
    '': 'ERR_KEY_MISSING',
    ' \n': 'ERR_KEY_MISSING',
    [publicPem.replaceAll('\n', '\\n')]: 'ERR_KEY_ESCAPED_NEWLINES',
    [privatePem]: 'ERR_KEY_IS_PRIVATE',
    'not a key!': 'ERR_KEY_ARMOUR',
  }
  for (const [platformPublicKey, code] of Object.entries(codes)) {
    assert.throws(() => client({ platformPublicKey }), { name: 'KeyError', code }, code)
  }
  for (const platformPublicKey of [null, 5, {}, false]) {
    assert.throws(() => client({ platformPublicKey }), { name: 'KeyError', code: 'ERR_KEY_TYPE' })
  }
  assert.throws(() => client({ platformPublicKey: new Uint8Array() }), { name: 'KeyError', code: 'ERR_KEY_MISSING' })
})

test('a public key may be PEM, DER, bare base64, with a byte order mark or CRLF', async () => {
  const bare = publicPem.replace(/-----.*-----|\n/g, '')
  const der = Buffer.from(bare, 'base64')
  const reply = signed(described(sample()))
  for (const platformPublicKey of [
    publicPem,
    `\ufeff${publicPem}`,
    publicPem.replaceAll('\n', '\r\n'),
    bare,
    der,
    new Uint8Array(der).buffer,
  ]) {
    const pingpp = client({ platformPublicKey, fetch: answering(reply) })
    assert.equal((await pingpp.batchTransfers.create(sample())).outcome, 'accepted')
  }
})

test('options are checked at once', () => {
  const wrong = [
    ['ERR_OPTIONS', { app: undefined }],
    ['ERR_APP', { app: '' }],
    ['ERR_OPTIONS', { apiKey: 5 }],
    ['ERR_API_KEY', { apiKey: 'sk_prod_ibbTe5jLGCi5rzfH4OqPW9KC' }],
    ['ERR_API_KEY', { apiKey: apiKey.slice(0, -1) }],
    ['ERR_KEY_MISSING', { privateKey: '' }],
    ['ERR_KEY_IS_PUBLIC', { privateKey: publicPem }],
    ['ERR_BASE_URL', { baseUrl: 'http://api.pingxx.com' }],
    ['ERR_BASE_URL', { baseUrl: 'https://api.pingxx.com/v1' }],
    ['ERR_OPTIONS', { auth: 'digest' }],
    ['ERR_OPTIONS', { language: 'zh' }],
    ['ERR_OPTIONS', { locale: 'fr' }],
    ['ERR_OPTIONS', { timeoutMs: 0 }],
    ['ERR_OPTIONS', { now: 5 }],
    ['ERR_OPTIONS', { fetch: 'x' }],
    ['ERR_OPTIONS', { seen: true }],
    ['ERR_OPTIONS', { eventToleranceSeconds: -1 }],
    ['ERR_OPTIONS', { eventToleranceSeconds: 1.5 }],
    ['ERR_OPTIONS', { limits: { maxRecipient: 5 } }],
    ['ERR_OPTIONS', { limits: { openBankMax: 20 } }],
    ['ERR_OPTIONS', { engine: 'x' }],
  ]
  for (const [code, changes] of wrong)
    assert.throws(() => client(changes), { name: 'KeyError', code }, JSON.stringify(changes))
  for (const given of [undefined, null, 'x']) assert.throws(() => new Pingpp(given), { code: 'ERR_OPTIONS' })
})

test('where recipients take the description of the batch, what they may not hold is warned about there', () => {
  const found = description => {
    const batch = { ...example('wx'), description }
    for (const recipient of batch.recipients) delete recipient.description
    return client()
      .batchTransfers.validate(batch)
      .issues.map(({ path, code, reason, severity }) => [path, code, reason, severity])
  }
  assert.deepEqual(found('奖金'), [])
  assert.deepEqual(found('奖金😀'), [['/description', 'PP19', 'astral', 'warning']])
})

test('a misspelt filter, a date in milliseconds and an id as a number are refused', async () => {
  const fetch = () => assert.fail('nothing is sent')
  const { batchTransfers, transfers } = client({ fetch })
  const rejected = (promise, code = 'ERR_OPTIONS') => assert.rejects(promise, { code })
  await rejected(collect(batchTransfers.list({ per_page: 5 })))
  await rejected(collect(batchTransfers.list({ created: { since: 5 } })))
  await rejected(collect(batchTransfers.list({ created: { gte: 1.5 } })))
  await rejected(collect(batchTransfers.list({ created: { gte: '5' } })))
  await rejected(collect(batchTransfers.list({ created: { gte: Date.now() } })))
  await rejected(collect(batchTransfers.list({ perPage: 101 })), 'ERR_QUERY_INVALID')
  await rejected(collect(batchTransfers.list({ page: 0 })), 'ERR_QUERY_INVALID')
  await rejected(collect(transfers.list({ orderNo: 'x' })))
  await rejected(collect(transfers.list({ startingAfter: 'tr_a', endingBefore: 'tr_b' })), 'ERR_QUERY_INVALID')
  for (const since of [Date.now(), undefined, '2026-11-22', new Date('x'), -1, Number.NaN]) {
    await rejected(batchTransfers.find('2016101010380007', { since }))
    await rejected(transfers.find('2016101010380007', { since }))
  }
  await rejected(batchTransfers.find(2016101010380007, { since: 0 }))
  await rejected(batchTransfers.find('2016101010380007'))
  await rejected(batchTransfers.get(Number('181610101014367590')))
  for (const id of ['', '../charges', 'tr_1']) await rejected(batchTransfers.get(id), 'ERR_QUERY_INVALID')
  for (const id of ['', 'tr_', '1816']) {
    await rejected(transfers.get(id), 'ERR_QUERY_INVALID')
    await rejected(transfers.reverse(id), 'ERR_QUERY_INVALID')
  }
})

test('a batch is looked for from ten minutes before it was sent, and not from a day ahead', async () => {
  const asked = []
  const reply = signed({ object: 'list', has_more: false, data: [] })
  const fetch = async url => {
    asked.push(new URL(url).searchParams.get('created[gte]'))
    return answering(reply)()
  }
  const { batchTransfers } = client({ fetch, now: () => 1_700_000_000_000 })
  const tomorrow = 1_700_086_400
  for (const since of [0, 599, 1_699_999_999.5, new Date(1_700_000_000_999), tomorrow])
    assert.equal(await batchTransfers.find('2016101010380007', { since }), undefined)
  assert.deepEqual(asked, ['0', '0', '1699999399', '1699999400', '1700085800'])
  await assert.rejects(batchTransfers.find('2016101010380007', { since: tomorrow + 1 }), { code: 'ERR_OPTIONS' })
})

test('a sealed request survives storage, stays frozen, and is sent with the same bytes', async () => {
  const fetch = answering({ status: 500, headers: {}, body: '' }, signed(described(sample())))
  const pingpp = client({ fetch })
  const sealed = await pingpp.batchTransfers.prepare(sample())
  assert.deepEqual(
    { ...sealed },
    {
      operation: 'pingpp.batch-transfer',
      method: 'POST',
      path: '/v1/batch_transfers',
      merchant: app,
      livemode: false,
      serial: null,
      number: '2016101010380007',
      count: 2,
      total: 8000,
      fingerprint: sealed.fingerprint,
      digest: sealed.digest,
    },
  )
  assert.equal((await pingpp.batchTransfers.create(sealed)).outcome, 'unknown')
  const restored = SealedRequest.from(JSON.parse(JSON.stringify(sealed)))
  assert.equal((await pingpp.batchTransfers.create(restored)).outcome, 'accepted')
  const [first, second] = fetch.asked
  assert.deepEqual(second.body, first.body)
  assert.equal((await client().batchTransfers.prepare(sample())).fingerprint, sealed.fingerprint)
  assert.throws(() => {
    sealed.number = 'x'
  }, TypeError)
})

test('a sealed request goes nowhere else: not to another app, operation, provider, or the other of test and live', async () => {
  const fetch = () => assert.fail('nothing is sent')
  const sealed = await client().batchTransfers.prepare(sample())
  const live = client({ apiKey: `sk_live_${'a'.repeat(24)}`, fetch })
  const code = 'ERR_SEALED_MERCHANT'
  await assert.rejects(live.batchTransfers.create(sealed), { name: 'BatchError', code })
  await assert.rejects(client({ app: 'app_2Gqj58ynP0mHeX1q', fetch }).batchTransfers.create(sealed), { code })
  await assert.rejects(client({ fetch }).transfers.create(sealed), { code })
  await assert.rejects(wechatClient({ fetch }).transferBatches.create(sealed), { code })
  const other = await wechatClient().transferBatches.prepare(wechatBatch(1))
  await assert.rejects(client({ fetch }).batchTransfers.create(other), { code })
  await assert.rejects(client({ app: 'app_2Gqj58ynP0mHeX1q' }).batchTransfers.prepare(sample()), { code })
})

test('a stored request that somebody edited is not sent', async () => {
  const stored = JSON.parse(JSON.stringify(await client().batchTransfers.prepare(sample())))
  const edits = {
    number: number(),
    count: 3,
    total: 8001,
    merchant: 'app_2Gqj58ynP0mHeX1q',
    body: `${stored.body.slice(0, -8)}AAAAAAA=`,
  }
  for (const [name, value] of Object.entries(edits))
    assert.throws(() => SealedRequest.from({ ...stored, [name]: value }), { code: 'ERR_SEALED_CHANGED' }, name)
  const formats = { operation: 'pingpp.transfer', path: '/v1/transfers', version: 2, livemode: 'false', method: 'PUT' }
  for (const [name, value] of Object.entries(formats))
    assert.throws(() => SealedRequest.from({ ...stored, [name]: value }), { code: 'ERR_SEALED_FORMAT' }, name)
  const sealed = SealedRequest.from(stored)
  sealed.body[20] ^= 1
  await assert.rejects(client().batchTransfers.create(sealed), { code: 'ERR_SEALED_CHANGED' })
})

test('single transfers are validated and sealed like batches', async () => {
  const { transfers } = client()
  const transfer = {
    app: { id: app },
    channel: 'alipay',
    order_no: 'order1',
    amount: 100,
    type: 'b2c',
    description: '佣金',
    recipient: 'payee@example.com',
  }
  const sealed = await transfers.prepare(transfer)
  assert.deepEqual([sealed.operation, sealed.number, sealed.count, sealed.total], ['pingpp.transfer', 'order1', 1, 100])
  assert.deepEqual(JSON.parse(Buffer.from(sealed.body)).app, { id: app })
  assert.equal(SealedRequest.from(JSON.stringify(sealed)).digest, sealed.digest)
  assert.deepEqual((await transfers.prepare({ ...transfer, app })).digest, sealed.digest)
  assert.equal(transfers.validate({ ...transfer, order_no: 'order 1' }).issues[0].code, 'PP15')
  await assert.rejects(transfers.prepare({ ...transfer, app: { id: 'app_2Gqj58ynP0mHeX1q' } }), {
    code: 'ERR_SEALED_MERCHANT',
  })
})

test('nothing shows a key, an account or a name', async () => {
  const batch = sample()
  const secrets = [
    apiKey,
    apiKey.slice(8),
    Buffer.from(`${apiKey}:`).toString('base64'),
    privatePem.split('\n')[3],
    'account01',
    '张三',
  ]
  const clean = (what, value) => {
    const shown = `${inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true })} ${JSON.stringify(value)} ${value?.message} ${value?.stack}`
    for (const secret of secrets) assert.ok(!shown.includes(secret), `${what} shows something secret`)
  }
  const pingpp = client()
  await pingpp.sign({ method: 'GET', path: '/v1/transfers' })
  clean('a client', pingpp)
  assert.deepEqual(pingpp.toJSON(), { app, baseUrl: 'https://api.pingxx.com', livemode: false })
  clean(
    'an issue',
    pingpp.batchTransfers.validate({
      ...batch,
      amount: 1,
      batch_no: '张三',
      recipients: [
        { account: 'account01', amount: 'account01', name: '张三'.repeat(40), description: '\u0000张三'.repeat(90) },
      ],
    }),
  )
  const failing = async () => {
    throw Object.assign(new Error(`cannot send ${apiKey} 张三`), { config: apiKey })
  }
  clean('a failed exchange', await client({ fetch: failing }).batchTransfers.create(batch))
  for (const changes of [{ apiKey: `${apiKey}x` }, { privateKey: privatePem.slice(0, -60) }, { limits: { 张三: 1 } }]) {
    try {
      client(changes)
      assert.fail('nothing was refused')
    } catch (error) {
      if (!('limits' in changes)) clean('a KeyError', error)
      assert.ok(error instanceof KeyError)
    }
  }
})
