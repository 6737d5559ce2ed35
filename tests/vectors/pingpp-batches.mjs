// Writes pingpp-batches.json, and the examples in tests/data/pingpp: batches that break one rule each, written by hand after the rules of
// the Ping++ dossier (chapter 12) and the pages that its chapter 13 names.
//
//   node tests/vectors/pingpp-batches.mjs
//
// A case holds `batch`; where a JSON parser would lose what is tested (1.0, 2^53, half a character), it holds the text, `json`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { add, allinpayNumber, app, batch, branch, cases, channels, company, error } from './pingpp-kit.mjs'
import { forCompanies, full, one, payee, plain, raw, rows, warning, without } from './pingpp-kit.mjs'

// What is right, per channel.
const sample = batch('alipay', { description: 'Your Description' })
add('the sample of the API reference: 8000 fen to two alipay accounts', 'create page; Node batch_transfer sample', sample, [])
for (const channel of channels) {
  add(`${channel}: what is required and nothing else`, 'chapter 6', batch(channel), [])
  add(`${channel}: everything it may have`, 'chapter 6', batch(channel, { metadata: { 来源: 'payseal', count: 2, checked: true } }, [0, 1, 2].map(full(channel))), [])
}
for (const channel of forCompanies) {
  const rest = channel === 'allinpay' ? branch : {}
  add(`${channel}: to companies`, 'create page, channel matrix', batch(channel, { type: 'b2b' }, [{ ...plain[channel](0), name: company, ...rest }]), [])
}
add('numbers, amounts and texts at their limits', 'create page', batch('alipay', { batch_no: 'a'.repeat(11), description: 'a'.repeat(200) }, [{ ...plain.alipay(0), amount: 1, name: '名'.repeat(50), description: '字a'.repeat(50), order_no: 'a'.repeat(64) }]), [])
add('the largest amount there is', 'create page', batch('balance', {}, [{ ...plain.balance(0), amount: Number.MAX_SAFE_INTEGER }]), [])
add('a batch number of 32 characters', 'create page', batch('wx', { batch_no: 'A1'.repeat(16) }), [])
add('no currency', 'create page', without(batch('wx'), 'currency'), [])
add('an empty name is no name, where none is due', 'SDK samples', one('wx', { name: '' }), [])
add('an empty description is none', 'our own', one('balance', { description: '  ' }), [])

// The request as a whole.
add('not JSON', 'our own', '<html><body>502 Bad Gateway</body></html>', [error('PP12', 'not-json', 'recipients')])
add('an array', 'our own', '[]', [error('PP12', 'not-object', 'recipients')])

// PP01
const idShape = 'SDK samples, Go subBank comment'
add('no app', 'create page', without(batch('alipay'), 'app'), [error('PP01', 'missing', 'app')])
add('an empty app', 'create page', batch('wx', { app: '' }), [error('PP01', 'missing', 'app')])
add('a blank app', 'create page', batch('balance', { app: ' \u3000' }), [error('PP01', 'missing', 'app')])
add('app null', 'create page', batch('unionpay', { app: null }), [error('PP01', 'null', 'app')])
add('app as an object, as single transfers have it', 'create page', batch('alipay', { app: { id: app } }), [error('PP01', 'not-text', 'app')])
add('app one character short', idShape, batch('alipay', { app: app.slice(0, -1) }), [warning('PP01', 'shape', 'app')])
add('app with another prefix', idShape, batch('wx_pub', { app: app.replace('app_', 'acct') }), [warning('PP01', 'shape', 'app')])
add('app with a dash', idShape, batch('allinpay', { app: 'app_1Gqj58ynP0mHe-1q' }), [warning('PP01', 'shape', 'app')])

// PP02: without a channel only amounts can be checked.
add('no channel', 'create page', without(batch('alipay'), 'channel'), [error('PP02', 'missing', 'channel')])
add('a channel of settle accounts only', 'settle account', batch('alipay', { channel: 'chanpay' }), [error('PP02', 'not-a-choice', 'channel')])
add('a channel in capitals', 'create page', batch('alipay', { channel: 'Alipay' }), [error('PP02', 'not-a-choice', 'channel')])
add('a channel as a number', 'create page', batch('alipay', { channel: 1 }), [error('PP02', 'not-text', 'channel')])
add('no known channel, and an amount of zero', 'create page', batch('alipay', { channel: 'wx_qr' }, [plain.alipay(0), { ...plain.alipay(1), amount: 0 }]), [error('PP02', 'not-a-choice', 'channel'), error('PP07', 'amount-zero', 'amount', 2)])

// PP03
add('jdpay', 'changelog 2025-02-27', batch('jdpay', { description: '京东代付' }), [])

