/** Types only. Wire names stay as the provider spells them; our own options are camelCase. Amounts are whole fen. */

/** Bytes that `fetch` takes as they are. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Who does the RSA work: the host's own crypto, the WebAssembly core, or the host where there is one. */
export type Engine = 'auto' | 'host' | 'wasm'

/** The language of issue messages. */
export type Locale = 'zh' | 'en'

/** A WebCrypto key, described by what we look at, so that no host's types are needed. */
export interface CryptoKeyLike {
  readonly type: string
  readonly extractable: boolean
  readonly algorithm: { readonly name: string }
  readonly usages: readonly string[]
}

/** A `KeyObject` of node:crypto. */
export interface KeyObjectLike {
  readonly type: string
  readonly asymmetricKeyType?: string | undefined
  export(options?: never): unknown
}

/** A key that lives elsewhere: a KMS, an HSM, another service. */
export interface Signer {
  /** RSASSA-PKCS1-v1_5 with SHA-256 over `message`; resolves to the raw signature. */
  sign(message: Uint8Array): Promise<Uint8Array>
  /** RSAES-OAEP with SHA-1; needed only to read sealed fields of replies. */
  decrypt?(ciphertext: Uint8Array): Promise<Uint8Array>
}

/** PEM (PKCS#8 or PKCS#1), DER bytes, a host key, or a signer. */
export type PrivateKeyInput = string | Uint8Array | ArrayBuffer | CryptoKeyLike | KeyObjectLike | Signer

/** WeChat Pay's key: the public key with its id, or a platform certificate, whose serial is read from it. */
export type PlatformKeyInput =
  | { id: string; publicKey: string | Uint8Array; certificate?: undefined }
  | { certificate: string | Uint8Array; serial?: string | undefined; publicKey?: undefined }

/** `Headers`, a plain object in any case, Node's `req.headers`, or pairs. */
export type HeadersInput =
  | Iterable<readonly [string, string]>
  | { readonly [name: string]: string | readonly string[] | number | undefined }

/** The part of `AbortSignal` that is used. */
export interface AbortSignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** The host's `AbortSignal` where it has one. */
export type HostAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } } ? Signal : never

/** What `fetch` is called with. */
export interface FetchInit {
  method: string
  headers: Record<string, string>
  body?: Bytes
  redirect: 'manual'
  signal: HostAbortSignal
}

/** What `fetch` must resolve to. */
export interface ResponseLike {
  readonly status: number
  readonly headers: HeadersInput
  readonly type?: string
  readonly redirected?: boolean
  arrayBuffer(): Promise<ArrayBuffer>
}

/** The global `fetch`, or a replacement. */
export type FetchLike = (url: string, init: FetchInit) => Promise<ResponseLike>

/** Limits that differ between merchants, or that sources disagree about. Amounts in fen. */
export interface WechatLimits {
  /** Details per batch; default 1000. */
  maxDetails?: number
  /** Refused below; default 10. */
  minAmount?: number
  /** Warned about above; default 20000. */
  maxAmount?: number
  /** No names below; default 30. */
  nameForbiddenBelow?: number
  /** Names required from; default 200000. */
  nameRequiredFrom?: number
  /** Accept http and loopback in notify_url, for a sandbox; default false. */
  localNotifyUrl?: boolean
}

/** What every client takes. */
export interface ClientOptions {
  /** The merchant's private key. */
  privateKey: PrivateKeyInput
  /** Origin only; default the provider's own. */
  baseUrl?: string | undefined
  fetch?: FetchLike | undefined
  /** From sending to the last byte of the reply; default 30000. */
  timeoutMs?: number | undefined
  /** Milliseconds since 1970; default Date.now. */
  now?: (() => number) | undefined
  engine?: Engine | undefined
  /** Default zh. */
  locale?: Locale | undefined
}

/** Options of `WechatPay`. */
export interface WechatPayOptions extends ClientOptions {
  /** Merchant number, digits only. */
  mchid: string
  /** Serial of the merchant API certificate, upper-case hex. */
  serialNo: string
  /** Exactly 32 letters and digits; needed for notifications and certificates. */
  apiV3Key?: string | undefined
  /** The keys that WeChat Pay signs with and that names are sealed for. */
  platformKeys?: readonly PlatformKeyInput[] | undefined
  /** How far a signed timestamp may be from now, both ways; default 300. */
  toleranceSeconds?: number | undefined
  limits?: WechatLimits | undefined
  /**
   * Threads that seal the names of large batches, where the host has threads; default 0. They start with the first batch of 256 names or more
   * and stay until `close`; a process does not wait for them. As many as there are cores to spare.
   */
  workers?: number | undefined
}

/** What to sign. */
export interface RequestOptions {
  method: string
  /** Begins with a slash; may carry its own query. */
  path: string
  query?: Iterable<readonly [string, string]> | Record<string, string | number | boolean | undefined> | undefined
  /** An object is serialised once, by us; a string or bytes are sent as given. */
  body?: object | string | Uint8Array | undefined
  /** Unix seconds; default now. */
  timestamp?: number | string | undefined
}

/** What to sign for WeChat Pay. */
export interface SignOptions extends RequestOptions {
  /** 16 to 32 letters and digits; default random. */
  nonce?: string | undefined
  /** Value of Wechatpay-Serial; default the key that names are sealed for. */
  serial?: string | undefined
}

/** Ready for `fetch(url, signed)`: these bytes and no others are what was signed. */
export interface SignedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
  readonly body?: Bytes
  readonly redirect: 'manual'
}

/** A verified reply. */
export interface Reply<Data = unknown> {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Record<string, string>
  /** The parsed JSON; undefined when the body is empty. */
  readonly data: Data
  /** The raw bytes that were verified. */
  readonly body: Bytes
  readonly requestId: string | undefined
}

/** A reply or notification as it arrived. */
export interface Incoming {
  headers: HeadersInput
  /** The raw body: never a parsed object. */
  body: string | Uint8Array | ArrayBuffer
}

/** What is wrong with one field; the message never contains its value. */
export interface Issue {
  /** The rule, such as V09. */
  code: string
  reason: string
  severity: 'error' | 'warning'
  /** JSON pointer. */
  path: string
  /** 1-based. */
  row?: number
  column?: string
  field: string
  limit?: number
  /** In a sheet, where a correction is certain: blanks around the value, or full-width characters. */
  fix?: 'trim' | 'halfwidth'
  message: string
  messages: { zh: string; en: string }
}

/** Every issue, in row order. */
export interface Report {
  ok: boolean
  count: number
  /** Fen. */
  total: number
  issues: Issue[]
}

/** One rule of the validator. */
export interface Rule {
  id: string
  severity: 'error' | 'warning'
  limit?: number
  source: string
  zh: string
  en: string
}

export type OutcomeKind = 'accepted' | 'rejected' | 'unknown'
export type NextStep = 'query' | 'retry-same-number' | 'fix-and-resend' | 'new-number' | 'wait' | 'human'
