/** What node:crypto says about what this package makes. */
import assert from 'node:assert/strict'
import { constants, createHash, privateDecrypt, publicEncrypt, randomBytes, randomInt, sign } from 'node:crypto'
import { test } from 'node:test'
import { answering, batch, client, engines, merchant, notification, platform, signed } from './fixture.mjs'

const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }

for (const engine of engines) {
  test(`100 signatures over random inputs are node:crypto's, byte for byte, engine ${engine}`, async () => {
    const wechat = client({ engine })
    for (let round = 0; round < 100; round += 1) {
      const body = randomBytes(randomInt(2000))
      const path = `/v3/${randomBytes(randomInt(1, 40)).toString('base64url')}`
      const timestamp = randomInt(2 ** 31)
      const nonce = randomBytes(16).toString('hex')
      const { headers } = await wechat.sign({ method: 'POST', path, body, timestamp, nonce })
      const message = Buffer.concat([Buffer.from(`POST\n${path}\n${timestamp}\n${nonce}\n`), body, Buffer.from('\n')])
      const expected = sign('sha256', message, merchant.privateKey).toString('base64')
      assert.equal(/signature="([^"]+)"/.exec(headers.Authorization)?.[1], expected)
    }
  })

  test(`the names of 300 sealed payees open with node:crypto, engine ${engine}`, async () => {
    const made = batch(300)
    const sealed = await client({ engine }).transferBatches.prepare(made)
    const body = JSON.parse(Buffer.from(sealed.body).toString())
    for (const [index, detail] of body.transfer_detail_list.entries()) {
      const opened = privateDecrypt(
        { key: platform.privateKey, ...oaep },
        Buffer.from(detail.user_name, 'base64'),
      ).toString()
      assert.deepEqual({ ...detail, user_name: opened }, made.transfer_detail_list[index])
    }
    assert.equal(sealed.digest, createHash('sha256').update(sealed.body).digest('hex'))
  })

  test(`what node:crypto sealed for the merchant opens, engine ${engine}`, async () => {
    const wechat = client({ engine })
    for (const text of ['x', '欧阳若曦', '中'.repeat(71)]) {
      const ciphertext = publicEncrypt({ key: merchant.publicKey, ...oaep }, Buffer.from(text)).toString('base64')
      assert.equal(await wechat.decrypt(ciphertext), text)
    }
  })

  test(`1,000 random changes of one byte of a reply are all refused, engine ${engine}`, async () => {
    const reply = signed(
      JSON.stringify({ out_batch_no: 'plfk2020042013', batch_id: '1030000071100999991182020050700019480001' }),
    )
    const wechat = client({ engine, fetch: answering(reply) })
    const request = await wechat.sign({ method: 'GET', path: '/v3/x' })
    await wechat.send(request)
    for (let round = 0; round < 1000; round += 1) {
      await assert.rejects(wechat.verify(change(reply)), { name: 'SignatureError' })
    }
  })

  test(`1,000 random changes of one byte of a notification are all refused, engine ${engine}`, async () => {
    const received = signed(notification({ out_batch_no: 'plfk2020042013', batch_status: 'FINISHED' }))
    const wechat = client({ engine })
    assert.equal((await wechat.notification(received)).resource.batch_status, 'FINISHED')
    for (let round = 0; round < 1000; round += 1) {
      await assert.rejects(wechat.notification(change(received)), { name: 'SignatureError' })
    }
  })
}

/** One byte of the body, or of a signed header, is another. */
function change({ headers, body, ...rest }) {
  const names = [
    'body',
    'body',
    'body',
    'Wechatpay-Timestamp',
    'Wechatpay-Nonce',
    'Wechatpay-Signature',
    'Wechatpay-Serial',
  ]
  const name = names[randomInt(names.length)]
  const bytes = Buffer.from(name === 'body' ? body : headers[name])
  const at = randomInt(bytes.length)
  const before = bytes[at]
  while (bytes[at] === before) bytes[at] = name === 'body' ? randomInt(256) : randomInt(0x21, 0x7f)
  return name === 'body'
    ? { ...rest, headers, body: bytes }
    : { ...rest, body, headers: { ...headers, [name]: bytes.toString() } }
}
