/** Against the sandbox, an independent judge of every byte. */
import { batch, check, equal, refused, sandboxed } from './kit.mjs'

async function control(t, path, body) {
  const { baseUrl } = t.credentials.wechat
  const init = body
    ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    : {}
  const response = await (t.fetch ?? fetch)(`${baseUrl}/_sandbox/${path}`, init)
  check(response.ok, `the sandbox answered ${response.status} to ${path}`)
  return response.status === 204 ? undefined : response.json()
}

async function paid(t, number) {
  const ledger = await control(t, 'ledger')
  return ledger.filter(entry => entry.batch === number && entry.state === 'SUCCESS')
}

export const cases = {
  async 'a batch is created, finished and queried by either number, detail by detail'(t) {
    const { transferBatches } = sandboxed(t)
    const made = batch(130)
    const outcome = await transferBatches.create(made)
    equal([outcome.outcome, outcome.next], ['accepted', 'query'], JSON.stringify(outcome.error))
    const selector = { outBatchNo: made.out_batch_no }
    await refused(t, 'ERR_BATCH_UNFINISHED', () => transferBatches.details(selector).next())
    await control(t, 'advance', { seconds: 7200 })
    const state = await transferBatches.get(selector)
    equal([state.transfer_batch.batch_status, state.transfer_batch.success_num], ['FINISHED', 130])
    equal((await transferBatches.get({ batchId: outcome.reply.data.batch_id })).transfer_batch, state.transfer_batch)
    const seen = []
    for await (const detail of transferBatches.details(selector)) seen.push(detail)
    equal(new Set(seen.map(detail => detail.out_detail_no)).size, 130)
    const failed = []
    for await (const detail of transferBatches.details(selector, { status: 'FAIL' })) failed.push(detail)
    equal(failed, [])
    equal(
      (await transferBatches.get(selector, { details: 'ALL', offset: 100, limit: 50 })).transfer_detail_list.length,
      30,
    )
    equal((await paid(t, made.out_batch_no)).length, 130)
  },

  async 'one detail comes with its amount, and its name opens'(t) {
    const wechat = sandboxed(t)
    const made = batch(2)
    const outcome = await wechat.transferBatches.create(made)
    await control(t, 'advance', { seconds: 7200 })
    const detail = await wechat.transferBatches.detail({ outBatchNo: made.out_batch_no, outDetailNo: 'd000001' })
    equal([detail.transfer_amount, detail.detail_status], [101, 'SUCCESS'])
    equal(await wechat.decrypt(detail.user_name), made.transfer_detail_list[1].user_name)
    const same = await wechat.transferBatches.detail({
      batchId: outcome.reply.data.batch_id,
      detailId: detail.detail_id,
    })
    equal(same.out_detail_no, 'd000001')
  },

  async 'a lost reply is unknown; the same sealed request again is accepted, and pays once'(t) {
    const { transferBatches } = sandboxed(t)
    const made = batch(3)
    const sealed = await transferBatches.prepare(made)
    await control(t, 'faults', { kind: 'drop-reply', path: '/v3/transfer/batches' })
    const lost = await transferBatches.create(sealed)
    equal([lost.outcome, lost.next, lost.error.code], ['unknown', 'query', 'ERR_CONNECTION'])
    const again = await transferBatches.create(sealed)
    equal(again.outcome, 'accepted', JSON.stringify(again.error))
    await control(t, 'advance', { seconds: 7200 })
    equal((await paid(t, made.out_batch_no)).length, 3)
  },

  async 'every spoiled reply to a payment is unknown'(t) {
    const { transferBatches } = sandboxed(t)
    for (const kind of [
      'bad-signature',
      'probe',
      'no-headers',
      'stale',
      'truncate',
      'http-500',
      'http-502-html',
      'rate-limit',
      'drop-request',
    ]) {
      const sealed = await transferBatches.prepare(batch(1))
      await control(t, 'faults', { kind, path: '/v3/transfer/batches' })
      const outcome = await transferBatches.create(sealed)
      equal([outcome.outcome, outcome.next === 'new-number'], ['unknown', false], kind)
      equal((await transferBatches.create(sealed)).outcome, 'accepted', `after ${kind}`)
    }
  },

  async 'the same number with other content is not paid'(t) {
    const { transferBatches } = sandboxed(t)
    const made = batch(2)
    equal((await transferBatches.create(made)).outcome, 'accepted')
    const other = await transferBatches.create({ ...batch(3), out_batch_no: made.out_batch_no })
    equal([other.outcome, other.next, other.error.providerCode], ['unknown', 'query', 'INVALID_REQUEST'])
    await control(t, 'advance', { seconds: 7200 })
    equal((await paid(t, made.out_batch_no)).length, 2)
  },

  async 'a batch that does not exist is NOT_FOUND, which is no proof'(t) {
    const error = await refused(t, 'ERR_PROVIDER', () =>
      sandboxed(t).transferBatches.get({ outBatchNo: 'nosuchbatch1' }),
    )
    equal([error.status, error.providerCode, error.outcome], [404, 'NOT_FOUND', 'unknown'])
  },

  async 'a wrong merchant key is a SIGN_ERROR, which rejects'(t) {
    const { keys } = t.credentials
    const outcome = await sandboxed(t, { privateKey: keys.other }).transferBatches.create(batch(1))
    equal([outcome.outcome, outcome.error.status, outcome.error.providerCode], ['rejected', 401, 'SIGN_ERROR'])
  },

  async 'certificates are fetched, opened, verified and kept'(t) {
    const wechat = sandboxed(t, { platformKeys: [] })
    const list = await wechat.certificates()
    check(list.length >= 1, 'an empty list')
    for (const { serialNo, certificate, notBefore, notAfter } of list) {
      check(
        /^[0-9A-F]{1,40}$/.test(serialNo) && certificate.includes('BEGIN CERTIFICATE') && notBefore < notAfter,
        'shape',
      )
    }
    equal((await wechat.encrypt('x')).serial, list[0].serialNo)
    equal((await wechat.transferBatches.create(batch(2))).outcome, 'accepted')
    await refused(t, 'ERR_DECRYPT', () => sandboxed(t, { apiV3Key: 'C'.repeat(32) }).certificates())
  },
}
