/** Keys made for this run, and WeChat Pay's part played with node:crypto. */
import { createCipheriv, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { WechatPay } from '../../pkg/dist/entry/node.js'

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

export const merchant = pair()
export const platform = pair()
export const apiV3Key = randomBytes(16).toString('hex')
export const platformId = 'PUB_KEY_ID_0114232134912410000000000000'
export const privatePem = merchant.privateKey.export({ type: 'pkcs8', format: 'pem' })
export const publicPem = platform.publicKey.export({ type: 'spki', format: 'pem' })
export const engines = ['host', 'wasm']

export const options = {
  mchid: '1900001109',
  serialNo: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
  privateKey: privatePem,
  apiV3Key,
  platformKeys: [{ id: platformId, publicKey: publicPem }],
}

export function client(changes = {}) {
  return new WechatPay({ ...options, ...changes })
}

export function vectors(name) {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'))
}

/** A reply or notification, signed by node:crypto. */
export function signed(body, { status = 200, timestamp = Math.floor(Date.now() / 1000), headers = {} } = {}) {
  const nonce = randomBytes(16).toString('hex')
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), Buffer.from(body), Buffer.from('\n')])
  return {
    status,
    headers: {
      'Wechatpay-Timestamp': `${timestamp}`,
      'Wechatpay-Nonce': nonce,
      'Wechatpay-Signature': sign('sha256', message, platform.privateKey).toString('base64'),
      'Wechatpay-Serial': platformId,
      ...headers,
    },
    body: Buffer.from(body),
  }
}

/** A notification around this object, sealed by node:crypto. */
export function notification(resource) {
  const nonce = randomBytes(6).toString('hex')
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce).setAAD(Buffer.from('mch_payment'))
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(resource)), cipher.final(), cipher.getAuthTag()])
  const sealed = {
    algorithm: 'AEAD_AES_256_GCM',
    nonce,
    associated_data: 'mch_payment',
    ciphertext: ciphertext.toString('base64'),
  }
  const head = { id: 'EV-1', create_time: '2026-05-20T13:29:35+08:00', resource_type: 'encrypt-resource', summary: 'x' }
  return JSON.stringify({ ...head, event_type: 'MCHTRANSFER.BATCH.FINISHED', resource: sealed })
}

export function answering(reply) {
  return async () =>
    new Response(reply.status === 204 ? null : reply.body, { status: reply.status, headers: reply.headers })
}

/** A valid batch of invented people. */
export function batch(size = 2, out_batch_no = `unit${randomBytes(8).toString('hex')}`) {
  const transfer_detail_list = Array.from({ length: size }, (_, index) => ({
    out_detail_no: `d${String(index).padStart(6, '0')}`,
    transfer_amount: 100,
    transfer_remark: '十一月稿费',
    openid: `o-MYE42l80oelYMDE34nYD4${String(index).padStart(5, '0')}`,
    user_name: ['林小满', '周子墨', '陈雨桐'][index % 3],
  }))
  const head = {
    appid: 'wxf636efh567hg4356',
    out_batch_no,
    batch_name: '稿费',
    batch_remark: '稿费',
    transfer_scene_id: '1005',
  }
  return { ...head, total_amount: 100 * size, total_num: size, transfer_detail_list }
}

/** What must never be shown: the lines of the key, the APIv3 key, names, openids. */
export const secrets = [
  ...privatePem.split('\n').filter(line => line.length > 40 && !line.startsWith('---')),
  apiV3Key,
  '林小满',
  '周子墨',
  'o-MYE42l80',
]
