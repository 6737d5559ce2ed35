/** Batch transfers: `/v3/transfer/batches` and its queries. */
import { type BatchQuery, type CoreBatch, core } from '../core.js'
import { presentHost } from '../engine.js'
import { KeyError, PayoutError } from '../errors.js'
import { jsonText } from '../json.js'
import type { PlatformKey } from '../keys.js'
import { approval, chosen, object, optional, sending } from '../options.js'
import { mismatch, type Outcome, outcomeOf } from '../outcome.js'
import { SealedRequest } from '../sealed.js'
import { readInput, type SheetInput } from '../sheet-input.js'
import { freezeAll, type PrepareSheetOptions, type SplitOptions, splitting } from '../splitting.js'
import type { AbortSignalLike, Reply, Report, Rule } from '../types.js'
import type { Channel } from './channel.js'
import { decide } from './refusal.js'
import type {
  BatchQueryOptions,
  BatchSelector,
  DetailFilter,
  DetailSelector,
  TransferBatch,
  TransferBatchCreated,
  TransferBatchState,
  TransferDetailResult,
  TransferDetailState,
} from './types.js'

const operation = 'wechat.transfer-batch'
const pageSize = 100

/** How names stand in a batch. */
export interface SealedNames {
  /**
   * The id of the platform key that the names were sealed for elsewhere, such as on the admin panel: they are sent as they are, and a name in the
   * clear is refused. Without it names are in the clear, and one that is sealed is refused.
   */
  sealedFor?: string | undefined
}

/** What a batch is held against before it is sealed. */
export type PrepareOptions = SealedNames & Pick<SplitOptions, 'approved'>

/** @throws {KeyError} ERR_OPTIONS */
function sealed(options: SealedNames, what: string, others: readonly string[] = []): boolean {
  chosen(options, what, ['sealedFor', ...others])
  return optional(options.sealedFor, 'sealedFor') !== undefined
}

/** `wechat.transferBatches`. */
export class TransferBatches {
  readonly #channel: Channel

  constructor(channel: Channel) {
    this.#channel = channel
  }

  /**
   * Every issue of every row, in row order. Needs no key and no network.
   *
   * @param batch the object, or its JSON text
   * @throws {BatchError} ERR_BODY_FORMAT when the input cannot be written as JSON
   */
  validate(batch: TransferBatch | string, options: SealedNames = {}): Report {
    const { limits, locale } = this.#channel
    return core.wechatValidateBatch(jsonText(batch), sealed(options, 'validate'), limits, locale)
  }

  /**
   * The approval hash of rows, as `readSheet` gives it for those of a sheet: of names as they stand, in the clear or sealed.
   *
   * @param batch any number of rows; whatever else it holds does not matter
   * @throws {BatchError} ERR_BODY_FORMAT, ERR_BATCH_INVALID
   */
  approvalHash(batch: Pick<TransferBatch, 'transfer_detail_list'> | string, options: SealedNames = {}): string {
    const { limits, locale } = this.#channel
    return core.wechatApprovalHash(jsonText(batch), sealed(options, 'approvalHash'), limits, locale)
  }

  /** The rules behind `validate`, with their limits and sources. */
  rules(): Rule[] {
    return core.wechatRules()
  }

  /**
   * Cuts a batch that is too long into several, with numbers derived from its own; rows with and without a name go apart.
   *
   * Once a batch of it was sent, rows that came in between, or another `size`, would put payees under other numbers, and pay them again: give what
   * was stored as `earlier`, and that is refused.
   *
   * @param options `size`: details per batch, default the limit in force (1000); the others as for `prepare`
   * @throws {BatchError} ERR_BODY_FORMAT, ERR_BATCH_INVALID, ERR_NOT_APPROVED, ERR_LIST_CHANGED, ERR_SEALED_… for what was stored
   * @throws {KeyError} ERR_OPTIONS for a size that no batch may have, or for more than 999 batches
   */
  split(batch: TransferBatch | string, options: SplitOptions & SealedNames = {}): TransferBatch[] {
    const { limits, locale } = this.#channel
    const names = sealed(options, 'split', ['size', 'approved', 'earlier'])
    const { size, approved, earlier } = this.#splitting(options)
    const parts: TransferBatch[] = JSON.parse(
      core.wechatSplitBatch(jsonText(batch), size, approved, names, limits, locale),
    )
    const fingerprint = (part: TransferBatch) => {
      const valid = core.WechatBatch.parse(jsonText(part), names, limits, locale)
      try {
        return fingerprintOf(valid)
      } finally {
        valid.free()
      }
    }
    earlier.demand(parts.map(part => ({ number: part.out_batch_no, fingerprint: () => fingerprint(part) })))
    return parts
  }

