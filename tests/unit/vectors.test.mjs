/** The vectors that Rust is tested with, through the package and both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyError } from '../../pkg/dist/entry/node.js'
import { client, engines, vectors } from './fixture.mjs'

const keys = vectors('keys')

test('keys parse, or are refused with the code of their damage', async t => {
  for (const { id, role, comment, text, base64, code, serial } of vectors('key-parsing').cases) {
    await t.test(`${id} ${role}: ${comment}`, async () => {
      const material = base64 === undefined ? text : Buffer.from(base64, 'base64')
      const make = () => {
        if (role === 'private') return client({ privateKey: material })
        const entry =
          serial === undefined && !text?.includes('CERTIFICATE')
            ? { id: 'PUB_KEY_ID_1', publicKey: material }
            : { certificate: material }
        return client({ platformKeys: [entry] })
      }
      if (code !== undefined) return assert.throws(make, error => error instanceof KeyError && error.code === code)
      const made = make()
      if (serial !== undefined) assert.equal((await made.encrypt('x')).serial, serial)
    })
  }
})

for (const engine of engines) {
  test(`requests are signed as in the vectors, engine ${engine}`, async () => {
    const { mchid, serial, cases } = vectors('wechat-requests')
    const wechat = client({ mchid, serialNo: serial, privateKey: keys.merchant, engine })
    for (const { method, target, timestamp, nonce, body, authorization } of cases) {
      const signed = await wechat.sign({ method, path: target, timestamp, nonce, body: body === '' ? undefined : body })
      assert.equal(signed.headers.Authorization, authorization)
    }
  })

  test(`replies verify or are refused as in the vectors, engine ${engine}`, async t => {
    const { publicKey, cases } = vectors('wechat-incoming')
    for (const { id, comment, headers, body, now, code } of cases) {
      await t.test(`${id} ${comment}`, async () => {
        const platformKeys = [{ id: 'PUB_KEY_ID_0114232134912410000000000000', publicKey }]
        const verified = client({ platformKeys, engine, now: () => now * 1000 }).verify({ headers, body })
        if (code === undefined) return assert.equal(await verified, undefined)
        await assert.rejects(verified, { code })
      })
    }
  })

  test(`sealed fields open as in the vectors, engine ${engine}`, async () => {
    const { fields } = vectors('wechat-sealed')
    const wechat = client({ privateKey: keys.merchant, engine })
    for (const { text, ciphertext } of fields) assert.equal(await wechat.decrypt(ciphertext), text)
  })
}

test('batches have the issues of the vectors, and are prepared when they have no error', async t => {
  for (const { id, comment, json, expect, limits, repeat } of vectors('wechat-batches').cases) {
    await t.test(`${id} ${comment}`, async () => {
      const wechat = client({ limits })
      const text = repeat === undefined ? json : repeated(json, repeat)
      const { ok, issues } = wechat.transferBatches.validate(text)
      const got = issues.map(({ code, reason, severity, path, row }) => ({
        code,
        reason,
        severity,
        path,
        ...(row && { row }),
      }))
      assert.deepEqual(got, expect)
      if (ok) assert.equal((await wechat.transferBatches.prepare(text)).method, 'POST')
      else await assert.rejects(wechat.transferBatches.prepare(text), { code: 'ERR_BATCH_INVALID' })
    })
  }
})

/** As tests/vectors.rs repeats them. */
function repeated(json, count) {
  const batch = JSON.parse(json)
  batch.transfer_detail_list = Array.from({ length: count }, (_, index) => ({
    out_detail_no: `d${String(index).padStart(7, '0')}`,
    transfer_amount: 1000 + index,
    transfer_remark: '2020年4月报销',
    openid: `o-MYE42l80oelYMDE34nYD456X${String(index).padStart(3, '0')}`,
  }))
  return JSON.stringify(batch)
}