// PP04
for (const [index, channel] of channels.entries()) {
  const wrong = [['10 characters', '2016101010', 'too-short'], ['33 characters', '1'.repeat(33), 'too-long'], ['an underscore', 'batch_no_2016101010', 'shape'], ['Chinese', '批次2016101010380007', 'shape']]
  const [what, number, reason] = wrong[index % wrong.length]
  add(`${channel}: a batch number of ${what}`, 'create page, object page', batch(channel, { batch_no: number }), [error('PP04', reason, 'batch_no')])
}
add('no batch number', 'create page', without(batch('alipay'), 'batch_no'), [error('PP04', 'missing', 'batch_no')])
add('a batch number as a number', 'object page', batch('wx', { batch_no: 2016101010380007 }), [error('PP04', 'number-for-text', 'batch_no')])
add('25 characters with strictCompat', 'chapter 8.1', batch('alipay', { batch_no: '1'.repeat(25) }), [warning('PP04', 'too-long', 'batch_no')], { strictCompat: true })
add('24 characters with strictCompat', 'chapter 8.1', batch('alipay', { batch_no: '1'.repeat(24) }), [], { strictCompat: true })
add('3 characters after the rule of the samples', 'SDK samples', batch('alipay', { batch_no: 'a12' }), [], { batchNoRule: '3-24' })
add('2 characters after the rule of the samples', 'SDK samples', batch('alipay', { batch_no: 'a1' }), [error('PP04', 'too-short', 'batch_no')], { batchNoRule: '3-24' })
add('25 characters after the rule of the samples', 'SDK samples', batch('alipay', { batch_no: '1'.repeat(25) }), [error('PP04', 'too-long', 'batch_no')], { batchNoRule: '3-24' })

// PP05, PP06
add('no type', 'create page', without(batch('wx'), 'type'), [error('PP05', 'missing', 'type')])
add('a type that does not exist', 'create page', batch('alipay', { type: 'c2c' }), [error('PP05', 'not-a-choice', 'type')])
add('type null', 'create page', batch('alipay', { type: null }), [error('PP05', 'null', 'type')])
add('a type that could not be read says nothing about the fields of b2b', 'create page', batch('allinpay', { type: 'B2B' }, [{ ...plain.allinpay(0), ...branch }]), [error('PP05', 'not-a-choice', 'type')])
add('nor that any of them is missing', 'create page', batch('allinpay', { type: 'B2B' }), [error('PP05', 'not-a-choice', 'type')])
for (const channel of channels.filter(channel => !forCompanies.includes(channel))) {
  add(`${channel}: to companies`, 'create page, channel matrix', batch(channel, { type: 'b2b' }), [error('PP06', 'conflict', 'type')])
}
add('alipay to companies, after the samples', 'SDK samples 2016–2018', batch('alipay', { type: 'b2b' }), [error('PP06', 'conflict', 'type')], { alipayB2b: false })

// PP07
for (const channel of channels) {
  add(`${channel}: an amount of zero`, 'create page', one(channel, { amount: 0 }), [error('PP07', 'amount-zero', 'amount', 1)])
}
const wrongAmounts = [
  ['as text', '"5000"', 'amount-is-text'],
  ['with a fraction of zero', '5000.0', 'amount-not-integer'],
  ['with an exponent', '5e3', 'amount-not-integer'],
  ['in yuan', '50.5', 'amount-not-integer'],
  ['below zero', '-1', 'amount-negative'],
  ['of 2^53', '9007199254740992', 'amount-too-large'],
  ['of more digits than 64 bits hold', '18446744073709551616', 'amount-too-large'],
  ['null', 'null', 'null'],
  ['as an object', '{"fen":1}', 'amount-not-number'],
]
for (const [index, [what, text, reason]] of wrongAmounts.entries()) {
  const channel = channels[index % channels.length]
  const whole = one(channel, { amount: '@' })
  add(`${channel}: an amount ${what}`, 'create page', raw({ ...whole, amount: 1 }, text), [error('PP07', reason, 'amount', 1)])
  add(`a total ${what}`, 'create page', raw(batch('wx', { amount: '@' }), text), [error('PP07', reason, 'amount')])
}
add('no amount', 'create page', batch('alipay', { amount: 3000 }, [without(plain.alipay(0), 'amount'), plain.alipay(1)]), [error('PP07', 'missing', 'amount', 1)])
add('no total', 'create page', without(batch('alipay'), 'amount'), [error('PP07', 'missing', 'amount')])
add('an amount below the configured minimum', 'SDK samples: 1 yuan for WeChat', one('wx', { amount: 99 }), [error('PP07', 'amount-below-minimum', 'amount', 1)], { minAmount: 100 })
add('an amount at the configured minimum', 'SDK samples: 1 yuan for WeChat', one('wx', { amount: 100 }), [], { minAmount: 100 })

