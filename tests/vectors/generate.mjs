// Makes the vectors of this folder with node:crypto and the openssl command: judges that know nothing of payseal.
//
//   node tests/vectors/generate.mjs
//
// Keys are TESTING KEYs, made once and kept in keys.json; delete that file to make new ones. Everything else follows from them.
import { execFileSync } from 'node:child_process'
import { createCipheriv, createHash, createPrivateKey, createPublicKey, generateKeyPairSync, publicEncrypt, sign } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const at = name => new URL(name, import.meta.url)
const write = (name, value) => writeFileSync(at(name), `${JSON.stringify(value, null, 1)}\n`)

const keys = existsSync(at('keys.json')) ? JSON.parse(readFileSync(at('keys.json'))) : makeKeys()
write('keys.json', keys)
write('key-parsing.json', keyParsing())
write('wechat-requests.json', requests())
write('wechat-incoming.json', incoming())
write('wechat-sealed.json', sealed())

function makeKeys() {
  const rsa = bits => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits })
    return privateKey.export({ type: 'pkcs8', format: 'pem' })
  }
  const merchant = rsa(2048)
  const directory = mkdtempSync(join(tmpdir(), 'vectors-'))
  const openssl = (...args) => execFileSync('openssl', args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const platform = rsa(2048)
  writeFileSync(join(directory, 'key.pem'), platform)
  const certificate = serial =>
    openssl('req', '-x509', '-key', 'key.pem', '-days', '1825', '-subj', '/CN=TESTING certificate', '-set_serial', `0x${serial}`)
  const result = {
    note: 'TESTING KEYS, made for these vectors; they protect nothing',
    source: 'node:crypto generateKeyPairSync; certificates by openssl req -x509',
    merchant,
    platform,
    small: rsa(1024),
    ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    pss: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    large: rsa(4096),
    certificate: { serial: '0A57F09EFDC096DE15EBE81A47057A7232F1B8E1', pem: certificate('0A57F09EFDC096DE15EBE81A47057A7232F1B8E1') },
    highBitCertificate: { serial: 'F157F09EFDC096DE15EBE81A47057A7232F1B8', pem: certificate('F157F09EFDC096DE15EBE81A47057A7232F1B8') },
  }
  rmSync(directory, { recursive: true })
  return result
}

