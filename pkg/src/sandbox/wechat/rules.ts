/*
 * What the sandbox demands of a batch: spec 8.1, 8.2 and 16, written down a second time on purpose.
 * The client's rules live in another language; where the two disagree, a test of one against the other goes red.
 */
import { isLoopback } from '../http.js'
import { isObject, type JsonObject } from '../json.js'
import { paramError, type Refusal } from './refusal.js'

/** One payment of a batch as it was sent. */
export interface Detail {
  readonly out_detail_no: string
  readonly transfer_amount: number
  readonly transfer_remark: string
  readonly openid: string
  /** Base64 of the sealed name. */
  readonly user_name?: string
}

/** A batch as it was sent. */
export interface BatchRequest {
  readonly appid: string
  readonly out_batch_no: string
  readonly batch_name: string
  readonly batch_remark: string
  readonly total_amount: number
  readonly total_num: number
  readonly transfer_detail_list: readonly Detail[]
  readonly transfer_scene_id?: string
  readonly notify_url?: string
}

const MOST_DETAILS = 1000
/** Below this many fen a name must not be given. */
const NAME_FORBIDDEN_BELOW = 30
/** From this many fen on a name must be given. */
const NAME_REQUIRED_FROM = 200_000
const LONGEST_NAME = 30

const NUMBER = /^[0-9A-Za-z]{1,32}$/
const BATCH_WRONG = '转账批次参数不正确'

/**
 * Reads a batch.
 *
 * @throws {Refusal} `PARAM_ERROR` naming the first field that breaks a rule.
 */
export function readBatch(body: JsonObject): BatchRequest {
  refuseNulls(body, '')
  const list = body.transfer_detail_list
  if (!Array.isArray(list)) throw paramError('/transfer_detail_list', 'must be an array', BATCH_WRONG)
  if (list.length < 1 || list.length > MOST_DETAILS) {
    throw paramError('/transfer_detail_list', `must hold 1 to ${MOST_DETAILS} details`, '转账明细笔数超出限制')
  }
  const batch: BatchRequest = {
    appid: matching(body, 'appid', '', /^[!-~]{1,32}$/, 'must be 1 to 32 ASCII characters'),
    out_batch_no: matching(body, 'out_batch_no', '', NUMBER, 'must be 1 to 32 letters and digits'),
    batch_name: textOf(body, 'batch_name', '', 32),
    batch_remark: textOf(body, 'batch_remark', '', 32),
    total_amount: fen(body, 'total_amount', ''),
    total_num: fen(body, 'total_num', ''),
    transfer_detail_list: list.map((detail: unknown, index) => readDetail(detail, `/transfer_detail_list/${index}`)),
    ...(body.transfer_scene_id !== undefined && { transfer_scene_id: textOf(body, 'transfer_scene_id', '', 36) }),
    ...(body.notify_url !== undefined && { notify_url: readNotifyUrl(textOf(body, 'notify_url', '', 256)) }),
  }
  // Observed: this bullet is refused although its UTF-8 form is short enough (spec 1.2).
  if (batch.batch_name.includes('\u2022'))
    throw paramError('/batch_name', 'has a character that is not taken', BATCH_WRONG)
  checkTotals(batch)
  checkUnique(batch)
  checkNames(batch)
  return batch
}

/** Checks the name of one detail after it was opened: 1 to 30 characters of the kind every field takes. */
export function checkName(name: string, field: string): void {
  const fault = textFault(name, LONGEST_NAME)
  if (fault) throw paramError(field, fault, '收款用户姓名不正确')
}

function readDetail(value: unknown, path: string): Detail {
  if (!isObject(value)) throw paramError(path, 'must be an object', BATCH_WRONG)
  const name = value.user_name
  if (name !== undefined && typeof name !== 'string')
    throw paramError(`${path}/user_name`, 'must be a string', BATCH_WRONG)
  return {
    out_detail_no: matching(value, 'out_detail_no', path, NUMBER, 'must be 1 to 32 letters and digits'),
    transfer_amount: fen(value, 'transfer_amount', path),
    transfer_remark: textOf(value, 'transfer_remark', path, 32),
    openid: matching(value, 'openid', path, /^[!-~]{1,128}$/, 'must be 1 to 128 ASCII characters'),
    ...(name && { user_name: name }), // an empty name is left empty by clients and means none (spec 5)
  }
}

