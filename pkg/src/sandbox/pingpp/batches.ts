import type { Fault } from '../faults.js'
import type { Incoming } from '../http.js'
import type { JsonObject } from '../json.js'
import type { World } from '../provider.js'
import type { App } from './app.js'
import type { Events } from './events.js'
import { badParameter, badRequest, notFound } from './refusal.js'
import { type BatchOrder, readBatch, readBody, readCreated, readInteger } from './rules.js'
import type { Transfer, Transfers } from './transfers.js'

/** A batch. Times are Unix milliseconds of the business clock. */
interface Batch {
  readonly id: string
  readonly order: BatchOrder
  readonly created: number
  readonly transfers: readonly Transfer[]
  status: 'created' | 'scheduled' | 'pending' | 'succeeded' | 'failed' | 'partially_succeeded' | 'canceled'
  failure_msg: string | null
  succeeded: number | null
}

/** From acceptance to each state, in seconds of business time. */
const PENDING_AFTER = 10
const SETTLED_AFTER = 60
/** How long a unionpay batch could be cancelled, until 2018. */
const SCHEDULED_FOR = 300

/** The batch transfers of one app: spec 4 to 7. */
export class Batches {
  readonly #world: World
  readonly #app: App
  readonly #events: Events
  readonly #transfers: Transfers
  /** By id, oldest first. */
  readonly #batches = new Map<string, Batch>()

  constructor(world: World, app: App, events: Events, transfers: Transfers) {
    this.#world = world
    this.#app = app
    this.#events = events
    this.#transfers = transfers
  }

  /** Answers `POST /v1/batch_transfers`. */
  create(request: Incoming): unknown {
    const order = readBatch(readBody(request), this.#app)
    this.#refuseUsed(order)
    const faults = this.#world.faults
    const historic = order.channel === 'unionpay' && faults.take(request.path, ['schedule-batch'])
    const batch = this.#accept(order, historic ? 'scheduled' : 'created')
    if (historic) this.#after(SCHEDULED_FOR, () => this.#send(batch, undefined))
    else this.#send(batch, faults.take(request.path, ['close-batch', 'wait-pay']))
    return this.#describe(batch)
  }

  /** Answers `GET /v1/batch_transfers/{id}`. */
  describe(id: string): unknown {
    return this.#describe(this.#find(id))
  }

  /** Answers `GET /v1/batch_transfers`: newest first, by pages. */
  list(query: URLSearchParams): unknown {
    if (query.has('app') && query.get('app') !== this.#app.id) throw notFound('app', 'app')
    const page = readInteger(query, 'page', 1, 1_000_000_000, 1)
    const perPage = readInteger(query, 'per_page', 1, 100, 10)
    const created = readCreated(query)
    const all = [...this.#batches.values()].reverse().filter(batch => created.holds(Math.floor(batch.created / 1000)))
    const data = all.slice((page - 1) * perPage, page * perPage).map(batch => this.#describe(batch))
    return { object: 'list', url: '/v1/batch_transfers', has_more: all.length > page * perPage, data }
  }

  /** Answers `PUT /v1/batch_transfers/{id}`: the cancel call, which only a scheduled batch ever knew. */
  cancel(request: Incoming, id: string): unknown {
    const body = readBody(request)
    const batch = this.#find(id)
    if (body.status !== 'canceled') throw badParameter('status', 'must be canceled')
    if (batch.status !== 'scheduled') throw badRequest('当前状态不可取消', 'only a scheduled batch can be cancelled')
    batch.status = 'canceled'
    for (const transfer of batch.transfers) this.#transfers.end(transfer, 'canceled', null)
    return this.#describe(batch)
  }

  #refuseUsed({ batch_no, recipients }: BatchOrder): void {
    if ([...this.#batches.values()].some(batch => batch.order.batch_no === batch_no)) {
      throw badParameter('batch_no', 'was used before')
    }
    const seen = new Set<string>()
    for (const [index, { order_no }] of recipients.entries()) {
      const param = `recipients[${index}][order_no]`
      this.#transfers.refuseUsed(order_no, param)
      if (order_no === undefined) continue
      if (seen.has(order_no)) throw badParameter(param, 'must be unique in the batch')
      seen.add(order_no)
    }
  }

  #accept(order: BatchOrder, status: 'created' | 'scheduled'): Batch {
    const { channel, type, metadata } = order
    const transfers = order.recipients.map(recipient => {
      const description = String(recipient.sent.description ?? order.description)
      const single = { ...recipient, channel, type, metadata, description, extra: {} }
      return this.#transfers.add(single, order.batch_no, status === 'scheduled' ? 'scheduled' : 'pending')
    })
    const created = this.#world.clock.now()
    const batch: Batch = {
      id: this.#makeId(created),
      order,
      created,
      transfers,
      status,
      failure_msg: null,
      succeeded: null,
    }
    this.#batches.set(batch.id, batch)
    return batch
  }

  #send(batch: Batch, fault: Fault | undefined): void {
    if (batch.status === 'canceled') return
    this.#after(PENDING_AFTER, () => {
      batch.status = 'pending'
      for (const transfer of batch.transfers) transfer.status = 'pending'
      // As alipay's older product does: somebody has to open this page and confirm (spec 6.1).
      if (fault?.kind === 'wait-pay')
        batch.failure_msg = 'https://mapi.alipay.com/gateway.do?service=batch_trans_notify'
    })
    const confirmed = fault?.kind === 'wait-pay' ? fault.seconds : 0
    if (confirmed !== undefined)
      this.#after(SETTLED_AFTER + confirmed, () => this.#settle(batch, fault?.kind === 'close-batch'))
  }

