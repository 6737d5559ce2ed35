import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { FAIL_REASONS } from '../../pkg/dist/sandbox/wechat/outcomes.js'
import { batchOf, create, get, named, openSealed, publicKeyOf } from './merchant.mjs'

let sandbox
before(async () => {
  sandbox = await startSandbox()
})
after(() => sandbox.close())

const BATCHES = '/v3/transfer/batches'
const byNumber = number => `${BATCHES}/out-batch-no/${number}`
const query = async (number, parameters = 'need_query_detail=false') =>
  (await get(sandbox, `${byNumber(number)}?${parameters}`)).json
const ALL = 'need_query_detail=true&detail_status=ALL'

test('a batch is accepted, processed and finished on the business clock', async () => {
  const { json } = await create(sandbox, batchOf('states1', [1000, 2500], { transfer_scene_id: '1001' }))
  const { transfer_batch: start, ...rest } = await query('states1')
  assert.deepEqual(rest, { offset: 0, limit: 20 })
  assert.deepEqual(start, {
    mchid: sandbox.wechat.mchid,
    out_batch_no: 'states1',
    batch_id: json.batch_id,
    appid: 'wxf636efh567hg4356',
    batch_status: 'ACCEPTED',
    batch_type: 'API',
    batch_name: '七月差旅报销',
    batch_remark: '七月差旅报销',
    total_amount: 3500,
    total_num: 2,
    create_time: json.create_time,
    update_time: json.create_time,
    success_amount: 0,
    success_num: 0,
    fail_amount: 0,
    fail_num: 0,
    transfer_scene_id: '1001',
  })
  assert.equal((await query('states1', ALL)).transfer_detail_list, undefined)
  await sandbox.advance(10)
  assert.equal((await query('states1')).transfer_batch.batch_status, 'PROCESSING')
  assert.deepEqual(sandbox.ledger(), [])
  await sandbox.advance(50)
  const { transfer_batch: end } = await query('states1')
  assert.equal(end.batch_status, 'FINISHED')
  assert.deepEqual([end.success_amount, end.success_num, end.fail_amount, end.fail_num], [3500, 2, 0, 0])
  assert.equal(Date.parse(end.update_time) - Date.parse(end.create_time), 60_000)
})

test('the ledger lists every movement once, with number, batch, payee, amount and state', async () => {
  const own = await startSandbox()
  try {
    const batch = batchOf('ledger1', [1000, 2500])
    batch.transfer_detail_list[1].openid = 'oFAIL_TRANSFER_RISK_7'
    await create(own, batch)
    await create(own, { ...batch })
    await create(own, { ...batch, out_batch_no: 'ledger2' })
    await own.advance(60)
    const entry = (index, state, number) => ({
      provider: 'wechat',
      number: `ledger1d${index}`,
      batch: number,
      payee: batch.transfer_detail_list[index].openid,
      amount: batch.transfer_detail_list[index].transfer_amount,
      state,
    })
    assert.deepEqual(own.ledger(), [
      entry(0, 'SUCCESS', 'ledger1'),
      entry(1, 'FAIL', 'ledger1'),
      entry(0, 'SUCCESS', 'ledger2'), // a new number pays again: that is what a ledger is read for
      entry(1, 'FAIL', 'ledger2'),
    ])
  } finally {
    await own.close()
  }
})

test('every documented reason can be asked for by the openid, and small amounts fail by themselves', async () => {
  const batch = batchOf('reasons', [...FAIL_REASONS.map(() => 100), 100, 9, 10])
  FAIL_REASONS.forEach((reason, index) => {
    batch.transfer_detail_list[index].openid = `oFAIL_${reason}_${index}`
  })
  batch.transfer_detail_list[FAIL_REASONS.length].openid = 'oFAIL_whatever'
  assert.equal((await create(sandbox, batch)).status, 200)
  await sandbox.advance(60)
  const expected = [...FAIL_REASONS, 'OTHER_FAIL_REASON_TYPE', 'TRANSFER_QUOTA_EXCEED', undefined]
  for (const [index, reason] of expected.entries()) {
    const { json } = await get(sandbox, `${byNumber('reasons')}/details/out-detail-no/reasonsd${index}`)
    assert.deepEqual([json.detail_status, json.fail_reason], [reason ? 'FAIL' : 'SUCCESS', reason])
    assert.equal(json.initiate_time === undefined, json.detail_status === 'FAIL')
  }
  const { transfer_batch } = await query('reasons')
  assert.deepEqual([transfer_batch.success_num, transfer_batch.success_amount], [1, 10])
  assert.equal(transfer_batch.fail_num + transfer_batch.success_num, transfer_batch.total_num)
  assert.equal(transfer_batch.fail_amount + transfer_batch.success_amount, transfer_batch.total_amount)
})

