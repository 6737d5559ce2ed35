// wechatpay-axios-plugin, unchanged: the host is set by its `baseURL` option, with a public key and with a certificate.
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, test } from 'node:test'
import plugin from 'wechatpay-axios-plugin'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, receiver } from '../sandbox/merchant.mjs'

const { Aes, Formatter, Rsa, Wechatpay } = plugin
let sandbox
let inbox
before(async () => {
  process.env.NO_PROXY = '127.0.0.1' // axios would ask a proxy of the environment
  sandbox = await startSandbox()
  inbox = await receiver()
})
after(async () => {
  inbox.close()
  await sandbox.close()
})

/** The client as its README shows it, knowing one key of the platform. */
const client = (serial, key) =>
  new Wechatpay({
    mchid: sandbox.wechat.mchid,
    serial: sandbox.wechat.serialNo,
    privateKey: sandbox.wechat.privateKey,
    certs: { [serial]: key },
    baseURL: sandbox.url,
  })

/** A batch whose names this client sealed. */
function sealedBatch(number, key) {
  const batch = batchOf(number, [1000, 200_000], { notify_url: inbox.url })
  for (const detail of batch.transfer_detail_list) detail.user_name = Rsa.encrypt('测试甲', key)
  return batch
}

const keys = {
  'the public key': () => {
    const { id, publicKey } = sandbox.wechat.platformKeys.find(key => key.id)
    return [id, publicKey]
  },
  'a platform certificate': () => {
    const { certificate } = sandbox.wechat.platformKeys.find(key => key.certificate)
    return [new X509Certificate(certificate).serialNumber, certificate]
  },
}

/** How this client says what is wrong with a reply. */
const REASONS = {
  'bad-signature': 'EV3_RES_HEADER_SIGNATURE_DIGEST',
  probe: 'EV3_RES_HEADER_SIGNATURE_DIGEST',
  'no-headers': 'EV3_RES_HEADERS_INCOMPLATE',
  stale: 'EV3_RES_HEADER_TIMESTAMP_OFFSET',
}

for (const [index, [name, keyOf]] of Object.entries(keys).entries()) {
  test(`creates a batch with names sealed for ${name}, and follows it to its end`, async () => {
    const [serial, pem] = keyOf()
    const key = Rsa.from(pem, Rsa.KEY_TYPE_PUBLIC)
    const wechat = client(serial, pem)
    const headers = { 'Wechatpay-Serial': serial }
    const number = `axios${index}`
    const batch = sealedBatch(number, key)

    const { data: created, status } = await wechat.v3.transfer.batches.post(batch, { headers })
    assert.deepEqual([status, created.out_batch_no], [200, number])
    const { data: again } = await wechat.v3.transfer.batches.post(batch, { headers })
    assert.deepEqual(again, created)
    await sandbox.advance(60)

    const params = { need_query_detail: true, detail_status: 'ALL' }
    const byNumber = wechat.v3.transfer.batches.outBatchNo._out_batch_no_
    const { data: ours } = await byNumber.get({ headers, params, out_batch_no: number })
    const byId = wechat.v3.transfer.batches.batchId._batch_id_
    const { data: theirs } = await byId.get({ headers, params, batch_id: created.batch_id })
    assert.deepEqual(ours, theirs)
    assert.deepEqual([ours.transfer_batch.batch_status, ours.transfer_batch.success_amount], ['FINISHED', 201_000])

    const { data: payment } = await byNumber.details.outDetailNo._out_detail_no_.get({
      headers,
      out_batch_no: number,
      out_detail_no: `${number}d1`,
    })
    assert.equal(Rsa.decrypt(payment.user_name, sandbox.wechat.privateKey), '测试甲')
    const { data: same } = await byId.details.detailId._detail_id_.get({
      headers,
      batch_id: created.batch_id,
      detail_id: payment.detail_id,
    })
    assert.equal(same.out_detail_no, payment.out_detail_no)
    assert.equal(sandbox.ledger().filter(entry => entry.batch === number).length, 2)
  })
}

test('verifies and opens the notification', () => {
  const { headers, text } = inbox.received[0]
  const [id, publicKey] = keys['the public key']()
  assert.equal(headers['wechatpay-serial'], id)
  const message = Formatter.response(headers['wechatpay-timestamp'], headers['wechatpay-nonce'], text)
  assert.ok(Rsa.verify(message, headers['wechatpay-signature'], Rsa.from(publicKey, Rsa.KEY_TYPE_PUBLIC)))
  const { nonce, ciphertext, associated_data } = JSON.parse(text).resource
  const opened = Aes.AesGcm.decrypt(ciphertext, sandbox.wechat.apiV3Key, nonce, associated_data)
  assert.equal(JSON.parse(opened).batch_status, 'FINISHED')
})

test('opens the listed certificates', async () => {
  const [serial, pem] = keys['a platform certificate']()
  const { data } = await client(serial, pem).v3.certificates.get()
  const { nonce, ciphertext, associated_data } = data.data[0].encrypt_certificate
  assert.equal(Aes.AesGcm.decrypt(ciphertext, sandbox.wechat.apiV3Key, nonce, associated_data), pem)
})

test('refuses a reply with a wrong, missing or stale signature, and passes errors on', async () => {
  const [serial, pem] = keys['the public key']()
  const wechat = client(serial, pem)
  for (const kind of Object.keys(REASONS)) {
    sandbox.fault({ kind })
    await assert.rejects(wechat.v3.transfer.batches.post(batchOf(`axios${kind.replace('-', '')}`)), {
      code: REASONS[kind],
    })
  }
  const wrong = { ...batchOf('axioswrong'), total_num: 3 }
  await assert.rejects(wechat.v3.transfer.batches.post(wrong), error => {
    assert.deepEqual([error.response.status, error.response.data.code], [400, 'PARAM_ERROR'])
    return true
  })
})