  #splitting(options: SplitOptions) {
    const { limits, mchid: merchant } = this.#channel
    const { size = limits?.maxDetails ?? 1000, ...rest } = splitting(options, { operation, merchant, livemode: null })
    return { size, ...rest }
  }

  /**
   * Validates, seals the names and freezes the bytes. Nothing is sent. Store the result before `create`.
   *
   * @throws {BatchError} ERR_BATCH_INVALID with every issue, ERR_NOT_APPROVED
   * @throws {KeyError} ERR_PLATFORM_KEY_MISSING when there are names and no key to seal them for, or none that they were sealed for
   */
  async prepare(batch: TransferBatch | string, options: PrepareOptions = {}): Promise<SealedRequest> {
    const channel = this.#channel
    chosen(options, 'prepare', ['approved', 'sealedFor'])
    const approved = approval(options.approved)
    const sealedFor = optional(options.sealedFor, 'sealedFor')
    const key = sealedFor === undefined ? undefined : channel.requirePlatformKey(sealedFor)
    const valid = core.WechatBatch.parse(jsonText(batch), key !== undefined, channel.limits, channel.locale)
    try {
      if (approved !== undefined) valid.demandApproval(approved)
      return await this.#seal(valid, key)
    } finally {
      valid.free()
    }
  }

  /**
   * A whole sheet in one pass: checked cell by cell, split, sealed and frozen. Nothing is sent. Store the results before `create`.
   *
   * Once a batch of it was sent, rows that came in between, or another `size`, would put payees under other numbers, and pay them again: give what
   * was stored as `earlier`, and that is refused, while requests that come out again are given back as they were stored.
   *
   * @param input CSV or XLSX: bytes, a file, or a stream
   * @param head the batch without its rows; the batches' numbers are its number and 001, 002, …
   * @param options as for `split` and `readSheet`; `onProgress` hears of every batch: rows sealed, and rows in all
   * @throws {BatchError} ERR_SHEET_FORMAT, ERR_SHEET_COLUMNS, ERR_SHEET_TOO_LARGE, ERR_BATCH_INVALID with every issue, ERR_NOT_APPROVED,
   *   ERR_LIST_CHANGED, ERR_SEALED_… for what was stored
   * @throws {KeyError} ERR_PLATFORM_KEY_MISSING, ERR_OPTIONS, ERR_ENGINE_UNAVAILABLE on Cloudflare without `payseal/sheet`
   */
  async prepareSheet(
    input: SheetInput,
    head: Omit<TransferBatch, 'transfer_detail_list'>,
    options: PrepareSheetOptions = {},
  ): Promise<SealedRequest[]> {
    const { limits, locale } = this.#channel
    object(options, 'options')
    const { size: given, approved: hash, earlier: stored, onProgress, ...reading } = options
    const { size, approved, earlier } = this.#splitting({ size: given, approved: hash, earlier: stored })
    const { sheet } = await readInput(input, { ...reading, target: 'wechat-batch', limits, locale })
    let batches: CoreBatch[] = []
    try {
      batches = sheet.wechatBatches(jsonText(head), size, approved)
      const part = (batch: CoreBatch) => ({ number: batch.outBatchNo, fingerprint: () => fingerprintOf(batch) })
      const freeze = (batch: CoreBatch) => this.#seal(batch)
      // With threads, this one writes a body while they seal the names of the next.
      const atOnce = this.#channel.hasThreads
      return await freezeAll(batches, { part, freeze }, earlier, { onProgress, atOnce })
    } finally {
      for (const batch of batches) batch.free()
      sheet.free()
    }
  }

  /** @param sealedFor the key that the names were sealed for already */
  async #seal(valid: CoreBatch, sealedFor?: PlatformKey): Promise<SealedRequest> {
    const channel = this.#channel
    const named = valid.nameLengths().length > 0
    const key = sealedFor ?? (named ? channel.requireSealingKey() : channel.sealingKey())
    const body = key && named ? await key.sealBody(valid) : valid.body(new Uint8Array(0))
    const { outBatchNo: number, count, total } = valid
    const facts = { operation, merchant: channel.mchid, serial: key?.id ?? null, livemode: null } as const
    return new SealedRequest(
      { ...facts, number, count, total, ...(named && { fingerprint: fingerprintOf(valid) }) },
      body,
    )
  }

  /**
   * Sends a batch, or a sealed request (again). Never throws for what happened on the network: that is the outcome.
   *
   * @throws {BatchError} ERR_BATCH_INVALID, ERR_SEALED_CHANGED, ERR_SEALED_MERCHANT: nothing was sent
   * @throws {KeyError} for the configuration: nothing was sent
   */
  async create(
    batch: TransferBatch | string | SealedRequest,
    options: { signal?: AbortSignalLike } = {},
  ): Promise<Outcome<TransferBatchCreated>> {
    const channel = this.#channel
    const signal = sending(options)
    const request = SealedRequest.isSealed(batch) ? batch : await this.prepare(batch)
    request.demand({ operation, merchant: channel.mchid, livemode: null })
    const { method, path, body, number, serial } = request
    const signed = await channel.sign({ method, path, body, ...(serial !== null && { serial }) })
    const send = async () => {
      const reply = await channel.send<TransferBatchCreated>(signed, signal)
      if (reply.data?.out_batch_no !== number || typeof reply.data.batch_id !== 'string') throw mismatch()
      return reply
    }
    return outcomeOf(number, send, decide)
  }

  /**
   * The state of a batch. `NOT_FOUND` is not proof of failure: wait, and send the same request again.
   *
   * @throws {ProviderError} NOT_FOUND and others · {SignatureError} · {TransportError} · {BatchError} ERR_QUERY_INVALID
   */
  async get(selector: BatchSelector, options: BatchQueryOptions = {}): Promise<TransferBatchState> {
    chosen(options, 'get', ['details', 'offset', 'limit'])
    const { details, offset, limit } = options
    const query: BatchQuery = { ...selected(selector), need_query_detail: details !== undefined }
    if (details !== undefined) query.detail_status = details
    if (offset !== undefined) query.offset = offset
    if (limit !== undefined) query.limit = limit
    const { data } = await this.#get<TransferBatchState>(core.wechatBatchTarget(query))
    const batch = data?.transfer_batch
    if (!batch || !answers(selector, batch) || batch.mchid !== this.#channel.mchid) throw mismatch()
    return data
  }

  /**
   * One detail, with its amount and the reason it failed for.
   *
   * @throws as `get`
   */
  async detail(selector: DetailSelector): Promise<TransferDetailResult> {
    const batch = selected(selector)
    const { outDetailNo, detailId } = selector
    const target = core.wechatDetailTarget({
      ...batch,
      ...(outDetailNo !== undefined ? { out_detail_no: outDetailNo } : { detail_id: detailId }),
    })
    const { data } = await this.#get<TransferDetailResult>(target)
    const same = outDetailNo !== undefined ? data?.out_detail_no === outDetailNo : data?.detail_id === detailId
    if (!same || !answers(selector, data) || data.mchid !== this.#channel.mchid) throw mismatch()
    return data
  }

  /**
   * Every detail of a final batch, page by page.
   *
   * @param options `status`: which ones, default ALL
   * @throws {PayoutError} ERR_BATCH_UNFINISHED while there are no details yet: an empty list would read like "nobody"
   * @throws {SignatureError} ERR_REPLY_MISMATCH when the pages do not add up to the batch; others as `get`
   */
  async *details(
    selector: BatchSelector,
    options: { status?: DetailFilter } = {},
  ): AsyncGenerator<TransferDetailState, void, undefined> {
    // A misspelt filter would be none, and those who were paid would stand among those who were not.
    chosen(options, 'details', ['status'])
    const { status = 'ALL' } = options
    let seen = 0
    for (;;) {
      const page = await this.get(selector, { details: status, offset: seen, limit: pageSize })
      const { transfer_batch: batch, transfer_detail_list: list = [] } = page
      if (batch.batch_status !== 'FINISHED' && batch.batch_status !== 'CLOSED') {
        throw new PayoutError(
          'ERR_BATCH_UNFINISHED',
          'the batch is not final yet, its details come later: wait a minute, query again',
        )
      }
      yield* list
      seen += list.length
      if (list.length >= pageSize) continue
      const due = { ALL: batch.total_num, SUCCESS: batch.success_num, FAIL: batch.fail_num, WAIT_PAY: undefined }[
        status
      ]
      if (batch.batch_status === 'FINISHED' && due !== undefined && due !== seen) throw mismatch()
      return
    }
  }

  async #get<Data>(target: string): Promise<Reply<Data>> {
    return this.#channel.send<Data>(await this.#channel.sign({ method: 'GET', path: target }))
  }
}

/** By the host where it hashes at once: it is several times quicker. */
function fingerprintOf(valid: CoreBatch): string {
  const host = presentHost()
  if (!host?.sha256) return valid.fingerprint
  const plain = valid.plain()
  const fingerprint = host.sha256(plain)
  plain.fill(0)
  return fingerprint
}

function selected(selector: { outBatchNo?: string | undefined; batchId?: string | undefined }): BatchQuery {
  if (typeof selector !== 'object' || selector === null)
    throw new KeyError('ERR_OPTIONS', 'say which batch: { outBatchNo } or { batchId }')
  const query: BatchQuery = {}
  if (selector.outBatchNo !== undefined) query.out_batch_no = selector.outBatchNo
  if (selector.batchId !== undefined) query.batch_id = selector.batchId
  return query
}

/** A signature proves who answered, not what to: an answer about another batch is none. */
function answers(
  asked: { outBatchNo?: string | undefined; batchId?: string | undefined },
  got: { out_batch_no: string; batch_id: string },
) {
  return asked.outBatchNo !== undefined ? got.out_batch_no === asked.outBatchNo : got.batch_id === asked.batchId
}
