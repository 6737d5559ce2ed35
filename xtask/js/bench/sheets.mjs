// Sheets of any length for the validators: invented people, the same bytes every time, and on request one row in seven damaged.

import { payeeName } from '../../../tests/data/names.mjs'
import { randomNumbers } from '../../../tests/data/random.mjs'

const [NUMBER, OPENID, NAME, AMOUNT, REMARK] = [0, 1, 2, 3, 4]
const header = ['商户明细单号', 'openid', '姓名', '金额(元)', '备注']
const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const remarks = [
  '2026年11月上旬配送收入',
  '2026年第44周直播分成结算',
  '11月稿费及差旅报销',
  '补发,10月配送收入',
  '活动"双11"奖励',
  '错单赔付(已核对)',
]

const set = (column, value) => cells => {
  cells[column] = value
}

/** One rule each. */
const damages = [
  set(NUMBER, ''),
  set(NUMBER, 'S-20261122'),
  set(NUMBER, 'S1'),
  set(NUMBER, `S${'0'.repeat(32)}`),
  (cells, above) => set(NUMBER, above[NUMBER])(cells),
  set(AMOUNT, ''),
  set(AMOUNT, '12.345'),
  set(AMOUNT, '-5.00'),
  set(AMOUNT, '0.00'),
  set(AMOUNT, '伍拾元'),
  set(AMOUNT, '5000.01'),
  cells => {
    set(AMOUNT, '0.09')(cells)
    set(NAME, '')(cells)
  },
  set(AMOUNT, '0.29'),
  cells => {
    set(AMOUNT, '2500.00')(cells)
    set(NAME, '')(cells)
  },
  set(OPENID, ''),
  set(OPENID, 'o with blanks inside it'),
  set(OPENID, `o${'A'.repeat(128)}`),
  (cells, above) => {
    set(OPENID, above[OPENID])(cells)
    set(AMOUNT, above[AMOUNT])(cells)
  },
  set(REMARK, ''),
  set(REMARK, '十月配送收入'.repeat(6)),
  set(REMARK, '辛苦了🎉'),
  set(REMARK, '第一行\n第二行'),
  set(REMARK, '满★奖励'),
  set(NAME, '王\u0007芳'),
  set(NAME, '李𠮷明'),
  set(NAME, '阿'.repeat(72)),
  set(NAME, '阿'.repeat(31)),
  set(NAME, '阿'),
  // What a spreadsheet did.
  set(AMOUNT, '1.2E+03'),
  set(AMOUNT, '１２.００'),
  cells => set(OPENID, `${cells[OPENID]} `)(cells),
  set(REMARK, ' 十一月稿费'),
  set(REMARK, '=1+1'),
  set(NUMBER, '#REF!'),
  cells => set(NUMBER, `1234567${cells[NUMBER].slice(-8)}00000`)(cells),
]

function yuan(fen) {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}

const written = text => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** CSV in UTF-8, about 92 bytes a row. */
export function sheet(count, { damaged = false } = {}) {
  const random = randomNumbers(20261125)
  const pick = list => list[Math.floor(random() * list.length)]
  const lines = [header.join(',')]
  let above
  for (let index = 0; index < count; index++) {
    let openid = 'o'
    while (openid.length < 28) openid += pick(characters)
    const number = `S20261125${String(index + 1).padStart(8, '0')}`
    const cells = [number, openid, payeeName(pick, random), yuan(500 + Math.floor(random() * 199_000)), pick(remarks)]
    // Never two in a row, so that what is copied from the row above is sound.
    if (damaged && index % 7 === 3) damages[Math.floor(index / 7) % damages.length](cells, above)
    above = cells
    lines.push(cells.map(written).join(','))
  }
  return new TextEncoder().encode(`\uFEFF${lines.join('\r\n')}\r\n`)
}
