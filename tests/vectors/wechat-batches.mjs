// Writes wechat-batches.json: batches that break one rule each, written by hand after the protocol's checklist (chapter 16).
//
//   node tests/vectors/wechat-batches.mjs
import { writeFileSync } from 'node:fs'

const detail = (index, more = {}) => ({
  out_detail_no: `d${String(index).padStart(7, '0')}`,
  transfer_amount: 1000 + index,
  transfer_remark: '2020年4月报销',
  openid: `o-MYE42l80oelYMDE34nYD456X${String(index).padStart(3, '0')}`,
  ...more,
})
const details = (count, more) => Array.from({ length: count }, (_, index) => detail(index, more))

function batch(more = {}, rows = details(2)) {
  const sum = rows.reduce((total, row) => total + (Number.isSafeInteger(row?.transfer_amount) ? row.transfer_amount : 0), 0)
  const whole = {
    appid: 'wxf636efh567hg4356',
    out_batch_no: 'plfk2020042013',
    batch_name: '2019年1月深圳分部报销单',
    batch_remark: '2019年1月深圳分部报销单',
    total_amount: sum,
    total_num: rows.length,
    transfer_scene_id: '1001',
    notify_url: 'https://merchant.example/wx/notify',
    transfer_detail_list: rows,
    ...more,
  }
  return JSON.stringify(whole)
}

const one = (more, rest = {}) => batch(rest, [detail(0, more), detail(1)])
const first = '/transfer_detail_list/0'
const name = '张三'
const error = (code, reason, path, row) => ({ code, reason, severity: 'error', path, ...(row ? { row } : {}) })
const warning = (code, reason, path, row) => ({ ...error(code, reason, path, row), severity: 'warning' })
const amount = (reason, code = 'V09') => [error(code, reason, `${first}/transfer_amount`, 1)]
const raw = text => batch({ total_amount: 2001 }, [detail(0, { transfer_amount: '@' }), detail(1)]).replace('"@"', text)