// PP08
for (const [index, channel] of channels.entries()) {
  const right = batch(channel)
  add(`${channel}: a total that is ${index % 2 ? 'one fen more' : 'one fen less'}`, 'SDK samples', { ...right, amount: right.amount + (index % 2 ? 1 : -1) }, [error('PP08', 'sum-mismatch', 'amount')])
}
add('a sum of 2^53', 'our own', batch('balance', { amount: 1 }, [{ ...plain.balance(0), amount: Number.MAX_SAFE_INTEGER }, { ...plain.balance(1), amount: 1 }]), [error('PP08', 'sum-overflow', 'amount')])
add('a sum far above 2^53', 'our own', batch('alipay', { amount: Number.MAX_SAFE_INTEGER }, [0, 1, 2].map(index => ({ ...plain.alipay(index), amount: Number.MAX_SAFE_INTEGER }))), [error('PP08', 'sum-overflow', 'amount')])

// PP09
const said = 'create page, chapter 8.2'
for (const channel of channels) {
  add(`${channel}: no description`, 'create page', without(batch(channel), 'description'), [error('PP09', 'missing', 'description')])
}
add('a blank description', 'create page', batch('unionpay', { description: ' ' }), [error('PP09', 'missing', 'description')])
add('a description as a number', 'create page', batch('alipay', { description: 1 }), [error('PP09', 'number-for-text', 'description')])
add('201 letters', said, batch('alipay', { description: 'a'.repeat(201) }), [error('PP09', 'too-long', 'description')])
add('101 Chinese characters', said, batch('unionpay', { description: '字'.repeat(101) }), [error('PP09', 'too-wide', 'description')])
add('66 Chinese characters and 2 letters: 200 bytes', said, batch('alipay', { description: `${'字'.repeat(66)}ab` }), [])
add('67 Chinese characters: 201 bytes', said, batch('alipay', { description: '字'.repeat(67) }), [warning('PP09', 'too-many-bytes', 'description')])
add('100 Chinese characters', said, batch('jdpay', { description: '字'.repeat(100) }), [warning('PP09', 'too-many-bytes', 'description')])
add('67 Chinese characters, counted in bytes', said, batch('alipay', { description: '字'.repeat(67) }), [error('PP09', 'too-many-bytes', 'description')], { descriptionUnit: 'utf8-bytes' })
add('66 Chinese characters, counted in bytes', said, batch('alipay', { description: '字'.repeat(66) }), [], { descriptionUnit: 'utf8-bytes' })
add('255 Chinese characters, after the samples', 'SDK samples', batch('alipay', { description: '字'.repeat(255) }), [], { descriptionUnit: 'characters-255' })
add('256 Chinese characters, after the samples', 'SDK samples', batch('alipay', { description: '字'.repeat(256) }), [error('PP09', 'too-long', 'description')], { descriptionUnit: 'characters-255' })
add('half a character', 'our own', raw(batch('alipay', { description: '@' }), '"\\ud83d"'), [error('PP09', 'lone-surrogate', 'description')])
add('a line break', 'our own', batch('alipay', { description: '十月\n佣金' }), [warning('PP09', 'control-character', 'description')])

// PP10
add('another currency', 'create page', batch('alipay', { currency: 'usd' }), [error('PP10', 'not-a-choice', 'currency')])
add('the currency in capitals', 'create page', batch('wx', { currency: 'CNY' }), [error('PP10', 'not-a-choice', 'currency')])
add('an empty currency', 'create page', batch('wx', { currency: '' }), [error('PP10', 'not-a-choice', 'currency')])
add('currency null', 'create page', batch('balance', { currency: null }), [error('PP10', 'null', 'currency')])

// PP11
const meta = 'create page, metadata page'
const pairs = count => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']))
add('20 pairs', meta, batch('alipay', { metadata: pairs(20) }), [])
add('21 pairs', meta, batch('alipay', { metadata: pairs(21) }), [error('PP11', 'too-many-pairs', 'metadata')])
add('1000 characters of names and values', meta, batch('wx', { metadata: { 键: '值'.repeat(900), k: 'v'.repeat(98) } }), [])
add('1001 characters of names and values', meta, batch('wx', { metadata: { 键: '值'.repeat(900), k: 'v'.repeat(99) } }), [error('PP11', 'too-long', 'metadata')])
add('metadata as text', meta, batch('jdpay', { metadata: 'a=b' }), [error('PP11', 'not-object', 'metadata')])
add('metadata as an array', meta, batch('balance', { metadata: ['a'] }), [error('PP11', 'not-object', 'metadata')])
add('metadata null', meta, batch('allinpay', { metadata: null }), [error('PP11', 'null', 'metadata')])
add('half a character in metadata', 'our own', raw(batch('unionpay', { metadata: { note: '@' } }), '"\\udc00"'), [error('PP11', 'lone-surrogate', 'metadata')])
add('metadata with something nested', meta, batch('unionpay', { metadata: { order: { id: 1 } } }), [warning('PP11', 'not-scalar', 'metadata')])

