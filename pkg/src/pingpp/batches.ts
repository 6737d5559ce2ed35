/** Batch transfers (批量企业付款): `/v1/batch_transfers`. */
import { type CorePingppBatch, core } from '../core.js'
import { sha256 } from '../engine.js'
import { jsonText } from '../json.js'
import { approval, chosen, object, sending, string } from '../options.js'
import type { Outcome } from '../outcome.js'
import { SealedRequest } from '../sealed.js'
import { readInput, type SheetInput, type SheetTarget } from '../sheet-input.js'
import { freezeAll, type PrepareSheetOptions, type SplitOptions, splitting } from '../splitting.js'
import type { AbortSignalLike, Report, Rule } from '../types.js'
import { type AppChannel, knownFilters } from './channel.js'
import type { BatchListOptions, BatchTransfer, BatchTransferState, BatchTransferUpload } from './types.js'

const operation = 'pingpp.batch-transfer'
const kind = 'batch_transfer'

/** `pingpp.batchTransfers`. */
export class BatchTransfers {
  readonly #channel: AppChannel

  constructor(channel: AppChannel) {
    this.#channel = channel
  }

  /**
   * Every issue of every recipient, in row order. Needs no key and no network.
   *
   * @param batch the object, or its JSON text
   * @throws {BatchError} ERR_BODY_FORMAT when the input cannot be written as JSON
   */
  validate(batch: BatchTransfer | string): Report {
    const { limits, locale } = this.#channel
    return core.pingppValidateBatch(jsonText(batch), limits, locale)
  }

  /** The rules behind `validate`, with their limits and sources. */
  rules(): Rule[] {
    return core.pingppRules()
  }

  /**
   * The approval hash of recipients, as `readSheet` gives it for a sheet of them: `prepare`, `split` and `prepareSheet` take it as `approved`.
   *
   * @param batch with its channel and type, which the hash binds too; whatever else it holds does not matter
   * @throws {BatchError} ERR_BODY_FORMAT, ERR_BATCH_INVALID with the issues of the recipients
   */
  approvalHash(batch: Pick<BatchTransferUpload, 'channel' | 'type' | 'recipients'> | string): string {
    const { limits, locale } = this.#channel
    return core.pingppApprovalHash(jsonText(batch), limits, locale)
  }

  /**
   * Cuts a list of recipients into batches, with numbers derived from its own: 001, 002, … behind it, which leaves 29 characters.
   *
   * Once a batch of it was sent, rows that came in between, or another `size`, would put payees under other numbers, and pay them again: give what
   * was stored as `earlier`, and that is refused.
   *
   * @param options `size`: recipients per batch, default `limits.maxRecipients`, or else all in one; `approved`: the approval hash of the rows
   * @throws {BatchError} ERR_BODY_FORMAT, ERR_BATCH_INVALID, ERR_NOT_APPROVED, ERR_LIST_CHANGED, ERR_SEALED_… for what was stored
   * @throws {KeyError} ERR_OPTIONS for a size that no batch may have, or for more than 999 batches
   */
  split(batch: BatchTransferUpload | string, options: SplitOptions = {}): BatchTransfer[] {
    const { limits, locale } = this.#channel
    chosen(options, 'split', ['size', 'approved', 'earlier'])
    const { size, approved, earlier } = this.#splitting(options)
    const parts: BatchTransfer[] = JSON.parse(core.pingppSplitBatch(jsonText(batch), size, approved, limits, locale))
    const fingerprint = (part: BatchTransfer) => {
      const valid = core.PingppBatch.parse(jsonText(part), undefined, limits, locale)
      try {
        return sha256(valid.body())
      } finally {
        valid.free()
      }
    }
    earlier.demand(parts.map(part => ({ number: part.batch_no, fingerprint: () => fingerprint(part) })))
    return parts
  }

