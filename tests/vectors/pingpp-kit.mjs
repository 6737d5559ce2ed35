// What the cases of pingpp-batches.mjs are made from: recipients and batches of every channel, and how a case is written down.
// Nobody in them exists; the card numbers are test numbers.

export const app = 'app_1Gqj58ynP0mHeX1q'
const card = index => ['6200000000000005', '6200000000000047', '4111111111111111'][index]
const person = index => ['张三', '李四', '王五'][index]
export const company = '示例科技有限公司'
export const allinpayNumber = index => `1009991230${'20261122080000'}${String(index + 1).padStart(6, '0')}`
export const branch = { sub_bank: '招商银行示例支行', sub_bank_code: '308584000013', prov: '广东', city: '深圳' }

/** Recipient `index` of a channel, with every required field and nothing else. */
export const plain = {
  alipay: index => ({ account: `account0${index + 1}@alipay.com`, amount: [5000, 3000, 2000][index], name: person(index) }),
  unionpay: index => ({ account: card(index), amount: 5000 + index, name: person(index), open_bank_code: '0308' }),
  wx: index => ({ open_id: `o9zpMs9jIaLynQY9N6yxcZ0000${index}`, amount: 500 + index }),
  allinpay: index => ({ account: card(index), amount: 5000 + index, name: person(index), open_bank_code: '0102' }),
  jdpay: index => ({ account: card(index), amount: 5000 + index, name: person(index), open_bank_code: '0308' }),
  balance: index => ({ user: `user_00${index + 1}`, amount: 5000 + index }),
}
plain.wx_pub = plain.wx
plain.wx_lite = plain.wx

/** The fields that a recipient may have besides, without those of b2b. */
const more = {
  alipay: index => ({ account_type: 'ALIPAY_LOGONID', description: '十月佣金', order_no: `20161010103800${index}` }),
  unionpay: index => ({ open_bank: '招商银行', description: '十月佣金', order_no: `2016101010380${index}`, prov: '广东', city: '深圳' }),
  wx: index => ({ name: person(index), force_check: true, description: '十月佣金', order_no: `Wx20161010${index}` }),
  allinpay: index => ({ description: '十月佣金', business_code: '09900', card_type: 0, order_no: allinpayNumber(index) }),
  jdpay: index => ({ description: '十月佣金', order_no: `20161010103800${index}` }),
  balance: index => ({ description: '十月佣金', order_no: `20161010-103800_${index}` }),
}
more.wx_pub = more.wx
more.wx_lite = more.wx

export const channels = ['alipay', 'unionpay', 'wx', 'wx_pub', 'wx_lite', 'allinpay', 'jdpay', 'balance']
export const payee = { alipay: 'account', unionpay: 'account', wx: 'open_id', wx_pub: 'open_id', wx_lite: 'open_id', allinpay: 'account', jdpay: 'account', balance: 'user' }
export const forCompanies = ['alipay', 'unionpay', 'allinpay', 'jdpay']

export const full = channel => index => ({ ...plain[channel](index), ...more[channel](index) })
export const rows = (channel, count = 2) => Array.from({ length: count }, (_, index) => plain[channel](index))

export function batch(channel, change = {}, recipients = rows(channel)) {
  const sum = recipients.reduce((total, row) => total + (Number.isSafeInteger(row?.amount) ? row.amount : 0), 0)
  return {
    app,
    batch_no: '2016101010380007',
    channel,
    amount: sum,
    description: '十月佣金结算',
    recipients,
    type: 'b2c',
    currency: 'cny',
    ...change,
  }
}

export const cases = []
export function add(comment, source, content, expect, limits) {
  const input = typeof content === 'string' ? { json: content } : { batch: content }
  // jdpay is retired: every batch of it is said to be.
  const retired = content.channel === 'jdpay' || /"channel":"jdpay"/.test(input.json ?? '')
  const all = retired ? [warning('PP03', 'retired', 'channel'), ...expect] : expect
  cases.push({ id: cases.length + 1, comment, source, ...(limits ? { limits } : {}), ...input, expect: all })
}
export const error = (code, reason, field, row) => ({ code, reason, severity: 'error', field, ...(row ? { row } : {}) })
export const warning = (code, reason, field, row) => ({ ...error(code, reason, field, row), severity: 'warning' })

/** A batch whose first recipient is changed. */
export const one = (channel, change, top = {}) => batch(channel, top, [{ ...plain[channel](0), ...change }, plain[channel](1)])
/** The JSON text of a batch with `text` in the place of the value '@'. */
export const raw = (content, text) => JSON.stringify(content).replace('"@"', text)
export const without = (object, ...names) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