test('details come by pages and by status once the batch is finished', async () => {
  const batch = batchOf('pages', Array(45).fill(100))
  for (const index of [3, 41]) batch.transfer_detail_list[index].openid = 'oFAIL_ACCOUNT_FROZEN'
  await create(sandbox, batch)
  await sandbox.advance(60)
  const numbers = async parameters =>
    (await query('pages', parameters)).transfer_detail_list.map(detail => detail.out_detail_no)
  const expected = Array.from({ length: 45 }, (_, index) => `pagesd${index}`)
  assert.deepEqual(await numbers(ALL), expected.slice(0, 20))
  assert.deepEqual(await numbers(`${ALL}&offset=20&limit=25`), expected.slice(20))
  assert.deepEqual(await numbers(`${ALL}&limit=100`), expected)
  assert.deepEqual(await numbers(`${ALL}&offset=45`), [])
  assert.deepEqual(await numbers('need_query_detail=true&detail_status=FAIL'), ['pagesd3', 'pagesd41'])
  assert.equal((await numbers('need_query_detail=true&detail_status=SUCCESS&limit=100')).length, 43)
  assert.deepEqual(await numbers('need_query_detail=true&detail_status=WAIT_PAY'), [])
  const page = await query('pages', `${ALL}&offset=41&limit=20`)
  assert.deepEqual([page.offset, page.limit], [41, 20])
  assert.deepEqual(Object.keys(page.transfer_detail_list[0]), ['detail_id', 'out_detail_no', 'detail_status'])
  assert.match(page.transfer_detail_list[0].detail_id, /^104\d{37}$/)
  assert.equal((await query('pages', 'need_query_detail=false')).transfer_detail_list, undefined)
})

test('wrong query parameters are refused, each by its name', async () => {
  await create(sandbox, batchOf('parameters'))
  for (const [parameters, field] of [
    ['', 'need_query_detail'],
    ['need_query_detail=1', 'need_query_detail'],
    ['need_query_detail=true', 'detail_status'],
    ['need_query_detail=true&detail_status=all', 'detail_status'],
    ['need_query_detail=false&limit=19', 'limit'],
    ['need_query_detail=false&limit=101', 'limit'],
    ['need_query_detail=false&limit=2e1', 'limit'],
    ['need_query_detail=false&offset=-1', 'offset'],
    ['need_query_detail=false&offset=', 'offset'],
    ['need_query_detail=false&need_query_detail=true', 'need_query_detail'],
  ]) {
    const { status, json } = await get(sandbox, `${byNumber('parameters')}?${parameters}`)
    assert.deepEqual([status, json.code, json.detail.field, json.detail.location], [400, 'PARAM_ERROR', field, 'query'])
  }
})

test('a batch and a payment can be asked for by either number', async () => {
  const batch = named(batchOf('either', [1000, 200_000]), publicKeyOf(sandbox).publicKey, '测试乙')
  const { json: created } = await create(sandbox, batch)
  const before = (await get(sandbox, `${byNumber('either')}/details/out-detail-no/eitherd1`)).json
  assert.equal(before.detail_status, 'INIT')
  await sandbox.advance(60)
  const ours = await query('either', ALL)
  const theirs = (await get(sandbox, `${BATCHES}/batch-id/${created.batch_id}?${ALL}`)).json
  assert.deepEqual(ours, theirs)
  const { detail_id } = ours.transfer_detail_list[1]
  const { user_name: sealed, ...rest } = (
    await get(sandbox, `${BATCHES}/batch-id/${created.batch_id}/details/detail-id/${detail_id}`)
  ).json
  assert.equal(openSealed(sealed, sandbox.wechat.privateKey), '测试乙')
  assert.deepEqual(rest, {
    mchid: sandbox.wechat.mchid,
    out_batch_no: 'either',
    batch_id: created.batch_id,
    appid: 'wxf636efh567hg4356',
    out_detail_no: 'eitherd1',
    detail_id,
    detail_status: 'SUCCESS',
    transfer_amount: 200_000,
    transfer_remark: '差旅报销',
    openid: batch.transfer_detail_list[1].openid,
    initiate_time: created.create_time,
    update_time: ours.transfer_batch.update_time,
  })
  const second = (await get(sandbox, `${byNumber('either')}/details/out-detail-no/eitherd1`)).json
  assert.equal(openSealed(second.user_name, sandbox.wechat.privateKey), '测试乙')
  assert.deepEqual({ ...second, user_name: undefined }, { ...rest, user_name: undefined })
})