function keyParsing() {
  const merchant = createPrivateKey(keys.merchant)
  const pkcs1 = merchant.export({ type: 'pkcs1', format: 'pem' })
  const spki = createPublicKey(merchant).export({ type: 'spki', format: 'pem' })
  const encrypted = merchant.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'testing' })
  const legacy = merchant.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'testing' })
  const der = merchant.export({ type: 'pkcs8', format: 'der' })
  const bare = pem => pem.replace(/-----[^-]+-----|\s/g, '')
  const flipped = Buffer.from(der)
  flipped[300] ^= 1
  const armoured = (label, bytes) => `-----BEGIN ${label}-----\n${bytes.toString('base64')}\n-----END ${label}-----\n`
  const lines = pem => pem.trim().split('\n')
  const cases = [
    ['private', 'PKCS#8 PEM', keys.merchant],
    ['private', 'PKCS#1 PEM', pkcs1],
    ['private', 'PKCS#8 DER', null, { base64: der.toString('base64') }],
    ['private', 'PKCS#1 DER', null, { base64: merchant.export({ type: 'pkcs1', format: 'der' }).toString('base64') }],
    ['private', 'bare base64 on one line', bare(keys.merchant)],
    ['private', 'bare base64 of PKCS#1', bare(pkcs1)],
    ['private', 'CRLF line ends', keys.merchant.replace(/\n/g, '\r\n')],
    ['private', 'byte order mark', `\ufeff${keys.merchant}`],
    ['private', 'blanks around and no final line end', `  \n${keys.merchant.trim()}`],
    ['private', 'one long line inside the armour', armoured('PRIVATE KEY', der)],
    ['private', '4096 bits', keys.large],
    ['private', 'nothing', '', 'ERR_KEY_MISSING'],
    ['private', 'blanks only', ' \n', 'ERR_KEY_MISSING'],
    ['private', 'literal \\n from an environment variable', keys.merchant.replace(/\n/g, '\\n'), 'ERR_KEY_ESCAPED_NEWLINES'],
    ['private', 'no END line', lines(keys.merchant).slice(0, -1).join('\n'), 'ERR_KEY_ARMOUR'],
    ['private', 'no BEGIN line', lines(keys.merchant).slice(1).join('\n'), 'ERR_KEY_ARMOUR'],
    ['private', 'text that is no key', 'my secret key', 'ERR_KEY_ARMOUR'],
    ['private', 'a character lost in the middle', keys.merchant.replace('MII', 'M*I'), 'ERR_KEY_BASE64'],
    ['private', 'cut short', armoured('PRIVATE KEY', der.subarray(0, 600)), 'ERR_KEY_DER'],
    ['private', 'one bit flipped in the modulus', armoured('PRIVATE KEY', flipped), 'ERR_KEY_INCONSISTENT'],
    ['private', 'a certificate', keys.certificate.pem, 'ERR_KEY_IS_CERTIFICATE'],
    ['private', 'a certificate without armour', bare(keys.certificate.pem), 'ERR_KEY_IS_CERTIFICATE'],
    ['private', 'a public key', spki, 'ERR_KEY_IS_PUBLIC'],
    ['private', 'a public key without armour', bare(spki), 'ERR_KEY_IS_PUBLIC'],
    ['private', 'encrypted PKCS#8', encrypted, 'ERR_KEY_ENCRYPTED'],
    ['private', 'encrypted PKCS#8 without armour', bare(encrypted), 'ERR_KEY_ENCRYPTED'],
    ['private', 'encrypted PKCS#1 of old OpenSSL', legacy, 'ERR_KEY_ENCRYPTED'],
    ['private', '1024 bits', keys.small, 'ERR_KEY_SIZE'],
    ['private', 'an EC key', keys.ec, 'ERR_KEY_ALGORITHM'],
    ['private', 'an RSA-PSS key', keys.pss, 'ERR_KEY_ALGORITHM'],
    ['public', 'SPKI PEM', spki],
    ['public', 'PKCS#1 PEM', createPublicKey(merchant).export({ type: 'pkcs1', format: 'pem' })],
    ['public', 'bare base64', bare(spki)],
    ['public', 'byte order mark and CRLF', `\ufeff${spki.replace(/\n/g, '\r\n')}`],
    ['public', 'a certificate', keys.certificate.pem, { serial: keys.certificate.serial }],
    ['public', 'a certificate whose serial has a sign byte', keys.highBitCertificate.pem, { serial: keys.highBitCertificate.serial }],
    ['public', 'nothing', '', 'ERR_KEY_MISSING'],
    ['public', 'a private key', keys.merchant, 'ERR_KEY_IS_PRIVATE'],
    ['public', 'a PKCS#1 private key', pkcs1, 'ERR_KEY_IS_PRIVATE'],
    ['public', 'a private key without armour', bare(keys.merchant), 'ERR_KEY_IS_PRIVATE'],
    ['public', 'an EC public key', createPublicKey(keys.ec).export({ type: 'spki', format: 'pem' }), 'ERR_KEY_ALGORITHM'],
    ['public', '1024 bits', createPublicKey(keys.small).export({ type: 'spki', format: 'pem' }), 'ERR_KEY_SIZE'],
    ['public', 'a damaged certificate', keys.certificate.pem.replace(/\n(.{64})\n(.{64})\n/, '\n$1\n'), 'ERR_KEY_DER'],
  ]
  return {
    source: 'exports and deliberate damage of keys.json by node:crypto',
    cases: cases.map(([role, comment, text, more], id) => {
      const extra = typeof more === 'string' ? { code: more } : (more ?? {})
      return { id: id + 1, role, comment, ...(text === null ? {} : { text }), ...extra, result: typeof more === 'string' ? 'invalid' : 'valid' }
    }),
  }
}

