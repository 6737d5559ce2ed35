/** Signing and sealing, judged by the host's WebCrypto. */
import { bytes, check, client, der, equal, fromBase64, random, refused, sign, toBase64 } from './kit.mjs'

const nonce = '593BEC0C930BF1AFEB40B4A08C8FB242'
const timestamp = 1_554_208_460

function parts(authorization) {
  check(authorization.startsWith('WECHATPAY2-SHA256-RSA2048 '), 'scheme')
  return Object.fromEntries([...authorization.matchAll(/([a-z_]+)="([^"]*)"/g)].map(match => match.slice(1)))
}

export const cases = {
  async 'signatures over random inputs are byte for byte the ones of WebCrypto'(t) {
    const wechat = client(t)
    const pkcs8 = der(t.credentials.wechat.privateKey)
    for (let round = 0; round < 12; round += 1) {
      const body = round % 3 === 0 ? undefined : random(round * 37)
      const method = body ? ['POST', 'PUT', 'PATCH', 'DELETE'][round % 4] : 'GET'
      const path = `/v3/${toBase64(random(9)).replace(/[^0-9A-Za-z]/g, '-')}`
      const signed = await wechat.sign({ method, path, body, query: { a: toBase64(random(4)), 中: '文 &' } })
      const fields = parts(signed.headers.Authorization)
      const { pathname, search } = new URL(signed.url)
      const message = new Uint8Array([
        ...bytes(`${method}\n${pathname}${search}\n${fields.timestamp}\n${fields.nonce_str}\n`),
        ...(body ?? []),
        10,
      ])
      equal(fields.signature, toBase64(await sign(pkcs8, message)), `round ${round}`)
      equal([fields.mchid, fields.serial_no], [t.credentials.wechat.mchid, t.credentials.wechat.serialNo])
    }
  },

  async 'both engines, and auto, sign the same bytes'(t) {
    const body = { appid: 'wx', out_batch_no: 'plfk2020042013' }
    const options = { method: 'POST', path: '/v3/transfer/batches', body, timestamp, nonce }
    const [wasm, host, auto] = await Promise.all(
      ['wasm', 'host', 'auto'].map(engine => client(t, { engine }).sign(options)),
    )
    equal(wasm.headers, host.headers)
    equal(wasm.headers, auto.headers)
    equal(Array.from(wasm.body), Array.from(host.body))
  },

  async 'a signed request carries exactly what was signed, and fetch takes it as it is'(t) {
    const wechat = client(t)
    const body = bytes('{"a": 1 }')
    const signed = await wechat.sign({
      method: 'POST',
      path: '/v3/x',
      query: [
        ['b', '2'],
        ['a', 'x y+z'],
      ],
      body,
    })
    check(signed.body === body, 'bytes are sent as given')
    equal(signed.url, 'https://api.mch.weixin.qq.com/v3/x?b=2&a=x%20y%2Bz')
    equal(signed.headers['Content-Type'], 'application/json')
    equal(signed.headers.Accept, 'application/json')
    equal(signed.headers['User-Agent'], `payseal/${t.payseal.version}`)
    equal(signed.headers['Wechatpay-Serial'], t.credentials.judge.id)
    const request = new Request(signed.url, signed)
    equal([request.method, request.url, await request.text()], ['POST', signed.url, '{"a": 1 }'])
    const get = await wechat.sign({ method: 'GET', path: '/v3/x' })
    check(!('body' in get) && !('Content-Type' in get.headers), 'a GET has no body')
    check(/nonce_str="[0-9A-Za-z]{32}"/.test(get.headers.Authorization), 'a fresh nonce')
  },

  async 'a body object is written once, compact, without unset members'(t) {
    const object = { b: '中', a: [1, { x: null, y: undefined }], c: null, '\u2028': '"' }
    const { body } = await client(t).sign({ method: 'POST', path: '/v3/x', body: object })
    equal(new TextDecoder().decode(body), '{"b":"中","a":[1,{}],"\u2028":"\\""}')
    const text = await client(t).sign({ method: 'POST', path: '/v3/x', body: '{ }' })
    equal(new TextDecoder().decode(text.body), '{ }')
    const cycle = {}
    cycle.cycle = cycle
    await refused(t, 'ERR_BODY_FORMAT', () => client(t).sign({ method: 'POST', path: '/v3/x', body: cycle }))
  },

  async 'an empty body is no body, and half a character is not sent'(t) {
    const wechat = client(t)
    for (const body of ['', new Uint8Array()])
      check(!('body' in (await wechat.sign({ method: 'GET', path: '/v3/x', body }))), 'a body')
    for (const body of ['\ud83d', { a: '\udf89' }]) {
      await refused(t, 'ERR_BODY_FORMAT', () => wechat.sign({ method: 'POST', path: '/v3/x', body }))
    }
    await refused(t, 'ERR_BODY_FORMAT', () => wechat.encrypt('林\ud83d'))
    await refused(t, 'ERR_OPTIONS', () => wechat.encrypt(undefined))
  },

  async 'a path that would be rewritten on the way is refused'(t) {
    const wechat = client(t)
    for (const path of [
      'v3/x',
      '/v3/a b',
      '/v3/中',
      '/v3/x#f',
      '//evil.example/v3',
      'https://evil.example/',
      '/v3/../x',
      '/v3/./x',
      '/a\\b',
      '/v3/\n',
      '',
    ]) {
      await refused(t, 'ERR_PATH', () => wechat.sign({ method: 'GET', path }), `path ${JSON.stringify(path)}`)
    }
    equal((await wechat.sign({ method: 'GET', path: '/v3/x?y=%20' })).url, 'https://api.mch.weixin.qq.com/v3/x?y=%20')
  },

  async 'method, nonce, timestamp and a GET with a body are checked'(t) {
    const wechat = client(t)
    const ask = changes => wechat.sign({ method: 'GET', path: '/v3/x', ...changes })
    for (const method of ['get', 'TRACE', 'GET\n', ''])
      await refused(t, 'ERR_METHOD', () => ask({ method }), `method ${method}`)
    for (const wrong of ['short', `${'A'.repeat(31)}"`, 'A'.repeat(33)])
      await refused(t, 'ERR_NONCE', () => ask({ nonce: wrong }))
    for (const wrong of [5, null, {}]) await refused(t, 'ERR_OPTIONS', () => ask({ nonce: wrong }), `nonce ${wrong}`)
    for (const wrong of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, true, [], '', '1.5', 'abc']) {
      await refused(t, 'ERR_TIMESTAMP_FORMAT', () => ask({ timestamp: wrong }), `timestamp ${wrong}`)
    }
    await refused(t, 'ERR_BODY_NOT_ALLOWED', () => ask({ body: { a: 1 } }))
  },

  async 'a sealed text opens with WebCrypto, and every sealing differs'(t) {
    const { judge } = t.credentials
    const key = await crypto.subtle.importKey(
      'pkcs8',
      fromBase64(judge.privateKey),
      { name: 'RSA-OAEP', hash: 'SHA-1' },
      false,
      ['decrypt'],
    )
    const wechat = client(t)
    for (const text of ['林小满', 'x', '中'.repeat(71), 'x'.repeat(214)]) {
      const [one, two] = [await wechat.encrypt(text), await wechat.encrypt(text)]
      check(one.ciphertext !== two.ciphertext, 'sealing is randomised')
      equal(one.serial, judge.id)
      const opened = await crypto.subtle.decrypt('RSA-OAEP', key, fromBase64(one.ciphertext))
      equal(new TextDecoder().decode(opened), text)
    }
  },

  async 'nothing, and more than 214 bytes, are not sealed'(t) {
    const wechat = client(t)
    await refused(t, 'ERR_PLAINTEXT_EMPTY', () => wechat.encrypt(''))
    await refused(t, 'ERR_PLAINTEXT_TOO_LONG', () => wechat.encrypt('x'.repeat(215)))
    await refused(t, 'ERR_PLAINTEXT_TOO_LONG', () => wechat.encrypt('中'.repeat(72)))
    await refused(t, 'ERR_PLATFORM_KEY_MISSING', () => client(t, { platformKeys: [] }).encrypt('x'))
  },

  async 'a field sealed for the merchant opens, anything else does not'(t) {
    const oaep = { name: 'RSA-OAEP', hash: 'SHA-1' }
    const key = await crypto.subtle.importKey('spki', der(t.credentials.keys.public), oaep, false, ['encrypt'])
    const sealed = new Uint8Array(await crypto.subtle.encrypt(oaep.name, key, bytes('欧阳若曦')))
    const wechat = client(t)
    equal(await wechat.decrypt(toBase64(sealed)), '欧阳若曦')
    sealed[100] ^= 1
    await refused(t, 'ERR_DECRYPT', () => wechat.decrypt(toBase64(sealed)))
    for (const wrong of ['', 'AAAA', toBase64(random(256)), toBase64(random(257))])
      await refused(t, 'ERR_DECRYPT', () => wechat.decrypt(wrong))
    for (const wrong of ['A', 'AAA', '中文', 'AA=A', undefined])
      await refused(t, 'ERR_CIPHERTEXT_BASE64', () => wechat.decrypt(wrong))
  },
}
