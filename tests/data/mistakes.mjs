// What is wrong with payouts-3000-wrong.csv, one row for each kind of mistake: `row` counts payees from 1, so the line
// of the sheet is one more. `field` is what the report has to name, `severity` how grave it is.

const [NUMBER, OPENID, NAME, AMOUNT, REMARK] = [0, 1, 2, 3, 4]
const fields = ['out_detail_no', 'openid', 'user_name', 'transfer_amount', 'transfer_remark']

let next = 0
function mistake(column, comment, value, severity = 'error') {
  next += 1
  // Spread over the whole file, so that every batch of the split has some.
  const row = next * 98 - 40
  const spoil = (cells, rows) => {
    cells[column] = typeof value === 'function' ? value(cells, rows) : value
    return cells
  }
  return { row, field: fields[column], comment, severity, spoil }
}

export const mistakes = [
  mistake(AMOUNT, 'three decimals', '12.345'),
  mistake(AMOUNT, 'a word', '伍拾元'),
  mistake(AMOUNT, 'empty', ''),
  mistake(AMOUNT, 'negative', '-5.00'),
  mistake(AMOUNT, 'zero', '0.00'),
  mistake(AMOUNT, 'below the smallest transfer', '0.05'),
  mistake(NAME, 'a name for an amount too small for one', cells => {
    cells[AMOUNT] = '0.29'
    return cells[NAME]
  }),
  mistake(AMOUNT, 'scientific notation', '1.2E+03'),
  mistake(AMOUNT, 'currency sign', '￥50.00'),
  mistake(AMOUNT, 'beyond every integer', '99999999999999999999.00'),
  mistake(NAME, 'no name for an amount that needs one', cells => {
    cells[AMOUNT] = '2500.00'
    return ''
  }),
  mistake(NAME, 'control character', '王\u0007芳'),
  mistake(NAME, 'character beyond the basic plane', '李𠮷明'),
  mistake(NAME, 'longer than a key can seal', '阿'.repeat(72)),
  mistake(NAME, 'bullet instead of the middle dot', '热依汗\u2022买买提', 'warning'),
  mistake(OPENID, 'empty', ''),
  mistake(OPENID, 'space inside', cells => `${cells[OPENID].slice(0, 10)} ${cells[OPENID].slice(11)}`),
  mistake(OPENID, 'letters that are not ASCII', cells => `${cells[OPENID].slice(0, 20)}微信`),
  mistake(OPENID, 'too long', cells => cells[OPENID].repeat(5)),
  mistake(OPENID, 'same payee and amount as the row above', (cells, rows) => {
    const above = rows[rows.findIndex(row => row[NUMBER] === cells[NUMBER]) - 1]
    cells[AMOUNT] = above[AMOUNT]
    return above[OPENID]
  }, 'warning'),
  mistake(NUMBER, 'hyphen', 'S-2026112-1849'),
  mistake(NUMBER, 'empty', ''),
  mistake(NUMBER, 'the number of another row', (_, rows) => rows[0][NUMBER]),
  mistake(NUMBER, 'a long number that a spreadsheet rounded', '2.02611E+13'),
  mistake(NUMBER, 'longer than 32 characters', cells => cells[NUMBER].repeat(3)),
  mistake(NUMBER, 'too short for a receipt', 'S1', 'warning'),
  mistake(REMARK, 'empty', ''),
  mistake(REMARK, 'longer than 32 characters', '十月配送收入'.repeat(6)),
  mistake(REMARK, 'emoji', '辛苦了🎉'),
  mistake(REMARK, 'line break', '第一行\n第二行'),
]
