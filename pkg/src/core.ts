/** The only import of the WebAssembly core beside the entries: types what it exports. */
import * as wasm from '../wasm/core.js'
import { boundary, type Declared } from './boundary.js'
import type { PingppLimits } from './pingpp/types.js'
import type { Bytes, Issue, Locale, NextStep, OutcomeKind, Report, Rule, WechatLimits } from './types.js'

/** A private key that was read and checked; wiped by `free`. */
export interface CorePrivateKey {
  readonly bits: number
  /** DER for whoever does the arithmetic; the caller zeroes it. */
  pkcs8(): Bytes
  free(): void
}

/** A public key or certificate inside the core. */
export interface CorePublicKey {
  readonly bits: number
  /** Certificates only, upper-case hex. */
  readonly serial?: string | undefined
  /** Unix seconds, certificates only. */
  readonly notBefore?: number | undefined
  readonly notAfter?: number | undefined
  spki(): Bytes
  /** @throws ERR_SIGNATURE_LENGTH */
  checkSignatureLength(signature: Uint8Array): void
  /** @throws ERR_PLAINTEXT_EMPTY, ERR_PLAINTEXT_TOO_LONG */
  checkPlaintexts(lengths: Uint32Array): void
  verify(message: Uint8Array, signature: Uint8Array): boolean
  /** `lengths` cut `plaintexts` into pieces; each piece gives bits/8 bytes of ciphertext, in order. */
  encrypt(plaintexts: Uint8Array, lengths: Uint32Array): Bytes
  free(): void
}

/** One merchant: message lines, the Authorization header, and what the APIv3 key opens. */
export interface CoreMerchant {
  message(method: string, target: string, timestamp: number, nonce: string, body: Uint8Array): Bytes
  authorization(timestamp: number, nonce: string, signature: Uint8Array): string
  openNotification(body: Uint8Array): string
  /** Times in Unix seconds. */
  openCertificates(body: Uint8Array): { serialNo: string; notBefore: number; notAfter: number; pem: string }[]
  free(): void
}

/** What was signed, and the signature; not yet verified. */
export interface CoreSigned {
  message(): Bytes
  signature(): Bytes
  free(): void
}

/** The checked headers of something that came in. */
export interface CoreIncoming extends CoreSigned {
  readonly serial: string
}

/** One application at Ping++: message lines and the Authorization header. */
export interface CoreApp {
  readonly livemode: boolean
  message(method: string, target: string, timestamp: number, body: Uint8Array): Bytes
  /** `scheme` is basic or bearer. */
  authorization(scheme: string): string
  /** The issue PP30, or undefined. */
  checkLivemode(livemode: boolean, locale: Locale): Issue | undefined
  free(): void
}

/** A valid batch of Ping++. */
export interface CorePingppBatch {
  readonly app: string
  readonly batchNo: string
  readonly count: number
  readonly total: number
  body(): Bytes
  free(): void
}

/** A valid single transfer. */
export interface CorePingppTransfer {
  readonly orderNo: string
  readonly total: number
  body(): Bytes
  free(): void
}

/** A valid batch. */
export interface CoreBatch {
  readonly outBatchNo: string
  readonly count: number
  readonly total: number
  /** SHA-256 of the content before sealing, hex. */
  readonly fingerprint: string
  /** That content. */
  plain(): Bytes
  /** The names one after the other, as UTF-8; empty when the batch carries none. */
  names(): Bytes
  /** The length of each name in bytes. */
  nameLengths(): Uint32Array
  body(ciphertexts: Uint8Array): Bytes
  /** The body with its names sealed for a key, in one step. */
  seal(key: CorePublicKey): Bytes
  /** @throws ERR_NOT_APPROVED */
  demandApproval(approved: string): void
  free(): void
}

/** The text of a sheet on its way in. */
export interface CoreSheetText {
  /** How many of the bytes were taken: those of whole characters. @throws ERR_SHEET_FORMAT */
  push(bytes: Uint8Array, last: boolean): number
  free(): void
}

/** A sheet that is checked while it passes. */
export interface CorePassingSheet {
  /** How many of the bytes were taken: those of whole characters. Nothing if only the whole sheet can tell what is wrong in it. */
  push(bytes: Uint8Array, last: boolean): number | undefined
  /** Whether all bytes have to be pushed once more, because something may stand twice. */
  again(): boolean
  /** What `check` of a sheet gives. */
  finish(): string | undefined
  free(): void
}

/** A sheet that was read, and what it is for. Large answers are JSON text. */
export interface CoreSheet {
  readonly rowCount: number
  configure(options: object): void
  against(other: CoreSheet): void
  facts(): string
  /** @throws ERR_SHEET_COLUMNS */
  check(): string
  result(): string
  cells(from: number, count: number): string
  edit(row: number, column: string, text: string): void
  applyFix(row: number, column: string, fix: string): void
  /** CSV, or what the writer of other containers takes. */
  export(csv: boolean): Bytes
  exportIssues(csv: boolean): Bytes
  /** @throws ERR_BATCH_INVALID, ERR_NOT_APPROVED */
  wechatBatches(head: string, size: number, approved: string | undefined): CoreBatch[]
  pingppBatches(head: string, size: number | undefined, approved: string | undefined): CorePingppBatch[]
  free(): void
}

/** Query parameters of a batch, as the provider names them. */
export interface BatchQuery {
  out_batch_no?: string
  batch_id?: string
  need_query_detail?: boolean
  offset?: number
  limit?: number
  detail_status?: string
}