function requests() {
  const mchid = '1900000001'
  const serial = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1'
  const cases = [
    ['GET', '/v3/certificates', ''],
    ['GET', '/v3/transfer/batches/out-batch-no/plfk2020042013?need_query_detail=true&offset=0&limit=20&detail_status=ALL', ''],
    ['GET', '/v3/transfer-detail/electronic-receipts?accept_type=BATCH_TRANSFER&x=%E4%BD%A0%20a%2Bb', ''],
    ['POST', '/v3/transfer/batches', '{"batch_name":"2019年1月深圳分部报销单"}'],
    ['POST', '/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/a1/cancel', ''],
    ['POST', '/v3/body-with-final-line-end', '{}\n'],
    ['PUT', '/v3/x', '{"a":"b"}'],
    ['PATCH', '/v3/x', '{"a":"b"}'],
    ['DELETE', '/v3/x', ''],
  ]
  return {
    source: 'message assembled by hand after chapter 2.2 of the protocol, signed by node:crypto',
    mchid,
    serial,
    cases: cases.map(([method, target, body], index) => {
      const timestamp = 1_554_208_460 + index
      const nonce = createHash('sha256').update(`nonce ${index}`).digest('hex').slice(0, 32).toUpperCase()
      const message = `${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`
      const signature = sign('sha256', Buffer.from(message), keys.merchant).toString('base64')
      const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`
      return { id: index + 1, method, target, timestamp, nonce, body, message, signature, authorization }
    }),
  }
}

function incoming() {
  const official = {
    publicKey: readFileSync(at('wechat-official-key.pem'), 'utf8'),
    headers: {
      'wechatpay-timestamp': '1722850421',
      'wechatpay-nonce': 'd824f2e086d3c1df967785d13fcd22ef',
      'wechatpay-serial': 'PUB_KEY_ID_0114232134912410000000000000',
      'wechatpay-signature':
        'mfI1CPqvBrgcXfgXMFjdNIhBf27ACE2YyeWsWV9ZI7T7RU0vHvbQpu9Z32ogzc+k8ZC5n3kz7h70eWKjgqNdKQF0eRp8mVKlmfzMLBVHbssB9jEZEDXThOX1XFqX7s7ymia1hoHQxQagPGzkdWxtlZPZ4ZPvr1RiqkgAu6Is8MZgXXrRoBKqjmSdrP1N7uxzJ/cjfSiis9FiLjuADoqmQ1P7p2N876YPAol7Rn0+GswwAwxldbdLrmVSjfytfSBJFqTMHn4itojgxSWWN1byuckQt8hSTEv/Lg97QoeGniYP17T80pJeQyL3b+295FPHSO2AtvCgyIbKMZ0BALilAA==',
    },
    body: '{"code_url":"weixin://wxpay/bizpayurl?pr=JyC91EIz1"}',
    now: 1722850421,
  }
  const { headers } = official
  const signature = headers['wechatpay-signature']
  const change = more => ({ ...headers, ...more })
  const without = name => Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))
  const cases = [
    ['as published', {}],
    ['five minutes early', { now: official.now - 300 }],
    ['five minutes late', { now: official.now + 300 }],
    ['too early', { now: official.now - 301, code: 'ERR_TIMESTAMP_SKEW' }],
    ['too late', { now: official.now + 301, code: 'ERR_TIMESTAMP_SKEW' }],
    ['one byte of the body changed', { body: official.body.replace('JyC', 'JyD'), code: 'ERR_SIGNATURE_INVALID' }],
    ['a blank behind the body', { body: `${official.body} `, code: 'ERR_SIGNATURE_INVALID' }],
    ['another nonce', { headers: change({ 'wechatpay-nonce': 'd824f2e086d3c1df967785d13fcd22ee' }), code: 'ERR_SIGNATURE_INVALID' }],
    ['another timestamp', { headers: change({ 'wechatpay-timestamp': '1722850422' }), code: 'ERR_SIGNATURE_INVALID' }],
    ['a timestamp that is text', { headers: change({ 'wechatpay-timestamp': 'abc' }), code: 'ERR_TIMESTAMP_FORMAT' }],
    ['a timestamp in the far future', { headers: change({ 'wechatpay-timestamp': '9999999999' }), code: 'ERR_TIMESTAMP_SKEW' }],
    ['a timestamp in milliseconds', { headers: change({ 'wechatpay-timestamp': '1722850421000' }), code: 'ERR_TIMESTAMP_FORMAT' }],
    ...['timestamp', 'nonce', 'signature', 'serial'].map(name => [
      `no ${name}`,
      { headers: without(`wechatpay-${name}`), code: 'ERR_SIGNATURE_HEADER_MISSING' },
    ]),
    ['a probe', { headers: change({ 'wechatpay-signature': `WECHATPAY/SIGNTEST/${signature}` }), code: 'ERR_SIGNATURE_PROBE' }],
    ['not base64', { headers: change({ 'wechatpay-signature': `${signature.slice(0, 40)} ${signature.slice(40)}` }), code: 'ERR_SIGNATURE_BASE64' }],
    ['half a signature', { headers: change({ 'wechatpay-signature': signature.slice(0, 172) }), code: 'ERR_SIGNATURE_LENGTH' }],
    ['signature of zeros', { headers: change({ 'wechatpay-signature': Buffer.alloc(256).toString('base64') }), code: 'ERR_SIGNATURE_INVALID' }],
    ['the named RSA type', { headers: change({ 'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048' }) }],
    ['the SM2 type', { headers: change({ 'wechatpay-signature-type': 'WECHATPAY2-SM2-WITH-SM3' }), code: 'ERR_SIGNATURE_TYPE' }],
  ]
  return {
    source: 'published sample: merchant page 4013053420, with the key printed there; the rest is that sample changed on purpose',
    publicKey: official.publicKey,
    cases: cases.map(([comment, more], index) => ({
      id: index + 1,
      comment,
      headers,
      body: official.body,
      now: official.now,
      ...more,
      result: more.code ? 'invalid' : 'valid',
    })),
  }
}

function sealed() {
  const apiV3Key = 'TESTINGtesting0TESTINGtesting012'
  const gcm = (plaintext, nonce, aad) => {
    const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce)
    cipher.setAAD(Buffer.from(aad))
    return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString('base64')
  }
  const nonce = 'fdasflkja484'
  const resource = { out_batch_no: 'plfk2020042013', batch_status: 'FINISHED', total_num: 2, total_amount: 250000 }
  const good = {
    original_type: 'mch_payment',
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: gcm(JSON.stringify(resource), nonce, 'mch_payment'),
    associated_data: 'mch_payment',
    nonce,
  }
  const envelope = more => ({
    id: 'EV-2018022511223320873',
    create_time: '2015-05-20T13:29:35+08:00',
    resource_type: 'encrypt-resource',
    event_type: 'MCHTRANSFER.BATCH.FINISHED',
    summary: '商家转账批次完成通知',
    resource: { ...good, ...more },
  })
  const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))
  const unbound = { ciphertext: gcm(JSON.stringify(resource), nonce, ''), associated_data: undefined }
  const notifications = [
    ['as documented', envelope({}), undefined],
    ['without associated data', envelope(unbound), undefined],
    ['another algorithm', envelope({ algorithm: 'AEAD_SM4_GCM' }), 'ERR_AEAD_ALGORITHM'],
    ['an 11-byte nonce', envelope({ nonce: 'fdasflkja48' }), 'ERR_AEAD_NONCE'],
    ['a 16-byte nonce', envelope({ nonce: 'fdasflkja484fdas' }), 'ERR_AEAD_NONCE'],
    ['another nonce', envelope({ nonce: 'fdasflkja485' }), 'ERR_DECRYPT'],
    ['other associated data', envelope({ associated_data: 'certificate' }), 'ERR_DECRYPT'],
    ['a ciphertext that is not base64', envelope({ ciphertext: '***' }), 'ERR_CIPHERTEXT_BASE64'],
    ['a ciphertext shorter than its tag', envelope({ ciphertext: 'AAAA' }), 'ERR_DECRYPT'],
    ['sealed text that is not JSON', envelope({ ciphertext: gcm('plain', nonce, 'mch_payment') }), 'ERR_NOTIFICATION_FORMAT'],
    ['no resource', without(envelope({}), 'resource'), 'ERR_NOTIFICATION_FORMAT'],
    ['no id', without(envelope({}), 'id'), 'ERR_NOTIFICATION_FORMAT'],
    ['HTML', '<html></html>', 'ERR_NOTIFICATION_FORMAT'],
  ]
  const names = ['张三', '阿依古丽·买买提', '名'.repeat(71), 'A']
  return {
    source: 'sealed by node:crypto: aes-256-gcm, and RSA_PKCS1_OAEP_PADDING with sha1 under the merchant key of keys.json',
    apiV3Key,
    resource,
    notifications: notifications.map(([comment, body, code], index) => ({
      id: index + 1,
      comment,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(code ? { code } : {}),
      result: code ? 'invalid' : 'valid',
    })),
    fields: names.map((text, index) => ({
      id: index + 1,
      text,
      ciphertext: publicEncrypt({ key: keys.merchant, oaepHash: 'sha1' }, Buffer.from(text)).toString('base64'),
    })),
  }
}