  async #settle(batch: Batch, failed: boolean): Promise<void> {
    batch.failure_msg = failed ? '批量付款失败' : null
    for (const transfer of batch.transfers) {
      if (failed) this.#transfers.end(transfer, 'failed', batch.failure_msg)
      else this.#transfers.settle(transfer)
    }
    const paid = batch.transfers.filter(({ status }) => status === 'paid').length
    batch.status = paid === 0 ? 'failed' : paid === batch.transfers.length ? 'succeeded' : 'partially_succeeded'
    if (paid > 0) batch.succeeded = this.#world.clock.now()
    // A batch that was paid in part is announced as succeeded too (spec 3.3).
    await this.#events.emit(paid > 0 ? 'batch_transfer.succeeded' : 'batch_transfer.failed', this.#describe(batch))
  }

  #find(id: string): Batch {
    const batch = this.#batches.get(id)
    if (!batch) throw notFound('batch_transfer')
    return batch
  }

  #after(seconds: number, run: () => void | Promise<void>): void {
    this.#world.clock.at(this.#world.clock.now() + seconds * 1000, run)
  }

  /** Nineteen digits: a kind, the minute, a running number. */
  #makeId(now: number): string {
    const minute = new Date(now).toISOString().replace(/\D/g, '').slice(2, 12)
    return `180${minute}${String(this.#batches.size + 1).padStart(6, '0')}`
  }

  /** The object of spec 7. */
  #describe(batch: Batch): JsonObject {
    const { order } = batch
    return {
      id: batch.id,
      object: 'batch_transfer',
      app: this.#app.id,
      amount: order.amount,
      batch_no: order.batch_no,
      channel: order.channel,
      currency: 'cny',
      created: Math.floor(batch.created / 1000),
      description: order.description,
      extra: {},
      failure_msg: batch.failure_msg,
      fee: 0,
      livemode: false,
      metadata: order.metadata,
      recipients: batch.transfers.map(transfer => ({
        ...transfer.order.sent,
        transfer: transfer.id,
        status: transfer.status,
        fee: 0,
        failure_msg: transfer.failure_msg,
        order_no: transfer.order.order_no,
        transaction_no: transfer.transferred === null ? null : transfer.id.slice(3),
      })),
      status: batch.status,
      time_succeeded: batch.succeeded === null ? null : Math.floor(batch.succeeded / 1000),
      type: order.type,
    }
  }
}
