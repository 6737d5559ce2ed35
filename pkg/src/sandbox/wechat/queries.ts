import { beijingTime } from '../clock.js'
import type { Batch, Batches, Payment } from './batches.js'
import type { Merchant } from './merchant.js'
import { notFound, paramError, type Refusal } from './refusal.js'
import { sealName } from './sealing.js'

/** How a query names its batch and, if it wants one payment, the payment: Q1 to Q4 of spec 8.4. */
export interface Wanted {
  readonly batch_id?: string
  readonly out_batch_no?: string
  readonly detail_id?: string
  readonly out_detail_no?: string
}

/** How far back queries reach, in milliseconds. */
const REACH = 30 * 86_400_000

const DETAIL_STATUSES = ['ALL', 'SUCCESS', 'FAIL', 'WAIT_PAY']

/** Answers Q1 and Q2: a batch, with one page of its payments if they are asked for and the batch is finished. */
export function describeBatch(
  wanted: Wanted,
  query: string,
  batches: Batches,
  merchant: Merchant,
  now: number,
): unknown {
  const { details, offset, limit, status } = readQuery(query)
  const batch = findBatch(wanted, batches, now)
  const { request } = batch
  const listed = batch.payments.filter(payment => status === 'ALL' || payment.status === status)
  return {
    transfer_batch: {
      mchid: merchant.mchid,
      out_batch_no: request.out_batch_no,
      batch_id: batch.batch_id,
      appid: request.appid,
      batch_status: batch.status,
      batch_type: 'API',
      batch_name: request.batch_name,
      batch_remark: request.batch_remark,
      close_reason: batch.closeReason,
      total_amount: request.total_amount,
      total_num: request.total_num,
      create_time: beijingTime(batch.created),
      update_time: beijingTime(batch.updated),
      ...totalsOf(batch),
      transfer_scene_id: request.transfer_scene_id ?? '',
    },
    transfer_detail_list:
      details && batch.status === 'FINISHED' ? listed.slice(offset, offset + limit).map(listing) : undefined,
    offset,
    limit,
  }
}

/** Answers Q3 and Q4: one payment. */
export function describePayment(wanted: Wanted, batches: Batches, merchant: Merchant, now: number): unknown {
  const batch = findBatch(wanted, batches, now)
  const payment = batch.payments.find(({ detail_id, detail }) =>
    wanted.detail_id ? detail_id === wanted.detail_id : detail.out_detail_no === wanted.out_detail_no,
  )
  if (!payment) throw notFound()
  const { detail, name } = payment
  return {
    mchid: merchant.mchid,
    out_batch_no: batch.request.out_batch_no,
    batch_id: batch.batch_id,
    appid: batch.request.appid,
    out_detail_no: detail.out_detail_no,
    detail_id: payment.detail_id,
    detail_status: payment.status,
    transfer_amount: detail.transfer_amount,
    transfer_remark: detail.transfer_remark,
    fail_reason: payment.failReason,
    openid: detail.openid,
    user_name: name === undefined ? undefined : sealName(name, merchant.keys.publicKey),
    // The tables require it; real replies about failures come without (spec 8.4).
    initiate_time: payment.status === 'FAIL' ? undefined : beijingTime(batch.created),
    update_time: beijingTime(payment.updated),
  }
}

/** How many payments of a batch have ended which way, and their sums in fen. */
export function totalsOf(batch: Batch) {
  const sum = (status: Payment['status']) => {
    const amounts = batch.payments
      .filter(payment => payment.status === status)
      .map(({ detail }) => detail.transfer_amount)
    return { number: amounts.length, amount: amounts.reduce((total, amount) => total + amount, 0) }
  }
  const [success, fail] = [sum('SUCCESS'), sum('FAIL')]
  return {
    success_amount: success.amount,
    success_num: success.number,
    fail_amount: fail.amount,
    fail_num: fail.number,
  }
}

function findBatch(wanted: Wanted, batches: Batches, now: number): Batch {
  const batch = batches.find(({ batch_id, request }) =>
    wanted.batch_id ? batch_id === wanted.batch_id : request.out_batch_no === wanted.out_batch_no,
  )
  if (!batch || now - batch.created > REACH) throw notFound()
  return batch
}

function listing({ detail, detail_id, status }: Payment): unknown {
  return { detail_id, out_detail_no: detail.out_detail_no, detail_status: status }
}

function readQuery(query: string): { details: boolean; offset: number; limit: number; status: string } {
  const parameters = new URLSearchParams(query)
  const take = (name: string): string | undefined => {
    const values = parameters.getAll(name)
    if (values.length > 1) throw wrong(name, 'stands twice')
    return values[0]
  }
  const need = take('need_query_detail')
  if (need !== 'true' && need !== 'false') throw wrong('need_query_detail', 'must be true or false')
  const status = take('detail_status')
  if (status === undefined && need === 'true') throw wrong('detail_status', 'is required when details are wanted')
  if (status !== undefined && !DETAIL_STATUSES.includes(status)) {
    throw wrong('detail_status', `must be ${DETAIL_STATUSES.join(', ')}`)
  }
  return {
    details: need === 'true',
    offset: integer('offset', take('offset') ?? '0', 0, Number.MAX_SAFE_INTEGER),
    limit: integer('limit', take('limit') ?? '20', 20, 100),
    status: status ?? 'ALL',
  }
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (!/^\d{1,16}$/.test(text) || value < least || value > most) {
    throw wrong(name, `must be an integer from ${least} to ${most}`)
  }
  return value
}

function wrong(name: string, issue: string): Refusal {
  return paramError(name, issue, '参数错误', 'query')
}
