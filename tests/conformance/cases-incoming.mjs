/** What came in: verified on its raw bytes, or refused with a reason. */
import { check, client, envelope, equal, random, refused, resource, signed } from './kit.mjs'

/** Spec chapter 19.1: the provider's own sample. */
const sample = {
  publicKey: `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwXNI6sdlknHBnK8Fu2U6
Cwor9qY747jP8KAfeBMeveEt1TqaHkLfaSD07trZLhGpfs8/AHqjhgSMO1O10YQW
OrrJ4hjIWPKqxbgrYMkBQc+mwdiWp4W3ByCqxBRagCveCXRWCmuJYovl9H/bsDI0
iGbpVtEOghJtfciisYSgxcLufUDTRkvwxjIBK1pCRjk33jJ5YTBWTHMRtMAOcFLN
F6hdEYdX8SPsgHHeLZ5Lv2T/686w1xtgCHef/sd4uSfWmyzsalQdHG/e4IyYmrhx
+O3VBoNDzE3nx23bFeV/RVNCG7cV6VhmYokJNHa/erIPkEmEFID6A5wQOXuxUkmJ
WwIDAQAB
-----END PUBLIC KEY-----`,
  body: '{"code_url":"weixin://wxpay/bizpayurl?pr=JyC91EIz1"}',
  headers: {
    'Wechatpay-Timestamp': '1722850421',
    'Wechatpay-Nonce': 'd824f2e086d3c1df967785d13fcd22ef',
    'Wechatpay-Serial': 'PUB_KEY_ID_0000000000000024101100397200000006',
    'Wechatpay-Signature':
      'mfI1CPqvBrgcXfgXMFjdNIhBf27ACE2YyeWsWV9ZI7T7RU0vHvbQpu9Z32ogzc+k8ZC5n3kz7h70eWKjgqNdKQF0eRp8mVKlmfzMLBVHbssB9jEZEDXThOX1XFqX7s7ymia1hoHQxQagPGzkdWxtlZPZ4ZPvr1RiqkgAu6Is8MZgXXrRoBKqjmSdrP1N7uxzJ/cjfSiis9FiLjuADoqmQ1P7p2N876YPAol7Rn0+GswwAwxldbdLrmVSjfytfSBJFqTMHn4itojgxSWWN1byuckQt8hSTEv/Lg97QoeGniYP17T80pJeQyL3b+295FPHSO2AtvCgyIbKMZ0BALilAA==',
  },
}

const finished = JSON.stringify({
  out_batch_no: 'plfk2020042013',
  batch_status: 'FINISHED',
  total_num: 2,
  success_num: 2,
})

