import type { Incoming } from '../http.js'
import type { JsonObject } from '../json.js'
import { randomText } from '../keys.js'
import type { World } from '../provider.js'
import type { App } from './app.js'
import { demandSignature } from './authentication.js'
import { CHANNELS } from './channels.js'
import type { Events } from './events.js'
import { badParameter, badRequest, notFound } from './refusal.js'
import { readBody, readCreated, readInteger, readTransfer, type TransferOrder } from './rules.js'

/** One payment. Times are Unix milliseconds of the business clock. */
export interface Transfer {
  readonly id: string
  readonly order: TransferOrder & { readonly order_no: string }
  /** Absent for a payment made alone. */
  readonly batch_no: string | undefined
  readonly created: number
  status: 'scheduled' | 'pending' | 'paid' | 'failed' | 'canceled'
  failure_msg: string | null
  transferred: number | null
}

/** From acceptance to the end, in seconds of business time. */
const SETTLED_AFTER = 60
/** What a list without a filter on `created` reaches back, in milliseconds. */
const MONTH = 30 * 86_400_000

/** All payments, those of batches included: each under its own id, no order number twice. */
export class Transfers {
  readonly #world: World
  readonly #app: App
  readonly #events: Events
  readonly #transfers = new Map<string, Transfer>()
  readonly #orderNumbers = new Set<string>()

  constructor(world: World, app: App, events: Events) {
    this.#world = world
    this.#app = app
    this.#events = events
  }