// PP12
for (const channel of channels) {
  add(`${channel}: no recipients`, 'create page', batch(channel, { amount: 1 }, []), [error('PP12', 'empty', 'recipients')])
}
add('no list of recipients', 'create page', without(batch('alipay'), 'recipients'), [error('PP12', 'missing', 'recipients')])
add('recipients as text, as the reference labels them', 'create page', { ...batch('alipay'), recipients: JSON.stringify(rows('alipay')) }, [error('PP12', 'not-array', 'recipients')])
add('recipients null', 'create page', { ...batch('wx'), recipients: null }, [error('PP12', 'not-array', 'recipients')])
add('a recipient that is text', 'create page', batch('wx', {}, [plain.wx(0), 'o9zpMs9jIaLynQY9N6yx']), [error('PP12', 'not-object', 'recipients', 2)])
add('three recipients where two are allowed', 'our own', batch('wx', {}, rows('wx', 3)), [error('PP12', 'too-many', 'recipients')], { maxRecipients: 2 })
add('two recipients where two are allowed', 'our own', batch('wx'), [], { maxRecipients: 2 })

// PP13
const required = { alipay: ['account'], unionpay: ['account', 'name'], wx: ['open_id'], wx_pub: ['open_id'], wx_lite: ['open_id'], allinpay: ['account', 'name', 'open_bank_code'], jdpay: ['account', 'name', 'open_bank_code'], balance: ['user'] }
for (const channel of channels) {
  for (const field of required[channel]) {
    add(`${channel}: no ${field}`, 'chapter 6', batch(channel, {}, [without(plain[channel](0), field), plain[channel](1)]), [error('PP13', 'missing', field, 1)])
  }
  add(`${channel}: a blank ${required[channel][0]}`, 'chapter 6', one(channel, { [required[channel][0]]: ' \u3000' }), [error('PP13', 'missing', required[channel][0], 1)])
}
add('alipay: a name of 51 characters', 'SDK samples', one('alipay', { name: '名'.repeat(51) }), [error('PP13', 'too-long', 'name', 1)])
for (const channel of ['unionpay', 'allinpay', 'jdpay']) {
  add(`${channel}: a name of 101 characters`, 'SDK samples', one(channel, { name: '名'.repeat(101) }), [error('PP13', 'too-long', 'name', 1)])
  add(`${channel}: a name of 100 characters`, 'SDK samples', one(channel, { name: '名'.repeat(100) }), [])
}
add('a name with a line break', 'our own', one('jdpay', { name: '张\n三' }), [warning('PP13', 'control-character', 'name', 1)])
add('a name with a character above U+FFFF', 'our own', one('unionpay', { name: '𠮷三' }), [])
add('an open_id as a number', 'create page', one('wx', { open_id: 12 }), [error('PP13', 'number-for-text', 'open_id', 1)])
add('a user null', 'create page', one('balance', { user: null }), [error('PP13', 'null', 'user', 1)])

// PP14
const foreign = { alipay: ['open_id', 'force_check'], unionpay: ['account_type', 'card_type'], wx: ['account', 'open_bank_code'], wx_pub: ['user', 'account_type'], wx_lite: ['open_bank', 'business_code'], allinpay: ['open_id', 'force_check'], jdpay: ['prov', 'business_code'], balance: ['name', 'account'] }
for (const channel of channels) {
  for (const field of foreign[channel]) {
    add(`${channel}: with ${field}, which is another channel's`, 'our own', one(channel, { [field]: '1' }), [warning('PP14', 'foreign-field', field, 1)])
  }
}
add('the open_id in account, as a Go sample has it', 'Go sample', batch('wx', {}, [{ account: 'o9zpMs9jIaLynQY9N6yx', amount: 1 }]), [error('PP13', 'missing', 'open_id', 1), warning('PP14', 'foreign-field', 'account', 1)])
add('recipients of mixed channels', 'issue 3', batch('alipay', {}, [plain.alipay(0), plain.wx(1)]), [error('PP13', 'missing', 'account', 2), warning('PP21', 'missing', 'name', 2), warning('PP14', 'foreign-field', 'open_id', 2)])
add('a field that no channel has', 'our own', one('alipay', { remark: 'x' }), [warning('PP14', 'unknown-field', 'remark', 1)])
add('a field that the batch does not have', 'our own', batch('alipay', { notify_url: 'https://merchant.example/' }), [warning('PP14', 'unknown-field', 'notify_url')])
for (const field of Object.keys(branch)) {
  add(`allinpay: ${field} of a person`, 'object page', one('allinpay', { [field]: branch[field] }), [warning('PP14', 'foreign-field', field, 1)])
}

