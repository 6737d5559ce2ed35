import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { after, before, test } from 'node:test'
import { startSandbox } from '../../pkg/dist/sandbox/index.js'
import { batchOf, call, certificateOf, create, get, named, publicKeyOf, seal } from './merchant.mjs'

let sandbox
before(async () => {
  sandbox = await startSandbox()
})
after(() => sandbox.close())

let count = 0
const fresh = (amounts, members) => batchOf(`batch${++count}`, amounts, members)
/** A fresh batch whose first detail has `members` too. */
const withDetail = (members, amounts) => {
  const batch = fresh(amounts)
  Object.assign(batch.transfer_detail_list[0], members)
  return batch
}
const sealed = (batch, name) => named(batch, publicKeyOf(sandbox).publicKey, name)

test('a correct batch is accepted with the documented reply', async () => {
  const batch = fresh()
  const { status, json } = await create(sandbox, batch)
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(json), ['out_batch_no', 'batch_id', 'create_time', 'batch_status'])
  assert.equal(json.out_batch_no, batch.out_batch_no)
  assert.match(json.batch_id, /^103\d{37}$/)
  assert.match(json.create_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/)
  assert.equal(json.batch_status, 'ACCEPTED')
})

const accepted = {
  'a thousand details': () => fresh(Array(1000).fill(100)),
  'numbers of 32 characters': () => fresh([100], { out_batch_no: 'Z'.repeat(32) }),
  'one-character texts': () => fresh([100], { batch_name: '薪', batch_remark: '。' }),
  '32 Chinese characters in a remark': () => withDetail({ transfer_remark: '测'.repeat(32) }),
  'an openid of 128 characters': () => withDetail({ openid: 'o'.repeat(128) }),
  'the same openid twice': () => withDetail({ openid: 'o-MYE42l80oelYMDE34nYD40001' }, [100, 100]),
  'amounts below the minimum, which fail later': () => fresh([9, 1]),
  'a name from 30 fen on': () => sealed(fresh([30])),
  'a name from 2000 yuan on': () => sealed(fresh([200_000])),
  '1999.99 yuan without a name': () => fresh([199_999]),
  'an empty name, which is none': () => withDetail({ user_name: '' }, [20, 2000]),
  'a name of 30 characters': () => sealed(fresh([100]), '测'.repeat(30)),
  'a name of one character': () => sealed(fresh([100]), '测'),
  'a scene': () => fresh([100], { transfer_scene_id: '1001' }),
  'an https notify_url': () => fresh([100], { notify_url: 'https://merchant.example/wx/notify' }),
  'an http notify_url on this machine': () => fresh([100], { notify_url: 'http://[::1]:9/notify' }),
  'members the specification does not know': () => withDetail({ note: 'x', more: [1, true] }),
}
for (const [name, build] of Object.entries(accepted)) {
  test(`${name} is accepted`, async () => {
    const { status, text } = await create(sandbox, build())
    assert.equal(status, 200, text)
  })
}