test('a payment without a name is described without one', async () => {
  await create(sandbox, batchOf('nameless'))
  const { json } = await get(sandbox, `${byNumber('nameless')}/details/out-detail-no/namelessd0`)
  assert.equal('user_name' in json, false)
})

test('what is unknown, or older than thirty days, is not found', async () => {
  await create(sandbox, batchOf('thirty'))
  const paths = [
    `${byNumber('thirty')}?need_query_detail=false`,
    `${byNumber('thirty')}/details/out-detail-no/thirtyd0`,
  ]
  await sandbox.advance(30 * 86_400 - 60)
  for (const path of paths) assert.equal((await get(sandbox, path)).status, 200)
  await sandbox.advance(120)
  const unknown = [
    `${byNumber('nobody')}?need_query_detail=false`,
    `${BATCHES}/batch-id/1?need_query_detail=false`,
    `${byNumber('nobody')}/details/out-detail-no/x`,
    `${BATCHES}/batch-id/1/details/detail-id/1`,
  ]
  for (const path of [...paths, ...unknown]) {
    const { status, json, headers } = await get(sandbox, path)
    assert.deepEqual([status, json.code, headers['wechatpay-signature']], [404, 'NOT_FOUND', undefined], path)
  }
})

test('a batch can be closed instead of paid', async () => {
  const own = await startSandbox({ balance: 3500 })
  try {
    own.fault({ kind: 'close-batch', path: BATCHES })
    await create(own, batchOf('closed'))
    await own.advance(59)
    const before = (await get(own, `${byNumber('closed')}?need_query_detail=false`)).json
    assert.equal(before.transfer_batch.batch_status, 'ACCEPTED')
    await own.advance(1)
    const { transfer_batch } = (await get(own, `${byNumber('closed')}?need_query_detail=false`)).json
    assert.deepEqual([transfer_batch.batch_status, transfer_batch.close_reason], ['CLOSED', 'OVERDUE_CLOSE'])
    const { json } = await get(own, `${byNumber('closed')}/details/out-detail-no/closedd0`)
    assert.deepEqual([json.detail_status, json.fail_reason], ['FAIL', 'OVERDUE_CLOSE'])
    assert.deepEqual(
      own.ledger().map(({ state }) => state),
      ['CLOSED', 'CLOSED'],
    )
    assert.equal((await create(own, batchOf('afterclosed'))).status, 200, 'the money is back')
  } finally {
    await own.close()
  }
})

test('a batch can wait for an employee who confirms, or who does not', async () => {
  const status = async number => (await query(number)).transfer_batch.batch_status
  sandbox.fault({ kind: 'wait-pay', seconds: 3600 })
  sandbox.fault({ kind: 'wait-pay' })
  await create(sandbox, batchOf('confirmed'))
  await create(sandbox, batchOf('forgotten'))
  await sandbox.advance(10)
  assert.deepEqual([await status('confirmed'), await status('forgotten')], ['WAIT_PAY', 'WAIT_PAY'])
  const { json } = await get(sandbox, `${byNumber('confirmed')}/details/out-detail-no/confirmedd0`)
  assert.equal(json.detail_status, 'WAIT_PAY')
  await sandbox.advance(3600 + 10)
  assert.deepEqual([await status('confirmed'), await status('forgotten')], ['PROCESSING', 'WAIT_PAY'])
  await sandbox.advance(50)
  assert.equal(await status('confirmed'), 'FINISHED')
  await sandbox.advance(86_400)
  assert.equal(await status('forgotten'), 'CLOSED')
})