/** Which detail to query. */
export interface DetailQuery {
  out_batch_no?: string
  out_detail_no?: string
  batch_id?: string
  detail_id?: string
}

/** When objects were created, in Unix seconds. */
export interface CreatedQuery {
  gt?: number
  gte?: number
  lt?: number
  lte?: number
}

/** Query parameters of a list of batches, as the provider names them. */
export interface PingppListQuery {
  page?: number
  per_page?: number
  created?: CreatedQuery
  app?: string
}

/** Query parameters of a list of single transfers. */
export interface PingppTransfersQuery {
  app?: string
  limit?: number
  starting_after?: string
  ending_before?: string
  created?: CreatedQuery
  channel?: string
  status?: string
  type?: string
}

/** Everything the core exports that this package uses. */
export interface Core {
  PrivateKey: { parse(material: Uint8Array): CorePrivateKey }
  PublicKey: { parse(material: Uint8Array): CorePublicKey }
  WechatMerchant: new (mchid: string, serialNo: string, apiV3Key?: string) => CoreMerchant
  WechatIncoming: new (
    headers: Record<string, string>,
    body: Uint8Array,
    now: number,
    tolerance: number,
  ) => CoreIncoming
  WechatBatch: { parse(json: string, sealed: boolean, limits: WechatLimits | undefined, locale: Locale): CoreBatch }
  /** From 32 random bytes, or else from the host's WebCrypto. @throws ERR_RANDOM_UNAVAILABLE */
  randomNonce(random?: Uint8Array): string
  /** Lower-case hex. */
  sha256(bytes: Uint8Array): string
  /** Whether sealing in the core is faster than by any host. */
  sealsFast(): boolean
  requestTarget(path: string, query?: [string, string][]): string
  canonicalBody(json: string): Bytes
  errorCodes(): string[]
  /** @throws ERR_OPTIONS */
  wechatCheckLimits(limits: WechatLimits | undefined): void
  wechatValidateBatch(json: string, sealed: boolean, limits: WechatLimits | undefined, locale: Locale): Report
  wechatSplitBatch(
    json: string,
    size: number,
    approved: string | undefined,
    sealed: boolean,
    limits: WechatLimits | undefined,
    locale: Locale,
  ): string
  /** @throws ERR_BATCH_INVALID */
  wechatApprovalHash(json: string, sealed: boolean, limits: WechatLimits | undefined, locale: Locale): string
  wechatBatchTarget(query: BatchQuery): string
  wechatDetailTarget(query: DetailQuery): string
  wechatOutcome(
    status: number | undefined,
    code: string | undefined,
    verified: boolean,
  ): { outcome: OutcomeKind; next: NextStep }
  wechatRules(): Rule[]
  PingppApp: new (app: string, apiKey: string) => CoreApp
  PingppIncoming: new (headers: Record<string, string>, body: Uint8Array) => CoreSigned
  PingppBatch: {
    /** @throws ERR_BATCH_INVALID, ERR_NOT_APPROVED */
    parse(json: string, approved: string | undefined, limits: PingppLimits | undefined, locale: Locale): CorePingppBatch
  }
  PingppTransfer: { parse(json: string, limits: PingppLimits | undefined, locale: Locale): CorePingppTransfer }
  /** @throws ERR_OPTIONS */
  pingppCheckLimits(limits: PingppLimits | undefined): void
  pingppValidateBatch(json: string, limits: PingppLimits | undefined, locale: Locale): Report
  /** @throws ERR_BATCH_INVALID */
  pingppApprovalHash(json: string, limits: PingppLimits | undefined, locale: Locale): string
  pingppSplitBatch(
    json: string,
    size: number | undefined,
    approved: string | undefined,
    limits: PingppLimits | undefined,
    locale: Locale,
  ): string
  pingppValidateTransfer(json: string, limits: PingppLimits | undefined, locale: Locale): Report
  pingppListTarget(query: PingppListQuery): string
  pingppTransfersTarget(query: PingppTransfersQuery): string
  /** `kind` is batch, transfer, reverse or event. */
  pingppPath(kind: string, id: string): string
  /** The event's JSON text, once its envelope was checked. */
  pingppOpenEvent(body: Uint8Array): string
  pingppOutcome(
    status: number | undefined,
    code: string | undefined,
    param: string | undefined,
    formed: boolean,
    verified: boolean,
  ): { outcome: OutcomeKind; next: NextStep }
  pingppRules(): Rule[]
  PassingSheet: new (encoding: string, separator: string | undefined, size: number, options: object) => CorePassingSheet
  SheetText: new (encoding: string, size: number) => CoreSheetText
  Sheet: {
    fromText(text: CoreSheetText, separator: string | undefined, options: object): CoreSheet
    fromGrid(cells: Uint8Array, options: object): CoreSheet
  }
  /** xlsx, doubtful, or the name of an encoding. @throws ERR_SHEET_FORMAT */
  sniffSheet(bytes: Uint8Array): string
  /** How many bytes `sniffSheet` looks at. */
  sheetSample(): number
  sheetTemplate(target: string, locale: Locale, csv: boolean): Bytes
  sheetTargets(): string
  sheetRules(): Rule[]
}

// The compiler compares what Rust exports with what is written above.
const declared: Declared<Core> = wasm

const { guard, translate } = boundary(
  'the WebAssembly core has stopped after an internal fault and is not used again: restart the process or reload the page; query whatever was being sent',
)

/** For the tests of this boundary. */
export { translate }

/** The core; every failure is one of our errors. */
export const core: Core = guard(declared as Core)
