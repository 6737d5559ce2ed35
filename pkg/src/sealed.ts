/** A payment request, frozen: what a journal keeps and what every retry sends. */
import { asBytes, base64, text, unbase64 } from './bytes.js'
import { sha256 } from './engine.js'
import { BatchError } from './errors.js'
import type { Bytes } from './types.js'

/** Where each operation goes, and where its body says what the facts say. */
const operations = {
  'wechat.transfer-batch': {
    path: '/v3/transfer/batches',
    read: body => ({ number: body.out_batch_no, count: body.total_num, total: body.total_amount }),
  },
  'pingpp.batch-transfer': {
    path: '/v1/batch_transfers',
    read: ({ app, batch_no, recipients, amount }) => ({
      merchant: app,
      number: batch_no,
      count: Array.isArray(recipients) ? recipients.length : undefined,
      total: amount,
    }),
  },
  'pingpp.transfer': {
    path: '/v1/transfers',
    read: ({ app, order_no, amount }) => ({
      merchant: (app as { id?: unknown } | undefined)?.id,
      number: order_no,
      count: 1,
      total: amount,
    }),
  },
} as const satisfies Record<
  string,
  { path: string; read: (body: Record<string, unknown>) => Partial<Record<keyof SealedFacts, unknown>> }
>

/** What a sealed request does. */
export type SealedOperation = keyof typeof operations

/** Who may send a sealed request. */
export interface SealedFor {
  readonly operation: SealedOperation
  /** The merchant or the app that it was prepared for. */
  readonly merchant: string
  /** Whether the money is real; null where the provider has one environment only. */
  readonly livemode: boolean | null
}

/** What a sealed request is made of. */
export interface SealedFacts extends SealedFor {
  readonly method: 'POST'
  readonly path: string
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
  declare readonly operation: SealedOperation
  declare readonly method: 'POST'
  declare readonly path: string
  declare readonly merchant: string
  declare readonly livemode: boolean | null
  declare readonly serial: string | null
  declare readonly number: string
  declare readonly count: number
  declare readonly total: number
  declare readonly fingerprint: string
  declare readonly digest: string
  readonly #body: Bytes

  /** Use `prepare` or `SealedRequest.from`. Where nothing was sealed, the body is the content: its digest is the fingerprint. */
  constructor(
    facts: Omit<SealedFacts, 'method' | 'path' | 'digest' | 'fingerprint'> & { fingerprint?: string },
    body: Bytes,
  ) {
    const digest = sha256(body)
    const { operation, merchant, livemode, serial, number, count, total, fingerprint = digest } = facts
    const { path } = operations[operation]
    const head = { operation, method: 'POST', path, merchant, livemode }
    Object.assign(this, head, { serial, number, count, total, fingerprint, digest })
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

  /** @throws {BatchError} ERR_SEALED_CHANGED · ERR_SEALED_MERCHANT unless it was prepared for exactly this */
  demand({ operation, merchant, livemode }: SealedFor): void {
    this.check()
    if (this.operation === operation && this.merchant === merchant && this.livemode === livemode) return
    throw new BatchError(
      'ERR_SEALED_MERCHANT',
      'this request was sealed for another merchant, another operation, or the other of test and live',
    )
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
  const { version, operation, method, path, merchant, livemode, serial, number, count, total } = stored
  const texts = [merchant, number, stored.fingerprint, stored.digest, serial ?? '']
  return (
    version === 1 &&
    isOperation(operation) &&
    method === 'POST' &&
    path === operations[operation].path &&
    (livemode === null || typeof livemode === 'boolean') &&
    texts.every(value => typeof value === 'string') &&
    Number.isSafeInteger(count) &&
    Number.isSafeInteger(total)
  )
}

function isOperation(name: unknown): name is SealedOperation {
  return typeof name === 'string' && Object.hasOwn(operations, name)
}

/** The facts beside the body say what is in the body: a journal row that was edited must not pay under another number. */
function describes(sealed: SealedFacts, body: Uint8Array): boolean {
  try {
    const said = operations[sealed.operation].read(JSON.parse(text(body)))
    return Object.entries(said).every(([name, value]) => sealed[name as keyof SealedFacts] === value)
  } catch {
    return false
  }
}
