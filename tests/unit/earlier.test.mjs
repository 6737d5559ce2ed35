/** A list that is prepared again: what was prepared before comes out as it was stored, or nothing comes out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { client } from './fixture.mjs'
import { example, client as pingpp } from './pingpp-fixture.mjs'

const bytes = text => new TextEncoder().encode(text)
const changed = { name: 'BatchError', code: 'ERR_LIST_CHANGED' }

/** Both providers: `rows` payees as a sheet and as a list, under one number. */
const providers = {
  wechat(options) {
    const { transferBatches } = client(options)
    const head = { appid: 'wxf636efh567hg4356', out_batch_no: 'salary', batch_name: 'n', batch_remark: 'r' }
    const row = ({ id, fen, name }) => `d${id},o${id},${fen},r,${name}\n`
    return {
      payments: transferBatches,
      head,
      other: { ...head, batch_remark: 'x' },
      sheet: rows => bytes(`商家明细单号,openid,金额(分),备注,姓名\n${rows.map(row).join('')}`),
      list: rows => ({
        ...head,
        transfer_detail_list: rows.map(({ id, fen, name }) => ({
          out_detail_no: `d${id}`,
          transfer_amount: fen,
          transfer_remark: 'r',
          openid: `o${id}`,
          user_name: name || undefined,
        })),
      }),
    }
  },
  pingpp(options) {
    const { batchTransfers } = pingpp(options)
    const { recipients: _, amount: __, ...given } = example('alipay')
    const head = { ...given, batch_no: '20261126salary' }
    const row = ({ id, fen, name }) => `A${id},a${id}@alipay.com,${name || '张三'},${fen}\n`
    return {
      payments: batchTransfers,
      head,
      other: { ...head, description: 'x' },
      sheet: rows => bytes(`订单号,账户,姓名,金额(分)\n${rows.map(row).join('')}`),
      list: rows => ({
        ...head,
        recipients: rows.map(({ id, fen, name }) => ({
          order_no: `A${id}`,
          account: `a${id}@alipay.com`,
          name: name || '张三',
          amount: fen,
        })),
      }),
    }
  },
}
const payees = (count, name = '林小满') =>
  Array.from({ length: count }, (_, id) => ({ id: 100 + id, fen: 100 + id, name }))
const late = { id: 900, fen: 900, name: '周子墨' }

for (const [provider, make] of Object.entries(providers)) {
  test(`${provider}: requests that come out again are the stored ones, and only the rest is new`, async () => {
    const { payments, head, sheet, list } = make()
    for (const name of provider === 'wechat' ? ['林小满', ''] : ['林小满']) {
      const rows = payees(5, name)
      const stored = (await payments.prepareSheet(sheet(rows), head, { size: 2 })).map(one => JSON.stringify(one))
      assert.equal(stored.length, 3)
      const known = [stored[0], JSON.parse(stored[1])]
      const again = await payments.prepareSheet(sheet(rows), head, { size: 2, earlier: known })
      assert.deepEqual(
        again.slice(0, 2).map(one => JSON.stringify(one)),
        stored.slice(0, 2),
      )
      assert.equal(again[2].fingerprint, JSON.parse(stored[2]).fingerprint)
      // In the order in which they were prepared, and as they are.
      const more = await payments.prepareSheet(sheet([...rows, { ...late, name }]), head, {
        size: 2,
        earlier: again.slice(0, 2).reverse(),
      })
      assert.equal(more[0], again[0])
      assert.deepEqual(
        more.map(one => one.count),
        [2, 2, 2],
      )
      assert.deepEqual(
        payments.split(list(rows), { size: 2, earlier: stored }),
        payments.split(list(rows), { size: 2 }),
      )
    }
  })

  test(`${provider}: a list in which a payee would come under another number is refused`, async () => {
    const { payments, head, other, sheet, list } = make()
    const rows = payees(5)
    const earlier = await payments.prepareSheet(sheet(rows), head, { size: 2 })
    const refused = async (rows, { size = 2, with: requests = earlier, under = head } = {}) => {
      await assert.rejects(payments.prepareSheet(sheet(rows), under, { size, earlier: requests }), changed)
      assert.throws(() => payments.split({ ...list(rows), ...under }, { size, earlier: requests }), changed)
    }
    await refused([late, ...rows])
    await refused(rows.toSpliced(2, 0, late))
    await refused(rows.toSpliced(2, 1))
    await refused(rows.slice(0, 4))
    await refused([...rows, late])
    await refused(rows, { size: 3 })
    await refused(rows, { under: other })
    await refused([...rows.slice(0, 4), { ...rows[4], fen: 105 }])
    await refused(
      payees(2).map(row => ({ ...row, id: row.id + 50 })),
      { with: earlier.slice(2) },
    )
  })

  test(`${provider}: what was stored for somebody else, or was changed, is refused`, async () => {
    const { payments, head, sheet, list } = make()
    const rows = payees(2)
    const [request] = await payments.prepareSheet(sheet(rows), head)
    const prepared = async (earlier, refusal) => {
      await assert.rejects(payments.prepareSheet(sheet(rows), head, { earlier }), refusal)
      assert.throws(() => payments.split(list(rows), { earlier }), refusal)
    }
    await prepared([{ ...request.toJSON(), total: 1 }], { code: 'ERR_SEALED_CHANGED' })
    await prepared(['{}'], { code: 'ERR_SEALED_FORMAT' })
    await prepared([null], { code: 'ERR_SEALED_FORMAT' })
    await prepared(request, { code: 'ERR_OPTIONS' })
    const elsewhere = Object.entries(providers).find(([name]) => name !== provider)[1]()
    const [foreign] = await elsewhere.payments.prepareSheet(elsewhere.sheet(rows), elsewhere.head)
    await prepared([foreign], { code: 'ERR_SEALED_MERCHANT' })
  })
}
