// The job "3,000 payees" as a careful programmer writes it by hand on node:crypto: the yardstick of the bench.
// Keys are parsed once, rows are looked at once, the body is serialized once.

import { constants, publicEncrypt, randomBytes, sign } from 'node:crypto'

const NUMBER = /^[0-9A-Za-z]{1,32}$/
const OPENID = /^[\x21-\x7e]{1,128}$/
const CONTROL = /\p{Cc}/u
const PLAIN = /^[\p{L}\p{N}\p{M}\p{Zs}·.,;:!?'"()/+\-_&@#%，。、；：！？‘’“”（）《》【】￥…—]*$/u
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** No control characters, nothing beyond the basic plane, no half characters; length in characters. */
function textIsBad(text, most) {
  if (text.length < 1 || text.length > most || CONTROL.test(text)) return true
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit <= 0xdfff) return true
  }
  return false
}

/** The provider's rules for a batch; every issue, in row order. */
function validate(batch, limits) {
  const issues = []
  const issue = (code, severity, row, field) => issues.push({ code, severity, row, field })
  if (!batch.appid || batch.appid.length > 32) issue('V01', 'error', undefined, 'appid')
  if (!NUMBER.test(batch.out_batch_no)) issue('V02', 'error', undefined, 'out_batch_no')
  if (textIsBad(batch.batch_name, 32)) issue('V16', 'error', undefined, 'batch_name')
  if (textIsBad(batch.batch_remark, 32)) issue('V16', 'error', undefined, 'batch_remark')
  const details = batch.transfer_detail_list
  if (details.length < 1 || details.length > limits.maxDetails) issue('V06', 'error', undefined, 'transfer_detail_list')
  if (batch.total_num !== details.length) issue('V07', 'error', undefined, 'total_num')
  const numbers = new Set()
  const payments = new Set()
  let total = 0
  let named = 0
  for (let index = 0; index < details.length; index++) {
    const { out_detail_no, transfer_amount, transfer_remark, openid, user_name } = details[index]
    const row = index + 1
    if (!NUMBER.test(out_detail_no) || numbers.has(out_detail_no)) issue('V04', 'error', row, 'out_detail_no')
    numbers.add(out_detail_no)
    if (out_detail_no.length < 5) issue('V03', 'warning', row, 'out_detail_no')
    if (!Number.isSafeInteger(transfer_amount) || transfer_amount <= 0) issue('V09', 'error', row, 'transfer_amount')
    else if (transfer_amount < limits.minAmount) issue('V10', 'error', row, 'transfer_amount')
    else if (transfer_amount > limits.maxAmount) issue('V11', 'warning', row, 'transfer_amount')
    total += transfer_amount
    if (!OPENID.test(openid)) issue('V15', 'error', row, 'openid')
    if (textIsBad(transfer_remark, 32)) issue('V16', 'error', row, 'transfer_remark')
    else if (!PLAIN.test(transfer_remark)) issue('V17b', 'warning', row, 'transfer_remark')
    if (user_name) {
      named += 1
      if (transfer_amount < limits.nameForbiddenBelow) issue('V12', 'error', row, 'user_name')
      if (textIsBad(user_name, 214) || Buffer.byteLength(user_name) > 214) issue('V18', 'error', row, 'user_name')
      else if (!PLAIN.test(user_name)) issue('V17b', 'warning', row, 'user_name')
      if (user_name.length < 2 || user_name.length > 30) issue('V18', 'warning', row, 'user_name')
    } else if (transfer_amount >= limits.nameRequiredFrom) issue('V13', 'error', row, 'user_name')
    const payment = `${openid} ${transfer_amount}`
    if (payments.has(payment)) issue('V25', 'warning', row, 'openid')
    payments.add(payment)
  }
  if (named !== 0 && named !== details.length) issue('V14', 'error', undefined, 'user_name')
  if (total !== batch.total_amount) issue('V08', 'error', undefined, 'total_amount')
  return issues
}

