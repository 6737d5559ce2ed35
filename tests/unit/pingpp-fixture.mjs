/** Keys made for this run, and Ping++'s part played with node:crypto. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Pingpp } from '../../pkg/dist/entry/node.js'

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

export const merchant = pair()
export const platform = pair()
export const stranger = pair()
export const apiKey = `sk_test_${randomBytes(12).toString('hex')}`
export const app = 'app_1Gqj58ynP0mHeX1q'
export const privatePem = merchant.privateKey.export({ type: 'pkcs8', format: 'pem' })
export const publicPem = platform.publicKey.export({ type: 'spki', format: 'pem' })
export const engines = ['host', 'wasm']
export const channels = ['alipay', 'unionpay', 'wx', 'wx_pub', 'wx_lite', 'allinpay', 'jdpay', 'balance']

export const options = { app, apiKey, privateKey: privatePem, platformPublicKey: publicPem }

export function client(changes = {}) {
  return new Pingpp({ ...options, ...changes })
}

/** The committed example of a channel, under another number if one is given. */
export function example(channel, batch_no) {
  const batch = JSON.parse(readFileSync(new URL(`../data/pingpp/${channel}.json`, import.meta.url), 'utf8'))
  return batch_no === undefined ? batch : { ...batch, batch_no }
}

/** The sample of the API reference: 8000 fen to two alipay accounts. */
export const sample = () => example('alipay')

/** A number that no other batch of this run has. */
export const number = () => `unit${randomBytes(8).toString('hex')}`

export const signature = (body, key = platform.privateKey) => sign('sha256', Buffer.from(body), key).toString('base64')

/** A reply or an event, signed by node:crypto. */
export function signed(body, { status = 200, headers = {}, key } = {}) {
  const content = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    status,
    headers: { 'X-Pingplusplus-Signature': signature(content, key), ...headers },
    body: Buffer.from(content),
  }
}

/** What Ping++ answers to the creation of this batch. */
export function described(batch, changes = {}) {
  return {
    id: '1801708311830114137',
    object: 'batch_transfer',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    status: 'created',
    ...batch,
    ...changes,
  }
}

/** An event about this object. */
export function event(object, changes = {}) {
  return {
    id: 'evt_400161010101436761001614',
    object: 'event',
    created: 1_476_067_102,
    livemode: false,
    type: 'batch_transfer.succeeded',
    data: { object },
    pending_webhooks: 0,
    request: null,
    ...changes,
  }
}

export function answering(...replies) {
  const asked = []
  const fetch = async (url, init) => {
    asked.push({ url, ...init })
    const reply = replies[Math.min(asked.length, replies.length) - 1]
    return new Response(reply.body, { status: reply.status, headers: reply.headers })
  }
  return Object.assign(fetch, { asked })
}

export async function collect(iterator) {
  const all = []
  for await (const item of iterator) all.push(item)
  return all
}