// PP15
const numbers = {
  alipay: [['a'.repeat(65), 'too-long'], ['a-1', 'shape'], ['', 'too-short']],
  unionpay: [['1'.repeat(17), 'too-long'], ['a1', 'shape'], ['１２', 'shape']],
  wx: [['a'.repeat(33), 'too-long'], ['a_1', 'shape']],
  wx_pub: [['a'.repeat(33), 'too-long'], ['a 1', 'shape']],
  wx_lite: [['a'.repeat(33), 'too-long'], ['单号', 'shape']],
  allinpay: [['1'.repeat(19), 'too-short'], ['1'.repeat(41), 'too-long'], [`${'1'.repeat(20)}+`, 'shape']],
  jdpay: [['a'.repeat(65), 'too-long'], ['a-1', 'shape']],
  balance: [['a'.repeat(65), 'too-long'], ['a.1', 'shape']],
}
const good = { alipay: 'a'.repeat(64), unionpay: '1'.repeat(16), wx: 'a'.repeat(32), wx_pub: '0', wx_lite: 'Z9', allinpay: '1'.repeat(20), jdpay: 'a'.repeat(64), balance: 'a-b_c' }
const orders = 'object page, transfer pages'
for (const channel of channels) {
  add(`${channel}: an order number at its limit`, orders, one(channel, { order_no: good[channel] }), [])
  for (const [number, reason] of numbers[channel]) {
    add(`${channel}: an order number that is wrong (${reason})`, orders, one(channel, { order_no: number }), [error('PP15', reason, 'order_no', 1)])
  }
}
add('an order number as a number', 'object page', one('unionpay', { order_no: 2016101010380 }), [error('PP15', 'number-for-text', 'order_no', 1)])
add('50 characters over wx, after older samples', 'chapter 8.3', one('wx', { order_no: 'a'.repeat(50) }), [], { wxOrderNoMax: 50 })
add('51 characters over wx, after older samples', 'chapter 8.3', one('wx_pub', { order_no: 'a'.repeat(51) }), [error('PP15', 'too-long', 'order_no', 1)], { wxOrderNoMax: 50 })
add('40 characters over allinpay', orders, one('allinpay', { order_no: '1'.repeat(40) }), [])

// PP16
const merchant = { allinpayMerchant: '1009991230' }
const prefix = 'SDK samples, object page'
add('allinpay: the merchant number first', prefix, one('allinpay', { order_no: allinpayNumber(0) }), [], merchant)
add('allinpay: another number first', prefix, one('allinpay', { order_no: '2'.repeat(30) }), [error('PP16', 'prefix', 'order_no', 1)], merchant)
add('allinpay: the merchant number later', prefix, one('allinpay', { order_no: `0${allinpayNumber(0)}` }), [error('PP16', 'prefix', 'order_no', 1)], merchant)
add('allinpay: no order number, Ping++ makes one', 'object page', batch('allinpay'), [], merchant)
add('jdpay: the number of Allinpay means nothing here', 'object page', one('jdpay', { order_no: '2' }), [], merchant)

// PP17, PP18
for (const channel of channels) {
  const number = good[channel]
  add(`${channel}: an order number twice`, 'create page', batch(channel, {}, rows(channel).map(row => ({ ...row, order_no: number }))), [error('PP17', 'duplicate', 'order_no', 2)])
  add(`${channel}: the same payee gets the same amount`, 'our own', batch(channel, {}, [plain[channel](0), plain[channel](0)]), [warning('PP18', 'duplicate-payment', payee[channel], 2)])
}
add('the same payee gets another amount', 'our own', batch('wx', {}, [plain.wx(0), { ...plain.wx(0), amount: 7 }]), [])

