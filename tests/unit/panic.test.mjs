/** After a panic the core is not used again, and says so; a payment that was under way is unknown. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { core, translate } from '../../pkg/dist/core.js'
import { batch, client, signed } from './fixture.mjs'

const ready = client()
const wasm = client({ engine: 'wasm' })

test('errors that are nobody’s code pass through unchanged', () => {
  for (const error of [new TypeError('x'), Object.assign(new Error('x'), { code: 'ENOENT' }), undefined, 'text']) {
    assert.equal(translate(error), error)
  }
  assert.equal(core.randomNonce().length, 32)
})

test('a panic while a payment is under way leaves it unknown, and closes the core', async () => {
  const made = batch(1)
  const fetch = async () => {
    translate(new WebAssembly.RuntimeError('unreachable'))
    const reply = signed(JSON.stringify({ out_batch_no: made.out_batch_no, batch_id: '1' }))
    return new Response(reply.body, reply)
  }
  const outcome = await client({ fetch }).transferBatches.create(made)
  assert.deepEqual([outcome.outcome, outcome.next, outcome.number], ['unknown', 'query', made.out_batch_no])
  assert.equal(outcome.error.code, 'ERR_PANIC')
  assert.match(outcome.error.message, /restart the process or reload the page/)

  const dead = { name: 'PayoutError', code: 'ERR_PANIC' }
  assert.throws(() => core.randomNonce(), dead)
  assert.throws(() => client(), dead)
  assert.throws(() => ready.transferBatches.validate(made), dead)
  for (const wechat of [ready, wasm]) {
    await assert.rejects(wechat.sign({ method: 'GET', path: '/v3/x' }), dead)
    await assert.rejects(wechat.encrypt('x'), dead)
    await assert.rejects(wechat.verify(signed('{}')), dead)
    await assert.rejects(wechat.transferBatches.create(made), dead)
  }
})
