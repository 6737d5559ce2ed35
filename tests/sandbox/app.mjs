// A Ping++ merchant written on node:crypto and node:http, so that the sandbox is tested without the package's client.
import { sign, verify } from 'node:crypto'
import { exchange } from './merchant.mjs'

const now = () => Math.floor(Date.now() / 1000)

/** Signs and sends; `headers` replace the signed ones, and undefined among them removes one. */
export function call(sandbox, { method = 'GET', target, body = '', message, timestamp = now(), headers = {} }) {
  const { apiKey, privateKey } = sandbox.pingpp
  const signed = message ?? Buffer.concat([Buffer.from(body), Buffer.from(`${target}${timestamp}`)])
  const all = {
    Authorization: `Bearer ${apiKey}`,
    'Pingplusplus-Signature': sign('sha256', signed, privateKey).toString('base64'),
    'Pingplusplus-Request-Timestamp': String(timestamp),
    ...(method !== 'GET' && { 'Content-Type': 'application/json; charset=UTF-8' }),
    ...headers,
  }
  for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name]
  return exchange(sandbox.url, { method, target, body, headers: all })
}

export const UNSIGNED = { 'Pingplusplus-Signature': undefined, 'Pingplusplus-Request-Timestamp': undefined }

export const create = (sandbox, batch, options = {}) =>
  call(sandbox, { method: 'POST', target: '/v1/batch_transfers', body: JSON.stringify(batch), ...options })

export const get = (sandbox, target, options = {}) => call(sandbox, { target, ...options })

/** Whether a reply or an event is signed with the key of the sandbox: the body alone. */
export const isSigned = ({ headers, text }, { platformPublicKey }) =>
  verify(
    'sha256',
    Buffer.from(text),
    platformPublicKey,
    Buffer.from(headers['x-pingplusplus-signature'] ?? '', 'base64'),
  )

/** A correct payee of every channel. */
export const PAYEES = {
  alipay: { account: 'payee@example.com', name: '测试甲' },
  unionpay: { account: '6200000000000005', name: '测试甲', open_bank_code: '0100' },
  wx: { open_id: 'o9zpMs9jIaLynQY9N6yxcZ' },
  wx_pub: { open_id: 'o9zpMs9jIaLynQY9N6yxcZ' },
  wx_lite: { open_id: 'o9zpMs9jIaLynQY9N6yxcZ' },
  allinpay: { account: '6200000000000005', name: '测试甲', open_bank_code: '0102' },
  jdpay: { account: '6200000000000005', name: '测试甲', open_bank_code: '0102' },
  balance: { user: 'user_007' },
}

let count = 0

/** A correct batch of `channel`; `recipients` are merged over the channel's payee. */
export function batchOf(channel, recipients = [{}, {}], members = {}) {
  count += 1
  const full = recipients.map(recipient => ({ ...PAYEES[channel], amount: 100, ...recipient }))
  return {
    app: 'app_1Gqj58ynP0mHeX1q',
    batch_no: `2016101010380${String(count).padStart(4, '0')}`,
    channel,
    amount: full.reduce((sum, recipient) => sum + recipient.amount, 0),
    description: '七月差旅报销',
    recipients: full,
    type: 'b2c',
    ...members,
  }
}
