// The validation of a sheet as a careful programmer writes it on PapaParse: the same rules as the package, with the same counts.

import Papa from 'papaparse'

const utf8 = new TextEncoder()
const WORD = /^[0-9A-Za-z]+$/
const GRAPHIC = /^[\x21-\x7e]+$/
const CONTROL = /\p{Cc}/u
const ASTRAL = /[\u{10000}-\u{10ffff}]/u
const ORDINARY = /^[\p{Alphabetic}\p{N} -~\u00b7\u2013-\u201d\u2026\u3000-\u303f\uff01-\uffee]*$/u
const YUAN = /^(?:0|[1-9]\d*)(?:\.\d{1,2})?$/
const fields = {
  商户明细单号: 'number',
  openid: 'openid',
  姓名: 'name',
  '金额(元)': 'amount',
  备注: 'remark',
}

// What spreadsheets do to values. Nearly every cell is harmless, so one look at all of it comes first.
const SUSPECT =
  /^[\s\u200b-\u200f\u2060\u202a-\u202e=@+\-#]|[\s\u200b-\u200f\u2060\u202a-\u202e]$|[\uff01-\uff5e\u3000。￥]|^\d[\d.]*[eE]|^\d{17}/
const AROUND = /^[\s\u200b-\u200f\u2060\u202a-\u202e]|[\s\u200b-\u200f\u2060\u202a-\u202e]$/
const FAULT = /^#(?:REF!|N\/A|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|#*)$/
const WIDE = /[\uff01-\uff5e\u3000。￥]/
const E_NOTATION = /^\d+(?:\.\d+[eE][+-]?|[eE][+-])\d+$/
const CUT = /^\d{15}00+$/

/** What is suspicious in a cell; `kind` is number, amount or text. */
function suspicion(value, kind) {
  const code = kind !== 'text'
  if (FAULT.test(value)) return ['SH10', 'error']
  if (AROUND.test(value)) return ['SH05', code ? 'error' : 'warning']
  if (/^[=@]/.test(value) || (kind !== 'amount' && /^[+-]\D/.test(value))) return ['SH06', 'error']
  if (code && WIDE.test(value)) return ['SH04', 'error']
  if (code && E_NOTATION.test(value)) return ['SH01', 'error']
  if (kind === 'number' && CUT.test(value)) return ['SH02', 'warning']
  return undefined
}

/** Fen; 0 for whatever is no amount. */
function fenOf(text) {
  if (!YUAN.test(text)) return 0
  const [whole, part = ''] = text.split('.')
  const fen = Number(whole) * 100 + Number(part.padEnd(2, '0'))
  return Number.isSafeInteger(fen) ? fen : 0
}

/** Every issue, in row order: `{ code, severity, row, field }`. */
export function check(bytes, limits) {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  const { data } = Papa.parse(text, { skipEmptyLines: true })
  const at = Object.fromEntries(data[0].map((title, column) => [fields[title], column]))
  const issues = []
  const numbers = new Set()
  const payments = new Set()
  let total = 0
  let row = 0
  const error = (code, field) => issues.push({ code, severity: 'error', row, field })
  const warning = (code, field) => issues.push({ code, severity: 'warning', row, field })
  /** The text of a cell; undefined where it is not what was meant. */
  const read = (value, field, kind) => {
    if (!SUSPECT.test(value)) return value
    const [code, severity] = suspicion(value, kind) ?? []
    if (code) issues.push({ code, severity, row, field })
    return severity === 'error' ? undefined : value
  }
  /** Whether nothing in it is refused. */
  const sound = (value, field) => {
    if (CONTROL.test(value) || ASTRAL.test(value)) {
      error('V17', field)
      return false
    }
    if (!ORDINARY.test(value)) warning('V17b', field)
    return true
  }
  for (let index = 1; index < data.length; index++) {
    const cells = data[index]
    row = index + 1
    const number = read(cells[at.number] ?? '', 'out_detail_no', 'number')
    const amount = read(cells[at.amount] ?? '', 'transfer_amount', 'amount')
    const remark = read(cells[at.remark] ?? '', 'transfer_remark', 'text')
    const openid = read(cells[at.openid] ?? '', 'openid', 'number')
    const name = read(cells[at.name] ?? '', 'user_name', 'text')

    if (number === undefined);
    else if (!WORD.test(number) || number.length > 32) error('V04', 'out_detail_no')
    else {
      if (number.length < 5) warning('V03', 'out_detail_no')
      if (numbers.has(number)) error('V04', 'out_detail_no')
      numbers.add(number)
    }

    const fen = amount === undefined ? 0 : fenOf(amount)
    if (amount === undefined);
    else if (fen === 0) error('V09', 'transfer_amount')
    else if (fen < limits.minAmount) error('V10', 'transfer_amount')
    else if (fen > limits.maxAmount) warning('V11', 'transfer_amount')
    total += fen

    if (remark === undefined);
    else if (remark === '') error('V16', 'transfer_remark')
    else {
      sound(remark, 'transfer_remark')
      if (remark.length > 32 && [...remark].length > 32) error('V16', 'transfer_remark')
    }

    if (openid === undefined);
    else if (!GRAPHIC.test(openid) || openid.length > 128) error('V15', 'openid')
    else if (fen > 0) {
      const payment = `${openid} ${fen}`
      if (payments.has(payment)) warning('V25', 'openid')
      payments.add(payment)
    }

    if (name === undefined);
    else if (name === '') {
      if (fen >= limits.nameRequiredFrom) error('V13', 'user_name')
    } else {
      if (fen > 0 && fen < limits.nameForbiddenBelow) error('V12', 'user_name')
      const fine = sound(name, 'user_name')
      if (name.length > 71 && utf8.encode(name).length > 214) error('V18', 'user_name')
      else if (fine && (name.length < 2 || name.length > 30)) warning('V18', 'user_name')
    }
  }
  return { ok: !issues.some(issue => issue.severity === 'error'), count: data.length - 1, total, issues }
}
