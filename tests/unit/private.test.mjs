/** The module for private keys: loaded when no host takes the key, and not before. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { privateModule } from '../../pkg/dist/private.js'
import { client } from './fixture.mjs'

const request = { method: 'GET', path: '/v3/x', timestamp: 1_700_000_000, nonce: 'A'.repeat(32) }
const asked = []
let reachable = false

privateModule.comesFrom(async () => {
  asked.push(reachable)
  if (!reachable) throw new TypeError('fetch failed')
  const [glue, { readFileSync }] = await Promise.all([import('../../pkg/wasm/private.js'), import('node:fs')])
  glue.initSync({ module: readFileSync(new URL('../../pkg/wasm/private_bg.wasm', import.meta.url)) })
  return glue
})

test('a host signs without it', async () => {
  await client().sign(request)
  await client({ engine: 'host' }).sign(request)
  client({ engine: 'wasm' })
  await client({ engine: 'wasm' }).encrypt('x')
  assert.deepEqual(asked, [])
})

test('it is loaded once, by the first signature; a load that failed is told and tried again', async () => {
  const wechat = client({ engine: 'wasm' })
  const sign = async () => (await wechat.sign(request)).headers.Authorization
  const failed = error => {
    assert.deepEqual(
      [error.name, error.code, error.cause?.message],
      ['KeyError', 'ERR_ENGINE_UNAVAILABLE', 'fetch failed'],
    )
    return /did not load/.test(error.message)
  }
  await assert.rejects(sign(), failed)
  await assert.rejects(wechat.decrypt('AAAA'), failed)
  assert.deepEqual(asked, [false, false])
  reachable = true
  const expected = (await client({ engine: 'host' }).sign(request)).headers.Authorization
  assert.deepEqual(await Promise.all([sign(), sign()]), [expected, expected])
  await assert.rejects(wechat.decrypt('AAAA'), { code: 'ERR_DECRYPT' })
  await client({ engine: 'wasm' }).sign(request)
  assert.deepEqual(asked, [false, false, true])
})