  /** Answers `POST /v1/transfers`. */
  create(request: Incoming, signed: boolean): unknown {
    const body = readBody(request)
    const order = readTransfer(body, this.#app)
    if (CHANNELS[order.channel]?.signed) demandSignature(signed)
    this.refuseUsed(order.order_no, 'order_no')
    const transfer = this.add(order, undefined)
    this.#world.clock.at(transfer.created + SETTLED_AFTER * 1000, () => this.#settleAlone(transfer))
    return describeTransfer(transfer, this.#app)
  }

  /** Answers `GET /v1/transfers/{id}`. */
  describe(id: string): unknown {
    return describeTransfer(this.#find(id), this.#app)
  }

  /** Answers `POST /v1/transfers/{id}/reverse`: for WeChat channels, while the payment is under way. */
  async reverse(id: string): Promise<unknown> {
    const transfer = this.#find(id)
    if (!transfer.order.channel.startsWith('wx') || transfer.batch_no !== undefined) {
      throw badRequest('该渠道不支持撤销', 'only a payment made alone through a WeChat channel can be reversed')
    }
    if (transfer.status !== 'pending') throw badRequest('当前状态不可撤销', 'the payment is final')
    this.end(transfer, 'failed', '已撤销')
    const described = describeTransfer(transfer, this.#app)
    await this.#events.emit('transfer.failed', described)
    return described
  }

  /** Answers `GET /v1/transfers`: newest first, by cursor. */
  list(query: URLSearchParams): unknown {
    if (query.has('app[id]') && query.get('app[id]') !== this.#app.id) throw notFound('app', 'app[id]')
    const limit = readInteger(query, 'limit', 1, 100, 10)
    const created = readCreated(query)
    const since = created.any ? Number.NEGATIVE_INFINITY : this.#world.clock.now() - MONTH
    const is = (name: string, value: string) => (query.get(name) ?? value) === value
    const all = [...this.#transfers.values()].reverse().filter(({ order, status, created: at }) => {
      const wanted = is('channel', order.channel) && is('type', order.type) && is('status', status)
      return wanted && at >= since && created.holds(Math.floor(at / 1000))
    })
    const place = (name: string): number => {
      const index = all.findIndex(({ id }) => id === query.get(name))
      if (index < 0) throw badParameter(name, 'is not in the list')
      return index
    }
    let page: Transfer[]
    let more: boolean
    if (query.has('ending_before')) {
      const before = all.slice(0, place('ending_before'))
      page = before.slice(-limit)
      more = before.length > limit
    } else {
      const rest = query.has('starting_after') ? all.slice(place('starting_after') + 1) : all
      page = rest.slice(0, limit)
      more = rest.length > limit
    }
    const data = page.map(transfer => describeTransfer(transfer, this.#app))
    return { object: 'list', url: '/v1/transfers', has_more: more, data }
  }

  /** @throws {Refusal} if a payment of this order number exists. */
  refuseUsed(orderNo: string | undefined, param: string): void {
    if (orderNo !== undefined && this.#orderNumbers.has(orderNo)) throw badParameter(param, 'was used before')
  }

  /** Takes a payment in; an order number is made for it if it has none. */
  add(order: TransferOrder, batch_no: string | undefined, status: Transfer['status'] = 'pending'): Transfer {
    const order_no = order.order_no ?? this.#makeOrderNo(order.channel)
    this.#orderNumbers.add(order_no)
    const transfer: Transfer = {
      id: `tr_${randomText(24)}`,
      order: { ...order, order_no },
      batch_no,
      created: this.#world.clock.now(),
      status,
      failure_msg: null,
      transferred: null,
    }
    this.#transfers.set(transfer.id, transfer)
    return transfer
  }

  /** Brings a payment to its end: paid, unless its payee asks for a failure (see {@link asksForFailure}). */
  settle(transfer: Transfer): 'paid' | 'failed' {
    const failed = asksForFailure(transfer.order.payee)
    if (failed) this.end(transfer, 'failed', '收款账户异常')
    else this.end(transfer, 'paid', null)
    return failed ? 'failed' : 'paid'
  }

  /** Ends a payment in a given way and writes it down. */
  end(transfer: Transfer, status: 'paid' | 'failed' | 'canceled', failure_msg: string | null): void {
    transfer.status = status
    transfer.failure_msg = failure_msg
    if (status === 'paid') transfer.transferred = this.#world.clock.now()
    const { order, batch_no } = transfer
    this.#world.ledger.record({
      provider: 'pingpp',
      number: order.order_no,
      ...(batch_no !== undefined && { batch: batch_no }),
      payee: order.payee,
      amount: order.amount,
      state: status,
    })
  }

  async #settleAlone(transfer: Transfer): Promise<void> {
    if (transfer.status !== 'pending') return // it was reversed
    const event = this.settle(transfer) === 'paid' ? 'transfer.succeeded' : 'transfer.failed'
    await this.#events.emit(event, describeTransfer(transfer, this.#app))
  }

  #find(id: string): Transfer {
    const transfer = this.#transfers.get(id)
    if (!transfer) throw notFound('transfer')
    return transfer
  }

  #makeOrderNo(channel: string): string {
    const digits = (length: number) => randomText(length, '0123456789')
    if (channel === 'allinpay') return (this.#app.allinpayMerchant ?? digits(10)) + digits(20)
    return digits(16)
  }
}

/**
 * Whether a payment to this payee fails: an account, open_id or user that begins with `fail` or `oFAIL_`, or a card number
 * that begins with six zeros.
 */
export function asksForFailure(payee: string): boolean {
  return /^(?:fail|oFAIL_|000000)/.test(payee)
}

/** The object of spec 10.1. */
function describeTransfer(transfer: Transfer, app: App): JsonObject {
  const { order } = transfer
  return {
    id: transfer.id,
    object: 'transfer',
    type: order.type,
    created: Math.floor(transfer.created / 1000),
    time_transferred: transfer.transferred === null ? null : Math.floor(transfer.transferred / 1000),
    livemode: false,
    status: transfer.status,
    app: app.id,
    channel: order.channel,
    order_no: order.order_no,
    batch_no: transfer.batch_no ?? null,
    amount: order.amount,
    amount_settle: order.amount,
    currency: 'cny',
    recipient: order.payee,
    description: order.description,
    transaction_no: transfer.transferred === null ? null : transfer.id.slice(3),
    failure_msg: transfer.failure_msg,
    extra: order.extra,
    metadata: order.metadata,
  }
}
