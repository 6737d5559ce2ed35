import { beijingDay, beijingTime } from '../clock.js'
import type { Fault } from '../faults.js'
import { headerOf, type Incoming } from '../http.js'
import { canonicalJson, JsonError, type JsonObject, readObject } from '../json.js'
import type { World } from '../provider.js'
import type { Merchant, PlatformKey } from './merchant.js'
import { announce } from './notifications.js'
import { type FailReason, failReason } from './outcomes.js'
import { invalidRequest, paramError, Refusal } from './refusal.js'
import { type BatchRequest, checkName, type Detail, readBatch } from './rules.js'
import { openName } from './sealing.js'

/** One payment of an accepted batch. */
export interface Payment {
  readonly detail: Detail
  readonly detail_id: string
  /** The opened name; absent when none was given. */
  readonly name: string | undefined
  status: 'INIT' | 'WAIT_PAY' | 'PROCESSING' | 'SUCCESS' | 'FAIL'
  failReason?: FailReason
  updated: number
}

/** An accepted batch. Times are Unix milliseconds of the business clock. */
export interface Batch {
  readonly request: BatchRequest
  readonly batch_id: string
  /** The parameters as they were sent, in a fixed order: what "identical parameters" compares. */
  readonly parameters: string
  readonly created: number
  readonly payments: readonly Payment[]
  status: 'ACCEPTED' | 'WAIT_PAY' | 'PROCESSING' | 'FINISHED' | 'CLOSED'
  closeReason?: 'OVERDUE_CLOSE'
  updated: number
}

/** From acceptance to each state, in seconds of business time. */
const PROCESSING_AFTER = 10
const FINISHED_AFTER = 60
/** How long an employee may take to confirm (spec 13.1). */
const CONFIRMATION = 86_400
/** The day of acceptance and the two after it: spec 8.3 says three natural days. */
const RETRY_DAYS = 3

const SECOND = 1000

/** The batches of one merchant: acceptance, repetition, and how each comes to its end. */
export class Batches {
  readonly #world: World
  readonly #merchant: Merchant
  readonly #byNumber = new Map<string, Batch>()
  #balance: number
  #last = 0

  /** `balance` is the operating account in fen. */
  constructor(world: World, merchant: Merchant, balance: number) {
    this.#world = world
    this.#merchant = merchant
    this.#balance = balance
  }

  /** The batch for which `matches` holds. */
  find(matches: (batch: Batch) => boolean): Batch | undefined {
    return [...this.#byNumber.values()].find(matches)
  }

  /**
   * Accepts a batch, or answers again what was answered when the same batch came before.
   *
   * @throws {Refusal} if a rule is broken, a name cannot be opened or the money does not suffice.
   */
  async create(request: Incoming): Promise<unknown> {
    const body = readBody(request)
    const parameters = canonicalJson(body)
    const batch = readBatch(body)
    this.#checkAppid(batch.appid)
    const names = this.#byNumber.has(batch.out_batch_no) ? [] : await this.#openNames(batch, request)
    // Opening took time, so another request may have come in between: look again, then decide without waiting.
    const known = this.#byNumber.get(batch.out_batch_no)
    if (known) {
      this.#checkRepetition(known, parameters)
      return receipt(known)
    }
    if (batch.total_amount > this.#balance) {
      throw new Refusal(403, 'NOT_ENOUGH', '商户运营账户资金不足，充值后可以原单号发起重试，请勿更换商户单号')
    }
    return receipt(
      this.#accept(batch, parameters, names, this.#world.faults.take(request.path, ['close-batch', 'wait-pay'])),
    )
  }

  #accept(request: BatchRequest, parameters: string, names: readonly string[], fault: Fault | undefined): Batch {
    const now = this.#world.clock.now()
    const payments = request.transfer_detail_list.map((detail, index): Payment => {
      return { detail, detail_id: this.#nextId('104'), name: names[index], status: 'INIT', updated: now }
    })
    const batch: Batch = {
      request,
      batch_id: this.#nextId('103'),
      parameters,
      created: now,
      payments,
      status: 'ACCEPTED',
      updated: now,
    }
    this.#balance -= request.total_amount
    this.#byNumber.set(request.out_batch_no, batch)
    if (fault?.kind === 'wait-pay') this.#after(PROCESSING_AFTER, () => this.#wait(batch, fault.seconds))
    else if (fault?.kind === 'close-batch') this.#after(FINISHED_AFTER, () => this.#close(batch))
    else this.#pay(batch)
    return batch
  }

  #wait(batch: Batch, confirmedAfter: number | undefined): void {
    this.#move(batch, 'WAIT_PAY', 'WAIT_PAY')
    if (confirmedAfter !== undefined && confirmedAfter < CONFIRMATION)
      this.#after(confirmedAfter, () => this.#pay(batch))
    else this.#after(CONFIRMATION, () => this.#close(batch))
  }

