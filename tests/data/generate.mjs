// Writes payouts-3000.csv, payouts-3000-wrong.csv and pingpp/payouts-mixed.json: `node tests/data/generate.mjs`.
// The same bytes every time: data.test.mjs compares them with the committed files. Nobody in them exists.
//
// The first two are what a spreadsheet program exports as "CSV UTF-8": byte order mark, CRLF, quotes only where needed.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { mistakes } from './mistakes.mjs'
import { mixedFile } from './mixed.mjs'
import { payeeName } from './names.mjs'
import { randomNumbers } from './random.mjs'

export const count = 3000
export const header = ['商户明细单号', 'openid', '姓名', '金额(元)', '备注']

/**
 * The sandbox ends a transfer to such a payee as failed, with the reason that the openid spells.
 * An openid has 28 characters, so the longest reasons do not fit.
 */
const failing = [
  'ACCOUNT_FROZEN',
  'ACCOUNT_FROZEN',
  'ACCOUNT_NOT_EXIST',
  'MERCHANT_REJECT',
  'NAME_NOT_CORRECT',
  'NAME_NOT_CORRECT',
  'NAME_NOT_CORRECT',
  'OPENID_INVALID',
  'OVERDUE_CLOSE',
  'REAL_NAME_CHECK_FAIL',
  'REAL_NAME_CHECK_FAIL',
  'TRANSFER_RISK',
]

const remarks = [
  ...['配送收入', '跑单奖励', '直播分成', '稿费', '推广佣金', '兼职工资', '差旅报销', '培训补贴', '回收货款', '司机运费'].flatMap(what => [
    `10月${what}`,
    `11月上旬${what}`,
    `2026年第44周${what}`,
  ]),
  '保证金退还',
  '错单赔付(已核对)',
  '补发，请查收',
  '补发,10月',
  '活动"双11"奖励',
  'Q3 bonus',
]

const openidCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Fen: most payments are small, a few are not, and a few need the name by the provider's rules (2000 yuan and more). */
function amount(random, index) {
  if (index % 250 === 123) return 200_000 + Math.floor(random() * 300_000)
  if (index % 100 === 17) return 30 + Math.floor(random() * 70)
  return 500 + Math.floor(random() ** 2 * 199_500)
}

export function yuan(fen) {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}

/** The rows of the good file, as text, in the order of `header`. */
export function goodRows() {
  const random = randomNumbers(20261122)
  const pick = list => list[Math.floor(random() * list.length)]
  const failingRows = new Map(failing.map((reason, index) => [Math.floor(((index + 0.5) * count) / failing.length), reason]))
  const openids = new Set()
  return Array.from({ length: count }, (_, index) => {
    const reason = failingRows.get(index)
    const prefix = reason ? `oFAIL_${reason}_` : 'o'
    let openid
    do openid = prefix + Array.from({ length: 28 - prefix.length }, () => pick(openidCharacters)).join('')
    while (openids.has(openid))
    openids.add(openid)
    const number = `S20261122${String(index + 1).padStart(5, '0')}`
    return [number, openid, payeeName(pick, random), yuan(amount(random, index)), pick(remarks)]
  })
}

/** The good file with one row spoiled for each kind of mistake; a row's neighbours stay as they were. */
export function wrongRows() {
  const rows = goodRows()
  for (const { row, spoil } of mistakes) rows[row - 1] = spoil([...rows[row - 1]], rows)
  return rows
}

function csv(rows) {
  const cell = text => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const lines = [header, ...rows].map(row => row.map(cell).join(','))
  return Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`)
}

/** Every generated file: name and bytes. */
export function files() {
  return [
    ['payouts-3000.csv', csv(goodRows())],
    ['payouts-3000-wrong.csv', csv(wrongRows())],
    ['pingpp/payouts-mixed.json', mixedFile()],
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, bytes] of files()) writeFileSync(new URL(name, import.meta.url), bytes)
}