const D0 = '/transfer_detail_list/0'
const D1 = '/transfer_detail_list/1'
const refused = {
  'a null': [() => fresh([100], { transfer_scene_id: null }), '/transfer_scene_id'],
  'a null in a member nobody knows': [() => withDetail({ note: null }), `${D0}/note`],
  'a null in a detail': [() => withDetail({ user_name: null }), `${D0}/user_name`],
  'no appid': [() => fresh([100], { appid: undefined }), '/appid'],
  'an empty appid': [() => fresh([100], { appid: '' }), '/appid'],
  'an appid of 33 characters': [() => fresh([100], { appid: 'w'.repeat(33) }), '/appid'],
  'no out_batch_no': [() => fresh([100], { out_batch_no: undefined }), '/out_batch_no'],
  'an out_batch_no with a hyphen': [() => fresh([100], { out_batch_no: 'a-b' }), '/out_batch_no'],
  'an out_batch_no of 33 characters': [() => fresh([100], { out_batch_no: 'a'.repeat(33) }), '/out_batch_no'],
  'an out_batch_no as a number': [() => fresh([100], { out_batch_no: 12345 }), '/out_batch_no'],
  'an out_batch_no ending in a line feed': [() => fresh([100], { out_batch_no: 'abc\n' }), '/out_batch_no'],
  'no batch_name': [() => fresh([100], { batch_name: undefined }), '/batch_name'],
  'an empty batch_name': [() => fresh([100], { batch_name: '' }), '/batch_name'],
  'a batch_name of 33 characters': [() => fresh([100], { batch_name: '名'.repeat(33) }), '/batch_name'],
  'a bullet in batch_name': [() => fresh([100], { batch_name: '甲\u2022乙' }), '/batch_name'],
  'an emoji in batch_remark': [() => fresh([100], { batch_remark: '奖励\u{1f389}' }), '/batch_remark'],
  'a lone surrogate': [() => fresh([100], { batch_remark: 'a\ud83c' }), '/batch_remark'],
  'a control character': [() => fresh([100], { batch_remark: 'a\u0007' }), '/batch_remark'],
  'a delete character': [() => fresh([100], { batch_remark: 'a\u007f' }), '/batch_remark'],
  'a batch_remark of 33 characters': [() => fresh([100], { batch_remark: 'r'.repeat(33) }), '/batch_remark'],
  'a wrong total_amount': [() => fresh([100, 200], { total_amount: 301 }), '/total_amount'],
  'a total_amount as text': [() => fresh([100], { total_amount: '100' }), '/total_amount'],
  'a wrong total_num': [() => fresh([100, 200], { total_num: 3 }), '/total_num'],
  'a total_num of none': [() => fresh([100], { total_num: undefined }), '/total_num'],
  'an empty list': [() => fresh([]), '/transfer_detail_list'],
  'a list of 1001': [() => fresh(Array(1001).fill(100)), '/transfer_detail_list'],
  'a list that is an object': [() => fresh([100], { transfer_detail_list: {} }), '/transfer_detail_list'],
  'a detail that is text': [() => fresh([100], { transfer_detail_list: ['x'] }), D0],
  'no out_detail_no': [() => withDetail({ out_detail_no: undefined }), `${D0}/out_detail_no`],
  'an out_detail_no with an underscore': [() => withDetail({ out_detail_no: 'a_b' }), `${D0}/out_detail_no`],
  'an out_detail_no twice': [() => withDetail({ out_detail_no: `batch${count + 1}d1` }), `${D1}/out_detail_no`],
  'an amount of zero': [() => withDetail({ transfer_amount: 0 }), `${D0}/transfer_amount`],
  'a negative amount': [() => withDetail({ transfer_amount: -1 }), `${D0}/transfer_amount`],
  'an amount as text': [() => withDetail({ transfer_amount: '100' }), `${D0}/transfer_amount`],
  'an amount beyond 2^53': [() => withDetail({ transfer_amount: 2 ** 53 }), `${D0}/transfer_amount`],
  'an amount that is true': [() => withDetail({ transfer_amount: true }), `${D0}/transfer_amount`],
  'no transfer_remark': [() => withDetail({ transfer_remark: undefined }), `${D0}/transfer_remark`],
  'a transfer_remark of 33 characters': [
    () => withDetail({ transfer_remark: '注'.repeat(33) }),
    `${D0}/transfer_remark`,
  ],
  'no openid': [() => withDetail({ openid: undefined }), `${D0}/openid`],
  'an openid with a blank': [() => withDetail({ openid: 'o abc' }), `${D0}/openid`],
  'an openid of 129 characters': [() => withDetail({ openid: 'o'.repeat(129) }), `${D0}/openid`],
  'a Chinese openid': [() => withDetail({ openid: '用户' }), `${D0}/openid`],
  'a name below 30 fen': [() => sealed(fresh([29])), `${D0}/user_name`],
  '2000 yuan without a name': [() => fresh([100, 200_000]), `${D1}/user_name`],
  'a name for one detail only': [
    () => withDetail({ user_name: seal('测试甲', publicKeyOf(sandbox).publicKey) }),
    `${D1}/user_name`,
  ],
  'a name that is not sealed': [() => withDetail({ user_name: '测试甲' }, [100]), `${D0}/user_name`],
  'a name that is sealed with SHA-256': [
    () => withDetail({ user_name: seal('测试甲', publicKeyOf(sandbox).publicKey, 'sha256') }, [100]),
    `${D0}/user_name`,
  ],
  'a name that is sealed for another key': [
    () => named(fresh([100]), certificateOf(sandbox).publicKey),
    `${D0}/user_name`,
  ],
  'a sealed name that lost a character': [
    () => withDetail({ user_name: seal('测试甲', publicKeyOf(sandbox).publicKey).slice(1) }, [100]),
    `${D0}/user_name`,
  ],
  'a name of 31 characters': [() => sealed(fresh([100]), '测'.repeat(31)), `${D0}/user_name`],
  'an empty name that is sealed': [() => sealed(fresh([100]), ''), `${D0}/user_name`],
  'a name with an emoji': [() => sealed(fresh([100]), '测\u{1f600}'), `${D0}/user_name`],
  'a name with a line feed': [() => sealed(fresh([100]), '测试\n'), `${D0}/user_name`],
  'a name that is a number': [() => withDetail({ user_name: 7 }, [100]), `${D0}/user_name`],
  'a scene of 37 characters': [() => fresh([100], { transfer_scene_id: '1'.repeat(37) }), '/transfer_scene_id'],
  'a notify_url with a query': [() => fresh([100], { notify_url: 'https://merchant.example/n?a=1' }), '/notify_url'],
  'a notify_url over http': [() => fresh([100], { notify_url: 'http://merchant.example/n' }), '/notify_url'],
  'a notify_url in a private network': [() => fresh([100], { notify_url: 'https://192.168.1.7/n' }), '/notify_url'],
  'a notify_url of a bare name': [() => fresh([100], { notify_url: 'https://intranet/n' }), '/notify_url'],
  'a relative notify_url': [() => fresh([100], { notify_url: '/notify' }), '/notify_url'],
  'a notify_url of 257 characters': [
    () => fresh([100], { notify_url: `https://a.example/${'n'.repeat(239)}` }),
    '/notify_url',
  ],
}
for (const [name, [build, field]] of Object.entries(refused)) {
  test(`${name} is refused and nothing is created`, async () => {
    const batch = build()
    const { status, json } = await create(sandbox, batch)
    assert.deepEqual([status, json.code, json.detail.field], [400, 'PARAM_ERROR', field])
    assert.equal(json.detail.location, 'body')
    const number = String(batch.out_batch_no ?? 'none').replace(/[^0-9A-Za-z]/g, '')
    const query = await get(sandbox, `/v3/transfer/batches/out-batch-no/${number || 'none'}?need_query_detail=false`)
    assert.equal(query.status, 404)
  })
}

