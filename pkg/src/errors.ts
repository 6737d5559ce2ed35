/**
 * Every error this package throws on purpose, grouped by what the caller does next.
 *
 * Switch on `code`: it never changes. Messages say what to do and never contain a key, a name or any value of a field.
 */
import type { Issue, OutcomeKind } from './types.js'

/** Which class stands for which code. `tests/vectors/errors.json` lists the same codes. */
export const errorClasses = {
  ERR_KEY_MISSING: 'KeyError',
  ERR_KEY_ESCAPED_NEWLINES: 'KeyError',
  ERR_KEY_ARMOUR: 'KeyError',
  ERR_KEY_BASE64: 'KeyError',
  ERR_KEY_DER: 'KeyError',
  ERR_KEY_IS_CERTIFICATE: 'KeyError',
  ERR_KEY_IS_PUBLIC: 'KeyError',
  ERR_KEY_IS_PRIVATE: 'KeyError',
  ERR_KEY_ENCRYPTED: 'KeyError',
  ERR_KEY_ALGORITHM: 'KeyError',
  ERR_KEY_SIZE: 'KeyError',
  ERR_KEY_INCONSISTENT: 'KeyError',
  ERR_KEY_TYPE: 'KeyError',
  ERR_KEY_USAGE: 'KeyError',
  ERR_SERIAL_MISSING: 'KeyError',
  ERR_SERIAL_SIGN_BYTE: 'KeyError',
  ERR_SERIAL_LOWER_CASE: 'KeyError',
  ERR_SERIAL_FORMAT: 'KeyError',
  ERR_SERIAL_MISMATCH: 'KeyError',
  ERR_MCHID: 'KeyError',
  ERR_APP: 'KeyError',
  ERR_API_KEY: 'KeyError',
  ERR_APIV3_KEY_MISSING: 'KeyError',
  ERR_APIV3_KEY_LENGTH: 'KeyError',
  ERR_APIV3_KEY_CHARACTERS: 'KeyError',
  ERR_PLATFORM_KEY_ID: 'KeyError',
  ERR_PLATFORM_KEY_MISSING: 'KeyError',
  ERR_SIGNER: 'KeyError',
  ERR_ENGINE_UNAVAILABLE: 'KeyError',
  ERR_BASE_URL: 'KeyError',
  ERR_OPTIONS: 'KeyError',

  ERR_BATCH_INVALID: 'BatchError',
  ERR_NOT_APPROVED: 'BatchError',
  ERR_QUERY_INVALID: 'BatchError',
  ERR_BODY_FORMAT: 'BatchError',
  ERR_SHEET_FORMAT: 'BatchError',
  ERR_SHEET_TOO_LARGE: 'BatchError',
  ERR_SHEET_COLUMNS: 'BatchError',
  ERR_SEALED_CHANGED: 'BatchError',
  ERR_SEALED_FORMAT: 'BatchError',
  ERR_SEALED_MERCHANT: 'BatchError',
  ERR_LIST_CHANGED: 'BatchError',

  ERR_PLAINTEXT_TOO_LONG: 'CipherError',
  ERR_PLAINTEXT_EMPTY: 'CipherError',
  ERR_CIPHERTEXT_COUNT: 'CipherError',
  ERR_CIPHERTEXT_BASE64: 'CipherError',
  ERR_DECRYPT: 'CipherError',
  ERR_AEAD_ALGORITHM: 'CipherError',
  ERR_AEAD_NONCE: 'CipherError',
  ERR_NOTIFICATION_FORMAT: 'CipherError',
  ERR_CERTIFICATES_FORMAT: 'CipherError',

  ERR_SIGNATURE_HEADER_MISSING: 'SignatureError',
  ERR_TIMESTAMP_FORMAT: 'SignatureError',
  ERR_TIMESTAMP_SKEW: 'SignatureError',
  ERR_SIGNATURE_TYPE: 'SignatureError',
  ERR_SIGNATURE_BASE64: 'SignatureError',
  ERR_SIGNATURE_PROBE: 'SignatureError',
  ERR_SIGNATURE_LENGTH: 'SignatureError',
  ERR_SIGNATURE_INVALID: 'SignatureError',
  ERR_SERIAL_UNKNOWN: 'SignatureError',
  ERR_BODY_PARSED: 'SignatureError',
  ERR_REPLY_MISMATCH: 'SignatureError',
  ERR_EVENT_REPLAYED: 'SignatureError',

  ERR_PROVIDER: 'ProviderError',

  ERR_ABORTED: 'TransportError',
  ERR_CONNECTION: 'TransportError',
  ERR_REDIRECT: 'TransportError',
  ERR_REPLY_NOT_JSON: 'TransportError',
  ERR_TIMEOUT: 'TransportError',
  ERR_URL: 'TransportError',

  // The call itself is wrong, or the core cannot work here: neither rows nor configuration.
  ERR_METHOD: 'PayoutError',
  ERR_PATH: 'PayoutError',
  ERR_NONCE: 'PayoutError',
  ERR_BODY_NOT_ALLOWED: 'PayoutError',
  ERR_BATCH_UNFINISHED: 'PayoutError',
  ERR_RANDOM_UNAVAILABLE: 'PayoutError',
  ERR_PANIC: 'PayoutError',
} as const

