/** Names that were sealed elsewhere: on the admin panel, or by node:crypto as here. */
import assert from 'node:assert/strict'
import { constants, createHash, publicEncrypt } from 'node:crypto'
import { test } from 'node:test'
import { batch, client, platform, platformId } from './fixture.mjs'

const oaep = { key: platform.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
const sealedFor = platformId

/** A batch whose names node:crypto sealed. */
function sealed(count, number = 'sealed01') {
  const made = batch(count, number)
  for (const row of made.transfer_detail_list)
    row.user_name = publicEncrypt(oaep, Buffer.from(row.user_name)).toString('base64')
  return made
}

test('names that are sealed already are sent as they are, for the key that they were sealed for', async () => {
  const made = sealed(3)
  const request = await client().transferBatches.prepare(made, { sealedFor })
  assert.equal(request.serial, sealedFor)
  assert.deepEqual(JSON.parse(Buffer.from(request.body).toString()), made)
  assert.equal(request.fingerprint, createHash('sha256').update(request.body).digest('hex'))
})

test('sealed names are refused without sealedFor, and names in the clear with it; neither is quoted', async () => {
  const { transferBatches } = client()
  const refused = async (made, options, reason) => {
    await assert.rejects(transferBatches.prepare(made, options), error => {
      assert.equal(error.code, 'ERR_BATCH_INVALID')
      assert.deepEqual(
        error.issues.map(issue => [issue.code, issue.reason, issue.row]),
        made.transfer_detail_list.map((_, index) => ['V18', reason, index + 1]),
      )
      for (const { user_name: name } of made.transfer_detail_list)
        assert.ok(!JSON.stringify(error.issues).includes(name))
      return true
    })
    assert.deepEqual(
      new Set(transferBatches.validate(made, options).issues.map(issue => issue.reason)),
      new Set([reason]),
    )
  }
  await refused(sealed(2), {}, 'already-sealed')
  await refused(batch(2), { sealedFor }, 'not-sealed')
  // As long as a ciphertext of no RSA key.
  const cut = sealed(1)
  cut.transfer_detail_list[0].user_name = 'A'.repeat(340)
  await refused(cut, { sealedFor }, 'not-sealed')
})

test('the key that names were sealed for must be known', async () => {
  const preparing = client().transferBatches.prepare(sealed(1), {
    sealedFor: 'PUB_KEY_ID_0000000000000000000000000000',
  })
  await assert.rejects(preparing, { code: 'ERR_PLATFORM_KEY_MISSING' })
  await assert.rejects(client().transferBatches.prepare(sealed(1), { sealedFor: 1 }), { code: 'ERR_OPTIONS' })
})

test('the approval hash binds the rows as they stand, sealed or in the clear', async () => {
  const { transferBatches } = client()
  const made = sealed(5)
  const approved = transferBatches.approvalHash({ transfer_detail_list: made.transfer_detail_list }, { sealedFor })
  assert.match(approved, /^[0-9a-f]{64}$/)
  await transferBatches.prepare(made, { sealedFor, approved })
  const { total_amount: _, total_num: __, ...head } = made
  const parts = transferBatches.split(head, { sealedFor, approved, size: 2 })
  assert.deepEqual(
    parts.flatMap(part => part.transfer_detail_list),
    made.transfer_detail_list,
  )
  for (const part of parts) await transferBatches.prepare(part, { sealedFor })

  // The same payees sealed again are other rows.
  const again = sealed(5)
  await assert.rejects(transferBatches.prepare(again, { sealedFor, approved }), { code: 'ERR_NOT_APPROVED' })
  assert.throws(() => transferBatches.split(again, { sealedFor, approved }), { code: 'ERR_NOT_APPROVED' })

  const plain = batch(5)
  await transferBatches.prepare(plain, { approved: transferBatches.approvalHash(plain) })
  assert.throws(() => transferBatches.approvalHash({ transfer_detail_list: [{}] }), { code: 'ERR_BATCH_INVALID' })
  assert.throws(() => transferBatches.approvalHash('{}'), { code: 'ERR_BATCH_INVALID' })
})
