/** Sheets of invented people, the same on every run; some of their cells are wrong on purpose. */
import { payeeName } from '../data/names.mjs'
import { randomNumbers } from '../data/random.mjs'

export const header = ['商户明细单号', 'openid', '姓名', '金额(元)', '备注']

/** What is wrong in which row of `sheet`, counted from 0: the cells that have a certain fix, and the ones that have none. */
export const wrong = {
  halfwidth: { row: 3, column: 3, text: '１２．５０' },
  trim: { row: 5, column: 1, text: cell => ` ${cell}` },
  precise: { row: 8, column: 3, text: '12.345', right: '12.34' },
  empty: { row: 11, column: 4, text: '', right: '十月稿费' },
}

/** @param count rows; every twentieth row repeats the mistakes of the first twenty, if there are any */
export function sheet(count, { mistakes = false } = {}) {
  const random = randomNumbers(20261125)
  const pick = list => list[Math.floor(random() * list.length)]
  const lines = [header.join(',')]
  for (let index = 0; index < count; index++) {
    const amount = `${5 + Math.floor(random() * 190)}.${String(Math.floor(random() * 100)).padStart(2, '0')}`
    const cells = [
      `P${String(index + 1).padStart(8, '0')}`,
      `o${String(index).padStart(7, '0')}${'abcdefghijklmnopqrst'.slice(0, 20)}`,
      payeeName(pick, random),
      amount,
      pick(['十月稿费', '配送收入', '差旅报销', '推广佣金']),
    ]
    if (mistakes) spoil(cells, index)
    lines.push(cells.join(','))
  }
  return Buffer.from(`\uFEFF${lines.join('\r\n')}\r\n`)
}

function spoil(cells, index) {
  // Sparse in a large file, as mistakes are.
  if (index >= 20 && index % 1000 >= 20) return
  for (const { row, column, text } of Object.values(wrong)) {
    if (index % 20 === row) cells[column] = typeof text === 'function' ? text(cells[column]) : text
  }
}
