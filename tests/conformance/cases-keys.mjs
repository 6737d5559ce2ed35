/** Keys and configuration: what is damaged says how, at once, and quotes nothing. */
import { check, client, der, equal, fromBase64, random, refused, sandboxed, sign } from './kit.mjs'

const wrongPrivateKeys = {
  'a public key': ['public', 'ERR_KEY_IS_PUBLIC'],
  'a certificate': ['certificate', 'ERR_KEY_IS_CERTIFICATE'],
  'an encrypted key': ['encrypted', 'ERR_KEY_ENCRYPTED'],
  'an elliptic curve key': ['ec', 'ERR_KEY_ALGORITHM'],
  'a key of 1024 bits': ['small', 'ERR_KEY_SIZE'],
}

const damaged = {
  'literal \\n in place of line ends': [pem => pem.replaceAll('\n', '\\n'), 'ERR_KEY_ESCAPED_NEWLINES'],
  'no END line': [pem => pem.slice(0, pem.indexOf('-----END')), 'ERR_KEY_ARMOUR'],
  'a character that is not base64': [pem => pem.replace(/^(.{200}).(?=[A-Za-z0-9+/])/s, '$1*'), 'ERR_KEY_BASE64'],
  'a line missing': [
    pem =>
      pem
        .split('\n')
        .filter((_, index) => index !== 9)
        .join('\n'),
    'ERR_KEY_DER',
  ],
  'nothing at all': [() => '', 'ERR_KEY_MISSING'],
  'an unrelated text': [() => 'apiclient_key.pem', 'ERR_KEY_ARMOUR'],
}

