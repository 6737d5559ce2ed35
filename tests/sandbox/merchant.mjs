// A WeChat Pay merchant written on node:crypto and node:http, so that the sandbox is tested without the package's client.
import {
  constants,
  createDecipheriv,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto'
import { once } from 'node:events'
import { createServer, request } from 'node:http'

/** Sends one request exactly as described and resolves to `{ status, headers, text, json }`. */
export async function exchange(url, { method = 'GET', target, headers = {}, body = '' }) {
  const bytes = Buffer.from(body)
  const outgoing = request(url, {
    method,
    path: target,
    headers: { ...headers, 'Content-Length': bytes.length },
    agent: false,
  })
  outgoing.end(bytes)
  const [reply] = await once(outgoing, 'response')
  const chunks = []
  for await (const chunk of reply) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  return { status: reply.statusCode, headers: reply.headers, text, json: parsed(text) }
}

/** Undefined where there is no JSON: gateways answer with pages, and faults cut bodies short. */
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The headers of a correct request; `change` replaces parts of it after the signature was made. */
export function signedHeaders(options, { method, target, body = '', timestamp, nonce, message, change = {}, serial }) {
  const at = timestamp ?? Math.floor(Date.now() / 1000)
  const random = nonce ?? randomBytes(16).toString('hex').toUpperCase()
  const head = `${method}\n${target}\n${at}\n${random}\n`
  const signed = message ?? Buffer.concat([Buffer.from(head), Buffer.from(body), Buffer.from('\n')])
  const pairs = {
    mchid: options.mchid,
    nonce_str: random,
    timestamp: String(at),
    serial_no: options.serialNo,
    signature: sign('sha256', signed, options.privateKey).toString('base64'),
    ...change,
  }
  const list = Object.entries(pairs).map(([name, value]) => `${name}="${value}"`)
  return {
    Accept: 'application/json',
    'User-Agent': 'sandbox-test',
    Authorization: `WECHATPAY2-SHA256-RSA2048 ${list.join(',')}`,
    ...(body && { 'Content-Type': 'application/json' }),
    ...(serial && { 'Wechatpay-Serial': serial }),
  }
}

/** Signs and sends; `headers` are added to the signed ones. */
export function call(sandbox, { method = 'GET', target, body = '', headers = {}, ...signing }) {
  const signed = signedHeaders(sandbox.wechat, { method, target, body, ...signing })
  return exchange(sandbox.url, { method, target, body, headers: { ...signed, ...headers } })
}

/** Posts a batch; names in it must be sealed already. */
export function create(sandbox, batch, signing = {}) {
  const serial = publicKeyOf(sandbox)?.id
  return call(sandbox, {
    method: 'POST',
    target: '/v3/transfer/batches',
    body: JSON.stringify(batch),
    serial,
    ...signing,
  })
}

export const get = (sandbox, target, signing = {}) => call(sandbox, { target, ...signing })

/** A correct batch of `amounts`, without names. */
export function batchOf(number, amounts = [1000, 2500], members = {}) {
  return {
    appid: 'wxf636efh567hg4356',
    out_batch_no: number,
    batch_name: '七月差旅报销',
    batch_remark: '七月差旅报销',
    total_amount: amounts.reduce((sum, amount) => sum + amount, 0),
    total_num: amounts.length,
    transfer_detail_list: amounts.map((amount, index) => ({
      out_detail_no: `${number}d${index}`,
      transfer_amount: amount,
      transfer_remark: '差旅报销',
      openid: `o-MYE42l80oelYMDE34nYD4${String(index).padStart(4, '0')}`,
    })),
    ...members,
  }
}

/** The same batch with every name sealed under `key` (PEM of a public key or certificate). */
export function named(batch, key, name = '测试甲') {
  const transfer_detail_list = batch.transfer_detail_list.map(detail => ({ ...detail, user_name: seal(name, key) }))
  return { ...batch, transfer_detail_list }
}

export function seal(name, key, oaepHash = 'sha1') {
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, Buffer.from(name)).toString(
    'base64',
  )
}

export function openSealed(ciphertext, privateKey) {
  const padding = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  return privateDecrypt(padding, Buffer.from(ciphertext, 'base64')).toString()
}

export const publicKeyOf = sandbox => sandbox.wechat.platformKeys.find(key => key.id)

export const certificateOf = sandbox =>
  new X509Certificate(sandbox.wechat.platformKeys.find(key => key.certificate).certificate)

/** Whether a reply or notification is signed by the key it names; the time is the caller's to judge. */
export function isSigned({ headers, text }, platformKeys) {
  const key = platformKeys.find(
    ({ id, certificate }) => (id ?? new X509Certificate(certificate).serialNumber) === headers['wechatpay-serial'],
  )
  if (!key || !headers['wechatpay-signature']) return false
  const message = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n${text}\n`
  return verify(
    'sha256',
    message,
    key.publicKey ?? key.certificate,
    Buffer.from(headers['wechatpay-signature'], 'base64'),
  )
}

/** Opens what is sealed under the APIv3 key. */
export function openResource({ nonce, associated_data, ciphertext }, apiV3Key) {
  const bytes = Buffer.from(ciphertext, 'base64')
  const cipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce)
  cipher.setAAD(Buffer.from(associated_data)).setAuthTag(bytes.subarray(-16))
  return Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()]).toString()
}

/**
 * A receiver of notifications that answers with the status that `answer(notification, index)` returns or promises, 204 by
 * default; undefined cuts the connection.
 */
export async function receiver(answer = () => 204) {
  const received = []
  const server = createServer(async (incoming, reply) => {
    const chunks = []
    for await (const chunk of incoming) chunks.push(chunk)
    const notification = { headers: incoming.headers, path: incoming.url, text: Buffer.concat(chunks).toString() }
    received.push(notification)
    const status = await answer(notification, received.length - 1)
    if (status) reply.writeHead(status).end()
    else incoming.socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}/notify`, received, close: () => server.close() }
}