/** A stable code; new ones may be added in a minor version. */
export type ErrorCode = keyof typeof errorClasses

/** The base of every error of this package. */
export class PayoutError extends Error {
  static {
    PayoutError.prototype.name = 'PayoutError'
  }
  /** Stable; what callers switch on. */
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }

  /** For logs: name, code, message and the public fields. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...(this as object) }
  }
}

/** The configuration is wrong: a key, a serial, a merchant number, an option. Nothing was sent. */
export class KeyError extends PayoutError {
  static {
    KeyError.prototype.name = 'KeyError'
  }
}

/** The rows, the query or the sealed request must not be sent; `issues` says which and why. Nothing was sent. */
export class BatchError extends PayoutError {
  static {
    BatchError.prototype.name = 'BatchError'
  }
  /** In row order; empty when the whole input is unusable. */
  readonly issues: readonly Issue[]

  constructor(code: ErrorCode, message: string, issues: readonly Issue[] = []) {
    super(code, message)
    this.issues = issues
  }
}

/** Something did not seal or open. Stop, do not trust it. */
export class CipherError extends PayoutError {
  static {
    CipherError.prototype.name = 'CipherError'
  }
}

/** A reply or notification does not verify. Stop, do not trust it; after a payment request, query. */
export class SignatureError extends PayoutError {
  static {
    SignatureError.prototype.name = 'SignatureError'
  }
}

/** What a provider's error reply says, without the values it repeats. */
export interface ProviderErrorFacts {
  status: number
  providerCode?: string | undefined
  providerMessage?: string | undefined
  requestId?: string | undefined
  detail?: { field?: string; issue?: string; location?: string } | undefined
  type?: string | undefined
  param?: string | undefined
  outcome: OutcomeKind
  retryAfterMs?: number | undefined
}

/** The provider said no. Its error replies are not signed: never take one as proof that no money moved. */
export class ProviderError extends PayoutError {
  static {
    ProviderError.prototype.name = 'ProviderError'
  }
  /** HTTP status. */
  readonly status: number
  /** The provider's own code, such as `PARAM_ERROR` or `transfer_system_busy`. */
  readonly providerCode: string | undefined
  /** The provider's sentence, for people; never branch on it. It may name a payee, so a logged error does not show it: ask for it. */
  declare readonly providerMessage: string | undefined
  /** `Request-ID` of the reply: what the provider's support asks for. */
  readonly requestId: string | undefined
  /** Which field, and what is wrong with it, in the provider's words: not shown by a logged error either. */
  declare readonly detail: ProviderErrorFacts['detail']
  /** Ping++ only: the kind of error, such as `invalid_request_error`. */
  readonly type: string | undefined
  /** Ping++ only: the parameter that is objected to. */
  readonly param: string | undefined
  /** What this means for a payment request that got this answer. */
  readonly outcome: OutcomeKind
  /** `Retry-After`, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, message: string, facts: ProviderErrorFacts) {
    super(code, message)
    this.status = facts.status
    this.providerCode = facts.providerCode
    this.requestId = facts.requestId
    const { providerMessage, detail } = facts
    Object.defineProperties(this, { providerMessage: { value: providerMessage }, detail: { value: detail } })
    this.type = facts.type
    this.param = facts.param
    this.outcome = facts.outcome
    this.retryAfterMs = facts.retryAfterMs
  }
}

/** The exchange failed on the way. `unknown` means: the provider may have acted; query before anything else. */
export class TransportError extends PayoutError {
  static {
    TransportError.prototype.name = 'TransportError'
  }
  /** `not-sent` only when the request provably never left. */
  readonly outcome: 'not-sent' | 'unknown'
  /** The host's own short code, such as `ECONNREFUSED`. */
  readonly reason: string | undefined

  constructor(code: ErrorCode, message: string, outcome: 'not-sent' | 'unknown' = 'unknown', reason?: string) {
    super(code, message)
    this.outcome = outcome
    this.reason = reason
  }
}

const classes = { PayoutError, KeyError, BatchError, CipherError, SignatureError, TransportError }

/** Whether this is one of our codes. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorClasses, code)
}

/** Makes the error of the class that stands for `code`; provider errors carry more and are made where they happen. */
export function failure(code: Exclude<ErrorCode, 'ERR_PROVIDER'>, message: string): PayoutError {
  return new classes[errorClasses[code]](code, message)
}
