/** Single transfers (企业付款): `/v1/transfers`. */
import { text } from '../bytes.js'
import { core, type PingppTransfersQuery } from '../core.js'
import { jsonText } from '../json.js'
import { object, sending, string } from '../options.js'
import type { Outcome } from '../outcome.js'
import { SealedRequest } from '../sealed.js'
import type { AbortSignalLike, Report } from '../types.js'
import { type AppChannel, knownFilters } from './channel.js'
import type { PingppChannel, Transfer, TransferListOptions, TransferState } from './types.js'

const operation = 'pingpp.transfer'
const kind = 'transfer'

/** `pingpp.transfers`. */
export class Transfers {
  readonly #channel: AppChannel

  constructor(channel: AppChannel) {
    this.#channel = channel
  }

  /**
   * Every issue. Needs no key and no network.
   *
   * @param transfer the object, or its JSON text
   * @throws {BatchError} ERR_BODY_FORMAT when the input cannot be written as JSON
   */
  validate(transfer: Transfer | string): Report {
    const { limits, locale } = this.#channel
    return core.pingppValidateTransfer(jsonText(transfer), limits, locale)
  }

  /**
   * Validates and freezes the bytes. Nothing is sent. Store the result before `create`.
   *
   * @throws {BatchError} ERR_BATCH_INVALID with every issue; ERR_SEALED_MERCHANT for another app than this client's
   */
  async prepare(transfer: Transfer | string): Promise<SealedRequest> {
    const channel = this.#channel
    const valid = core.PingppTransfer.parse(jsonText(transfer), channel.limits, channel.locale)
    try {
      const { app } = JSON.parse(text(valid.body()))
      return channel.seal(operation, app.id, valid, 1, valid.orderNo)
    } finally {
      valid.free()
    }
  }

  /**
   * Sends a transfer, or a sealed request (again). Never throws for what happened on the network: that is the outcome.
   *
   * @throws {BatchError} ERR_BATCH_INVALID, ERR_SEALED_CHANGED, ERR_SEALED_MERCHANT: nothing was sent
   * @throws {KeyError} for the configuration: nothing was sent
   */
  async create(
    transfer: Transfer | string | SealedRequest,
    options: { signal?: AbortSignalLike } = {},
  ): Promise<Outcome<TransferState>> {
    const signal = sending(options)
    const sealed = SealedRequest.isSealed(transfer) ? transfer : await this.prepare(transfer)
    const answers = (data: TransferState) => data.object === kind && data.order_no === sealed.number
    return this.#channel.pay<TransferState>(operation, sealed, answers, signal)
  }

  /**
   * The state of a transfer, alone or of a batch.
   *
   * @param id the provider's, `tr_…`
   * @throws {ProviderError} 404 and others · {SignatureError} · {TransportError} · {BatchError} ERR_QUERY_INVALID
   */
  async get(id: string): Promise<TransferState> {
    return this.#channel.one({ method: 'GET', path: core.pingppPath('transfer', string(id, 'id')) }, kind, id)
  }

  /**
   * Every transfer, newest first, by cursor.
   *
   * @throws as `get` · {KeyError} ERR_OPTIONS for a filter that does not exist
   */
  async *list(options: TransferListOptions = {}): AsyncGenerator<TransferState, void, undefined> {
    knownFilters(options, listNames)
    const { startingAfter, endingBefore, limit = 100, app = this.#channel.app, ...filters } = options
    const query: PingppTransfersQuery = { app, limit, ...given(filters) }
    if (startingAfter !== undefined) query.starting_after = startingAfter
    if (endingBefore !== undefined) query.ending_before = endingBefore
    for (;;) {
      const { data, more } = await this.#channel.page<TransferState>(core.pingppTransfersTarget(query))
      yield* data
      const edge = endingBefore === undefined ? data.at(-1) : data[0]
      if (!more || !edge) return
      query[endingBefore === undefined ? 'starting_after' : 'ending_before'] = edge.id
    }
  }

  /**
   * Looks for a transfer by the merchant's number: the first step after an `unknown` outcome. Not found is no proof at once.
   *
   * @param options `since`: when it was first sent, a Date or Unix seconds; ten minutes are added for clocks that differ
   * @throws as `get` · {KeyError} ERR_OPTIONS
   */
  async find(
    orderNo: string,
    options: { since: Date | number; channel?: PingppChannel },
  ): Promise<TransferState | undefined> {
    object(options, 'options')
    const { since, channel } = options
    const number = string(orderNo, 'orderNo')
    const created = { gte: this.#channel.earliest(since) }
    for await (const transfer of this.list({ created, channel })) if (transfer.order_no === number) return transfer
    return undefined
  }

  /**
   * Takes back a transfer through a WeChat channel that is still under way (撤销).
   *
   * @throws as `get`
   */
  async reverse(id: string): Promise<TransferState> {
    return this.#channel.one({ method: 'POST', path: core.pingppPath('reverse', string(id, 'id')) }, kind, id)
  }
}

const listNames: readonly string[] = [
  'limit',
  'startingAfter',
  'endingBefore',
  'created',
  'channel',
  'status',
  'type',
  'app',
] satisfies (keyof TransferListOptions)[]

/** Without the members that are undefined. */
function given(filters: Pick<TransferListOptions, 'created' | 'channel' | 'status' | 'type'>): PingppTransfersQuery {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
}