test('a body that is not one JSON object of whole numbers is refused', async () => {
  const text = JSON.stringify(fresh([100]))
  for (const [issue, body] of [
    ['the body is not JSON', 'x'],
    ['the body is not a JSON object', '[]'],
    ['the body is not a JSON object', 'null'],
    ['the body is not a JSON object', '"text"'],
    ['the body is not JSON', `\ufeff${text}`],
    ['the body is not JSON', `${text},`],
    ['a number is not written as a plain integer', text.replace('"transfer_amount":100', '"transfer_amount":100.0')],
    ['a number is not written as a plain integer', text.replace('"transfer_amount":100', '"transfer_amount":1e2')],
    ['a number is not written as a plain integer', text.replace('"total_amount":100', '"total_amount":100.00')],
    ['the body is not UTF-8', Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from(',"x":"\xff"}', 'latin1')])],
  ]) {
    const { status, json } = await call(sandbox, { method: 'POST', target: '/v3/transfer/batches', body })
    assert.deepEqual([status, json.code, json.detail.issue], [400, 'PARAM_ERROR', issue])
  }
})

test('names for some and not for others are refused as that', async () => {
  const { json } = await create(sandbox, withDetail({ user_name: seal('测试甲', publicKeyOf(sandbox).publicKey) }))
  assert.equal(json.detail.issue, 'must be given for all details or for none')
})

test('no error quotes what was sent', async () => {
  const secret = 'oSecretPayee0001'
  const { text } = await create(sandbox, fresh([100, 200_000], { batch_remark: secret.repeat(3) }))
  assert.ok(!text.includes(secret))
})

test('sealed names need a Wechatpay-Serial that is a key of the platform', async () => {
  const batch = sealed(fresh([100]))
  const missing = await create(sandbox, batch, { serial: undefined })
  assert.deepEqual([missing.status, missing.json.code], [400, 'PARAM_ERROR'])
  assert.equal(missing.json.message, 'HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)')
  const unknown = await create(sandbox, batch, { serial: 'PUB_KEY_ID_0000000000000000000000000000' })
  assert.deepEqual([unknown.status, unknown.json.code], [400, 'PARAM_ERROR'])
  assert.equal(unknown.json.message, '平台证书序列号Wechatpay-Serial错误')
  assert.equal((await create(sandbox, batch)).status, 200)
})

