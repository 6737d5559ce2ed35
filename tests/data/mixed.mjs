// A file of payees over all eight channels of Ping++, as a merchant's own system might export it: each row says its channel and holds the
// fields that Ping++ takes for a recipient of it. Nobody in it exists: the domains, the card prefix and the user ids belong to no one.

import { payeeName } from './names.mjs'
import { randomNumbers } from './random.mjs'

/** The number that Allinpay gave this merchant: its order numbers begin with it. */
export const allinpayMerchant = '1009991230'

/** How many payees each channel has; the last is retired and still answered. */
const counts = { alipay: 92, wx_lite: 71, wx_pub: 58, wx: 44, unionpay: 55, allinpay: 37, balance: 33, jdpay: 10 }
/** One payee in so many fails: the sandbox pays nobody whose account begins with `fail`, `oFAIL_` or six zeros. */
const oneIn = 35

const banks = ['0102', '0103', '0105', '0301', '0308', '0310']
const purposes = ['10月佣金', '11月上旬佣金', '直播分成', '推广奖励', '跑单奖励', '差旅报销', '稿费']
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The rows, in the order in which payees came up: the channels are mixed. */
export function mixedRows() {
  const random = randomNumbers(20261123)
  const pick = list => list[Math.floor(random() * list.length)]
  const digits = length => Array.from({ length }, () => Math.floor(random() * 10)).join('')
  const amount = () => 100 + Math.floor(random() ** 2 * 99_900)
  const card = fails => (fails ? '000000' : '62000000') + digits(fails ? 10 : 11)
  const bank = fails => ({ account: card(fails), name: payeeName(pick, random), open_bank_code: pick(banks) })
  const openid = fails => ({ open_id: (fails ? 'oFAIL_' : 'o') + Array.from({ length: fails ? 22 : 27 }, () => pick(letters)).join('') })
  const recipient = {
    alipay: fails =>
      !fails && random() < 0.2
        ? { account: `2088000000${digits(6)}`, account_type: 'ALIPAY_USERID', name: payeeName(pick, random) }
        : { account: `${fails ? 'fail' : 'payee'}${digits(6)}@example.com`, name: payeeName(pick, random) },
    unionpay: bank,
    wx: openid,
    wx_pub: openid,
    wx_lite: fails => (random() < 0.5 ? openid(fails) : { ...openid(fails), name: payeeName(pick, random), force_check: true }),
    allinpay: fails => ({ ...bank(fails), card_type: 0 }),
    balance: fails => ({ user: `${fails ? 'fail' : 'user'}_${digits(8)}` }),
    jdpay: bank,
  }
  const orderNo = (channel, index) => {
    const sequence = String(index + 1).padStart(6, '0')
    if (channel === 'unionpay') return `20261122${sequence}`
    if (channel === 'allinpay') return `${allinpayMerchant}20261122${sequence}`
    return `${channel.replace('_', '')}20261122${sequence}`
  }
  const waiting = Object.entries(counts).flatMap(([channel, count]) =>
    Array.from({ length: count }, (_, index) => ({ channel, fails: index % oneIn === oneIn >> 2 })),
  )
  const rows = []
  while (waiting.length > 0) {
    const [{ channel, fails }] = waiting.splice(Math.floor(random() * waiting.length), 1)
    const order_no = orderNo(channel, rows.length)
    rows.push({ channel, order_no, ...recipient[channel](fails), amount: amount(), description: pick(purposes) })
  }
  return rows
}

/** The file: one payee a line, so that a difference shows. */
export function mixedFile() {
  const head = `"description": "2026年11月佣金", "allinpay_merchant": "${allinpayMerchant}"`
  const lines = mixedRows().map(row => `    ${JSON.stringify(row)}`)
  return Buffer.from(`{\n  ${head},\n  "payees": [\n${lines.join(',\n')}\n  ]\n}\n`)
}