const cases = [
  ['a plain batch', batch(), []],
  ['1,000 rows', batch({}, details(1000)), []],
  ['names in every row', batch({}, details(3, { user_name: name })), []],
  ['an empty name is no name', one({ user_name: '' }), []],
  ['the smallest amount', one({ transfer_amount: 10 }), []],

  ['no appid', batch({ appid: undefined }), [error('V01', 'missing', '/appid')]],
  ['appid of 33 characters', batch({ appid: 'a'.repeat(33) }), [error('V01', 'too-long', '/appid')]],
  ['appid with a blank', batch({ appid: 'wx f' }), [error('V01', 'shape', '/appid')]],
  ['appid as a number', batch({ appid: 12 }), [error('V01', 'not-text', '/appid')]],
  ['appid null', batch({ appid: null }), [error('V01', 'null', '/appid')]],
  ['batch number with a dash', batch({ out_batch_no: 'plfk-20200' }), [error('V02', 'shape', '/out_batch_no')]],
  ['batch number of 33 digits', batch({ out_batch_no: '1'.repeat(33) }), [error('V02', 'too-long', '/out_batch_no')]],
  ['batch number empty', batch({ out_batch_no: '' }), [error('V02', 'missing', '/out_batch_no')]],
  ['batch number of 4 characters', batch({ out_batch_no: 'a123' }), [warning('V03', 'short-for-receipts', '/out_batch_no')]],
  ['detail number of 4 characters', one({ out_detail_no: 'a123' }), [warning('V03', 'short-for-receipts', `${first}/out_detail_no`, 1)]],
  ['detail number in Chinese', one({ out_detail_no: '单号00001' }), [error('V04', 'shape', `${first}/out_detail_no`, 1)]],
  ['detail number twice', batch({}, [detail(0), detail(1, { out_detail_no: 'd0000000' })]), [error('V04', 'duplicate', '/transfer_detail_list/1/out_detail_no', 2)]],
  ['no rows', batch({ total_amount: 0 }, []), [error('V06', 'empty', '/transfer_detail_list')]],
  ['no list', batch({ transfer_detail_list: undefined, total_num: 0, total_amount: 0 }), [error('V06', 'missing', '/transfer_detail_list')]],
  ['a list that is an object', batch({ transfer_detail_list: {}, total_num: 0, total_amount: 0 }), [error('V06', 'not-array', '/transfer_detail_list')]],
  ['1,001 rows', batch({}, details(1001)), [error('V06', 'too-many', '/transfer_detail_list')]],
  ['3,001 rows', batch({}, details(3001)), [error('V06', 'too-many', '/transfer_detail_list')]],
  ['3,001 rows of a partner', batch({}, details(3001)), [error('V06', 'too-many', '/transfer_detail_list')], { maxDetails: 3000 }],
  ['3,000 rows of a partner', batch({}, details(3000)), [], { maxDetails: 3000 }],
  ['a row that is text', batch({ total_amount: 1000 }, [detail(0), 'row']), [error('V06', 'not-object', '/transfer_detail_list/1', 2)]],
  ['count one too high', batch({ total_num: 3 }), [error('V07', 'count-mismatch', '/total_num')]],
  ['count as text', batch({ total_num: '2' }), [error('V07', 'amount-is-text', '/total_num')]],
  ['no count', batch({ total_num: undefined }), [error('V07', 'missing', '/total_num')]],
  ['sum one fen short', batch({ total_amount: 2000 }), [error('V08', 'sum-mismatch', '/total_amount')]],
  ['sum as text', batch({ total_amount: '2001' }), [error('V08', 'amount-is-text', '/total_amount')]],
  ['no sum', batch({ total_amount: undefined }), [error('V08', 'missing', '/total_amount')]],
  ['a sum above 2^53', raw('9007199254740991'), [warning('V11', 'amount-above-range', `${first}/transfer_amount`, 1), error('V13', 'name-required', `${first}/user_name`, 1), error('V08', 'sum-overflow', '/total_amount')].sort((a, b) => (a.row ?? 0) - (b.row ?? 0))],
  ['amount as text', raw('"1000"'), amount('amount-is-text')],
  ['amount with a fraction', raw('10.5'), amount('amount-not-integer')],
  ['amount that was a float', raw('1000.0'), amount('amount-not-integer')],
  ['amount with an exponent', raw('1e3'), amount('amount-not-integer')],
  ['amount negative', raw('-1000'), amount('amount-negative')],
  ['amount zero', raw('0'), amount('amount-zero')],
  ['amount 2^53', raw('9007199254740992'), amount('amount-too-large')],
  ['amount of 30 digits', raw('9'.repeat(30)), amount('amount-too-large')],
  ['amount null', raw('null'), amount('null')],
  ['amount true', raw('true'), amount('amount-not-number')],
  ['amount missing', one({ transfer_amount: undefined }), amount('missing')],
  ['9 fen', one({ transfer_amount: 9 }), amount('amount-below-minimum', 'V10')],
  ['29 fen where the minimum is 30', one({ transfer_amount: 29 }), amount('amount-below-minimum', 'V10'), { minAmount: 30 }],
  ['200.01 yuan', one({ transfer_amount: 20001 }), [warning('V11', 'amount-above-range', `${first}/transfer_amount`, 1)]],
  ['200.01 yuan where 500 are allowed', one({ transfer_amount: 20001 }), [], { maxAmount: 50000 }],
  ['29 fen with a name', batch({}, [detail(0, { transfer_amount: 29, user_name: name }), detail(1, { user_name: name })]), [error('V12', 'name-forbidden', `${first}/user_name`, 1)]],
  ['2,000 yuan without a name', one({ transfer_amount: 200000 }), [warning('V11', 'amount-above-range', `${first}/transfer_amount`, 1), error('V13', 'name-required', `${first}/user_name`, 1)]],
  ['a name in one row of two', one({ user_name: name }), [error('V14', 'names-mixed', '/transfer_detail_list/1/user_name', 2)]],
  ['openid with a blank', one({ openid: 'o MYE' }), [error('V15', 'shape', `${first}/openid`, 1)]],
  ['openid of 129 characters', one({ openid: 'o'.repeat(129) }), [error('V15', 'too-long', `${first}/openid`, 1)]],
  ['openid of 128 characters', one({ openid: 'o'.repeat(128) }), []],
  ['no openid', one({ openid: undefined }), [error('V15', 'missing', `${first}/openid`, 1)]],
  ['remark of 33 characters', one({ transfer_remark: '备'.repeat(33) }), [error('V16', 'too-long', `${first}/transfer_remark`, 1)]],
  ['remark of 32 characters', one({ transfer_remark: '备'.repeat(32) }), []],
  ['no remark', one({ transfer_remark: undefined }), [error('V16', 'missing', `${first}/transfer_remark`, 1)]],
  ['batch name empty', batch({ batch_name: '' }), [error('V16', 'missing', '/batch_name')]],
  ['batch remark too long', batch({ batch_remark: 'x'.repeat(33) }), [error('V16', 'too-long', '/batch_remark')]],
  ['emoji in a remark', one({ transfer_remark: '谢谢😀' }), [error('V17', 'astral', `${first}/transfer_remark`, 1)]],
  ['a rare character above U+FFFF in a name', batch({}, [detail(0, { user_name: '李𠮷' }), detail(1, { user_name: name })]), [error('V17', 'astral', `${first}/user_name`, 1)]],
  ['line break in a remark', one({ transfer_remark: 'a\nb' }), [error('V17', 'control-character', `${first}/transfer_remark`, 1)]],
  ['NUL in a batch name', batch({ batch_name: 'a\u0000' }), [error('V17', 'control-character', '/batch_name')]],
  ['half a character in a remark', one({ transfer_remark: 'a\ud83d' }), [error('V17', 'lone-surrogate', `${first}/transfer_remark`, 1)]],
  ['half a character in an openid', one({ openid: 'o\udc00' }), [error('V15', 'lone-surrogate', `${first}/openid`, 1)]],
  ['bullet in a batch name', batch({ batch_name: '报销•单' }), [warning('V17b', 'rare-symbol', '/batch_name')]],
  ['zero-width space in a name', batch({}, details(2, { user_name: '张\u200b三' })), [1, 2].map(row => warning('V17b', 'rare-symbol', `/transfer_detail_list/${row - 1}/user_name`, row))],
  ['name of 72 Chinese characters', batch({}, details(1, { user_name: '名'.repeat(72) })), [error('V18', 'too-many-bytes', `${first}/user_name`, 1)]],
  ['name of 71 Chinese characters', batch({}, details(1, { user_name: '名'.repeat(71) })), [warning('V18', 'too-long', `${first}/user_name`, 1)]],
  ['name of one character', batch({}, details(1, { user_name: '张' })), [warning('V18', 'too-short', `${first}/user_name`, 1)]],
  ['name that is sealed already', batch({}, details(1, { user_name: 'A'.repeat(344) })), [error('V18', 'already-sealed', `${first}/user_name`, 1)]],
  ['http notify_url', batch({ notify_url: 'http://merchant.example/x' }), [error('V19', 'not-https', '/notify_url')]],
  ['notify_url with a query', batch({ notify_url: 'https://merchant.example/x?a=1' }), [error('V19', 'has-query', '/notify_url')]],
  ['local notify_url', batch({ notify_url: 'https://127.0.0.1/x' }), [error('V19', 'private-host', '/notify_url')]],
  ['local notify_url for a sandbox', batch({ notify_url: 'http://127.0.0.1:8080/x' }), [], { localNotifyUrl: true }],
  ['notify_url of 257 characters', batch({ notify_url: `https://merchant.example/${'x'.repeat(232)}` }), [error('V19', 'too-long', '/notify_url')]],
  ['no scene', batch({ transfer_scene_id: undefined }), [warning('V20', 'scene-missing', '/transfer_scene_id')]],
  ['scene of 37 characters', batch({ transfer_scene_id: '1'.repeat(37) }), [error('V20', 'too-long', '/transfer_scene_id')]],
  ['same payee and amount twice', batch({}, [detail(0), detail(0, { out_detail_no: 'd0000009' })]), [warning('V25', 'duplicate-payment', '/transfer_detail_list/1/openid', 2)]],
  ['an unknown field', batch({ note: 'x' }), [warning('V27', 'unknown-field', '/note')]],
  ['an unknown field in a row', one({ user_id_card: 'x' }), [warning('V27', 'unknown-field', `${first}/user_id_card`, 1)]],
  ['not JSON', '{', [error('V06', 'not-json', '/transfer_detail_list')]],
  ['an array instead of a batch', '[]', [error('V06', 'not-object', '/transfer_detail_list')]],
]

const table = {
  source: 'chapter 16 of the WeChat Pay dossier (V01–V30), pages 4012458841 and 4012064660; written by hand',
  cases: cases.map(([comment, json, expect, limits], index) => ({ id: index + 1, comment, ...(limits ? { limits } : {}), json, expect })),
}
// Long lists of alike rows would make the file unreadable: they are written as a count and one row.
for (const one of table.cases) {
  if (one.json.length < 20_000) continue
  const whole = JSON.parse(one.json)
  one.repeat = whole.transfer_detail_list.length
  one.json = JSON.stringify({ ...whole, transfer_detail_list: [] })
}
writeFileSync(new URL('wechat-batches.json', import.meta.url), `${JSON.stringify(table, null, 1)}\n`)