  #pay(batch: Batch): void {
    this.#after(PROCESSING_AFTER, () => this.#move(batch, 'PROCESSING', 'PROCESSING'))
    this.#after(FINISHED_AFTER, () => this.#finish(batch))
  }

  #finish(batch: Batch): Promise<void> {
    this.#move(batch, 'FINISHED')
    for (const payment of batch.payments) {
      const { openid, transfer_amount: amount } = payment.detail
      const reason = failReason(openid, amount)
      payment.status = reason ? 'FAIL' : 'SUCCESS'
      payment.updated = batch.updated
      if (reason) {
        payment.failReason = reason
        this.#balance += amount
      }
    }
    return this.#settle(batch)
  }

  #close(batch: Batch): Promise<void> {
    this.#move(batch, 'CLOSED', 'FAIL')
    batch.closeReason = 'OVERDUE_CLOSE'
    for (const payment of batch.payments) payment.failReason = 'OVERDUE_CLOSE'
    this.#balance += batch.request.total_amount
    return this.#settle(batch)
  }

  /** Writes the payments down and tells the merchant. */
  async #settle(batch: Batch): Promise<void> {
    for (const { detail, status } of batch.payments) {
      this.#world.ledger.record({
        provider: 'wechat',
        number: detail.out_detail_no,
        batch: batch.request.out_batch_no,
        payee: detail.openid,
        amount: detail.transfer_amount,
        state: batch.status === 'CLOSED' ? 'CLOSED' : status,
      })
    }
    await announce(batch, this.#merchant, this.#world)
  }

  #move(batch: Batch, status: Batch['status'], payments?: Payment['status']): void {
    batch.status = status
    batch.updated = this.#world.clock.now()
    if (!payments) return
    for (const payment of batch.payments) {
      payment.status = payments
      payment.updated = batch.updated
    }
  }

  #checkAppid(appid: string): void {
    const bound = this.#merchant.boundAppids
    if (bound && !bound.includes(appid)) throw new Refusal(401, 'APPID_MCHID_NOT_MATCH', 'appid与mchid不匹配')
  }

  #checkRepetition(known: Batch, parameters: string): void {
    if (known.parameters !== parameters) throw invalidRequest('单号已存在但信息不一致，请查单后比较确认')
    if (beijingDay(this.#world.clock.now()) - beijingDay(known.created) >= RETRY_DAYS) {
      throw invalidRequest('对应单号已超出重试期，请查单确认后决定是否换单请求')
    }
  }

  async #openNames(batch: BatchRequest, request: Incoming): Promise<readonly string[]> {
    const details = batch.transfer_detail_list
    if (!details.some(detail => detail.user_name)) return []
    const key = this.#sealingKey(request)
    return Promise.all(
      details.map(async ({ user_name: sealed = '' }, index) => {
        const field = `/transfer_detail_list/${index}/user_name`
        const name = await openName(sealed, key)
        if (name === undefined)
          throw paramError(field, 'cannot be opened with the key of Wechatpay-Serial', '敏感信息解密失败')
        checkName(name, field)
        return name
      }),
    )
  }

  #sealingKey(request: Incoming): PlatformKey {
    const serial = headerOf(request, 'wechatpay-serial')
    if (!serial) {
      const issue = 'is required with sealed fields'
      throw paramError('Wechatpay-Serial', issue, 'HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)', 'header')
    }
    const key = this.#merchant.platformKeys.find(candidate => candidate.serial === serial)
    if (!key)
      throw paramError(
        'Wechatpay-Serial',
        'is not a key of the platform',
        '平台证书序列号Wechatpay-Serial错误',
        'header',
      )
    return key
  }

  #after(seconds: number, run: () => void | Promise<void>): void {
    this.#world.clock.at(this.#world.clock.now() + seconds * SECOND, run)
  }

  /** Forty digits: what it is, the merchant, the day, a running number. */
  #nextId(kind: '103' | '104'): string {
    this.#last += 1
    const day = beijingTime(this.#world.clock.now()).slice(0, 10).replaceAll('-', '')
    return `${kind}0000${this.#merchant.mchid}${day}${String(this.#last).padStart(15, '0')}`
  }
}

function readBody(request: Incoming): JsonObject {
  try {
    return readObject(request.body)
  } catch (error) {
    if (error instanceof JsonError) throw paramError('', error.message, '请求体格式错误')
    throw error
  }
}

function receipt(batch: Batch): unknown {
  const { out_batch_no } = batch.request
  return { out_batch_no, batch_id: batch.batch_id, create_time: beijingTime(batch.created), batch_status: 'ACCEPTED' }
}