export const cases = {
  async 'a private key of another kind is named for what it is'(t) {
    for (const [what, [name, code]] of Object.entries(wrongPrivateKeys)) {
      await refused(t, code, () => client(t, { privateKey: t.credentials.keys[name] }), what)
    }
  },

  async 'a damaged private key says how it is damaged'(t) {
    for (const [what, [damage, code]] of Object.entries(damaged)) {
      await refused(t, code, () => client(t, { privateKey: damage(t.credentials.wechat.privateKey) }), what)
    }
  },

  async 'a private key whose numbers do not belong together is refused'(t) {
    await refused(t, 'ERR_KEY_INCONSISTENT', () =>
      client(t, { privateKey: fromBase64(t.credentials.keys.inconsistent) }),
    )
  },

  async 'a private key as the platform key is refused before it can be sent anywhere'(t) {
    const platformKeys = [{ id: 'PUB_KEY_ID_1', publicKey: t.credentials.wechat.privateKey }]
    await refused(t, 'ERR_KEY_IS_PRIVATE', () => client(t, { platformKeys }))
  },

  async 'PKCS#8 and PKCS#1, PEM and DER, CRLF and BOM give the same signature'(t) {
    const { wechat, keys } = t.credentials
    const forms = [
      wechat.privateKey,
      keys.pkcs1,
      der(wechat.privateKey),
      der(wechat.privateKey).buffer,
      wechat.privateKey.replaceAll('\n', '\r\n'),
      `\ufeff${wechat.privateKey}`,
      `\n  ${wechat.privateKey.trim()}\n\n`,
    ]
    const options = { method: 'GET', path: '/v3/certificates', timestamp: 1_700_000_000, nonce: 'A'.repeat(32) }
    const signatures = await Promise.all(
      forms.map(async privateKey => (await client(t, { privateKey }).sign(options)).headers.Authorization),
    )
    equal(new Set(signatures).size, 1, 'different signatures')
  },

  async 'the merchant serial is refused with a sign byte, in lower case, with colons, empty'(t) {
    const { serialNo } = t.credentials.wechat
    await refused(t, 'ERR_SERIAL_SIGN_BYTE', () => client(t, { serialNo: `00${'F'.repeat(40)}` }))
    await refused(t, 'ERR_SERIAL_LOWER_CASE', () => client(t, { serialNo: `a${serialNo.slice(1)}` }))
    await refused(t, 'ERR_SERIAL_FORMAT', () => client(t, { serialNo: 'AB:CD:EF' }))
    await refused(t, 'ERR_SERIAL_MISSING', () => client(t, { serialNo: '' }))
  },

  async 'an APIv3 key of 31 or 34 characters, or with others than letters and digits, is refused'(t) {
    for (const size of [0, 16, 31, 33, 34])
      await refused(t, 'ERR_APIV3_KEY_LENGTH', () => client(t, { apiV3Key: 'k'.repeat(size) }))
    await refused(t, 'ERR_APIV3_KEY_CHARACTERS', () => client(t, { apiV3Key: `${'k'.repeat(31)} ` }))
  },

  async 'merchant number, base URL, engine and options are checked at once'(t) {
    for (const mchid of ['', '19000O1109', '1'.repeat(33)]) await refused(t, 'ERR_MCHID', () => client(t, { mchid }))
    for (const baseUrl of [
      'http://api.mch.weixin.qq.com',
      'https://a.example/v3',
      'https://u:p@a.example',
      'ftp://a.example',
      'x',
      '',
    ]) {
      await refused(t, 'ERR_BASE_URL', () => client(t, { baseUrl }), `baseUrl ${baseUrl}`)
    }
    for (const wrong of [
      { timeoutMs: 0 },
      { timeoutMs: Number.NaN },
      { engine: 'fast' },
      { locale: 'fr' },
      { mchid: 1900001109 },
      { limits: { maxDetail: 5 } },
      { limits: { maxDetails: '5' } },
      { limits: { minAmount: -1 } },
      { now: 5 },
      { fetch: 'x' },
      { toleranceSeconds: 1.5 },
    ]) {
      await refused(t, 'ERR_OPTIONS', () => client(t, wrong), JSON.stringify(wrong))
    }
    for (const baseUrl of [
      'https://api2.mch.weixin.qq.com/',
      'http://127.0.0.1:8080',
      'http://[::1]:1',
      'http://localhost:1',
    ]) {
      client(t, { baseUrl })
    }
  },

  async 'a platform key needs its id, and a certificate keeps its own serial'(t) {
    const { judge } = t.credentials
    const platform = entry => client(t, { platformKeys: [entry] })
    await refused(t, 'ERR_PLATFORM_KEY_ID', () => platform({ publicKey: judge.publicKey }))
    await refused(t, 'ERR_PLATFORM_KEY_ID', () => platform({ id: 'two words', publicKey: judge.publicKey }))
    await refused(t, 'ERR_KEY_MISSING', () => platform({ id: judge.id }))
    await refused(t, 'ERR_KEY_MISSING', () => platform(undefined))
    await refused(t, 'ERR_SERIAL_MISMATCH', () =>
      platform({ certificate: t.credentials.keys.certificate, serial: 'AB12' }),
    )
    const own = { certificate: t.credentials.keys.certificate }
    await refused(t, 'ERR_PLATFORM_KEY_ID', () => platform(own), "the merchant's own certificate as the platform's")
  },

  async 'a signer elsewhere signs, and what it returns is checked'(t) {
    const pkcs8 = der(t.credentials.wechat.privateKey)
    const options = { method: 'GET', path: '/v3/certificates', timestamp: 1_700_000_000, nonce: 'B'.repeat(32) }
    const remote = client(t, { privateKey: { sign: message => sign(pkcs8, message) } })
    equal((await remote.sign(options)).headers, (await client(t).sign(options)).headers)
    await refused(t, 'ERR_KEY_USAGE', () => remote.decrypt('AAAA'))
    await refused(t, 'ERR_SIGNER', () => client(t, { privateKey: { sign: async () => 'AAAA' } }).sign(options))
    const broken = { sign: () => Promise.reject(new Error('no')) }
    await refused(t, 'ERR_SIGNER', () => client(t, { privateKey: broken }).sign(options))
    for (const privateKey of [{}, 7, true, Symbol('key')])
      await refused(t, 'ERR_KEY_TYPE', () => client(t, { privateKey }))
    for (const privateKey of [undefined, null]) await refused(t, 'ERR_KEY_MISSING', () => client(t, { privateKey }))
  },

  async 'a CryptoKey that cannot be read signs; one for another purpose is refused'(t) {
    const pkcs8 = der(t.credentials.wechat.privateKey)
    const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    const key = await crypto.subtle.importKey('pkcs8', pkcs8, rsa, false, ['sign'])
    const options = { method: 'GET', path: '/v3/certificates', timestamp: 1_700_000_000, nonce: 'C'.repeat(32) }
    equal((await client(t, { privateKey: key }).sign(options)).headers, (await client(t).sign(options)).headers)
    await refused(t, 'ERR_KEY_USAGE', () => client(t, { privateKey: key }).decrypt('AAAA'))
    const others = [
      { ...rsa, hash: 'SHA-1' },
      { name: 'RSA-PSS', hash: 'SHA-256' },
    ]
    for (const algorithm of others) {
      const other = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
      await refused(t, 'ERR_KEY_USAGE', () => client(t, { privateKey: other }))
    }
    const opener = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'RSA-OAEP', hash: 'SHA-1' }, false, [
      'decrypt',
    ])
    await refused(t, 'ERR_KEY_USAGE', () => client(t, { privateKey: opener }))
    const verifier = await crypto.subtle.importKey('spki', der(t.credentials.judge.publicKey), rsa, false, ['verify'])
    await refused(t, 'ERR_KEY_IS_PUBLIC', () => client(t, { privateKey: verifier }))
  },

  async 'the bytes of a key that were handed in stay the caller’s'(t) {
    const mine = der(t.credentials.wechat.privateKey)
    const before = mine.slice()
    await client(t, { privateKey: mine }).sign({ method: 'GET', path: '/v3/certificates' })
    equal(Array.from(mine), Array.from(before))
  },

  async 'a client shows no key, whichever way it is printed'(t) {
    const wechat = sandboxed(t)
    const shown = `${JSON.stringify(wechat)} ${String(wechat)} ${Object.values(wechat).map(String)} ${JSON.stringify(Object.entries(wechat))}`
    for (const secret of t.secrets) check(!shown.includes(secret), 'a key shows')
    check(JSON.stringify(wechat).includes(t.credentials.wechat.mchid), 'the merchant number may show')
    check(random(1).length === 1, 'randomness')
  },
}