// PP19
const notes = {
  alipay: [['a'.repeat(201), 'too-long'], ['字'.repeat(101), 'too-wide']],
  unionpay: [['a'.repeat(201), 'too-long'], ['字'.repeat(101), 'too-wide']],
  wx: [['a'.repeat(100), 'too-long'], ['字'.repeat(34), 'too-many-bytes'], ['恭喜\u{1f389}', 'astral'], ['十月\n佣金', 'control-character']],
  wx_pub: [['a'.repeat(100), 'too-long'], ['字'.repeat(34), 'too-many-bytes']],
  wx_lite: [['a'.repeat(100), 'too-long'], ['字'.repeat(34), 'too-many-bytes']],
  allinpay: [['a'.repeat(31), 'too-long'], ['字'.repeat(31), 'too-long']],
  jdpay: [['a'.repeat(101), 'too-long'], ['字'.repeat(101), 'too-long']],
  balance: [['a'.repeat(101), 'too-long'], ['字'.repeat(101), 'too-long']],
}
const longest = { alipay: '字'.repeat(66), unionpay: 'a'.repeat(200), wx: '字'.repeat(33), wx_pub: 'a'.repeat(99), wx_lite: '字'.repeat(33), allinpay: '字'.repeat(30), jdpay: '字'.repeat(100), balance: '字'.repeat(100) }
for (const channel of channels) {
  add(`${channel}: the longest description of a recipient`, 'chapter 5.1', one(channel, { description: longest[channel] }), [])
  for (const [text, reason] of notes[channel]) {
    add(`${channel}: a description of a recipient that is wrong (${reason})`, 'chapter 5.1', one(channel, { description: text }), [error('PP19', reason, 'description', 1)])
  }
}
add('alipay: 67 Chinese characters of a recipient', said, one('alipay', { description: '字'.repeat(67) }), [warning('PP19', 'too-many-bytes', 'description', 1)])
add('unionpay: 67 Chinese characters of a recipient, counted in bytes', said, one('unionpay', { description: '字'.repeat(67) }), [error('PP19', 'too-many-bytes', 'description', 1)], { descriptionUnit: 'utf8-bytes' })
add('alipay: recipients keep their 200 where the batch has 255', 'SDK samples', one('alipay', { description: '字'.repeat(101) }), [error('PP19', 'too-wide', 'description', 1)], { descriptionUnit: 'characters-255' })
add('wx: the description of the batch stands in, and is too long there', 'SDK samples', batch('wx', { description: '字'.repeat(34) }), [warning('PP19', 'too-many-bytes', 'description')])
add('balance: the description of the batch stands in, and is too long there', 'SDK samples', batch('balance', { description: 'a'.repeat(101) }), [warning('PP19', 'too-long', 'description')])
add('wx: every recipient has its own description', 'SDK samples', batch('wx', { description: '字'.repeat(34) }, rows('wx').map(row => ({ ...row, description: '佣金' }))), [])

// PP20, PP21
const account = (content, change = {}) => one('alipay', { account: content, ...change })
add('a user id of Alipay', 'create page', account('2088123456789012', { account_type: 'ALIPAY_USERID' }), [])
add('a user id of 15 digits', 'create page', account('208812345678901', { account_type: 'ALIPAY_USERID' }), [error('PP20', 'shape', 'account', 1)])
add('a user id from 2089', 'create page', account('2089123456789012', { account_type: 'ALIPAY_USERID' }), [error('PP20', 'shape', 'account', 1)])
add('an email as a user id', 'create page', account('account01@alipay.com', { account_type: 'ALIPAY_USERID' }), [error('PP20', 'shape', 'account', 1)])
add('a user id as a login', 'create page', account('2088123456789012'), [warning('PP20', 'shape', 'account', 1)])
add('a mobile number', 'create page', account('13800138000', { account_type: 'ALIPAY_LOGONID' }), [])
add('a name as a login', 'create page', account('张三', { account_type: 'ALIPAY_LOGONID' }), [warning('PP20', 'shape', 'account', 1)])
add('an account type that does not exist', 'create page', account('account01@alipay.com', { account_type: 'ALIPAY_OPENID' }), [error('PP20', 'not-a-choice', 'account_type', 1)])
add('an account type that does not exist says nothing about the account', 'create page', account('2088123456789012', { account_type: 'ALIPAY_OPENID' }), [error('PP20', 'not-a-choice', 'account_type', 1)])
add('an account as a number', 'create page', account(13800138000), [error('PP13', 'number-for-text', 'account', 1)])
const nameless = batch('alipay', {}, [without(plain.alipay(0), 'name'), plain.alipay(1)])
add('alipay: no name', 'create page', nameless, [warning('PP21', 'missing', 'name', 1)])
add('alipay: an empty name', 'create page', one('alipay', { name: '' }), [warning('PP21', 'missing', 'name', 1)])
add('alipay mapi: no name', 'create page', nameless, [error('PP21', 'missing', 'name', 1)], { alipayProduct: 'mapi' })
add('alipay openapi: no name', 'create page', nameless, [], { alipayProduct: 'openapi' })