function checkTotals(batch: BatchRequest): void {
  const list = batch.transfer_detail_list
  if (batch.total_num !== list.length) {
    throw paramError('/total_num', 'must be the number of details', '转账总笔数与明细笔数不一致')
  }
  const sum = list.reduce((total, detail) => total + BigInt(detail.transfer_amount), 0n)
  if (BigInt(batch.total_amount) !== sum) {
    throw paramError('/total_amount', 'must be the sum of the details', '转账总金额与明细金额之和不一致')
  }
}

function checkUnique(batch: BatchRequest): void {
  const seen = new Set<string>()
  for (const [index, { out_detail_no }] of batch.transfer_detail_list.entries()) {
    if (seen.has(out_detail_no)) {
      throw paramError(
        `/transfer_detail_list/${index}/out_detail_no`,
        'must be unique in the batch',
        '商家明细单号重复',
      )
    }
    seen.add(out_detail_no)
  }
}

function checkNames(batch: BatchRequest): void {
  const anyNamed = batch.transfer_detail_list.some(detail => detail.user_name)
  for (const [index, { transfer_amount: amount, user_name: name }] of batch.transfer_detail_list.entries()) {
    const fault = nameFault(amount, name !== undefined, anyNamed)
    if (fault) throw paramError(`/transfer_detail_list/${index}/user_name`, ...fault)
  }
}

function nameFault(amount: number, named: boolean, anyNamed: boolean): [issue: string, message: string] | undefined {
  if (named && amount < NAME_FORBIDDEN_BELOW) {
    return [`must be absent below ${NAME_FORBIDDEN_BELOW} fen`, '转账金额低于0.3元，不支持传入收款用户姓名']
  }
  if (!named && amount >= NAME_REQUIRED_FROM) {
    return [`is required from ${NAME_REQUIRED_FROM} fen on`, '明细转账金额大于等于2000元，收款用户姓名必填']
  }
  if (!named && anyNamed)
    return ['must be given for all details or for none', '同一批次转账明细中的姓名须全部传入或全部不传入']
  return undefined
}

/** https anywhere but in a private network, or http on this machine: the one thing a sandbox takes and WeChat Pay does not. */
function readNotifyUrl(text: string): string {
  const refuse = (issue: string): Refusal => paramError('/notify_url', issue, 'notify_url不正确')
  if (!URL.canParse(text)) throw refuse('must be an absolute URL')
  const { protocol, hostname } = new URL(text)
  if (text.includes('?') || text.includes('#')) throw refuse('must not have a query or a fragment')
  if (isLoopback(hostname) && /^https?:$/.test(protocol)) return text
  if (protocol !== 'https:') throw refuse('must be https, or http on a loopback address of this sandbox')
  if (PRIVATE.test(hostname)) throw refuse('must not be an address of a private network')
  return text
}

/** RFC 1918, RFC 3927, RFC 4193 and RFC 4291 addresses, and names that only a local network knows. */
const PRIVATE =
  /^(?:0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[(?:::|f[cd]|fe[89ab]))|\.local$|\.localhost$|^[^.[]+$/

function matching(from: JsonObject, name: string, path: string, shape: RegExp, rule: string): string {
  const value = from[name]
  if (typeof value !== 'string' || !shape.test(value)) throw paramError(`${path}/${name}`, rule, BATCH_WRONG)
  return value
}

function textOf(from: JsonObject, name: string, path: string, longest: number): string {
  const value = from[name]
  const fault = typeof value === 'string' ? textFault(value, longest) : 'must be a string'
  if (fault) throw paramError(`${path}/${name}`, fault, BATCH_WRONG)
  return value as string
}

/** Length in characters, which are UTF-16 units here: what would need two of them is refused (spec 1.2). */
function textFault(value: string, longest: number): string | undefined {
  if (/[\ud800-\udfff]/.test(value)) return 'has a character above U+FFFF'
  if (/\p{Cc}/u.test(value)) return 'has a control character'
  if (value.length < 1 || value.length > longest) return `must be 1 to ${longest} characters`
  return undefined
}

function fen(from: JsonObject, name: string, path: string): number {
  const value = from[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) {
    throw paramError(`${path}/${name}`, 'must be an integer above 0', BATCH_WRONG)
  }
  return value
}

function refuseNulls(value: unknown, path: string): void {
  if (value === null) throw paramError(path, 'null is not taken', BATCH_WRONG)
  if (typeof value !== 'object') return
  for (const [name, member] of Object.entries(value)) refuseNulls(member, `${path}/${name}`)
}