export const cases = {
  async 'the provider’s own sample verifies, in every form that headers and bodies come in'(t) {
    const platformKeys = [{ id: sample.headers['Wechatpay-Serial'], publicKey: sample.publicKey }]
    const wechat = client(t, { platformKeys, now: () => 1_722_850_421_000 })
    const { headers, body } = sample
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
    const bytes = new TextEncoder().encode(body)
    for (const form of [
      headers,
      lower,
      lists,
      new Headers(headers),
      Object.entries(headers),
      new Map(Object.entries(headers)),
    ]) {
      await wechat.verify({ headers: form, body })
    }
    for (const form of [body, bytes, bytes.buffer, new DataView(bytes.buffer)])
      await wechat.verify({ headers, body: form })
    equal(await wechat.verify({ headers, body }), undefined)
  },

  async 'every missing header is named'(t) {
    const reply = await signed(t, '{}')
    for (const name of ['Timestamp', 'Nonce', 'Signature', 'Serial']) {
      const { [`Wechatpay-${name}`]: _, ...headers } = reply.headers
      const error = await refused(
        t,
        'ERR_SIGNATURE_HEADER_MISSING',
        () => client(t).verify({ ...reply, headers }),
        name,
      )
      check(error.message.toLowerCase().includes(`wechatpay-${name.toLowerCase()}`), `${name} is not named`)
      check(error instanceof t.payseal.SignatureError, 'class')
    }
    for (const headers of [{}, undefined, null, 7, new Headers()]) {
      await refused(t, 'ERR_SIGNATURE_HEADER_MISSING', () => client(t).verify({ headers, body: '{}' }))
    }
  },

  async 'timestamps are whole seconds, and near'(t) {
    const now = Math.floor(Date.now() / 1000)
    const verify = async (timestamp, options) =>
      client(t, { now: () => now * 1000, ...options }).verify(await signed(t, '{}', { timestamp }))
    for (const timestamp of ['abc', '', '1.5', '-1', ' 1', '0x10', '１']) {
      const code = timestamp === '' ? 'ERR_SIGNATURE_HEADER_MISSING' : 'ERR_TIMESTAMP_FORMAT'
      await refused(t, code, () => verify(timestamp), `timestamp ${timestamp}`)
    }
    for (const timestamp of ['9999999999', '0', now - 301, now + 301])
      await refused(t, 'ERR_TIMESTAMP_SKEW', () => verify(timestamp))
    for (const timestamp of [now - 300, now, now + 300]) await verify(timestamp)
    await refused(t, 'ERR_TIMESTAMP_SKEW', () => verify(now - 11, { toleranceSeconds: 10 }))
  },

  async 'a probe signature, no base64, another length and another type are refused, each by its name'(t) {
    const probe = await signed(t, '{}', { signature: 'WECHATPAY/SIGNTEST/dGhpcyBpcyBub3QgYSBzaWduYXR1cmU=' })
    await refused(t, 'ERR_SIGNATURE_PROBE', () => client(t).verify(probe))
    for (const signature of ['***', 'AAA', 'AAAA\nAAAA']) {
      const reply = { ...probe, headers: { ...probe.headers, 'Wechatpay-Signature': signature } }
      await refused(t, 'ERR_SIGNATURE_BASE64', () => client(t).verify(reply), signature)
    }
    await refused(t, 'ERR_SIGNATURE_LENGTH', async () => client(t).verify(await signed(t, '{}', { signature: 'AAAA' })))
    const sm2 = await signed(t, '{}')
    sm2.headers['Wechatpay-Signature-Type'] = 'WECHATPAY2-SM2-WITH-SM3'
    await refused(t, 'ERR_SIGNATURE_TYPE', () => client(t).verify(sm2))
  },

  async 'an unknown serial is refused without a download'(t) {
    const fetch = () => {
      throw new Error('nothing may be fetched')
    }
    const reply = await signed(t, '{}', { serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1' })
    await refused(t, 'ERR_SERIAL_UNKNOWN', () => client(t, { fetch }).verify(reply))
    await refused(t, 'ERR_SERIAL_UNKNOWN', () => client(t, { platformKeys: [] }).verify(reply))
  },

  async 'swapped platform keys are refused'(t) {
    const { judge, keys } = t.credentials
    const swapped = client(t, { platformKeys: [{ id: judge.id, publicKey: keys.public }] })
    await refused(t, 'ERR_SIGNATURE_INVALID', async () => swapped.verify(await signed(t, '{}')))
  },

  async 'a parsed body is refused with advice, whatever its headers'(t) {
    const reply = await signed(t, '{}')
    await refused(t, 'ERR_BODY_PARSED', () => client(t).verify(undefined))
    for (const body of [{}, [], null, undefined, 7]) {
      const error = await refused(t, 'ERR_BODY_PARSED', () => client(t).verify({ ...reply, body }))
      check(error.message.includes('raw'), 'advice')
    }
  },

  async 'every one of 100 random changes of one byte is refused'(t) {
    const wechat = client(t)
    const reply = await signed(t, envelope(await resource(t.credentials.wechat.apiV3Key, finished)))
    await wechat.verify(reply)
    for (let round = 0; round < 100; round += 1) {
      const [high, low, flip] = random(3)
      const body = reply.body.slice()
      body[(high * 256 + low) % body.length] ^= flip || 1
      await refused(t, 'ERR_SIGNATURE_INVALID', () => wechat.notification({ ...reply, body }))
    }
  },

  async 'a notification is verified, opened and typed'(t) {
    const { apiV3Key } = t.credentials.wechat
    const notification = await client(t).notification(await signed(t, envelope(await resource(apiV3Key, finished))))
    equal(notification, {
      id: 'EV-2018022511223320873',
      eventType: 'MCHTRANSFER.BATCH.FINISHED',
      createTime: '2026-05-20T13:29:35+08:00',
      resourceType: 'encrypt-resource',
      summary: 'x',
      resource: JSON.parse(finished),
    })
    const bare = await resource(apiV3Key, finished, { associated: '' })
    delete bare.associated_data
    equal((await client(t).notification(await signed(t, envelope(bare)))).resource.batch_status, 'FINISHED')
  },

  async 'a notification that does not open is refused, each way by its name'(t) {
    const { apiV3Key } = t.credentials.wechat
    const open = async (sealed, options) =>
      client(t, options).notification(await signed(t, typeof sealed === 'string' ? sealed : envelope(sealed)))
    const sealed = await resource(apiV3Key, finished)
    for (const nonce of ['elevenbytes', 'thirteenbytes', ''])
      await refused(t, 'ERR_AEAD_NONCE', () => open({ ...sealed, nonce }), `nonce ${nonce}`)
    await refused(t, 'ERR_AEAD_ALGORITHM', () => open({ ...sealed, algorithm: 'AEAD_SM4_GCM' }))
    await refused(t, 'ERR_DECRYPT', () => open({ ...sealed, associated_data: 'other' }))
    await refused(t, 'ERR_DECRYPT', () => open({ ...sealed, nonce: 'twelve bytes' }))
    await refused(t, 'ERR_DECRYPT', () => open({ ...sealed, ciphertext: 'AAAA' }))
    await refused(t, 'ERR_CIPHERTEXT_BASE64', () => open({ ...sealed, ciphertext: '*' }))
    await refused(t, 'ERR_DECRYPT', () => open(sealed, { apiV3Key: 'B'.repeat(32) }))
    await refused(t, 'ERR_APIV3_KEY_MISSING', () => open(sealed, { apiV3Key: undefined }))
    for (const body of ['{}', '[]', '', '<html>', '{"resource":1}'])
      await refused(t, 'ERR_NOTIFICATION_FORMAT', () => open(body), body)
    await refused(t, 'ERR_NOTIFICATION_FORMAT', async () => open(await resource(apiV3Key, 'not json')))
    await refused(t, 'ERR_BODY_PARSED', () => client(t).notification({ headers: {}, body: JSON.parse(finished) }))
  },
}