test('names may be sealed with a platform certificate', async () => {
  const { certificate } = sandbox.wechat.platformKeys.find(key => key.certificate)
  const { publicKey, serialNumber } = new X509Certificate(certificate)
  const batch = named(fresh([100]), publicKey)
  assert.equal((await create(sandbox, batch, { serial: serialNumber })).status, 200)
})

test('the same number with the same parameters gets the first answer again, in any order of members', async () => {
  const batch = sealed(fresh([100, 200]))
  const first = await create(sandbox, batch)
  await sandbox.advance(120)
  const again = await create(sandbox, batch)
  assert.deepEqual([again.status, again.text], [200, first.text])
  const reordered = Object.fromEntries(Object.entries(batch).reverse())
  assert.equal((await create(sandbox, reordered)).text, first.text)
  assert.equal(sandbox.ledger().filter(entry => entry.batch === batch.out_batch_no).length, 2)
})

test('two equal requests at the same time are one batch', async () => {
  const batch = sealed(fresh([100, 200]))
  const replies = await Promise.all([create(sandbox, batch), create(sandbox, batch), create(sandbox, batch)])
  assert.equal(new Set(replies.map(reply => reply.text)).size, 1)
  await sandbox.advance(120)
  assert.equal(sandbox.ledger().filter(entry => entry.batch === batch.out_batch_no).length, 2)
})

test('the same number with other parameters is refused, names sealed anew included', async () => {
  const batch = sealed(fresh([100]))
  assert.equal((await create(sandbox, batch)).status, 200)
  for (const other of [{ ...batch, batch_remark: '另一个' }, sealed(batch), { ...batch, transfer_scene_id: '1001' }]) {
    const { status, json } = await create(sandbox, other)
    assert.deepEqual(
      [status, json.code, json.message],
      [400, 'INVALID_REQUEST', '单号已存在但信息不一致，请查单后比较确认'],
    )
  }
})

test('a number can be repeated for three natural days in China', async () => {
  const own = await startSandbox()
  try {
    const batch = batchOf('threedays')
    const { json } = await create(own, batch)
    const midnight = Date.parse(`${json.create_time.slice(0, 10)}T00:00:00+08:00`)
    const sinceMidnight = (Date.parse(json.create_time) - midnight) / 1000
    await own.advance(3 * 86_400 - sinceMidnight - 600)
    assert.equal((await create(own, batch)).status, 200)
    await own.advance(1200)
    const late = await create(own, batch)
    assert.deepEqual([late.status, late.json.code], [400, 'INVALID_REQUEST'])
    assert.equal(late.json.message, '对应单号已超出重试期，请查单确认后决定是否换单请求')
  } finally {
    await own.close()
  }
})

test('a refused number can be used again', async () => {
  const batch = fresh([100, 200])
  assert.equal((await create(sandbox, { ...batch, total_num: 3 })).status, 400)
  assert.equal((await create(sandbox, batch)).status, 200)
})

test('the balance pays for what is accepted and gets back what fails', async () => {
  const own = await startSandbox({ balance: 1000 })
  try {
    const batch = batchOf('balance1', [400, 600])
    batch.transfer_detail_list[1].openid = 'oFAIL_ACCOUNT_FROZEN_1'
    assert.equal((await create(own, batch)).status, 200)
    const poor = await create(own, batchOf('balance2', [600]))
    assert.deepEqual([poor.status, poor.json.code], [403, 'NOT_ENOUGH'])
    await own.advance(60)
    assert.equal((await create(own, batchOf('balance2', [600]))).status, 200)
    assert.equal((await create(own, batchOf('balance3', [1]))).status, 403)
  } finally {
    await own.close()
  }
  await assert.rejects(startSandbox({ balance: 1.5 }), RangeError)
})

test('only the bound appids are taken where they are given', async () => {
  const own = await startSandbox({ appids: ['wx1111111111111111'] })
  try {
    assert.equal(own.wechat.appid, 'wx1111111111111111')
    const { status, json } = await create(own, batchOf('appid1'))
    assert.deepEqual([status, json.code], [401, 'APPID_MCHID_NOT_MATCH'])
    assert.equal((await create(own, batchOf('appid2', [100], { appid: own.wechat.appid }))).status, 200)
  } finally {
    await own.close()
  }
})