function nonce() {
  // 32 of 62 characters; bytes from 248 on would favour the first ones.
  let text = ''
  while (text.length < 32)
    for (const byte of randomBytes(48)) if (byte < 248 && text.length < 32) text += ALPHABET[byte % 62]
  return text
}

/** The Authorization header of one request; `merchant.sign` may stand for node:crypto's. */
export function authorize(merchant, method, target, body) {
  const timestamp = Math.floor(Date.now() / 1000)
  const once = nonce()
  const message = Buffer.concat([Buffer.from(`${method}\n${target}\n${timestamp}\n${once}\n`), body, Buffer.from('\n')])
  const signature = merchant.sign?.(message) ?? sign('sha256', message, merchant.privateKey).toString('base64')
  return (
    `WECHATPAY2-SHA256-RSA2048 mchid="${merchant.mchid}",nonce_str="${once}",` +
    `timestamp="${timestamp}",serial_no="${merchant.serialNo}",signature="${signature}"`
  )
}

/** A signed request for one valid batch; `seal` turns a name into base64. */
function request(merchant, batch, seal) {
  const sealed = {
    ...batch,
    transfer_detail_list: batch.transfer_detail_list.map(detail => ({ ...detail, user_name: seal(detail.user_name) })),
  }
  const body = Buffer.from(JSON.stringify(sealed))
  const headers = {
    Authorization: authorize(merchant, 'POST', '/v3/transfer/batches', body),
    'Content-Type': 'application/json',
    'Wechatpay-Serial': merchant.sealFor.id,
  }
  return { headers, body }
}

/** Seals with a parsed key, as node:crypto does it fastest. */
function sealer(publicKey) {
  const options = { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
  return name => publicEncrypt(options, Buffer.from(name)).toString('base64')
}

/** Objects in, signed requests out. */
export function payObjects(merchant, batches, limits) {
  const seal = sealer(merchant.sealFor.publicKey)
  return batches.map(batch => {
    const issues = validate(batch, limits)
    if (issues.some(issue => issue.severity === 'error')) throw new Error(`${issues.length} issues`)
    return request(merchant, batch, seal)
  })
}

/** RFC 4180: quoted cells, doubled quotes, any line end. */
function parseCsv(text) {
  const rows = []
  let row = []
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      for (;;) {
        const end = text.indexOf('"', at + 1)
        if (end < 0) throw new Error('a quote is not closed')
        cell += text.slice(at + 1, end)
        at = end + 1
        if (text[at] !== '"') break
        cell += '"'
      }
    } else {
      const start = at
      while (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r') at += 1
      cell = text.slice(start, at)
    }
    row.push(cell)
    if (text[at] === ',') {
      at += 1
      continue
    }
    if (text[at] === '\r') at += 1
    if (text[at] === '\n') at += 1
    rows.push(row)
    row = []
  }
  return rows
}

/** CSV bytes in, batches of `size` out. */
export function readBatches(bytes, frame, size) {
  const [header, ...rows] = parseCsv(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  if (header.length !== 5) throw new Error('other columns than expected')
  const details = rows.map(([out_detail_no, openid, user_name, yuan, transfer_remark]) => {
    if (!/^(0|[1-9]\d{0,12})(\.\d{1,2})?$/.test(yuan)) throw new Error('not an amount')
    const [whole, part = ''] = yuan.split('.')
    const transfer_amount = Number(whole) * 100 + Number(part.padEnd(2, '0'))
    return { out_detail_no, transfer_amount, transfer_remark, openid, user_name }
  })
  const batches = []
  for (let start = 0; start < details.length; start += size) {
    const transfer_detail_list = details.slice(start, start + size)
    batches.push({
      ...frame,
      out_batch_no: `${frame.out_batch_no}${String(batches.length + 1).padStart(2, '0')}`,
      total_amount: transfer_detail_list.reduce((sum, detail) => sum + detail.transfer_amount, 0),
      total_num: transfer_detail_list.length,
      transfer_detail_list,
    })
  }
  return batches
}