// PP22, PP23
const bank = (...names) => batch('unionpay', {}, [without(plain.unionpay(0), ...names), plain.unionpay(1)])
add('unionpay: no bank at all', 'SDK samples', bank('open_bank_code'), [error('PP22', 'missing-alternative', 'open_bank_code', 1)])
add('unionpay: the name of a bank stands in', 'SDK samples', { ...bank(), recipients: [{ ...without(plain.unionpay(0), 'open_bank_code'), open_bank: '招商银行' }, plain.unionpay(1)] }, [])
add('unionpay: a bank of 15 characters', 'object page', one('unionpay', { open_bank: '银'.repeat(15) }), [])
add('unionpay: a bank of 16 characters', 'object page, SDK samples', one('unionpay', { open_bank: '银'.repeat(16) }), [warning('PP22', 'too-long', 'open_bank', 1)])
add('unionpay: a bank of 51 characters', 'SDK samples', one('unionpay', { open_bank: '银'.repeat(51) }), [error('PP22', 'too-long', 'open_bank', 1)])
add('unionpay: a bank of 16 characters, after the object page', 'object page', one('unionpay', { open_bank: '银'.repeat(16) }), [error('PP22', 'too-long', 'open_bank', 1)], { openBankMax: 15 })
for (const channel of ['unionpay', 'allinpay', 'jdpay']) {
  add(`${channel}: a bank code as a number`, 'issue 3', one(channel, { open_bank_code: 308 }), [error('PP23', 'number-for-text', 'open_bank_code', 1)])
  add(`${channel}: a bank code without its zero`, 'create page', one(channel, { open_bank_code: '308' }), [error('PP23', 'too-short', 'open_bank_code', 1)])
  add(`${channel}: a bank code of 5 digits`, 'create page', one(channel, { open_bank_code: '00308' }), [error('PP23', 'too-long', 'open_bank_code', 1)])
  add(`${channel}: a bank code in letters`, 'create page', one(channel, { open_bank_code: 'ICBC' }), [error('PP23', 'shape', 'open_bank_code', 1)])
  add(`${channel}: a bank code that no table has`, 'chapter 11', one(channel, { open_bank_code: '9999' }), [])
}

// PP24
for (const channel of ['unionpay', 'allinpay', 'jdpay']) {
  add(`${channel}: an account of 33 digits`, 'SDK samples', one(channel, { account: '1'.repeat(33) }), [error('PP24', 'too-long', 'account', 1)])
  add(`${channel}: an account with blanks`, 'our own', one(channel, { account: '6200 0000 0000 0005' }), [warning('PP24', 'not-digits', 'account', 1)])
  add(`${channel}: an account as a number`, 'chapter 6', one(channel, { account: 6200000000000005 }), [error('PP24', 'number-for-text', 'account', 1)])
  add(`${channel}: a wrong check digit, not looked at`, 'our own', one(channel, { account: '6200000000000006' }), [])
  add(`${channel}: a wrong check digit, looked at`, 'ISO/IEC 7812-1', one(channel, { account: '6200000000000006' }), [error('PP24', 'check-digit', 'account', 1)], { luhn: true })
  add(`${channel}: right check digits`, 'ISO/IEC 7812-1', batch(channel), [], { luhn: true })
}
add('allinpay: a passbook has no check digit', 'object page', one('allinpay', { account: '6200000000000006', card_type: 1 }), [], { luhn: true })

// PP25, PP26
add('allinpay: a business code of 4 digits', 'create page', one('allinpay', { business_code: '9900' }), [error('PP25', 'too-short', 'business_code', 1)])
add('allinpay: a business code of 6 digits', 'create page', one('allinpay', { business_code: '009900' }), [error('PP25', 'too-long', 'business_code', 1)])
add('allinpay: a business code in letters', 'create page', one('allinpay', { business_code: '0990O' }), [error('PP25', 'shape', 'business_code', 1)])
add('allinpay: a business code as a number', 'chapter 6', one('allinpay', { business_code: 9900 }), [error('PP25', 'number-for-text', 'business_code', 1)])
for (const type of [0, 1, 2]) add(`allinpay: card type ${type}`, 'object page', one('allinpay', { card_type: type }), [])
add('allinpay: card type 3', 'object page', one('allinpay', { card_type: 3 }), [error('PP26', 'out-of-range', 'card_type', 1)])
add('allinpay: card type -1', 'object page', one('allinpay', { card_type: -1 }), [error('PP26', 'out-of-range', 'card_type', 1)])
add('allinpay: a card type as text', 'object page', one('allinpay', { card_type: '0' }), [error('PP26', 'not-an-integer', 'card_type', 1)])
add('allinpay: a card type with a fraction', 'object page', raw(one('allinpay', { card_type: '@' }), '1.0'), [error('PP26', 'not-an-integer', 'card_type', 1)])
add('allinpay: a card type null', 'object page', one('allinpay', { card_type: null }), [error('PP26', 'null', 'card_type', 1)])
add('allinpay: card type 2, after the samples', 'SDK samples', one('allinpay', { card_type: 2 }), [error('PP26', 'out-of-range', 'card_type', 1)], { cardTypeMax: 1 })

