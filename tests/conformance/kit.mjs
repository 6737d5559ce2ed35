/** What the cases need: a client, assertions, and WeChat Pay's part played with the host's WebCrypto. No host imports. */

const utf8 = new TextEncoder()

export function check(condition, what) {
  if (!condition) throw new Error(what)
}

export function equal(actual, expected, what = 'value') {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`)
}

/** Runs `action`, which must fail with one of our errors and this code, and without anything secret in its text. */
export async function refused(t, code, action, what = code) {
  let error
  try {
    await action()
  } catch (thrown) {
    error = thrown
  }
  check(error, `${what}: nothing was thrown`)
  check(
    error instanceof t.payseal.PayoutError,
    `${what}: expected a PayoutError, got ${error?.name}: ${error?.message}`,
  )
  equal(error.code, code, what)
  check(error.name !== 'Error' && error.name === error.constructor.name, `${what}: the class is not named`)
  const said = `${error.message} ${JSON.stringify(error)} ${error.stack}`
  for (const secret of t.secrets) check(!said.includes(secret), `${what}: the error quotes something secret`)
  return error
}

export function bytes(text) {
  return utf8.encode(text)
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0))
}

export function toBase64(buffer) {
  return btoa(Array.from(new Uint8Array(buffer), byte => String.fromCharCode(byte)).join(''))
}

/** The DER inside a PEM. */
export function der(pem) {
  return fromBase64(pem.replace(/-----[^-]+-----|\s/g, ''))
}

export function random(size) {
  return crypto.getRandomValues(new Uint8Array(size))
}

export async function sha256(data) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data))
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('')
}

const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

/** Signs with a PKCS#8 key in base64, by the host. */
export async function sign(pkcs8, message) {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, rsa, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign(rsa.name, key, message))
}

/** A client whose platform key is the judge's, and whose network is `fetch`. */
export function client(t, options = {}) {
  const { judge, wechat } = t.credentials
  const { mchid, serialNo, privateKey, apiV3Key } = wechat
  const platformKeys = [{ id: judge.id, publicKey: judge.publicKey }]
  return new t.payseal.WechatPay({ mchid, serialNo, privateKey, apiV3Key, platformKeys, engine: t.engine, ...options })
}

/** A client of the sandbox. */
export function sandboxed(t, options = {}) {
  return new t.payseal.WechatPay({ ...t.credentials.wechat, engine: t.engine, fetch: t.fetch, ...options })
}

/** A reply or notification as WeChat Pay would sign it: `{ status, headers, body }`. */
export async function signed(t, body, options = {}) {
  const {
    status = 200,
    timestamp = Math.floor(Date.now() / 1000),
    nonce = 'd824f2e086d3c1df967785d13fcd22ef',
    serial = t.credentials.judge.id,
  } = options
  const content = typeof body === 'string' ? bytes(body) : body
  const message = new Uint8Array([...bytes(`${timestamp}\n${nonce}\n`), ...content, 10])
  const headers = {
    'Wechatpay-Timestamp': String(timestamp),
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Signature':
      options.signature ?? toBase64(await sign(fromBase64(t.credentials.judge.privateKey), message)),
    'Wechatpay-Serial': serial,
    'Request-ID': '08F78BB5AF0610D302189F9EA',
    'Content-Type': 'application/json',
  }
  return { status, headers, body: content }
}

/** A `fetch` that answers with this, and remembers what it was asked. */
export function answering(...replies) {
  const asked = []
  const fetch = async (url, init) => {
    asked.push({ url, ...init })
    const reply = replies[Math.min(asked.length, replies.length) - 1]
    if (reply instanceof Error) throw reply
    return new Response(reply.status === 204 ? null : reply.body, { status: reply.status, headers: reply.headers })
  }
  return Object.assign(fetch, { asked })
}

/** A sealed resource, as in a notification. */
export async function resource(
  key,
  plaintext,
  { nonce = 'uluk4a9R25RW', associated = 'mch_payment', algorithm = 'AEAD_AES_256_GCM' } = {},
) {
  const aes = await crypto.subtle.importKey('raw', bytes(key), 'AES-GCM', false, ['encrypt'])
  const parameters = { name: 'AES-GCM', iv: bytes(nonce), additionalData: bytes(associated) }
  const sealed = await crypto.subtle.encrypt(parameters, aes, bytes(plaintext))
  return { original_type: 'mch_payment', algorithm, ciphertext: toBase64(sealed), associated_data: associated, nonce }
}

/** The envelope of a notification. */
export function envelope(sealed, event = 'MCHTRANSFER.BATCH.FINISHED') {
  const create_time = '2026-05-20T13:29:35+08:00'
  return JSON.stringify({
    id: 'EV-2018022511223320873',
    create_time,
    resource_type: 'encrypt-resource',
    event_type: event,
    summary: 'x',
    resource: sealed,
  })
}

const people = ['林小满', '周子墨', '陈雨桐', '欧阳若曦', '吴一帆']

let counter = 0

/** A valid batch of invented people under a fresh number. */
export function batch(size = 3, changes = {}) {
  counter += 1
  const out_batch_no = `conf${Date.now().toString(36)}${toHex(random(3))}${counter}`
  const transfer_detail_list = Array.from({ length: size }, (_, index) => ({
    out_detail_no: `d${String(index).padStart(6, '0')}`,
    transfer_amount: 100 + index,
    transfer_remark: '十一月稿费',
    openid: `o-MYE42l80oelYMDE34nYD4${String(index).padStart(6, '0')}`,
    user_name: people[index % people.length],
  }))
  const total_amount = transfer_detail_list.reduce((sum, detail) => sum + detail.transfer_amount, 0)
  return {
    appid: 'wxf636efh567hg4356',
    out_batch_no,
    batch_name: '十一月稿费',
    batch_remark: '十一月稿费',
    total_amount,
    total_num: size,
    transfer_scene_id: '1005',
    transfer_detail_list,
    ...changes,
  }
}

/** A batch with one detail changed; totals follow the amount if it is a whole number. */
export function withDetail(changes) {
  const made = batch(2)
  Object.assign(made.transfer_detail_list[1], changes)
  if (Number.isSafeInteger(changes.transfer_amount)) made.total_amount = 100 + changes.transfer_amount
  return made
}

function toHex(data) {
  return Array.from(data, byte => byte.toString(16).padStart(2, '0')).join('')
}
