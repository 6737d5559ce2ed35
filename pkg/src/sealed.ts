/** A payment request, frozen: what a journal keeps and what every retry sends. */
import { asBytes, base64, text, unbase64 } from './bytes.js'
import { sha256 } from './engine.js'
import { BatchError } from './errors.js'
import type { Bytes } from './types.js'

/** What a sealed request is made of. */
export interface SealedFacts {
  readonly operation: 'wechat.transfer-batch'
  readonly method: 'POST'
  readonly path: string
  /** The merchant that it was prepared for. */
  readonly mchid: string
  /** The key that the names are sealed for; null when there was none to name. */
  readonly serial: string | null
  /** The merchant's number: the idempotency key. */
  readonly number: string
  readonly count: number
  /** Fen. */
  readonly total: number
  /** SHA-256 of the unsealed content, hex: the same batch gives the same, whatever the sealing. */
  readonly fingerprint: string
  /** SHA-256 of the body bytes, hex. */
  readonly digest: string
}

/** The form for a journal. */
export interface SealedRequestJson extends SealedFacts {
  readonly version: 1
  /** Base64. */
  readonly body: string
}

/**
 * A payment request whose bytes never change. Store it before it is sent; send it again, never a new one, while the outcome is unknown.
 *
 * @example
 * await journal.put(sealed.number, JSON.stringify(sealed))
 * const again = SealedRequest.from(await journal.get(number))
 */
export class SealedRequest implements SealedFacts {
  declare readonly operation: 'wechat.transfer-batch'
  declare readonly method: 'POST'
  declare readonly path: string
  declare readonly mchid: string
  declare readonly serial: string | null
  declare readonly number: string
  declare readonly count: number
  declare readonly total: number
  declare readonly fingerprint: string
  declare readonly digest: string
  readonly #body: Bytes

  /** Use `prepare` or `SealedRequest.from`. */
  constructor(facts: Omit<SealedFacts, 'digest'>, body: Bytes) {
    const { operation, method, path, mchid, serial, number, count, total, fingerprint } = facts
    const digest = sha256(body)
    Object.assign(this, { operation, method, path, mchid, serial, number, count, total, fingerprint, digest })
    this.#body = body
    Object.freeze(this)
  }

  /** The bytes that are sent: always the same, so do not write into them. */
  get body(): Bytes {
    return this.#body
  }

  /** @throws {BatchError} ERR_SEALED_CHANGED when somebody wrote into the body */
  check(): void {
    if (sha256(this.#body) !== this.digest) throw changed()
  }

  toJSON(): SealedRequestJson {
    this.check()
    return { version: 1, ...(this as SealedFacts), body: base64(this.#body) }
  }

  /**
   * Reads what `toJSON` wrote, as an object or as text.
   *
   * @throws {BatchError} ERR_SEALED_FORMAT, ERR_SEALED_CHANGED
   */
  static from(json: SealedRequestJson | string): SealedRequest {
    const stored = read(json)
    const body = typeof stored.body === 'string' ? unbase64(stored.body) : undefined
    if (!body || !isFacts(stored)) {
      throw new BatchError(
        'ERR_SEALED_FORMAT',
        'this is not a sealed request as toJSON writes it, or one of another version',
      )
    }
    const sealed = new SealedRequest(stored, body)
    if (sealed.digest !== stored.digest || !describes(sealed, body)) throw changed()
    return sealed
  }

  /** Bytes are not for logs. */
  static isSealed(input: unknown): input is SealedRequest {
    return typeof input === 'object' && input !== null && #body in input
  }
}

function changed(): BatchError {
  return new BatchError(
    'ERR_SEALED_CHANGED',
    'the sealed request is not the one that was prepared: do not send it, query its number',
  )
}

function read(json: unknown): Record<string, unknown> {
  try {
    const value: unknown = typeof json === 'string' ? JSON.parse(json) : json
    return typeof value === 'object' && value !== null && !asBytes(value) ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function isFacts(stored: Record<string, unknown>): stored is Record<string, unknown> & SealedFacts {
  const { version, operation, method, path, mchid, serial, number, count, total, fingerprint, digest } = stored
  const texts = [mchid, number, fingerprint, digest, serial ?? '']
  return (
    version === 1 &&
    operation === 'wechat.transfer-batch' &&
    method === 'POST' &&
    path === '/v3/transfer/batches' &&
    texts.every(value => typeof value === 'string') &&
    Number.isSafeInteger(count) &&
    Number.isSafeInteger(total)
  )
}

/** The facts beside the body say what is in the body: a journal row that was edited must not pay under another number. */
function describes(sealed: SealedFacts, body: Uint8Array): boolean {
  try {
    const { out_batch_no, total_num, total_amount } = JSON.parse(text(body))
    return out_batch_no === sealed.number && total_num === sealed.count && total_amount === sealed.total
  } catch {
    return false
  }
}