// PP27, PP28
const office = change => batch('allinpay', { type: 'b2b' }, [{ ...plain.allinpay(0), name: company, ...branch, ...change }])
for (const field of Object.keys(branch)) {
  add(`allinpay b2b: no ${field}`, 'object page', office({ [field]: undefined }), [error('PP27', 'missing', field, 1)])
  add(`allinpay b2b: a blank ${field}`, 'object page', office({ [field]: ' ' }), [error('PP27', 'missing', field, 1)])
}
add('allinpay b2b: a branch of 81 characters', 'object page', office({ sub_bank: '行'.repeat(81) }), [error('PP27', 'too-long', 'sub_bank', 1)])
add('allinpay b2b: a branch code of 13 digits', 'object page', office({ sub_bank_code: '1'.repeat(13) }), [error('PP27', 'too-long', 'sub_bank_code', 1)])
add('allinpay b2b: a branch code in letters', 'object page', office({ sub_bank_code: 'A1' }), [error('PP27', 'shape', 'sub_bank_code', 1)])
add('allinpay b2b: a branch code as a number', 'chapter 6', office({ sub_bank_code: 308584000013 }), [error('PP27', 'number-for-text', 'sub_bank_code', 1)])
add('allinpay b2b: a province of 21 characters', 'object page', office({ prov: '粤'.repeat(21) }), [error('PP27', 'too-long', 'prov', 1)])
add('allinpay b2b: a city of 41 characters', 'object page', office({ city: '深'.repeat(41) }), [error('PP27', 'too-long', 'city', 1)])
add('unionpay: a province of 21 characters', 'SDK samples', one('unionpay', { prov: '粤'.repeat(21) }), [error('PP27', 'too-long', 'prov', 1)])
add('unionpay: a city of 41 characters', 'SDK samples', one('unionpay', { city: '深'.repeat(41) }), [error('PP27', 'too-long', 'city', 1)])
add('allinpay b2b: a province with 省', 'object page', office({ prov: '广东省' }), [warning('PP28', 'suffix', 'prov', 1)])
add('allinpay b2b: a province with 自治区', 'object page', office({ prov: '内蒙古自治区' }), [warning('PP28', 'suffix', 'prov', 1)])
add('allinpay b2b: a city with 市', 'object page', office({ city: '南宁市' }), [warning('PP28', 'suffix', 'city', 1)])
add('allinpay b2b: a district of a municipality', 'object page', office({ prov: '北京', city: '朝阳' }), [])
add('unionpay: a city with 市', 'SDK samples', one('unionpay', { city: '深圳市' }), [])

// PP29
for (const channel of ['wx', 'wx_pub', 'wx_lite']) {
  add(`${channel}: a check of no name`, 'SDK samples', one(channel, { force_check: true }), [warning('PP29', 'no-effect', 'force_check', 1)])
}
add('wx: a check of an empty name', 'SDK samples', one('wx', { force_check: true, name: '' }), [warning('PP29', 'no-effect', 'force_check', 1)])
add('wx: no check of no name', 'SDK samples', one('wx', { force_check: false }), [])
add('wx: a check that is text', 'SDK samples', one('wx', { force_check: 'true', name: '张三' }), [error('PP29', 'not-boolean', 'force_check', 1)])
add('wx: a check that is a number', 'SDK samples', one('wx', { force_check: 1, name: '张三' }), [error('PP29', 'not-boolean', 'force_check', 1)])

// Everything at once, over the channel that has the most rules.
const badRow = {
  ...plain.allinpay(0),
  amount: Number.MAX_SAFE_INTEGER,
  order_no: '1009991230',
  description: '字'.repeat(31),
  open_bank_code: 102,
  business_code: 9900,
  card_type: '0',
  prov: '广东省',
  city: '深圳市',
  sub_bank_code: 'A1',
  open_id: 'o9zpMs9jIaLynQY9N6yx',
}
const twice = { ...plain.allinpay(1), ...branch, amount: Number.MAX_SAFE_INTEGER, account: '6200-0000', order_no: '2'.repeat(20) }
const broken = {
  app: 'app_1',
  batch_no: 'batch_no_1',
  channel: 'allinpay',
  amount: '100.00',
  description: '字'.repeat(101),
  recipients: [badRow, twice, twice, { amount: 0 }, 'row'],
  type: 'b2b',
  currency: 'CNY',
  metadata: pairs(21),
  notify_url: 'https://merchant.example/',
}

const here = new URL('.', import.meta.url)
const data = new URL('../data/pingpp/', here)
const note = 'rules PP01–PP29 of the Ping++ dossier (chapter 12); each case names its page as chapter 13 does; written by hand'
writeFileSync(new URL('pingpp-batches.json', here), `${JSON.stringify({ source: note, cases }, null, 1)}\n`)
mkdirSync(data, { recursive: true })
for (const channel of channels) {
  const whole = channel === 'alipay' ? sample : batch(channel, {}, [0, 1].map(full(channel)))
  const example = { ...whole, metadata: { purpose: '十月佣金' } }
  writeFileSync(new URL(`${channel}.json`, data), `${JSON.stringify(example, null, 2)}\n`)
}
writeFileSync(new URL('broken.json', data), `${JSON.stringify(broken, null, 2)}\n`)
console.log(`${cases.length} cases`)
