/** Nothing that is printed, logged or serialised shows a key, a name or an openid. */
import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { answering, batch, client, engines, privatePem, secrets, signed } from './fixture.mjs'

function clean(what, shown) {
  for (const secret of secrets) assert.ok(!shown.includes(secret), `${what} shows something secret`)
}

const print = value => inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: false })

test('a client and what hangs on it', async () => {
  for (const engine of engines) {
    for (const privateKey of [privatePem, createPrivateKey(privatePem), Buffer.from(privatePem)]) {
      const wechat = client({ engine, privateKey })
      await wechat.sign({ method: 'GET', path: '/v3/x' })
      clean('inspect', print(wechat))
      clean('JSON', JSON.stringify(wechat))
      clean('keys', JSON.stringify(Object.getOwnPropertyNames(wechat).map(name => print(wechat[name]))))
      assert.deepEqual(Object.keys(wechat), ['transferBatches'])
    }
  }
})

test('a sealed request and the request that is sent', async () => {
  const wechat = client()
  const sealed = await wechat.transferBatches.prepare(batch(2))
  assert.ok(!print(sealed).includes('o-MYE42l80'), 'the body shows')
  for (const name of ['林小满', '周子墨']) assert.ok(!JSON.stringify(sealed).includes(name))
  assert.ok(!Buffer.from(sealed.body).includes('林小满'))
})

test('every issue of a batch that is wrong everywhere', () => {
  const wrong = batch(2)
  for (const detail of wrong.transfer_detail_list)
    Object.assign(detail, { user_name: `${detail.user_name}🎉`, openid: `${detail.openid} `, transfer_amount: '9' })
  clean('issues', JSON.stringify(client().transferBatches.validate(wrong)))
  assert.throws(
    () => client().transferBatches.split(wrong),
    error => {
      clean('BatchError', print(error) + JSON.stringify(error))
      return error.code === 'ERR_BATCH_INVALID'
    },
  )
})

test('errors of damaged keys', () => {
  const lines = privatePem.split('\n')
  const damaged = [
    privatePem.replaceAll('\n', '\\n'),
    lines.slice(0, -3).join('\n'),
    lines.toSpliced(5, 1).join('\n'),
    privatePem.replace('PRIVATE', 'PUBLIC'),
    privatePem.replace('BEGIN PRIVATE', 'BEGIN RSA PRIVATE'),
    Buffer.from(privatePem.slice(30), 'utf8'),
  ]
  for (const privateKey of damaged) {
    assert.throws(
      () => client({ privateKey }),
      error => {
        clean('KeyError', print(error) + JSON.stringify(error))
        return error.name === 'KeyError'
      },
    )
  }
})

test('a replaced fetch that fails with the whole request in its error', async () => {
  const fetch = async (url, init) => {
    throw Object.assign(new Error(`failed: ${url} ${JSON.stringify(init.headers)} 林小满`), {
      config: init,
      code: 'ECONNRESET',
    })
  }
  const outcome = await client({ fetch }).transferBatches.create(batch(1))
  assert.equal(outcome.error.reason, 'ECONNRESET')
  clean('Outcome', print(outcome))
  assert.ok(!print(outcome).includes('WECHATPAY2-SHA256'), 'the signature shows')
})

test('a code that is no code is not repeated', async () => {
  for (const code of ['林小满 failed', 7, 'lower', `E${'X'.repeat(60)}`]) {
    const fetch = () => Promise.reject(Object.assign(new Error('x'), { code, cause: { code } }))
    const { error } = await client({ fetch }).transferBatches.create(batch(1))
    assert.equal(error.reason, undefined)
  }
})

test('a refusal that quotes values', async () => {
  const detail = {
    field: '/transfer_detail_list/0/user_name',
    value: '林小满',
    issue: 'bad',
    location: 'body',
    extra: '周子墨',
  }
  const reply = { status: 400, headers: {}, body: JSON.stringify({ code: 'PARAM_ERROR', message: 'x', detail }) }
  const outcome = await client({ fetch: answering(reply) }).transferBatches.create(batch(1))
  clean('ProviderError', print(outcome.error) + JSON.stringify(outcome.error))
  assert.equal(outcome.error.detail.issue, 'bad')
})

test('nothing is written to the console, whatever happens', async t => {
  const written = []
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace'])
    t.mock.method(console, name, (...values) => written.push([name, values]))
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    // The test runner itself writes here; only what names us or our data counts.
    t.mock.method(stream, 'write', (chunk, ...rest) => {
      if (secrets.some(secret => String(chunk).includes(secret))) written.push(['write', String(chunk)])
      return write(chunk, ...rest)
    })
  }
  const replies = [
    signed('{}'),
    signed('<html>'),
    { status: 500, headers: {}, body: '' },
    { status: 302, headers: {}, body: '' },
  ]
  for (const reply of replies) await client({ fetch: answering(reply) }).transferBatches.create(batch(1))
  await client({ fetch: () => Promise.reject(new Error('x')) }).transferBatches.create(batch(1))
  await client({ fetch: () => new Promise(() => {}), timeoutMs: 5 }).transferBatches.create(batch(1))
  assert.deepEqual(written, [])
})

test('what a provider wrote about a payee, in an error that somebody logs', async () => {
  const said = {
    code: 'PARAM_ERROR',
    message: '收款人林小满 o-MYE42l80oelYMDE34nYD400000 错误',
    detail: { issue: '林小满' },
  }
  const reply = { status: 400, headers: {}, body: Buffer.from(JSON.stringify(said)) }
  const { error, ...outcome } = await client({ fetch: answering(reply) }).transferBatches.create(batch(1))
  assert.equal(error.providerMessage, said.message)
  assert.equal(error.detail.issue, '林小满')
  for (const shown of [inspect({ error, outcome }), JSON.stringify({ error, outcome }), String(error), error.stack]) {
    assert.ok(!/林小满|o-MYE42l80/.test(shown), 'what the provider wrote shows')
    assert.ok(!shown.includes('{') || shown.includes('PARAM_ERROR'), 'the code does not')
  }
})