  #splitting(options: SplitOptions) {
    const { app: merchant, livemode } = this.#channel
    return splitting(options, { operation, merchant, livemode })
  }

  /**
   * Validates and freezes the bytes. Nothing is sent. Store the result before `create`.
   *
   * @param options `approved`: the approval hash that `readSheet` gave for exactly these recipients; others are refused
   * @throws {BatchError} ERR_BATCH_INVALID with every issue; ERR_NOT_APPROVED; ERR_SEALED_MERCHANT for another app than this client's
   */
  async prepare(
    batch: BatchTransfer | string,
    options: { approved?: string | undefined } = {},
  ): Promise<SealedRequest> {
    const { limits, locale } = this.#channel
    chosen(options, 'prepare', ['approved'])
    const approved = approval(options.approved)
    const valid = core.PingppBatch.parse(jsonText(batch), approved, limits, locale)
    try {
      return this.#seal(valid)
    } finally {
      valid.free()
    }
  }

  /**
   * A whole sheet in one pass: checked cell by cell, split and frozen. Nothing is sent. Store the results before `create`.
   *
   * Once a batch of it was sent, rows that came in between, or another `size`, would put payees under other numbers, and pay them again: give what
   * was stored as `earlier`, and that is refused, while requests that come out again are given back as they were stored.
   *
   * @param input CSV or XLSX: bytes, a file, or a stream
   * @param head the batch without its recipients: its channel and type say what the sheet is; the batches' numbers are its number and 001, 002, …
   * @param options as for `split` and `readSheet`; `onProgress` hears of every batch: rows frozen, and rows in all
   * @throws {BatchError} ERR_SHEET_FORMAT, ERR_SHEET_COLUMNS, ERR_SHEET_TOO_LARGE, ERR_BATCH_INVALID with every issue, ERR_NOT_APPROVED,
   *   ERR_LIST_CHANGED, ERR_SEALED_… for what was stored, ERR_SEALED_MERCHANT for another app than this client's
   * @throws {KeyError} ERR_OPTIONS, ERR_ENGINE_UNAVAILABLE on Cloudflare without `payseal/sheet`
   */
  async prepareSheet(
    input: SheetInput,
    head: Omit<BatchTransferUpload, 'recipients'>,
    options: PrepareSheetOptions = {},
  ): Promise<SealedRequest[]> {
    object(head, 'head')
    object(options, 'options')
    const { limits, locale } = this.#channel
    const { size: given, approved: hash, earlier: stored, onProgress, ...reading } = options
    const { size, approved, earlier } = this.#splitting({ size: given, approved: hash, earlier: stored })
    const target = `pingpp:${head.channel}` as SheetTarget
    // A type that does not exist is an issue of the head, which the core names.
    const type = head.type === 'b2b' ? 'b2b' : 'b2c'
    const { sheet } = await readInput(input, { ...reading, target, type, limits, locale })
    let batches: CorePingppBatch[] = []
    try {
      batches = sheet.pingppBatches(jsonText(head), size, approved)
      const part = (batch: CorePingppBatch) => ({ number: batch.batchNo, fingerprint: () => sha256(batch.body()) })
      const freeze = (batch: CorePingppBatch) => this.#seal(batch)
      return await freezeAll(batches, { part, freeze }, earlier, { onProgress })
    } finally {
      for (const batch of batches) batch.free()
      sheet.free()
    }
  }

  #seal(valid: CorePingppBatch): SealedRequest {
    return this.#channel.seal(operation, valid.app, valid, valid.count, valid.batchNo)
  }

  /**
   * Sends a batch, or a sealed request (again). Never throws for what happened on the network: that is the outcome.
   *
   * After `unknown`, look for the batch with `find`, and send the same sealed request again only if it is not there.
   *
   * @throws {BatchError} ERR_BATCH_INVALID, ERR_SEALED_CHANGED, ERR_SEALED_MERCHANT: nothing was sent
   * @throws {KeyError} for the configuration: nothing was sent
   */
  async create(
    batch: BatchTransfer | string | SealedRequest,
    options: { signal?: AbortSignalLike } = {},
  ): Promise<Outcome<BatchTransferState>> {
    const signal = sending(options)
    const sealed = SealedRequest.isSealed(batch) ? batch : await this.prepare(batch)
    const answers = (data: BatchTransferState) => data.object === kind && data.batch_no === sealed.number
    return this.#channel.pay<BatchTransferState>(operation, sealed, answers, signal)
  }

  /**
   * The state of a batch and of each recipient.
   *
   * @param id the provider's, digits as text; by `batch_no`, see `find`
   * @throws {ProviderError} 404 and others · {SignatureError} · {TransportError} · {BatchError} ERR_QUERY_INVALID
   */
  async get(id: string): Promise<BatchTransferState> {
    return this.#channel.one({ method: 'GET', path: core.pingppPath('batch', string(id, 'id')) }, kind, id)
  }

  /**
   * Every batch, newest first, page by page; each once, even if new ones move the pages.
   *
   * @throws as `get` · {KeyError} ERR_OPTIONS for a filter that does not exist
   * @example
   * for await (const batch of pingpp.batchTransfers.list({ created: { gte: 1_700_000_000 } })) console.log(batch.status)
   */
  async *list(options: BatchListOptions = {}): AsyncGenerator<BatchTransferState, void, undefined> {
    knownFilters(options, listNames)
    const { page: first = 1, perPage = 100, created, app = this.#channel.app } = options
    const known = new Set<string>()
    for (let page = first; ; page += 1) {
      const query = { page, per_page: perPage, app, ...(created && { created }) }
      const { data, more } = await this.#channel.page<BatchTransferState>(core.pingppListTarget(query))
      for (const batch of data) {
        if (known.has(batch.id)) continue
        known.add(batch.id)
        yield batch
      }
      if (!more) return
    }
  }

  /**
   * Looks for a batch by the merchant's number, which the provider cannot be asked for: the first step after an `unknown` outcome.
   *
   * Not found is no proof at once: wait a moment, look again, then send the same sealed request again. It is taken once.
   *
   * @param options `since`: when it was first sent, a Date or Unix seconds; ten minutes are added for clocks that differ
   * @throws as `get` · {KeyError} ERR_OPTIONS
   */
  async find(batchNo: string, options: { since: Date | number }): Promise<BatchTransferState | undefined> {
    object(options, 'options')
    const number = string(batchNo, 'batchNo')
    const created = { gte: this.#channel.earliest(options.since) }
    for await (const batch of this.list({ created })) if (batch.batch_no === number) return batch
    return undefined
  }

  /**
   * Cancels a batch that has not been sent yet.
   *
   * @deprecated unionpay only, until January 2018; whether Ping++ still answers is not known.
   * @throws as `get`
   */
  async cancel(id: string): Promise<BatchTransferState> {
    const path = core.pingppPath('batch', string(id, 'id'))
    return this.#channel.one({ method: 'PUT', path, body: { status: 'canceled' } }, kind, id)
  }
}

const listNames: readonly string[] = ['page', 'perPage', 'created', 'app'] satisfies (keyof BatchListOptions)[]
