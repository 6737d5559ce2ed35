/** Keys on Node's own crypto, and hosts that have none. */
import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, createSecretKey, generateKeyPairSync, webcrypto } from 'node:crypto'
import { after, test } from 'node:test'
import { useHost } from '../../pkg/dist/engine.js'
import { nodeHost } from '../../pkg/dist/host-node.js'
import { webHost } from '../../pkg/dist/host-web.js'
import { batch, client, engines, merchant, privatePem, signed } from './fixture.mjs'

const request = { method: 'GET', path: '/v3/x', timestamp: 1_700_000_000, nonce: 'A'.repeat(32) }
const expected = (await client().sign(request)).headers.Authorization

after(() => useHost(nodeHost))

test('a KeyObject signs and opens, whatever the engine', async () => {
  for (const engine of [...engines, 'auto']) {
    const wechat = client({ privateKey: merchant.privateKey, engine })
    assert.equal((await wechat.sign(request)).headers.Authorization, expected)
    await assert.rejects(wechat.decrypt('AAAA'), { code: 'ERR_DECRYPT' })
  }
})

test('a KeyObject that is public, secret, small or not RSA is refused', () => {
  const wrong = {
    ERR_KEY_IS_PUBLIC: [createPublicKey(merchant.publicKey.export({ type: 'spki', format: 'pem' }))],
    ERR_KEY_ALGORITHM: [
      createSecretKey(Buffer.alloc(32)),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
      generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey,
    ],
    ERR_KEY_SIZE: [generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
  }
  for (const [code, keys] of Object.entries(wrong)) {
    for (const privateKey of keys) assert.throws(() => client({ privateKey }), { code })
  }
})

test('the copy that the host imports is zeroed, and the host is asked once', async () => {
  for (const host of [nodeHost, webHost]) {
    const given = []
    const importPrivate = pkcs8 => {
      given.push(pkcs8)
      return host.importPrivate(pkcs8)
    }
    useHost({ ...host, importPrivate })
    const wechat = client()
    assert.equal(given.length, 0, 'nothing is imported before it is needed')
    const all = await Promise.all([wechat.sign(request), wechat.sign(request)])
    assert.deepEqual(
      all.map(one => one.headers.Authorization),
      [expected, expected],
    )
    await wechat.decrypt('AAAA').catch(() => {})
    assert.equal(given.length, 1)
    assert.ok(given[0].length > 1000 && given[0].every(byte => byte === 0), 'the copy is still there')
  }
})

test('a host that refuses a key says which engine to use instead', async () => {
  useHost({ ...nodeHost, importPrivate: async () => assert.fail('no'), importPublic: async () => assert.fail('no') })
  await assert.rejects(client().sign(request), { name: 'KeyError', code: 'ERR_ENGINE_UNAVAILABLE' })
  await assert.rejects(client().encrypt('x'), { name: 'KeyError', code: 'ERR_ENGINE_UNAVAILABLE' })
  assert.equal((await client({ engine: 'wasm' }).sign(request)).headers.Authorization, expected)
})

test('where there is no host crypto, auto uses the core, and host says why not', async () => {
  useHost(undefined)
  assert.throws(
    () => client({ engine: 'host' }),
    error => {
      assert.deepEqual([error.name, error.code], ['KeyError', 'ERR_ENGINE_UNAVAILABLE'])
      return /crypto\.subtle/.test(error.message)
    },
  )
  const wechat = client()
  assert.equal((await wechat.sign(request)).headers.Authorization, expected)
  await wechat.verify(signed('{}'))
  const sealed = await wechat.transferBatches.prepare(batch(2))
  useHost(nodeHost)
  assert.equal(sealed.digest, (await import('node:crypto')).createHash('sha256').update(sealed.body).digest('hex'))
})

test('WebCrypto keys sign on Node as well', async () => {
  useHost(nodeHost)
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const der = createPrivateKey(privatePem).export({ type: 'pkcs8', format: 'der' })
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, rsa, false, ['sign'])
  for (const engine of engines)
    assert.equal((await client({ privateKey, engine }).sign(request)).headers.Authorization, expected)
})
