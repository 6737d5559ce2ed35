// wechatpay-node-v3, unchanged: it writes the provider's host into every URL, so its own exchangeable HTTP service
// (`createHttp`) replaces that host in the URL it is given, and nothing else.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import library from 'wechatpay-node-v3'
import http from 'wechatpay-node-v3/dist/lib/pay-request.js'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, certificateOf, receiver } from '../sandbox/merchant.mjs'

const WxPay = library.default ?? library
let sandbox
let inbox
let wechat

class Redirected extends http.PayRequest {
  post = (url, ...rest) => super.post(toSandbox(url), ...rest)
  get = (url, ...rest) => super.get(toSandbox(url), ...rest)
}

const toSandbox = url => url.replace('https://api.mch.weixin.qq.com', sandbox.url)

before(async () => {
  sandbox = await startSandbox({ platform: 'certificate' }) // all that this client knows
  inbox = await receiver()
  const credentials = await (await fetch(`${sandbox.url}/_sandbox/credentials`)).json()
  wechat = new WxPay({
    appid: sandbox.wechat.appid,
    mchid: sandbox.wechat.mchid,
    publicKey: Buffer.from(credentials.wechat.merchantCertificate), // it reads its serial from there
    privateKey: Buffer.from(sandbox.wechat.privateKey),
    key: sandbox.wechat.apiV3Key,
  })
  wechat.createHttp(new Redirected())
})
after(async () => {
  inbox.close()
  await sandbox.close()
})

test('creates a batch with sealed names, and follows it to its end', async () => {
  const [{ serial_no, publicKey }] = await wechat.get_certificates(sandbox.wechat.apiV3Key)
  assert.equal(serial_no, certificateOf(sandbox).serialNumber)
  const batch = batchOf('nodev3', [1000, 200_000], { notify_url: inbox.url })
  for (const detail of batch.transfer_detail_list) detail.user_name = wechat.publicEncrypt('测试甲', publicKey)

  const { status, data: created } = await wechat.batches_transfer({ ...batch, wx_serial_no: serial_no })
  assert.deepEqual([status, created.out_batch_no], [200, 'nodev3'])
  await sandbox.advance(60)

  const wanted = { need_query_detail: true, detail_status: 'ALL', offset: 0, limit: 20 }
  const { data: ours } = await wechat.query_batches_transfer_list({ out_batch_no: 'nodev3', ...wanted })
  const { data: theirs } = await wechat.query_batches_transfer_list_wx({ batch_id: created.batch_id, ...wanted })
  assert.deepEqual(ours, theirs)
  assert.deepEqual([ours.transfer_batch.batch_status, ours.transfer_batch.success_amount], ['FINISHED', 201_000])

  const { data: payment } = await wechat.query_batches_transfer_detail({
    out_batch_no: 'nodev3',
    out_detail_no: 'nodev3d1',
  })
  assert.equal(wechat.privateDecrypt(payment.user_name), '测试甲')
  const { data: same } = await wechat.query_batches_transfer_detail_wx({
    batch_id: created.batch_id,
    detail_id: payment.detail_id,
  })
  assert.equal(same.out_detail_no, 'nodev3d1')
  assert.equal(sandbox.ledger().length, 2)
})

test('creates a batch without names, where it names its own serial as the key', async () => {
  const { status } = await wechat.batches_transfer(batchOf('nodev3plain'))
  assert.equal(status, 200)
})

test('verifies and opens the notification', async () => {
  const { headers, text } = inbox.received[0]
  const signed = {
    timestamp: headers['wechatpay-timestamp'],
    nonce: headers['wechatpay-nonce'],
    serial: headers['wechatpay-serial'],
    signature: headers['wechatpay-signature'],
  }
  assert.equal(await wechat.verifySign({ ...signed, body: text }), true)
  assert.equal(await wechat.verifySign({ ...signed, body: `${text} ` }), false)
  const { ciphertext, associated_data, nonce } = JSON.parse(text).resource
  assert.equal(wechat.decipher_gcm(ciphertext, associated_data, nonce).out_batch_no, 'nodev3')
})
